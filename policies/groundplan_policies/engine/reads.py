"""What a control reads of a resource, and whether an option of the resource keeps that from counting."""

import re
from collections.abc import Iterator
from functools import lru_cache

from groundplan_policies.engine.apart import kept_apart
from groundplan_policies.engine.control import Control
from groundplan_policies.engine.look import matches
from groundplan_policies.engine.resource import Resource

_SEGMENT = re.compile(r'\[\s*"((?:[^"\\]|\\.)*)"\s*\]|\[(\d+|\*)\]|\.?([^.\[\]]+)')
_ANY = "*"


def read_paths(control: Control, type_token: str) -> tuple[str, ...]:
    """Give the property paths that a control reads of a type, without indices, in the order in which it states them."""
    return tuple(path for path in _stated(control, type_token) if ":" not in path)


def read_options(control: Control, type_token: str) -> tuple[str, ...]:
    """Give the fields beside the properties that a control reads: `document:protect`, `request:hooks`."""
    return tuple(path for path in _stated(control, type_token) if ":" in path)


def _stated(control: Control, type_token: str) -> Iterator[str]:
    return iter(dict.fromkeys(each.path for each in control.reads if matches(each.type, type_token)))


@lru_cache(maxsize=4096)
def covers(entry: str, path: str) -> bool:
    """Whether a property path of an option such as `ignoreChanges` takes in what a control reads.

    It does if it is the same path, lies above or below it, or could by a wildcard. One that is no path takes in
    everything, as nobody can say what it does.

    Args:
        entry: A path as Pulumi writes it: `a.b`, `a[0]["b-c"]`, `a[*].b`, `*`.
        path: A path without indices: `a.b`.
    """
    return _meet(_segments(entry), tuple(path.split(".")))


def ignored(control: Control, resource: Resource) -> str:
    """Give the path of a property that a control reads and of which changes are ignored; "" if there is none.

    Lists whose entries resources of their own keep do not count (`apart.KEPT_APART`).
    """
    if not resource.ignore_changes:
        return ""
    entries = [entry for entry in resource.ignore_changes if not kept_apart(resource.type, entry)]
    for path in read_paths(control, resource.type):
        if any(covers(entry, path) for entry in entries):
            return path
    return ""


def _segments(entry: str) -> tuple[str, ...]:
    """Give the keys of a path, `*` for wildcards, and without indices of lists. Nothing if it is no path."""
    found: list[str] = []
    at = 0
    while at < len(entry):
        match = _SEGMENT.match(entry, at)
        if match is None or "**" in match.group():
            return ()
        quoted, index, plain = match.groups()
        if quoted is not None:
            found.append(quoted.replace('\\"', '"').replace("\\\\", "\\"))
        elif index == _ANY or _ANY in (plain or ""):
            found.append(_ANY)
        elif plain is not None:
            found.append(plain)
        at = match.end()
    return tuple(found)


def _meet(entry: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Whether one of two paths leads to the other. A wildcard is a key, or an index, of which `path` has none."""
    if not entry or not path:
        return True
    if entry[0] == _ANY:
        return _meet(entry[1:], path) or _meet(entry[1:], path[1:])
    return entry[0] == path[0] and _meet(entry[1:], path[1:])
