"""What of a program's inputs the cloud still has: what a refresh may not take as it was set.

An API leaves out what is empty, false or zero, and never gives back what is only sent. Everything else that a program
set and the API does not give has been taken away since.
"""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.pulumi.links import Link, Type
from mockcloud.pulumi.templates import variables
from mockcloud.pulumi.translate import field_at

_NOTHING: Final[tuple[object, ...]] = (None, "", 0, False, [], {})
"""Values that an API says by leaving a field out."""

_PLACES: Final = frozenset({"project", "region", "zone", "location", "name"})


def remaining(kind: Type, body: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give the inputs of a resource without what the cloud does not have any more.

    Args:
        kind: The type.
        body: The resource as the API has it.
        inputs: The program's inputs, checked.
    """
    told = {kind.labels, "annotations"} if "effectiveLabels" in kind.properties else set()
    known = kind.in_url | frozenset(variables(kind.row.self)) | _PLACES | told
    links = tuple(link for link in kind.links if link.property.name not in known)
    return _left(links, body, inputs, kind, "")


def _left(
    links: tuple[Link, ...], body: Mapping[str, Any], given: Mapping[str, Any], kind: Type, above: str
) -> dict[str, Any]:
    left = dict(given)
    for link in links:
        name = link.property.name
        at = f"{above}{name}"
        if name not in left or link.property.output or at in kind.row.keep or link.field.input_only:
            continue
        found = field_at(body, link.path)
        if found is None:
            if not _says_nothing(link, left[name], kind, at):
                del left[name]
        else:
            left[name] = _inside(link, found, left[name], kind, at)
    return left


def _inside(link: Link, found: object, given: object, kind: Type, at: str) -> object:
    """Look into an object, or the objects of a list; what is told otherwise in the API is told by its own value."""
    if not link.inside or link.key or link.item:
        return given
    if isinstance(given, Mapping):
        one = found[0] if isinstance(found, list) and len(found) == 1 else found
        return _left(link.inside, one, given, kind, f"{at}.") if isinstance(one, Mapping) else given
    if isinstance(given, list) and isinstance(found, list) and len(given) == len(found):
        pairs = zip(given, found, strict=True)
        return [
            _left(link.inside, other, one, kind, f"{at}.")
            if isinstance(one, Mapping) and isinstance(other, Mapping)
            else one
            for one, other in pairs
        ]
    return given


def _says_nothing(link: Link, given: object, kind: Type, at: str) -> bool:
    """Whether a value is what a resource without the field has: the empty one, or the default of a property."""
    if isinstance(given, Mapping) and link.inside:
        inside = {each.property.name: each for each in link.inside}
        return all(
            name not in inside
            or f"{at}.{name}" in kind.row.keep
            or inside[name].field.input_only
            or _says_nothing(inside[name], value, kind, f"{at}.{name}")
            for name, value in given.items()
        )
    if isinstance(given, list):
        if link.key and given:
            # The entries of a map: there they are, even those that say no more than their key.
            return False
        return all(_says_nothing(link, each, kind, at) for each in given)
    unspecified = isinstance(given, str) and given.endswith("_UNSPECIFIED")
    # An object of defaults is an object all the same: without it, what it is about may be off.
    default = "." not in at and given == link.property.default
    return given in _NOTHING or default or unspecified
