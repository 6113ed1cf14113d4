"""What is known of a resource before a call: its properties, the provider's settings, and what names tell."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.links import Type
from mockcloud.pulumi.names import named
from mockcloud.pulumi.templates import parse, variables
from mockcloud.pulumi.translate import ATTRIBUTION

_ZONE: Final = re.compile(r"[a-z]+-[a-z]+\d+-[a-z]")

_LOCATION: Final = re.compile(r"/locations/([^/]+)/")


def values_of(kind: Type, place: Place, known: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values of variables: the properties, and where they are silent the provider's settings."""
    values = {name: value for name, value in known.items() if value is not None}
    settings = place.settings
    region = settings.region or settings.zone.rpartition("-")[0]
    for name, value in (("project", settings.project), ("region", region), ("zone", settings.zone)):
        if value:
            values.setdefault(name, value)
    location = kind.properties.get("location")
    if location is None or not location.required:
        values.setdefault("location", values.get("region"))
    if "region" not in kind.properties and values.get("location"):
        here = str(values["location"])
        values["region"] = here.rpartition("-")[0] if _ZONE.fullmatch(here) else here
    values |= {name: value for name, value in place_of(kind, values).items() if known.get(name) is None}
    return values | from_full_names(kind.row.self, values)


def place_of(kind: Type, values: Mapping[str, Any]) -> dict[str, str]:
    """Give where a resource lies, where the full name with which its path begins tells it."""
    first = variables(kind.row.self)[:1] if kind.row.self.startswith("{") else ()
    found = _LOCATION.search(str(values.get(first[0], ""))) if first else None
    return {"region": found[1], "location": found[1]} if found else {}


def from_full_names(template: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Give the variables that full names tell: `bucket: projects/acme/locations/global/buckets/audit`."""
    told: dict[str, str] = {}
    for name in variables(template):
        value = values.get(name)
        if isinstance(value, str) and "/" in value:
            above, mark, _ = template.partition(f"{{{name}}}")
            if above.count("/") > above.count("}/"):
                # Only a template with words of its own tells a full name from another.
                told |= parse(above + mark, named(value)) or {}
    return told


def labels_of(kind: Type, place: Place, inputs: Mapping[str, Any]) -> dict[str, str] | None:
    """Give all labels that a resource is to have; None for a type that has none of the kind."""
    if "effectiveLabels" not in kind.properties:
        return None
    settings = place.settings
    return {**settings.labels, **(inputs.get(kind.labels) or {}), **(ATTRIBUTION if settings.attribution else {})}
