"""Filters of subscriptions: `attributes.kind = "drift" AND NOT hasPrefix(attributes.model, "test-")`.

The language is https://cloud.google.com/pubsub/docs/subscription-message-filter (2026-11).
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.discovery.schemas import Violation

Attributes = Mapping[str, str]
Filter = Callable[[Attributes], bool]

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*")|(?P<punct>!=|[=:(),.-])|(?P<word>[A-Za-z_][A-Za-z0-9_-]*))""",
    re.VERBOSE,
)
_LONGEST: Final = 256
"""Bytes of a filter."""
_DEEPEST: Final = 20


@lru_cache(maxsize=256)
def read(text: str) -> Filter | None:
    """Read a filter; None where there is none.

    Raises:
        ApiError: It is no filter.
    """
    if not text.strip():
        return None
    if len(text.encode()) > _LONGEST:
        raise _refused(f"it is longer than {_LONGEST} bytes")
    return _Parser(text).parse()


def _refused(why: str) -> ApiError:
    return invalid(f"Invalid filter: {why}.", Violation("filter", why))


class _Parser:
    def __init__(self, text: str) -> None:
        self._words: list[str] = []
        self._depth = 0
        at, text = 0, text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise _refused(f"'{text[at : at + 20]}' cannot be read")
            at = found.end()
            self._words.append(found[0].strip())
        self._words.append("")
        self._at = 0

    def _peek(self) -> str:
        return self._words[self._at]

    def _next(self) -> str:
        part = self._words[self._at]
        self._at = min(self._at + 1, len(self._words) - 1)
        return part

    def _expect(self, part: str) -> None:
        found = self._next()
        if found != part:
            raise _refused(f"'{part}' was expected, not '{found}'")

    def parse(self) -> Filter:
        found = self._any()
        if self._peek():
            raise _refused(f"'{self._peek()}' was not expected")
        return found

    def _any(self) -> Filter:
        """Read terms with one of AND and OR between; both of them need brackets."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _refused("it is nested too deeply")
        parts, word = [self._term()], self._peek()
        while self._peek() in {"AND", "OR"}:
            if self._next() != word:
                raise _refused("AND and OR need brackets between them")
            parts.append(self._term())
        self._depth -= 1
        if word == "OR":
            return lambda attributes: any(each(attributes) for each in parts)
        return lambda attributes: all(each(attributes) for each in parts)

    def _term(self) -> Filter:
        part = self._next()
        if part in {"NOT", "-"}:
            self._depth += 1
            if self._depth > _DEEPEST:
                raise _refused("it is nested too deeply")
            inner = self._term()
            self._depth -= 1
            return lambda attributes: not inner(attributes)
        if part == "(":
            found = self._any()
            self._expect(")")
            return found
        if part == "hasPrefix":
            return self._prefix()
        if part != "attributes":
            raise _refused(f"'{part}' was not expected")
        return self._comparison()

    def _prefix(self) -> Filter:
        self._expect("(")
        self._expect("attributes")
        self._expect(".")
        key = self._key()
        self._expect(",")
        start = self._string()
        self._expect(")")
        return lambda attributes: key in attributes and attributes[key].startswith(start)

    def _comparison(self) -> Filter:
        operator = self._next()
        if operator == ":":
            wanted = self._key()
            return lambda attributes: wanted in attributes
        if operator != ".":
            raise _refused(f"'{operator}' was not expected behind 'attributes'")
        key, operator = self._key(), self._next()
        if operator not in {"=", "!="}:
            raise _refused(f"'{operator}' is no operator")
        value = self._string()
        if operator == "!=":
            return lambda attributes: key not in attributes or attributes[key] != value
        return lambda attributes: attributes.get(key) == value

    def _key(self) -> str:
        part = self._next()
        if part.startswith('"'):
            return _unquoted(part)
        if not part or not (part[0].isalpha() or part[0] == "_"):
            raise _refused(f"'{part}' is no key")
        return part

    def _string(self) -> str:
        part = self._next()
        if not part.startswith('"'):
            raise _refused(f"a text in quotes was expected, not '{part}'")
        return _unquoted(part)


def _unquoted(part: str) -> str:
    return re.sub(r"\\(.)", r"\1", part[1:-1])
