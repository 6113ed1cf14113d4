"""Which field of an API each property of a resource type is: found by name, or told by the type's row.

Pulumi's names are the provider's in camelCase, with lists in the plural; the provider's are mostly the API's. So a
property is linked to the field of the same name, or the one whose singular or plural it is. What no field answers to
is a variable of a path, or the provider's own, and reaches no body.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Final

from mockcloud.discovery.catalogue import Description, find
from mockcloud.discovery.fields import Field
from mockcloud.discovery.methods import Method
from mockcloud.discovery.schemas import Schemas
from mockcloud.pulumi.properties import Properties, Property, properties_of
from mockcloud.pulumi.rows import Request, Row, row_of
from mockcloud.pulumi.templates import fill, variables

_OF_THE_PROVIDER: Final = frozenset(
    {"deletionPolicy", "deletionProtection", "pulumiLabels", "forceDestroy", "timeouts"}
)
"""Properties that no API has, unless its schema does."""


_KEYS: Final = ("id", "key", "name", "topic")
"""Properties that may be the key of a map whose values hold it, too."""


@dataclass(frozen=True, slots=True)
class Link:
    """A property and the field that it is.

    Attributes:
        property: The property.
        path: Where the field lies below the message: mostly one name.
        field: The field.
        inside: The links of the object's properties.
        key: For a list of objects that the API has as a map: the property that is the map's key.
        item: For a list of values that the API has as a list of objects: the field of each that holds the value. A row
            says so by `zones[].zone`.
    """

    property: Property
    path: tuple[str, ...]
    field: Field
    inside: "tuple[Link, ...]" = ()
    key: str = ""
    item: str = ""


@dataclass(frozen=True)
class Type:
    """A resource type with all that its tables say.

    Attributes:
        row: How it is made.
        properties: Its properties.
    """

    row: Row
    properties: Properties

    @cached_property
    def method(self) -> "Found":
        """The method that makes it, with the schema of the resource."""
        found = method_of(self.row, self.row.create)
        if not self.row.wrap:
            return found
        field = _at(self.row.wrap.split("."), found.schema, found.schemas)
        return replace(found, schema=field.ref if field is not None else "")

    @cached_property
    def changing(self) -> "Mapping[Request, Found]":
        """The methods that change it, by the calls of its row."""
        calls = [*self.row.updates, *([self.row.update] if self.row.update else [])]
        return {call: method_of(self.row, call) for call in calls}

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Its links."""
        found = self.method
        links = tuple(_links(self.properties, found.schema, found.schemas, self.row, ""))
        shown = "" if self.row.wrap else self._shown
        if shown in {"", found.schema}:
            return links
        # What makes it is no resource, as a request to subscribe is not: what is only shown is told by the read.
        known = {link.property.name for link in links}
        more = {name: each for name, each in self.properties.items() if each.output and name not in known}
        return (*links, *_links(more, shown, found.schemas, self.row, ""))

    @property
    def _shown(self) -> str:
        """The schema of the resource as it is read; "" where no method of the row reads it."""
        try:
            return method_of(self.row, self.row.read).method.response
        except NoMethod:
            return ""

    @cached_property
    def labels(self) -> str:
        """Name of the property that holds the program's labels."""
        return "labels" if "labels" in self.properties else "resourceLabels"

    @cached_property
    def labels_path(self) -> tuple[str, ...]:
        """Where the API has all labels."""
        return next((link.path for link in self.links if link.property.name == "effectiveLabels"), ("labels",))

    def found(self, path: str) -> Link | None:
        """Give the link of a property path, its own path that of the field below the message; None for none."""
        links: tuple[Link, ...] = self.links
        above: tuple[str, ...] = ()
        link: Link | None = None
        for name in path.split("."):
            link = next((each for each in links if each.property.name == name), None)
            if link is None:
                return None
            above = (*above, *link.path)
            links = link.inside
        return replace(link, path=above) if link is not None else None

    @cached_property
    def in_url(self) -> frozenset[str]:
        """Properties that the call which makes it carries in its path or query."""
        return frozenset(variables(self.row.create.template)) | frozenset(variables(self.row.host))

    @cached_property
    def unlinked(self) -> list[str]:
        """Settable properties, by path, that reach neither a body nor a path: what a row may have to tell."""
        calls = (call for call in (*self.row.updates, self.row.update, self.row.delete) if call is not None)
        told = self.in_url.union(
            *(variables(call.template) for call in calls), *map(variables, self.row.sends.values())
        )
        return sorted(_unlinked(self.properties, self.links, self.row, told, ""))


@dataclass(frozen=True, slots=True)
class Found:
    """A method that a row's call means.

    Attributes:
        method: The method.
        schema: The schema of the resource in its body.
        schemas: The schemas of its API.
    """

    method: Method
    schema: str
    schemas: Schemas
    description: Description = field(repr=False)


@cache
def type_of(token: str) -> Type | None:
    """Give a resource type; None for one that has no row.

    Args:
        token: `gcp:storage/bucket:Bucket`.
    """
    row, properties = row_of(token), properties_of(token)
    return Type(row, properties) if row is not None and properties is not None else None


_STAND_INS: Final[tuple[Mapping[str, str], ...]] = (
    {},
    {"parent": "projects/x"},
    {"parent": "organizations/1"},
    {"parent": "folders/1"},
    {"parent": "projects/x/locations/x"},
)


class NoMethod(LookupError):
    """A call of a row is no method of the API's description."""


def method_of(row: Row, request: Request) -> Found:
    """Give the method that a call of a row means.

    Raises:
        NoMethod: None; a fault of the row.
    """
    host = fill(row.host, dict.fromkeys(variables(row.host), "us-central1"))
    for values in _candidates(request.template, row.create.template):
        path = fill(request.template.partition("?")[0], values)
        found = find(request.verb, host, f"{row.version}/{path}".strip("/"))
        if found is not None:
            method, schemas = found.match.method, found.description.schemas
            return Found(method, method.request, schemas, found.description)
    raise NoMethod(f"{row.token}: {request.verb} {row.version}/{request.template}")


def _candidates(template: str, collection: str) -> Iterator[Mapping[str, str]]:
    """Give values of a template's variables under which its path may be one of the API's.

    Args:
        template: The template.
        collection: Template of the path at which resources of the type are made.
    """
    names = variables(template)
    plain = dict.fromkeys(names, "x")
    for stand_in in _STAND_INS:
        yield {**plain, **{name: value for name, value in stand_in.items() if name in names}}
    first = names[0] if template.startswith("{") else ""
    above = collection.partition("?")[0].partition(":")[0]
    for values in _candidates(above, "") if first and above and above != template else ():
        yield {**plain, first: f"{fill(above, values)}/x"}
    word = first.removesuffix("Name").lower()
    for full in sorted(_FULL_NAMES, key=lambda each: word not in each.split("/")[-2].lower()) if first else ():
        yield {**plain, first: full}


_FULL_NAMES: Final = tuple(
    "/".join(f"{word}/x" for word in words.split())
    for words in (
        "projects things",
        "projects locations things",
        "projects locations things others",
        "projects locations parameters",
        "projects locations keyRings",
        "projects locations keyRings cryptoKeys",
        "projects locations entryGroups",
        "projects locations taxonomies",
        "projects locations namespaces",
        "projects locations namespaces services",
        "projects locations featurestores",
        "projects locations featurestores entityTypes",
        "projects locations indexEndpoints",
        "projects locations processors",
        "projects secrets",
        "projects locations secrets",
        "projects locations clusters",
        "projects locations agents",
        "projects locations datasets",
        "projects locations privateClouds",
        "projects locations networkPolicies",
        "projects locations catalogs",
        "projects locations catalogs databases",
        "projects datasets",
        "accessPolicies",
        "groups",
        "accessPolicies accessLevels",
        "accessPolicies servicePerimeters",
        "organizations",
        "organizations environments",
        "organizations envgroups",
        "organizations instances",
        "organizations locations things",
        "folders locations things",
        "projects locations things others more",
    )
)
"""Names that a variable at the front of a path may stand for."""


def _links(properties: Properties, schema: str, schemas: Schemas, row: Row, above: str) -> Iterator[Link]:
    fields = schemas.fields(schema)
    spellings = _spellings(fields)
    for name, each in properties.items():
        at = f"{above}{name}"
        told = row.fields.get(at)
        if told == "" or at in row.own or (name in _OF_THE_PROVIDER and name not in fields):
            continue
        told, _, item = (told or "").partition("[].")
        path = tuple(told.split(".")) if told else (spellings.get(spelling(name), ""),)
        target = _at(path, schema, schemas)
        if target is None and name == "effectiveLabels":
            path, target = ("labels",), fields.get("labels")
        if target is not None:
            yield replace(_link(each, path, target, schemas, row, at), item=item)


def _link(each: Property, path: tuple[str, ...], target: Field, schemas: Schemas, row: Row, at: str) -> Link:
    inside = tuple(_links(each.fields, target.ref, schemas, row, f"{at}.")) if each.fields and target.ref else ()
    key = ""
    if target.mapped and each.repeated and each.fields:
        known = {link.property.name for link in inside}
        key = next((name for name in each.fields if name not in known), "")
        key = key or next((name for name in _KEYS if name in each.fields), "")
    return Link(each, path, target, inside, key)


def _at(path: Iterable[str], schema: str, schemas: Schemas) -> Field | None:
    """Give the field at a path below a schema, or None."""
    found: Field | None = None
    for name in path:
        found = schemas.fields(schema).get(name)
        if found is None:
            return None
        schema = found.ref
    return found


def _spellings(fields: Mapping[str, Field]) -> dict[str, str]:
    """Give the fields by what their names have in common with a property's."""
    return {spelling(name): name for name in reversed(list(fields))}


_ENDINGS: Final = (
    *(("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch")),
    *(("uses", "us"), ("ases", "as"), ("datas", "data")),
)
"""Endings of plurals, also of Pulumi's own, and what stands in their place in the singular."""


@cache
def spelling(name: str) -> str:
    """Give what singular and plural of a name, in any case, have in common."""
    word = name.lower().replace("_", "")
    for ending, instead in _ENDINGS:
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    return word.removesuffix("s") if not word.endswith(("ss", "us", "as")) else word


def _unlinked(
    properties: Properties, links: Iterable[Link], row: Row, in_url: frozenset[str], above: str
) -> Iterator[str]:
    known = {link.property.name: link for link in links}
    for name, each in properties.items():
        at, link = f"{above}{name}", known.get(name)
        if link is None:
            told = row.fields.get(at) == "" or at in row.own or name in _OF_THE_PROVIDER
            if not (each.output or told or (not above and name in in_url)):
                yield at
        elif each.fields and not each.output and link.key != name and link.field.type != "any":
            yield from _unlinked(
                {k: v for k, v in each.fields.items() if k != link.key}, link.inside, row, in_url, f"{at}."
            )
