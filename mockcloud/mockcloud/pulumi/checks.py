"""Whether a program's inputs are what a resource type takes, and what the provider adds to them.

Source of the behaviour: pulumi-terraform-bridge `pkg/tfbridge` (Check: defaults, automatic names, missing and unknown
properties), as far as a program sees it.
"""

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockcloud.pulumi.exclusions import beside_defaults, broken
from mockcloud.pulumi.hiding import hidden
from mockcloud.pulumi.links import Link, type_of
from mockcloud.pulumi.naming import DEFAULTS, Naming, names_of
from mockcloud.pulumi.properties import Properties, Property
from mockcloud.pulumi.translate import word_of
from mockcloud.pulumi.values import SECRET, SIGNATURE, Value, is_unknown, join_key, plain


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that is wrong with inputs.

    Attributes:
        path: The property: `bootDisk.autoDelete`.
        reason: What is wrong, and what is right.
    """

    path: str
    reason: str

    def __str__(self) -> str:
        """Give both; of what is wrong with the type as a whole, the reason."""
        return f"{self.path}: {self.reason}" if self.path else self.reason


@dataclass(slots=True)
class Checked:
    """Inputs as the provider takes them.

    Attributes:
        inputs: The inputs, with defaults and a name.
        failures: What is wrong.
    """

    inputs: dict[str, Any]
    failures: list[Failure] = field(default_factory=list)


def check(
    token: str, properties: Properties, given: Mapping[str, Any], old: Mapping[str, Any], naming: Naming
) -> Checked:
    """Check the inputs of a resource.

    Args:
        token: The type.
        properties: Its properties.
        given: What the program sets; unknown values and secrets as markers.
        old: The checked inputs that the resource has; empty for a new one.
        naming: How a name is made up.
    """
    links = _links(token)
    given = {name: value for name, value in given.items() if name != DEFAULTS and value is not None}
    failures = list(_failures(given, properties, links, "", _type_name(token)))
    inputs = {name: _coerced(properties[name], value) for name, value in given.items() if name in properties}
    named = names_of(token, properties, inputs, old, naming)
    failures += [Failure(*each) for each in named.failures]
    inputs |= named.names
    added, excluded = [*named.names], beside_defaults(token, given)
    for prop, each in properties.items():
        if prop in inputs:
            inputs[prop] = _with_defaults(each, inputs[prop])
        elif each.default is not None and not each.output and prop not in excluded:
            inputs[prop], added = each.default, [*added, prop]
    failures += [Failure(*each) for each in broken(token, properties, given, inputs)]
    return Checked({**hidden(properties, inputs), DEFAULTS: sorted(added)}, failures)


def arguments_of(owner: str, signature: Properties, given: Mapping[str, Any]) -> Checked:
    """Check the arguments of a function: those that it takes, all that it must have, each of its kind.

    Args:
        owner: The function's name.
        signature: What it takes and gives.
        given: What the program passes; none has a default.
    """
    given = {name: value for name, value in given.items() if value is not None}
    failures = list(_failures(given, signature, {}, "", owner))
    return Checked({name: _coerced(signature[name], value) for name, value in given.items() if not failures}, failures)


def _links(token: str) -> Mapping[str, Link]:
    kind = type_of(token)
    return {link.property.name: link for link in kind.links} if kind is not None else {}


def _type_name(token: str) -> str:
    return token.rpartition(":")[2]


def _failures(
    given: Mapping[str, Any], properties: Properties, links: Mapping[str, Link], above: str, owner: str
) -> Iterator[Failure]:
    for name, value in given.items():
        path, each = join_key(above, name), properties.get(name)
        if each is None:
            yield Failure(path, _unknown(name, properties, owner))
        elif each.output:
            yield Failure(path, f"{name} is set by Google Cloud and cannot be given; take it out of {owner}")
        else:
            yield from _wrong(each, value, links.get(name), path)
    for name, each in properties.items():
        if each.required and given.get(name) is None:
            yield Failure(join_key(above, name), f"a value is required: {owner} takes {name} as {_an(each.shape)}")


def _unknown(name: str, properties: Properties, owner: str) -> str:
    settable = sorted(each.name for each in properties.values() if not each.output)
    close = difflib.get_close_matches(name, settable, n=1)
    hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(settable)}"
    return f"{owner} has no property {name}; {hint}"


def _wrong(each: Property, value: object, link: Link | None, path: str) -> Iterator[Failure]:
    """Give what is wrong with the value of a property."""
    value = plain(value)
    if value is None or is_unknown(value):
        return
    if each.repeated:
        if not isinstance(value, list):
            yield Failure(path, f"{_given(value)} is given where {_an(each.shape)} is taken")
            return
        for index, item in enumerate(value):
            yield from _wrong_item(each, item, link, f"{path}[{index}]")
    elif each.mapped:
        if not isinstance(value, dict):
            yield Failure(path, f"{_given(value)} is given where {_an(each.shape)} is taken")
            return
        for key, item in value.items():
            yield from _wrong_item(each, item, link, join_key(path, key))
    else:
        yield from _wrong_item(each, value, link, path)


def _wrong_item(each: Property, value: object, link: Link | None, path: str) -> Iterator[Failure]:
    value = plain(value)
    if value is None or is_unknown(value) or each.kind == "any":
        return
    if each.kind == "object":
        if isinstance(value, dict):
            inside = {inner.property.name: inner for inner in link.inside} if link else {}
            yield from _failures(value, each.fields, inside, path, each.name)
        else:
            yield Failure(
                path, f"{_given(value)} is given where an object is taken, with {', '.join(sorted(each.fields))}"
            )
    elif _coerced_item(each.kind, value) is None:
        yield Failure(path, f"{_given(value)} is given where {_an(each.kind)} is taken")
    elif (
        link is not None
        and link.field.enum
        and each.kind != "boolean"
        and not word_of(link.field.enum, str(value))
        and value != ""
    ):
        yield Failure(path, f"{value!r} is none of {', '.join(link.field.enum)}")


def _given(value: object) -> str:
    match value:
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "a string"
        case list():
            return "a list"
        case _:
            return "an object"


def _coerced(each: Property, value: Any) -> Any:  # noqa: ANN401 - JSON
    """Give a value in the property's kind, where it is one that can be read so: `"3"` for a number."""
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        return {**value, "value": _coerced(each, value.get("value"))}
    if each.repeated and isinstance(value, list):
        return [_coerced_one(each, item) for item in value]
    if each.mapped and isinstance(value, dict):
        return {key: _coerced_one(each, item) for key, item in value.items()}
    return _coerced_one(each, value)


def _coerced_one(each: Property, value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        return {**value, "value": _coerced_one(each, value.get("value"))}
    if each.kind == "object" and isinstance(value, dict):
        return {name: _coerced(each.fields[name], item) for name, item in value.items() if name in each.fields}
    if value is None or is_unknown(value) or each.kind in {"any", "object"}:
        return value
    coerced = _coerced_item(each.kind, value)
    return value if coerced is None else coerced


def _coerced_item(kind: str, value: object) -> Value:
    """Give a scalar in a kind; None for one that is no such thing."""
    if kind == "string":
        return _text(value)
    if kind == "boolean":
        return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value))
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    whole = number.is_integer()
    return int(number) if whole else None if kind == "integer" else number


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return json.dumps(int(value) if float(value).is_integer() else value)
    return value if isinstance(value, str) else None


def _with_defaults(each: Property, value: Any) -> Any:  # noqa: ANN401 - JSON
    """Set the defaults inside of an object that is given."""
    if each.kind != "object":
        return value
    if each.repeated and isinstance(value, list):
        return [_filled(each, item) for item in value]
    return _filled(each, value)


def _filled(each: Property, value: Any) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(value, dict) or SIGNATURE in value:
        return value
    filled = {name: _with_defaults(each.fields[name], item) for name, item in value.items() if name in each.fields}
    for name, inner in each.fields.items():
        if name not in filled and inner.default is not None and not inner.output:
            filled[name] = inner.default
    return filled


def _an(word: str) -> str:
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"
