"""The HTTP form of gRPC methods: which verb and path a request means (google/api/http.proto)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from google.protobuf.message import Message

_WILD: Final = {"*": "[^/]+", "**": ".+"}
_VARIABLE: Final = re.compile(r"\{([^=}]+)(?:=([^}]+))?\}")


class Bound(NamedTuple):
    """A request in its HTTP form.

    Attributes:
        verb: `GET`, `POST`, …
        path: Path, percent-encoded, without the first slash.
        query: Parameters by name; a part of a message has a dot in its name.
        body: The JSON body; None for none.
    """

    verb: str
    path: str
    query: dict[str, Any]
    body: Any


@dataclass(frozen=True)
class Binding:
    """One HTTP form of a method.

    Attributes:
        verb: `GET`, `POST`, …
        uri: Template of the path: `/v1/{name=projects/*/secrets/*}:access`.
        body: Field of the request that is the body, `*` for all of it that is not in the path, "" for none.
    """

    verb: str
    uri: str
    body: str = ""

    @cached_property
    def _variables(self) -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
        found = []
        for match in _VARIABLE.finditer(self.uri):
            parts = [
                {"*": "[^/]+", "**": ".+"}.get(each, re.escape(each))
                for each in re.split(r"(\*\*|\*)", match[2] or "*")
            ]
            found.append((tuple(match[1].split(".")), re.compile("".join(parts), re.DOTALL)))
        return tuple(found)

    @cached_property
    def _pieces(self) -> tuple[str, ...]:
        return tuple(_VARIABLE.sub("\0", self.uri).lstrip("/").split("\0"))

    def bind(self, kind: type[Message], message: Mapping[str, Any]) -> Bound | None:
        """Give the HTTP form of a request; None where the request is not of this form.

        Args:
            kind: Class of the request's message.
            message: The request as JSON.
        """
        left = dict(message)
        values = []
        for names, pattern in self._variables:
            value = _take(kind.DESCRIPTOR, left, names)
            if not isinstance(value, str | int) or not pattern.fullmatch(str(value)):
                return None
            values.append(quote(str(value), safe="/"))
        path = self._pieces[0] + "".join(value + piece for value, piece in zip(values, self._pieces[1:], strict=True))
        body: Any = None
        if self.body == "*":
            body, left = left, {}
        elif self.body:
            body = left.pop(kind.DESCRIPTOR.fields_by_name[self.body].json_name, {})
        query: dict[str, Any] = {}
        _flatten(left, "", query)
        return Bound(self.verb, path, query, body)


def _take(descriptor: Any, message: dict[str, Any], names: tuple[str, ...]) -> object:  # noqa: ANN401 - its class depends on protobuf's backend
    """Take a field out of a message, whose parts on the way there are copied."""
    field = descriptor.fields_by_name.get(names[0])
    if field is None:
        return None
    if len(names) == 1:
        return message.pop(field.json_name, None)
    inner = message.get(field.json_name)
    if not isinstance(inner, dict) or field.message_type is None:
        return None
    message[field.json_name] = inner = dict(inner)
    return _take(field.message_type, inner, names[1:])


def _flatten(message: Mapping[str, Any], front: str, query: dict[str, Any]) -> None:
    """Write the fields of a message as query parameters, as text."""
    for name, value in message.items():
        if isinstance(value, dict):
            _flatten(value, f"{front}{name}.", query)
        elif isinstance(value, list):
            query[front + name] = [_text(each) for each in value]
        else:
            query[front + name] = _text(value)


def _text(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, dict) else str(value)
