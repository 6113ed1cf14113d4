"""What grows in the hidden part of a resource, kept element by element: backlogs, rows of tables, logs, chunks.

A member that is a long list or map gets a row of the file for each of its elements, so that what comes costs what came,
however much is there. Nobody changes a list in place, and whoever replaces one takes over the elements that stay: an
element that is the same object is the same row.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import is_
from typing import Any, Final

from mockcloud.cloud.persistence.parts import read, written
from mockcloud.cloud.store import Body

Key = tuple[str, str]
"""API and full name of a resource."""

_MANY: Final = 16
"""Elements from which a member gets rows. A shorter one stays with its resource, unless it holds bytes."""

_NONE: Final[Mapping[str, "_Member"]] = {}


@dataclass(frozen=True, slots=True)
class _Member:
    """A member as it is in the file.

    Attributes:
        source: The list or map.
        keys: The keys of a map; None for a list.
        values: The elements, in their order.
        places: Number of each one's row; they rise.
    """

    source: object
    keys: list[str] | None
    values: Sequence[object]
    places: list[int]

    @property
    def marks(self) -> Sequence[object]:
        """What tells the elements apart: keys, or which object it is."""
        return self.keys if self.keys is not None else list(map(id, self.values))


_NOTHING: Final = _Member(None, None, (), [])


class Elements:
    """Writes the elements of one file.

    Args:
        database: The open file.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._kept: dict[Key, Mapping[str, _Member]] = {}
        self._new: dict[Key, Mapping[str, _Member]] = {}

    def begin(self, *, anew: bool) -> None:
        """Begin a transaction; `anew`, where the file has no elements."""
        self._new.clear()
        if anew:
            self._kept.clear()

    def settle(self) -> None:
        """Say that the transaction went well."""
        for key, members in self._new.items():
            if members:
                self._kept[key] = members
            else:
                self._kept.pop(key, None)
        self._new.clear()

    def remove(self, key: Key) -> None:
        """Remove the elements of a resource that is gone."""
        self.write(key, {})

    def write(self, key: Key, hidden: Body) -> dict[str, object]:
        """Write the members of a resource that grow, as far as they changed; give those that do not."""
        before = self._kept.get(key, _NONE)
        growing = {name: value for name, value in hidden.items() if _grows(value, known=name in before)}
        if growing or before:
            for name in before.keys() - growing.keys():
                self._database.execute("DELETE FROM elements WHERE api = ? AND name = ? AND member = ?", (*key, name))
            self._new[key] = {name: self._written(key, name, before.get(name), growing[name]) for name in growing}
        return {name: value for name, value in hidden.items() if name not in growing}

    def _written(self, key: Key, name: str, before: _Member | None, value: list[object] | dict[str, object]) -> _Member:
        if before is not None and before.source is value:
            return before
        keys, values = (list(value), list(value.values())) if isinstance(value, dict) else (None, value)
        places, changed, gone = _difference(before or _NOTHING, keys, values)
        where = (*key, name)
        self._database.executemany(
            "DELETE FROM elements WHERE api = ? AND name = ? AND member = ? AND place = ?",
            ((*where, place) for place in gone),
        )
        self._database.executemany(
            "INSERT OR REPLACE INTO elements VALUES (?,?,?,?,?,?)",
            ((*where, places[at], keys[at] if keys is not None else None, written(values[at])) for at in changed),
        )
        return _Member(value, keys, values, places)


def _grows(value: object, *, known: bool) -> bool:
    """Whether a member is kept element by element: one that was stays so until it is empty."""
    if isinstance(value, list):
        last = value[-1] if value else None
    elif isinstance(value, dict):
        last = next(reversed(value.values()), None)
    else:
        return False
    return bool(value) and (known or len(value) >= _MANY or isinstance(last, bytes))


def _difference(
    before: _Member, keys: list[str] | None, values: Sequence[object]
) -> tuple[list[int], Sequence[int], Iterable[int]]:
    """Give the rows of the elements, which of the elements are to be written, and which rows are to go."""
    count = len(before.values)
    if (before.keys is None) != (keys is None):
        return _behind(before, [], len(values)), range(len(values)), before.places
    if keys is None or before.keys == keys[:count]:
        if len(values) >= count and all(map(is_, before.values, values)):
            return _behind(before, before.places, len(values)), range(count, len(values)), ()
        if len(values) == count:
            return before.places, [at for at in range(count) if before.values[at] is not values[at]], ()
    old, new = before.marks, keys if keys is not None else list(map(id, values))
    index, staying = {mark: at for at, mark in enumerate(old)}, set(new)
    places: list[int] = []
    changed: list[int] = []
    at = 0
    for number, mark in enumerate(new):
        found = index.get(mark, -1)
        if found < at and (at == count or old[at] in staying):
            break  # it stands between two that stay: the rest is written behind the last row
        found = max(found, at)  # a new one takes the row of one that is gone
        if before.values[found] is not values[number]:
            changed.append(number)
        places.append(before.places[found])
        at = found + 1
    changed += range(len(places), len(new))
    places = _behind(before, places, len(new))
    return places, changed, set(before.places).difference(places)


def _behind(before: _Member, places: list[int], count: int) -> list[int]:
    """Give so many rows: those given, and new ones behind the last row that there was."""
    start = before.places[-1] + 1 if before.places else 0
    return [*places, *range(start, start + count - len(places))]


def load(database: sqlite3.Connection) -> Mapping[Key, dict[str, Any]]:
    """Give the members that are kept element by element, of each resource that has some."""
    found: dict[Key, dict[str, Any]] = {}
    rows = database.execute("SELECT api, name, member, key, value FROM elements ORDER BY api, name, member, place")
    for api, name, member, key, value in rows:
        members = found.setdefault((api, name), {})
        if key is None:
            members.setdefault(member, []).append(read(value))
        else:
            members.setdefault(member, {})[key] = read(value)
    return found
