"""Typed access to the objects of a compiled pipeline, where what is wrong is noted, and reading goes on."""

from collections.abc import Iterator, Mapping

from groundplan_policies.engine.fields import kind
from groundplan_policies.engine.values import Value, join_key
from groundplan_policies.pipelines.model import Fault


class Node:
    """An object of a compiled pipeline.

    Args:
        value: What stands there. What is no object counts as an empty one, and is noted.
        path: Where.
        faults: Where what is wrong is noted.
    """

    __slots__ = ("_faults", "path", "values")

    def __init__(self, value: Value, path: str, faults: list[Fault]) -> None:
        self.path = path
        self._faults = faults
        self.values: Mapping[str, Value] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.wrong(f"is {kind(value)} where an object is expected")

    def __contains__(self, key: str) -> bool:
        return self.values.get(key) is not None

    def at(self, key: str) -> str:
        """Give the path of a key."""
        return join_key(self.path, key)

    def wrong(self, message: str, key: str = "") -> None:
        """Note that something is wrong."""
        self._faults.append(Fault(self.at(key) if key else self.path, message))

    def child(self, key: str) -> "Node":
        """Give an object below; an empty one where nothing is."""
        value = self.values.get(key)
        return Node({} if value is None else value, self.at(key), self._faults)

    def children(self, key: str) -> Iterator[tuple[str, "Node"]]:
        """Give the objects of an object below, by key."""
        below = self.child(key)
        for name in below.values:
            # Here, null in the place of an object is wrong: a task without anything is none.
            yield name, Node(below.values[name], below.at(name), self._faults)

    def text(self, key: str) -> str:
        """Give a text; "" where nothing is."""
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return value or ""
        self.wrong(f"is {kind(value)} where a text is expected", key)
        return ""

    def name(self, key: str) -> str:
        """Give a text that must be there."""
        found = self.text(key)
        if not found and not isinstance(self.values.get(key), (bool, int, float, list, dict)):
            self.wrong("is absent; expected is a name", key)
        return found

    def flag(self, key: str) -> bool:
        """Give true or false; false where nothing is."""
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.wrong(f"is {kind(value)} where a boolean is expected", key)
        return False

    def number(self, key: str) -> float:
        """Give a number; 0 where nothing is."""
        value = self.values.get(key)
        if value is None:
            return 0
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        self.wrong(f"is {kind(value)} where a number is expected", key)
        return 0

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a list of texts; an empty one where nothing is."""
        value = self.values.get(key)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(str(each) for each in value)
        self.wrong("is no list of texts", key)
        return ()

    def nodes(self, key: str) -> tuple["Node", ...]:
        """Give a list of objects; an empty one where nothing is."""
        value = self.values.get(key)
        if value is None:
            return ()
        if isinstance(value, list):
            return tuple(Node(each, f"{self.at(key)}[{index}]", self._faults) for index, each in enumerate(value))
        self.wrong(f"is {kind(value)} where a list is expected", key)
        return ()
