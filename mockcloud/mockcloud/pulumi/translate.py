"""From a program's inputs to the body of a call, and from the API's resource to the outputs that a program sees."""

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, TypeAlias

from mockcloud.pulumi.links import Link, Type
from mockcloud.pulumi.names import alike, with_full_names
from mockcloud.pulumi.properties import Property
from mockcloud.pulumi.templates import Missing, fill

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"
"""A property's value or a field's: JSON."""

Values = Mapping[str, Any]
"""Properties of a resource by name, or fields of a message."""

_NUMBERED: Final = re.compile(r"^projects/\d+/")
_PROJECT: Final = re.compile(r"^projects/[a-z][^/]*/")

_BETA: Final = "https://www.googleapis.com/compute/beta/"
_V1: Final = "https://www.googleapis.com/compute/v1/"

_SHORT: Final = frozenset({"region", "zone"})
"""Properties that hold the last word of a link, whatever the API gives."""

ATTRIBUTION: Final = {"goog-pulumi-provisioned": "true"}
"""The label that the provider puts on what it makes, unless it is told not to."""


def creation_of(kind: Type, inputs: Values, labels: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give the body of the call that makes a resource. Arguments as for `body_of`."""
    body = body_of(kind, inputs, labels)
    return _with_sends({kind.row.wrap: body}, kind, inputs) if kind.row.wrap else body


def body_of(kind: Type, inputs: Values, labels: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give a resource as the API has it, as calls send it.

    Args:
        kind: The type.
        inputs: The program's inputs, checked.
        labels: All labels of the resource; None for a type that has none.
    """
    body: dict[str, Any] = {}
    inputs = with_full_names(kind.row.refs, inputs)
    for link in kind.links:
        name = link.property.name
        if name == "effectiveLabels":
            value = labels or None
        elif link.property.output or name in kind.in_url or (name == kind.labels and labels is not None):
            continue
        else:
            value = inputs.get(name)
        if value is not None and not _is_unset(link, value):
            put(body, link.path, _field(link, value, kind, name))
    return body if kind.row.wrap else _with_sends(body, kind, inputs)


def _with_sends(body: dict[str, Any], kind: Type, inputs: Values) -> dict[str, Any]:
    for path, template in kind.row.sends.items():
        try:
            put(body, tuple(path.split(".")), fill(template, inputs, query=False))
        except Missing:
            continue
    return body


def _is_unset(link: Link, value: object) -> bool:
    """Whether a value says that there is none: an empty text where the API has one of some words, or a time."""
    return value == "" and bool(link.field.enum or link.field.format.startswith("google-"))


def put(body: dict[str, Any], path: Iterable[str], value: object) -> None:
    """Set the value at a path below a message."""
    *above, last = path
    for name in above:
        body = body.setdefault(name, {})
    body[last] = value


def _field(link: Link, value: object, kind: Type, at: str) -> object:
    """Give a property's value as the field has it."""
    target, found = link.field, value
    if at in kind.row.json:
        found = _parsed(value)
    elif at in kind.row.base64:
        found = base64.b64encode(str(value).encode()).decode()
    elif link.item and isinstance(value, list):
        found = [{link.item: each} for each in value]
    elif link.key and isinstance(value, list):
        found = {str(each[link.key]): _field_item(link, _without(each, link.key), kind, at) for each in value}
    elif target.mapped and isinstance(value, dict):
        found = {key: _field_item(link, each, kind, at) for key, each in value.items()}
    elif target.repeated and isinstance(value, dict) and link.property.mapped:
        # Metadata of machines: the API has entries of key and value.
        found = [{"key": key, "value": str(each)} for key, each in value.items()]
    elif target.repeated:
        found = [_field_item(link, each, kind, at) for each in (value if isinstance(value, list) else [value])]
    elif isinstance(value, list) and target.type != "any":
        found = _field_item(link, value[0], kind, at) if value else None
    else:
        found = _field_item(link, value, kind, at)
    return found


def _without(members: Mapping[str, object], key: str) -> dict[str, object]:
    return {name: value for name, value in members.items() if name != key}


def _field_item(link: Link, value: object, kind: Type, at: str) -> object:
    if isinstance(value, dict) and link.property.fields and link.field.ref:
        inner: dict[str, Any] = {}
        for each in link.inside:
            item = value.get(each.property.name)
            if item is not None and not each.property.output and not _is_unset(each, item):
                put(inner, each.path, _field(each, item, kind, f"{at}.{each.property.name}"))
        return inner
    return _scalar_field(link, value)


def _scalar_field(link: Link, value: object) -> object:
    if isinstance(value, bool) and link.field.ref:
        # What is told by an empty object being there: `lastPeriodAmount`.
        return {} if value else None
    if link.field.type == "boolean" and isinstance(value, str):
        return value.upper() == "TRUE"
    if isinstance(value, bool) and "TRUE" in link.field.enum:
        return str(value).upper()
    if link.field.type == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value)) if float(value).is_integer() else str(value)
    if link.field.type == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    return (word_of(link.field.enum, value) or value) if isinstance(value, str) else value


def word_of(words: Collection[str], given: str) -> str:
    """Give the API's word for one that a program gives; "" for none: the provider leaves out what it is about."""
    if given in words:
        return given
    longer = [each for each in words if each.endswith(f"_{given}")] if given else []
    return longer[0] if len(longer) == 1 else ""


def _parsed(value: object) -> object:
    try:
        return json.loads(str(value))
    except ValueError:
        return value


def outputs_of(kind: Type, body: Values, inputs: Values) -> dict[str, Any]:
    """Give the outputs of a resource.

    What the API gives back stands before what the program set; what it does not give back, as it never does what is
    write-only, stays as the program set it.

    Args:
        kind: The type.
        body: The resource as the API has it.
        inputs: The program's inputs, checked.
    """
    outputs: dict[str, Any] = {name: value for name, value in inputs.items() if name in kind.properties}
    for link in kind.links:
        name = link.property.name
        if name in kind.row.keep:
            continue
        found = field_at(body, link.path)
        value = _value(link, found, kind, name) if found is not None else None
        if value is None or (name in kind.in_url and name in inputs) or names_same(inputs.get(name), value):
            continue
        outputs[name] = _merged(link.property, value, inputs.get(name))
    return outputs


def names_same(given: object, value: object) -> bool:
    """Whether what the API gives names what the program named.

    The API gives a full name or a link where the program gave the last part, or a project by its number; and a word
    of its own with what it is about before it: `SCHEMA_NEW_COLUMNS`.
    """
    if not isinstance(given, str) or not isinstance(value, str) or not given:
        return False
    if value.endswith(f"/{given}") or alike(given, value) or (given.isupper() and value.endswith(f"_{given}")):
        return True
    return value.startswith("projects/") and _NUMBERED.sub("projects/", value) == _PROJECT.sub("projects/", given)


def field_at(body: object, path: Iterable[str]) -> object:
    """Give the value at a path below a message; None for none."""
    for name in path:
        if not isinstance(body, Mapping):
            return None
        body = body.get(name)
    return body


def _value(link: Link, found: object, kind: Type, at: str) -> Value:
    """Give a field's value as the property has it; None for one that does not fit."""
    each = link.property
    value: Value
    if at in kind.row.json:
        value = json.dumps(found, separators=(",", ":"), sort_keys=True)
    elif at in kind.row.base64:
        value = _decoded(found)
    elif at in kind.row.last or at in _SHORT:
        value = str(found).rpartition("/")[2]
    elif link.item and isinstance(found, list):
        value = [_item(link, field_at(item, (link.item,)), kind, at) for item in found]
    elif link.key and isinstance(found, Mapping):
        value = [_keyed(link, key, item, kind, at) for key, item in found.items()]
    elif each.mapped and isinstance(found, list):
        value = {str(entry.get("key")): entry.get("value") for entry in found if isinstance(entry, Mapping)}
    elif each.mapped:
        mapped = found if isinstance(found, Mapping) else {}
        value = {key: _item(link, item, kind, at) for key, item in mapped.items()}
    elif each.repeated:
        value = [_item(link, item, kind, at) for item in (found if isinstance(found, list) else [found])]
    elif link.field.repeated and isinstance(found, list):
        value = _item(link, found[0], kind, at) if found else None
    else:
        value = _item(link, found, kind, at)
    return value


def _keyed(link: Link, key: str, found: object, kind: Type, at: str) -> Value:
    item = _item(link, found, kind, at)
    return {link.key: key, **item} if isinstance(item, dict) else {link.key: key}


def _item(link: Link, found: object, kind: Type, at: str) -> Value:
    if link.property.kind == "object":
        if not isinstance(found, Mapping):
            return None
        if link.field.type == "any":
            return _declared(link.property, found)
        inner: dict[str, Any] = {}
        for each in link.inside:
            raw = field_at(found, each.path) if f"{at}.{each.property.name}" not in kind.row.keep else None
            value = _value(each, raw, kind, f"{at}.{each.property.name}") if raw is not None else None
            if value is not None:
                inner[each.property.name] = value
        return inner
    if link.property.kind == "boolean" and isinstance(found, Mapping):
        return True
    if link.field.type == "boolean" and link.property.kind == "string":
        # So the rules of organisation policies have it.
        return str(found).upper()
    return scalar(link.property.kind, found)


def _declared(each: Property, found: object) -> Value:
    """Give a value of which the API says no more than that it is JSON, as the property says that it is."""
    if isinstance(found, list):
        return [_declared(each, item) for item in found]
    if each.kind != "object" or not isinstance(found, Mapping):
        return scalar(each.kind, found)
    return {name: _declared(inner, found[name]) for name, inner in each.fields.items() if found.get(name) is not None}


def scalar(kind: str, found: object) -> Value:
    """Give a value as a property of a kind has it; None for one that does not fit."""
    if kind == "string":
        return _text(found)
    if kind == "boolean":
        return found if isinstance(found, bool) else {"true": True, "false": False}.get(str(found).lower())
    if kind in {"integer", "number"}:
        if str(found).isdecimal():
            return int(str(found))  # more digits than a float has: ids of Compute Engine
        try:
            number = float(str(found))
        except ValueError:
            return None
        return int(number) if number.is_integer() else number
    return found if isinstance(found, bool | int | float | str | list | dict) else None


def _text(found: object) -> str | None:
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, str):
        # The provider calls the beta, and gives links of v1.
        return found.replace(_BETA, _V1, 1) if found.startswith(_BETA) else found
    return str(found) if isinstance(found, int | float) else None


def _decoded(found: object) -> str | None:
    try:
        return base64.b64decode(str(found), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def _merged(each: Property, value: Value, given: object) -> Value:
    """Lay what the program set under what the API gave, so that write-only members of an object stay."""
    if each.kind != "object" or each.mapped:
        return value
    if isinstance(value, dict) and isinstance(given, Mapping):
        return {
            **given,
            **{
                name: _merged(each.fields[name], item, given.get(name))
                for name, item in value.items()
                if name in each.fields
            },
        }
    if isinstance(value, list) and isinstance(given, list) and len(value) == len(given):
        return [_laid(each, item, old) for item, old in zip(value, given, strict=True)]
    return value


def _laid(each: Property, item: Value, given: object) -> Value:
    if not isinstance(item, dict) or not isinstance(given, Mapping):
        return item
    return {
        **given,
        **{
            name: _merged(each.fields[name], inner, given.get(name))
            for name, inner in item.items()
            if name in each.fields
        },
    }


def holds(real: object, told: object) -> bool:
    """Whether something has all that was told of it."""
    if isinstance(told, dict) and isinstance(real, dict):
        return all(holds(real.get(name), value) for name, value in told.items() if name not in {"name", "etag"})
    if isinstance(told, list) and isinstance(real, list):
        return len(told) == len(real) and all(holds(one, other) for one, other in zip(real, told, strict=True))
    return real == told or str(real) == str(told) or (real is None and not told)
