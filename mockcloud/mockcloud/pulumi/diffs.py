"""What has to happen to a resource whose inputs have changed: nothing, an update, or a new one in its place.

Source of the behaviour: pulumi-terraform-bridge `pkg/tfbridge` (Diff), as far as a program sees it; which properties
replace is in the schemas.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mockcloud.pulumi.names import named
from mockcloud.pulumi.naming import goes_first
from mockcloud.pulumi.properties import Properties, Property
from mockcloud.pulumi.values import is_unknown, join_key, plain

ADD: Final = "add"
DELETE: Final = "delete"
UPDATE: Final = "update"

_STEP: Final = re.compile(r"""\["((?:[^"\\]|\\.)*)"\]|\[(\*|\d+)\]|([^.\[\]]+)""")


_BOOLEANS: Final = frozenset({"true", "false"})
_OPENING: Final = frozenset({"{", "["})
"""What JSON of more than one value begins with."""


@dataclass(frozen=True, slots=True)
class Change:
    """A property that differs.

    Attributes:
        path: `networkInterfaces[0].network`.
        kind: `add`, `delete` or `update`.
        replaces: Whether it makes the resource anew.
    """

    path: str
    kind: str
    replaces: bool

    @property
    def top(self) -> str:
        """The property of the resource in which it lies."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs.

    Attributes:
        changes: The properties.
        delete_first: Whether the old resource goes before the new one is made, as both may have one name.
    """

    changes: tuple[Change, ...] = field(default=())
    delete_first: bool = False

    @property
    def replaces(self) -> tuple[str, ...]:
        """The properties that make it anew."""
        return tuple(each.path for each in self.changes if each.replaces)


def diff(
    token: str,
    properties: Properties,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    ignored: Sequence[str] = (),
) -> Diff:
    """Compare the inputs of a resource with those that it had.

    Args:
        token: The type.
        properties: The type's properties.
        old: The checked inputs that it has.
        new: The checked inputs that it is to have; unknown values as markers.
        ignored: Property paths whose changes do not count.
    """
    changes = tuple(
        each
        for name in sorted({*old, *new} & properties.keys())
        for each in _changes(properties[name], old.get(name), new.get(name), name)
        if not _is_ignored(each.path, ignored)
    )
    replaced = any(each.replaces for each in changes)
    return Diff(changes, delete_first=replaced and goes_first(token, properties, old, new))


def _changes(each: Property, old: Any, new: Any, path: str) -> Iterator[Change]:  # noqa: ANN401 - JSON
    old, new, replaces = plain(old), plain(new), each.replaces
    if old is None and (_is_nothing(each, new) or new == each.default):
        return  # what is imported has no defaults among its inputs
    if new is None and (_is_nothing(each, old) or old == 0):
        return  # what was false or zero is so where nothing is said, too
    if is_unknown(new):
        yield Change(path, UPDATE if old is not None else ADD, replaces)
    elif old is None:
        yield Change(path, ADD, replaces or _holds_replacing(each, new))
    elif new is None:
        yield Change(path, DELETE, replaces)
    elif each.repeated and isinstance(old, list) and isinstance(new, list):
        yield from _list_changes(each, old, new, path, replaces=replaces)
    elif each.mapped and isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from _item_changes(each, old.get(key), new.get(key), join_key(path, key), replaces=replaces)
    else:
        yield from _item_changes(each, old, new, path, replaces=replaces)


def _list_changes(each: Property, old: list[Any], new: list[Any], path: str, *, replaces: bool) -> Iterator[Change]:
    if each.unordered and len(old) == len(new) and _matched(each, old, new):
        return
    for index in range(max(len(old), len(new))):
        before = old[index] if index < len(old) else None
        after = new[index] if index < len(new) else None
        yield from _item_changes(each, before, after, f"{path}[{index}]", replaces=replaces)


def _matched(each: Property, old: Iterable[Any], new: Iterable[Any]) -> bool:
    left = list(old)
    for item in new:
        for index, other in enumerate(left):
            if not any(_item_changes(each, other, item, "", replaces=False)):
                del left[index]
                break
        else:
            return False
    return not left


def _item_changes(each: Property, old: Any, new: Any, path: str, *, replaces: bool) -> Iterator[Change]:  # noqa: ANN401 - JSON
    old, new = plain(old), plain(new)
    if old is None and new is None:
        return
    if old is None:
        yield Change(path, ADD, replaces or _holds_replacing(each, new))
    elif is_unknown(new) or new is None:
        yield Change(path, UPDATE if new is not None else DELETE, replaces)
    elif each.kind == "object" and isinstance(old, dict) and isinstance(new, dict):
        # Whether an object is there may replace, and what is in it not: each member says so for itself.
        for name in sorted({*old, *new} & each.fields.keys()):
            yield from _changes(each.fields[name], old.get(name), new.get(name), join_key(path, name))
    elif not same(old, new):
        yield Change(path, UPDATE, replaces)


def _is_nothing(each: Property, value: object) -> bool:
    """Whether a value is the same as none at all. An empty object is something: an object that is there.

    Source: terraform-plugin-sdk `helper/schema/schema.go` (diffString, diffList, diffMap).
    """
    return value in (None, "", []) or (value == {} and (each.mapped or each.kind == "any"))


def _holds_replacing(each: Property, value: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether a value that was not there has something in it that replaces, and that is not what there was anyway."""
    value = plain(value)
    if isinstance(value, list):
        return any(_holds_replacing(each, item) for item in value)
    if each.kind != "object" or not isinstance(value, dict):
        return False
    given = [
        (inner, value[name]) for name, inner in each.fields.items() if value.get(name) not in (None, inner.default)
    ]
    return any(inner.replaces or _holds_replacing(inner, item) for inner, item in given)


def same(old: Any, new: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether two values mean the same: links by what they name, JSON in a text by what it says."""
    if not isinstance(old, str) or not isinstance(new, str):
        return bool(old == new)
    if old == new or named(old) == named(new):
        return True
    return (old.lower() == new.lower() and old.lower() in _BOOLEANS) or _same_json(old, new)


def _same_json(old: str, new: str) -> bool:
    if old[:1] not in _OPENING or new[:1] not in _OPENING:
        return False
    try:
        return bool(json.loads(old) == json.loads(new))
    except ValueError:
        return False


def _is_ignored(path: str, ignored: Sequence[str]) -> bool:
    """Whether a path is one of those whose changes do not count, or lies below one; `*` stands for any step."""
    steps = _steps(path)
    for each in ignored:
        wanted = _steps(each)
        if len(wanted) <= len(steps) and all(want in {"*", step} for want, step in zip(wanted, steps, strict=False)):
            return True
    return False


def _steps(path: str) -> list[str]:
    return [quoted or index or word for quoted, index, word in _STEP.findall(path)]
