"""Typed access to the fields of one JSON object, where a wrong type is an error that names the field."""

from collections.abc import Mapping, Sequence

from groundplan_policies.engine.errors import DocumentError
from groundplan_policies.engine.values import Value

_WORDS = {
    "NoneType": "null",
    "bool": "a boolean",
    "int": "a number",
    "float": "a number",
    "str": "a string",
    "list": "an array",
    "dict": "an object",
}
_NOTHING: Mapping[str, Value] = {}


def kind(value: object) -> str:
    """Name the JSON type of a value. Messages name the type and never the value, which may be a secret."""
    return _WORDS.get(type(value).__name__, type(value).__name__)


def wrong_field(owner: str, field: str, value: object, allowed: str) -> DocumentError:
    """Make the error for a field of the wrong type."""
    return DocumentError(
        f"{owner} has a field of the wrong type",
        given=f"`{field}` is {kind(value)}",
        allowed=f"{allowed}, as Pulumi writes it",
        remedy="write the document again; if it was edited by hand, undo the edit",
    )


class Fields:
    """The fields of one JSON object, as `json.loads` gives it. A field that is absent or null counts as empty.

    Args:
        record: The object.
        owner: What it is, for messages.
    """

    __slots__ = ("_get", "owner")

    def __init__(self, record: Mapping[str, Value], owner: str) -> None:
        self._get = record.get
        self.owner = owner

    def text(self, name: str) -> str:
        """Give a string field, "" if absent."""
        value = self._get(name)
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        raise wrong_field(self.owner, name, value, "a string")

    def flag(self, name: str) -> bool:
        """Give a boolean field, False if absent."""
        value = self._get(name)
        if value is None:
            return False
        if isinstance(value, bool):
            return value
        raise wrong_field(self.owner, name, value, "true or false")

    def texts(self, name: str) -> tuple[str, ...]:
        """Give an array of strings, empty if absent."""
        return self._texts(name, self._get(name))

    def mapping(self, name: str) -> Mapping[str, Value]:
        """Give an object field, empty if absent."""
        value = self._get(name)
        if value is None:
            return _NOTHING
        if isinstance(value, dict):
            return value
        raise wrong_field(self.owner, name, value, "an object")

    def objects(self, name: str) -> Sequence[Mapping[str, Value]]:
        """Give an array of objects, empty if absent."""
        value = self._get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise wrong_field(self.owner, name, value, "an array of objects")
        found = [each for each in value if isinstance(each, dict)]
        if len(found) != len(value):
            odd = next(index for index, each in enumerate(value) if not isinstance(each, dict))
            raise wrong_field(self.owner, f"{name}[{odd}]", value[odd], "an object")
        return found

    def texts_by_key(self, name: str) -> Mapping[str, tuple[str, ...]]:
        """Give an object whose values are arrays of strings, empty if absent."""
        return {key: self._texts(f"{name}.{key}", value) for key, value in self.mapping(name).items()}

    def _texts(self, name: str, value: Value) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            raise wrong_field(self.owner, name, value, "an array of strings")
        found = tuple(each for each in value if isinstance(each, str))
        if len(found) != len(value):
            raise wrong_field(self.owner, name, value, "an array of strings only")
        return found
