"""Reads the overrides that constructs record: which properties of their children a caller set."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.document import Document
from groundplan_policies.engine.fields import kind
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, is_special

CONSTRUCTS: Final = "groundplan:"
"""How the types of constructs that record overrides begin."""

_FIELD: Final = "overrides"
_HUMP = re.compile(r"_([a-z0-9])")


@dataclass(frozen=True, slots=True)
class Override:
    """One property of a child that a caller set.

    Attributes:
        role: The child's role in the construct.
        path: The property, by Pulumi's name.
    """

    role: str
    path: str


class UnreadableError(Exception):
    """A record of overrides has another form than constructs write. The text says what it is, and no value."""


def asked(construct: Resource) -> frozenset[tuple[str, str]]:
    """Give role and top-level property of every override that a construct was given, from its inputs.

    Raises:
        UnreadableError: They are no object of lists of texts.
    """
    record = construct.inputs.get(_FIELD)
    if record is None:
        return frozenset()
    if not isinstance(record, dict) or is_special(record):
        raise _unreadable(record, "an object")
    return frozenset((role, _camel(key)) for role, keys in record.items() for key in _texts(keys))


def made(construct: Resource) -> tuple[Override, ...] | None:
    """Give every override that a construct made, from its outputs; None if the document does not hold them.

    Raises:
        UnreadableError: They are no list of texts such as `bucket.location`.
    """
    if _FIELD not in construct.outputs:
        return None
    found = [each.partition(".") for each in _texts(construct.outputs[_FIELD])]
    if not all(role and path for role, _, path in found):
        raise UnreadableError("hold an entry that names no property")
    return tuple(Override(role, path) for role, _, path in found)


def child(document: Document, construct: Resource, role: str) -> Resource | None:
    """Give the child of a construct that has a role, however deep it is nested; None if there is none."""
    name = f"{construct.name}-{role}"
    return next((each for each in descendants(document, construct) if each.name == name and each.custom), None)


def descendants(document: Document, construct: Resource) -> Iterator[Resource]:
    """Give everything inside a construct, but for what is inside a construct inside it."""
    waiting = list(document.children(construct.urn))
    while waiting:
        here = waiting.pop(0)
        yield here
        if not here.type.startswith(CONSTRUCTS):
            waiting.extend(document.children(here.urn))


def _unreadable(value: Value, expected: str) -> UnreadableError:
    return UnreadableError(f"are {kind(value)} where {expected} is expected")


def _texts(value: Value) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _unreadable(value, "a list")
    found = [each for each in value if isinstance(each, str)]
    if len(found) != len(value):
        raise UnreadableError("hold something else than the names of properties")
    return found


def _camel(key: str) -> str:
    return _HUMP.sub(lambda match: match[1].upper(), key)


def by_role(overrides: tuple[Override, ...]) -> Mapping[str, tuple[str, ...]]:
    """Give the paths of overrides by role."""
    found: dict[str, list[str]] = {}
    for each in overrides:
        found.setdefault(each.role, []).append(each.path)
    return {role: tuple(paths) for role, paths in found.items()}
