"""What a function answers, in the shape that its signature tells: from an API's message, or a resource's outputs.

A property is found under its own name, or under its singular or plural, as `links` has it for types. What the provider
has as one object its functions have as a list of one. What the cloud does not tell is the empty value of its kind, as
the provider's data sources leave it.

Source: `DatasourceSchemaFromResourceSchema` and `SetDataSourceLabels`, terraform-provider-google `google/tpgresource`.
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mockcloud.pulumi.links import spelling
from mockcloud.pulumi.properties import Properties, Property
from mockcloud.pulumi.translate import field_at, scalar
from mockcloud.pulumi.values import secret

_EMPTY: Final = {"string": "", "boolean": False, "integer": 0, "number": 0}

_SHORT: Final = frozenset({"region", "zone"})
"""Properties that hold the last word of a link, whatever the API gives."""

_ALL: Final = (
    ("effectiveLabels", ("labels", "resourceLabels", "pulumiLabels")),
    ("effectiveAnnotations", ("annotations",)),
)
"""What has all labels of a resource, and what has those of the program: a function tells all in each."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Where properties are told otherwise than under their names.

    Attributes:
        fields: Property path -> path of the field: `certs.cert` -> `cert`. "" for one that the message does not have.
        last: Property paths whose field holds a full name, of which the property is the last word.
        base64: Property paths whose value the API has in base64.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    last: frozenset[str] = frozenset()
    base64: frozenset[str] = frozenset()


_PLAIN: Final = Telling()


def answer_of(
    signature: Properties, found: Mapping[str, Any], arguments: Mapping[str, Any], telling: Telling = _PLAIN
) -> dict[str, Any]:
    """Give a function's whole answer.

    Args:
        signature: What the function takes and gives.
        found: What the cloud told: an API's message, or a resource's outputs.
        arguments: The arguments, which the answer repeats where the cloud does not tell them.
        telling: Where properties are told otherwise.
    """
    return _object(signature, found, telling, "", arguments)


def _object(
    properties: Properties, found: Mapping[str, Any], telling: Telling, above: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    spelt = {spelling(name): name for name in reversed([*found])}
    answer: dict[str, Any] = {}
    for name, each in properties.items():
        at = f"{above}{name}"
        told = telling.fields.get(at)
        raw = found.get(name, found.get(spelt.get(spelling(name), ""))) if told is None else _told(found, told)
        value = _value(each, raw, telling, at)
        if value is None:
            # What a program may give, and has not, is nothing unless the cloud tells it.
            value = _empty(each) if above or each.output else given.get(name)
        if value is not None:
            answer[name] = value
    for effective, names in _ALL:
        if effective in properties:
            held = [name for name in (effective, *names) if name in properties]
            answer |= dict.fromkeys(held, next((answer[name] for name in held if answer.get(name)), {}))
    return answer


def _told(found: Mapping[str, Any], path: str) -> object:
    return field_at(found, path.split(".")) if path else None


def _value(each: Property, raw: Any, telling: Telling, at: str) -> Any:  # noqa: ANN401 - JSON
    """Give a value as a property has it; None for none, or one that does not fit."""
    if raw is None:
        return None
    if each.repeated:
        items = raw if isinstance(raw, list) else [raw] if raw != "" and (raw or each.fields) else []
        return [value for item in items if (value := _one(each, item, telling, at)) is not None]
    if each.mapped:
        if isinstance(raw, list):
            raw = {str(entry.get("key")): entry.get("value") for entry in raw if isinstance(entry, Mapping)}
        return {key: _one(each, item, telling, at) for key, item in raw.items()} if isinstance(raw, Mapping) else None
    if isinstance(raw, list):
        raw = raw[0] if raw else None
    return _one(each, raw, telling, at) if raw is not None else None


def _one(each: Property, raw: Any, telling: Telling, at: str) -> Any:  # noqa: ANN401 - JSON
    if each.fields:
        return _object(each.fields, raw, telling, f"{at}.", {}) if isinstance(raw, Mapping) else None
    if each.kind == "boolean" and isinstance(raw, Mapping):
        return True
    if each.kind == "string" and isinstance(raw, Mapping):
        return json.dumps(raw, separators=(",", ":"), sort_keys=True)
    if at in telling.base64:
        return b64decode(str(raw)).decode(errors="replace")
    value = scalar(each.kind, raw)
    short = at in telling.last or each.name in _SHORT
    return value.rstrip("/").rpartition("/")[2] if short and isinstance(value, str) else value


def _empty(each: Property) -> Any:  # noqa: ANN401 - JSON
    """Give what stands for a value that there is not: nothing for an object."""
    if each.repeated:
        return []
    return {} if each.mapped else _EMPTY.get(each.kind)


def invented(each: Property, seed: str) -> Any:  # noqa: ANN401 - JSON
    """Give a value for what no cloud tells.

    Args:
        each: The property.
        seed: What tells its owner from others.
    """
    if each.repeated:
        return []
    if each.mapped or each.kind == "object":
        return {}
    return f"{each.name}-{seed[:8]}" if each.kind == "string" else _EMPTY.get(each.kind, 0)


def with_secrets(signature: Properties, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Mark what of an answer is secret, however deep it lies."""
    return {name: _marked(signature[name], value) if name in signature else value for name, value in answer.items()}


def _marked(each: Property, value: Any) -> Any:  # noqa: ANN401 - JSON
    if each.secret and value not in (None, "", [], {}):
        return secret(value)
    if each.fields and isinstance(value, list):
        return [_marked(each, item) for item in value]
    if each.fields and isinstance(value, Mapping):
        return with_secrets(each.fields, value)
    return value
