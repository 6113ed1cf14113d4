"""What there is in a cloud: resources by API and full name, whichever version or door made them."""

import itertools
import json
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

Body = Mapping[str, Any]
"""A resource in the API's representation. Nobody changes one in place: a change is a new body."""


_JSON: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Record:
    """A resource.

    Attributes:
        api: API that it belongs to: `aiplatform`.
        name: Full name inside the API, with the project's id: `projects/p/locations/l/endpoints/1`.
        body: What it is, as it was accepted and completed.
        hidden: What the service knows and no client reads, such as a payload that is write-only.
        revision: How often it changed, from 1.
        created: When it was made, as a stamp.
        updated: When it last changed, as a stamp.
        collection: Full name of the collection, where the id holds slashes itself (an object `a/b` of a bucket); ""
            where it is the name less its last segment.
        cached: The body as the bytes of JSON, once somebody asked.
    """

    api: str
    name: str
    body: Body
    hidden: Body = field(default_factory=dict)
    revision: int = 1
    created: str = ""
    updated: str = ""
    collection: str = ""
    cached: list[bytes] = field(default_factory=list, compare=False, repr=False)

    @property
    def parent(self) -> str:
        """Name of the collection: the one that is stated, else the name less its last segment."""
        return self.collection or self.name.rpartition("/")[0]

    @property
    def id(self) -> str:
        """The name less that of the collection."""
        return self.name[len(self.collection) + 1 :] if self.collection else self.name.rpartition("/")[2]

    def json(self) -> bytes:
        """Give the body as JSON, written once."""
        if not self.cached:
            self.cached.append(_JSON.encode(self.body).encode())
        return self.cached[0]


Undo = list[Callable[[], object]]
"""What takes back the changes of a call that fails, the last one first; None while nothing is taken back."""

_COUNT: Final = itertools.count(1)
"""Of the states that any store was in, so that no two of them have one number."""


class Policies(dict[tuple[str, str], Body]):
    """IAM policies, by API and full name of what they are on.

    Attributes:
        changed: What every change was on, in their order. Whoever keeps something that follows from policies remembers
            how many there were.
    """

    def __init__(self) -> None:
        super().__init__()
        self.changed: list[tuple[str, str]] = []
        self.undo: Undo | None = None

    def __setitem__(self, key: tuple[str, str], policy: Body) -> None:
        self._note(key)
        super().__setitem__(key, policy)

    def drop(self, key: tuple[str, str]) -> None:
        """Forget the policy on something, if there is one."""
        if key in self:
            self._note(key)
            super().__delitem__(key)

    def _note(self, key: tuple[str, str]) -> None:
        self.changed.append(key)
        if self.undo is not None:
            before = self.get(key)
            self.undo.append((lambda: self.drop(key)) if before is None else (lambda: self.__setitem__(key, before)))

    def snapshot(self) -> "Policies":
        """Give a copy."""
        copy = Policies()
        copy.update(self)
        return copy


class _Shelf:
    """The resources of one API.

    Attributes:
        records: By full name.
        ids: Of each collection that holds something, sorted.
        collections: The full names of those collections, sorted.
    """

    __slots__ = ("collections", "ids", "records")

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.ids: dict[str, list[str]] = {}
        self.collections: list[str] = []

    def add(self, record: Record) -> None:
        """Say in which collection a new resource is."""
        collection = record.parent
        ids = self.ids.get(collection)
        if ids is None:
            self.ids[collection] = [record.id]
            insort(self.collections, collection)
        else:
            insort(ids, record.id)

    def remove(self, record: Record) -> None:
        """Forget in which collection a resource was."""
        collection = record.parent
        ids = self.ids[collection]
        del ids[bisect_left(ids, record.id)]
        if not ids:
            del self.ids[collection]
            del self.collections[bisect_left(self.collections, collection)]

    def below(self, name: str) -> Iterator[str]:
        """Give the collections below a name; a name that is a collection's own counts."""
        if name in self.ids:
            yield name
        start = name + "/"
        for at in range(bisect_left(self.collections, start), len(self.collections)):
            if not self.collections[at].startswith(start):
                return
            yield self.collections[at]

    def copy(self) -> "_Shelf":
        """Give a copy."""
        copy = _Shelf()
        copy.records = dict(self.records)
        copy.ids = {name: list(ids) for name, ids in self.ids.items()}
        copy.collections = list(self.collections)
        return copy


_NOTHING: Final = _Shelf()


class Store:
    """The resources of one cloud.

    Collections are kept in the order of ids, so that a page starts where the one before it ended, whatever came or
    went in between.
    """

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}
        self._states: dict[str, int] = {}
        self.policies = Policies()
        self.undo: Undo | None = None

    def __len__(self) -> int:
        return sum(len(each.records) for each in list(self._shelves.values()))

    def __iter__(self) -> Iterator[Record]:
        return iter([record for each in list(self._shelves.values()) for record in list(each.records.values())])

    def get(self, api: str, name: str) -> Record | None:
        """Give a resource, or None."""
        return self._shelves.get(api, _NOTHING).records.get(name)

    def put(self, record: Record) -> Record:
        """Add a resource, or replace the one of its name."""
        shelf = self._shelves.get(record.api)
        if shelf is None:
            shelf = self._shelves[record.api] = _Shelf()
        before = shelf.records.get(record.name)
        if self.undo is not None:
            api, name = record.api, record.name
            self.undo.append((lambda: self.delete(api, name)) if before is None else (lambda: self.put(before)))
        if before is None:
            shelf.add(record)
        shelf.records[record.name] = record
        self._states[record.api] = next(_COUNT)
        return record

    def state(self, api: str) -> int:
        """Give a number that is another one after each change of an API's resources, and that no other state has."""
        return self._states.get(api, 0)

    def change(self, record: Record, body: Body, *, updated: str, hidden: Body | None = None) -> Record:
        """Give a resource a new body."""
        return self.put(
            replace(
                record,
                body=body,
                hidden=record.hidden if hidden is None else hidden,
                revision=record.revision + 1,
                updated=updated,
                cached=[],
            )
        )

    def delete(self, api: str, name: str) -> Record | None:
        """Remove a resource with its policy, but not what is below it; give it, or None."""
        shelf = self._shelves.get(api, _NOTHING)
        record = shelf.records.pop(name, None)
        if record is not None:
            if self.undo is not None:
                self.undo.append(lambda: self.put(record))
            shelf.remove(record)
            self.policies.drop((api, name))
            self._states[api] = next(_COUNT)
        return record

    def page(self, api: str, collection: str, *, after: str = "", size: int | None = None) -> list[Record]:
        """Give resources of a collection, in the order of ids.

        Args:
            api: The API.
            collection: Full name of the collection: `projects/p/locations/l/endpoints`.
            after: Id behind which to begin; "" for the first.
            size: The most to give; None for all.
        """
        shelf = self._shelves.get(api, _NOTHING)
        ids = shelf.ids.get(collection)
        if ids is None:
            return []
        start = bisect_right(ids, after) if after else 0
        chosen = ids[start:] if size is None else ids[start : start + size]
        return [shelf.records[f"{collection}/{each}"] for each in chosen]

    def collections(self, api: str) -> list[str]:
        """Give the full names of the collections that hold something, sorted."""
        return list(self._shelves.get(api, _NOTHING).collections)

    def holds(self, api: str, name: str) -> bool:
        """Whether there is anything below a name."""
        return next(self._shelves.get(api, _NOTHING).below(name), None) is not None

    def below(self, api: str, name: str) -> list[Record]:
        """Give everything below a name, in the order of names."""
        collections = list(self._shelves.get(api, _NOTHING).below(name))
        return sorted((record for each in collections for record in self.page(api, each)), key=lambda each: each.name)

    def of(self, api: str) -> Iterator[Record]:
        """Give every resource of an API."""
        return iter(list(self._shelves.get(api, _NOTHING).records.values()))

    def snapshot(self) -> "Store":
        """Give a copy that later changes do not reach. Bodies are shared, as nobody changes one."""
        copy = Store()
        copy._shelves = {api: each.copy() for api, each in self._shelves.items()}
        copy.policies = self.policies.snapshot()
        copy._states = dict(self._states)
        return copy
