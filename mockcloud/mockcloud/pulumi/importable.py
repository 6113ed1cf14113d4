"""Which inputs a program would have to give for a resource that it does not have yet: what an import tells.

They are what Check takes, so that the code that an import writes goes up: without what only the cloud sets, without
objects that lack what they must have, and of properties that exclude one another with one. What the API keeps to itself
is missing, though a program must set it.

Source of the behaviour: pulumi-terraform-bridge `pkg/tfbridge/deconflict.go`. It keeps the first by name; here the one
stays that says most.
"""

from collections.abc import Mapping
from typing import Any

from mockcloud.pulumi.exclusions import superfluous
from mockcloud.pulumi.properties import Properties, Property
from mockcloud.pulumi.values import SIGNATURE, join_key


def importable(token: str, properties: Properties, outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give the inputs of a resource that is imported.

    Args:
        token: The type.
        properties: Its properties.
        outputs: What the cloud tells of the resource.
    """
    found = _settable(properties, outputs)
    found = {
        name: value
        for name, value in found.items()
        if value != properties[name].default and not _is_nothing(properties[name], value)
    }
    for gone in superfluous(token, properties, found):
        found = _without(found, gone, "")
    return found


def _settable(properties: Properties, real: Mapping[str, Any]) -> dict[str, Any]:
    given = {
        name: _given(each, real[name])
        for name, each in properties.items()
        if not each.output and not each.write_only and real.get(name) is not None
    }
    return {name: value for name, value in given.items() if value is not None}


def _given(each: Property, real: Any) -> Any:  # noqa: ANN401 - JSON
    """Give what a program may set of a value; None for an object that lacks what it must have."""
    if each.kind != "object" or (isinstance(real, dict) and SIGNATURE in real):
        return real
    if each.repeated and isinstance(real, list):
        return [item for item in (_object(each, one) for one in real) if item is not None]
    if each.mapped and isinstance(real, dict):
        items = {key: _object(each, one) for key, one in real.items()}
        return {key: item for key, item in items.items() if item is not None}
    return _object(each, real)


def _object(each: Property, real: Any) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(real, dict) or SIGNATURE in real:
        return real
    given = _settable(each.fields, real)
    lacks = any(inner.required and name not in given for name, inner in each.fields.items())
    return None if lacks and not each.required else given


def _is_nothing(each: Property, value: object) -> bool:
    """Whether a value is none. An empty object is there, and may say all that is to be said."""
    return value in ("", []) or (value == {} and (each.mapped or each.kind != "object"))


def _without(value: Any, gone: str, path: str) -> Any:  # noqa: ANN401 - JSON
    """Leave out what is at a path."""
    if isinstance(value, list):
        return [_without(item, gone, f"{path}[{at}]") for at, item in enumerate(value)]
    if not isinstance(value, dict) or SIGNATURE in value:
        return value
    paths = {name: join_key(path, name) for name in value}
    return {name: _without(value[name], gone, at) for name, at in paths.items() if at != gone}
