"""Filters of lists, as AIP-160 has them: `labels.team = "ml" AND NOT state:DELETED`."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from mockcloud.cloud.clock import parse_stamp
from mockcloud.cloud.errors import ApiError, invalid
from mockcloud.cloud.patterns import PatternError, pattern
from mockcloud.cloud.store import Body
from mockcloud.discovery.names import camel
from mockcloud.discovery.schemas import Violation

Matcher = Callable[[Body], bool]

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<op><=|>=|!=|=~|!~|==|=|<|>|:)|(?P<punct>[(),])|(?P<word>[^\s()",'<>=!:]+|-))""",
    re.VERBOSE,
)
_ORDERS: Final[Mapping[str, Callable[[int], bool]]] = {
    "=": lambda sign: sign == 0,
    "==": lambda sign: sign == 0,
    "<": lambda sign: sign < 0,
    ">": lambda sign: sign > 0,
    "<=": lambda sign: sign <= 0,
    ">=": lambda sign: sign >= 0,
}
"""From whether the left is less, equal or greater (-1, 0, 1) to what an operator says."""
_DEEPEST: Final = 50
"""Brackets in brackets that are read; more are refused, as Google refuses them."""


@lru_cache(maxsize=512)
def matcher(text: str) -> Matcher | None:
    """Read a filter.

    Args:
        text: The filter; "" for none.

    Returns:
        Whether a body passes it; None where everything does.

    Raises:
        ApiError: It is no filter.
    """
    if not text.strip():
        return None
    return _Parser(text).parse()


class _Parser:
    """Reads one filter, from the loosest operator down: AND, OR, NOT, comparison (in that order in AIP-160)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(self._scan(text))
        self._at = 0
        self._depth = 0

    def _scan(self, text: str) -> Iterator[tuple[str, str]]:
        at = 0
        text = text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None or found.end() == at:
                raise self._refused(f"'{text[at : at + 20]}' cannot be read.")
            at = found.end()
            kind = str(found.lastgroup)
            value = found[kind]
            if kind == "string":
                yield "string", re.sub(r"\\(.)", r"\1", value[1:-1])
            else:
                yield kind, value

    def _refused(self, why: str) -> ApiError:
        return invalid(f"Invalid filter: {why}", Violation("filter", why))

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        self._at += 1
        return token

    def parse(self) -> Matcher:
        found = self._expression()
        if self._peek()[0] != "end":
            raise self._refused(f"'{self._peek()[1]}' was not expected.")
        return found

    def _expression(self) -> Matcher:
        self._deeper()
        parts = [self._factor()]
        while self._peek()[0] != "end" and self._peek() != ("punct", ")"):
            if self._peek() == ("word", "AND"):
                self._next()
            # Terms beside one another are joined as with AND.
            parts.append(self._factor())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else lambda body: all(each(body) for each in parts)

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._refused("it is nested too deeply.")

    def _factor(self) -> Matcher:
        parts = [self._term()]
        while self._peek() == ("word", "OR"):
            self._next()
            parts.append(self._term())
        return parts[0] if len(parts) == 1 else lambda body: any(each(body) for each in parts)

    def _term(self) -> Matcher:
        kind, value = self._peek()
        if kind == "word" and (value in {"NOT", "-"} or (value.startswith("-") and len(value) > 1)):
            self._next()
            if value not in {"NOT", "-"}:
                self._at -= 1
                self._tokens[self._at] = ("word", value[1:])
            self._deeper()
            inner = self._term()
            self._depth -= 1
            return lambda body: not inner(body)
        if (kind, value) == ("punct", "("):
            self._next()
            inner = self._expression()
            if self._next() != ("punct", ")"):
                raise self._refused("a bracket is not closed.")
            return inner
        return self._restriction()

    def _restriction(self) -> Matcher:
        kind, value = self._next()
        if kind not in {"word", "string"} or value in {"AND", "OR"}:
            raise self._refused(f"'{value}' was not expected." if value else "it ends too early.")
        quoted = kind == "word" and value.endswith(".") and self._peek()[0] == "string"
        path = self._path(kind, value) if quoted else []
        if self._peek()[0] != "op":
            return self._older(kind, value) or (lambda body: _holds_text(body, value))
        path = path or self._path(kind, value)
        operator = self._next()[1]
        if self._peek() == ("punct", "("):
            wanted = self._choices()
            return lambda body: any(_compare(_values(body, path), operator, each) for each in wanted)
        kind, against = self._next()
        if kind not in {"word", "string"}:
            raise self._refused(f"something to compare with is missing behind '{operator}'.")
        if kind == "word" and self._peek() == ("op", ":"):
            # A time that is not quoted holds colons of its own.
            while self._peek()[0] in {"op", "word"} and self._peek()[1] not in {"AND", "OR", "NOT"}:
                against += self._next()[1]
        if operator in {"=~", "!~"}:
            self._hold_pattern(against)
        return lambda body: _compare(_values(body, path), operator, against)

    def _older(self, kind: str, value: str) -> Matcher | None:
        """Read `name eq "web-.*"`, as the older filters of compute have it: the whole text matches an expression."""
        if kind != "word" or self._peek() not in {("word", "eq"), ("word", "ne")}:
            return None
        operator = self._next()[1]
        against = self._next()
        if against[0] not in {"word", "string"}:
            raise self._refused(f"something to compare with is missing behind '{operator}'.")
        self._hold_pattern(against[1])
        path, wanted, yes = self._path(kind, value), against[1], operator == "eq"
        return lambda body: any(_matches(wanted, str(each), whole=True) for each in _values(body, path)) is yes

    def _path(self, kind: str, value: str) -> list[str]:
        path = [value] if kind == "string" else value.split(".")
        # A key of a map may be quoted: labels."my.key"
        if kind == "word" and value.endswith(".") and self._peek()[0] == "string":
            path = [*value[:-1].split("."), self._next()[1]]
        if any(not part for part in path):
            raise self._refused(f"'{value}' is no field.")
        return path

    def _choices(self) -> list[str]:
        """Read `field = (a OR b)`."""
        self._next()
        found: list[str] = []
        while True:
            kind, value = self._next()
            if (kind, value) == ("punct", ")"):
                return found
            if kind == "end":
                raise self._refused("a bracket is not closed.")
            if value not in {"OR", "AND", ","}:
                found.append(value)

    def _hold_pattern(self, text: str) -> None:
        try:
            pattern(text)
        except PatternError as error:
            raise self._refused(str(error)) from None


def _values(body: object, path: list[str]) -> list[object]:
    """Give what is at a path; of a list, what is at the path in each entry."""
    if isinstance(body, list):
        return [found for each in body for found in _values(each, path)]
    if not path:
        return [body]
    if not isinstance(body, Mapping):
        return []
    # Keys of maps keep their spelling, so a name is tried as it stands first.
    found = body.get(path[0])
    if found is None and "_" in path[0]:
        found = body.get(camel(path[0]))
    return [] if found is None else _values(found, path[1:])


def _compare(found: list[object], operator: str, wanted: str) -> bool:
    if operator == ":":
        return bool(found) if wanted == "*" else any(_has(each, wanted) for each in found)
    if operator in {"!=", "!~"}:
        return not _compare(found, "=" if operator == "!=" else "=~", wanted)
    if operator == "=~":
        return any(_matches(wanted, str(each)) for each in found)
    return any(_ordered(each, operator, wanted) for each in found)


def _matches(wanted: str, text: str, *, whole: bool = False) -> bool:
    try:
        return pattern(wanted).fullmatch(text) if whole else pattern(wanted).search(text)
    except PatternError as error:
        raise invalid(f"Invalid filter: {error}", Violation("filter", str(error))) from None


def _fits(text: str, parts: list[str]) -> bool:
    """Whether a text is these parts with anything between them. The first place of each will do."""
    first, *middle, last = parts
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    at, end = len(first), len(text) - len(last)
    for each in middle:
        found = text.find(each, at, end)
        if found < 0:
            return False
        at = found + len(each)
    return True


def _has(value: object, wanted: str) -> bool:
    """The `:` operator: a list or map holds it, a text has it in it."""
    if isinstance(value, Mapping):
        return wanted in value
    if isinstance(value, str):
        return wanted.strip("*").lower() in value.lower()
    return _ordered(value, "=", wanted)


def _ordered(value: object, operator: str, wanted: str) -> bool:
    if isinstance(value, bool):
        return operator in {"=", "=="} and wanted.lower() == str(value).lower()
    if operator in {"=", "=="} and isinstance(value, str) and "*" in wanted:
        return _fits(value, wanted.split("*"))
    return _ORDERS[operator](_sign(str(value), wanted))


def _sign(left: str, right: str) -> int:
    """Give -1, 0 or 1 as one is less, equal or greater: as numbers or times where both are such, else as text."""
    try:
        numbers = float(left), float(right)
    except ValueError:
        numbers = None
    if numbers is not None and not any(map(math.isnan, numbers)):
        return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])
    try:
        times = parse_stamp(left), parse_stamp(right)
    except ValueError:
        times = None
    if times is not None and (times[0].tzinfo is None) == (times[1].tzinfo is None):
        return (times[0] > times[1]) - (times[0] < times[1])
    return (left > right) - (left < right)


def _holds_text(body: object, wanted: str) -> bool:
    """A word by itself: some text of the body holds it."""
    if isinstance(body, Mapping):
        return any(_holds_text(each, wanted) for each in body.values())
    if isinstance(body, list):
        return any(_holds_text(each, wanted) for each in body)
    return isinstance(body, str) and wanted.lower() in body.lower()
