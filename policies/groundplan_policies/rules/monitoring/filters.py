"""Reads filters of log entries, of time series and of findings: comparisons that AND, OR and NOT join.

The language is that of cloud.google.com/logging/docs/view/logging-query-language: NOT binds closest, then OR, then
AND; terms that stand side by side must all hold. Functions other than `log_id` are kept as what nobody can tell.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias


class FilterError(ValueError):
    """A text that is no filter, or too deep or long to be one."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field compared with a value; no field stands for any field of the entry.

    Attributes:
        field: Names from the outside in: `("resource", "type")`.
        operator: One of `= != < > <= >= : =~ !~`.
        value: What it is compared with, without quotes.
    """

    field: tuple[str, ...]
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function, such as `sample(insertId, 0.1)`, of which nobody can tell for which entries it holds."""


@dataclass(frozen=True, slots=True)
class Not:
    """What holds where the term does not."""

    term: "Node"


@dataclass(frozen=True, slots=True)
class Both:
    """What holds where all of the terms do; where there is none, everywhere."""

    terms: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """What holds where one of the terms does."""

    terms: "tuple[Node, ...]"


Node: TypeAlias = Comparison | Call | Not | Both | Either

_LONGEST: Final = 20_000
"""Characters of a filter: Google's own limit."""
_DEEPEST: Final = 50
"""Parentheses and negations inside of one another."""
_TOKEN: Final = re.compile(
    r"""\s+|--[^\n]*
    |(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    |(?P<operator>!=|=~|!~|<=|>=|[=<>:])
    |(?P<mark>[(),])
    |(?P<minus>-(?=[A-Za-z("]))
    |(?P<word>[^\s"'=<>:!~(),]+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_QUOTE: Final = re.compile(r"\\([\"'])")
_PATTERNS: Final = ("=~", "!~")
_FIELD: Final = re.compile(r'"((?:\\.|[^"\\])*)"|([^."]+)|(\.)')
_WORDS: Final = ("AND", "OR", "NOT")


@lru_cache(maxsize=1024)
def parse(text: str) -> Node:
    """Read a filter.

    Raises:
        FilterError: It is no filter of this language.
    """
    if len(text) > _LONGEST:
        raise FilterError
    reader = _Reader(_tokens(text))
    found = reader.conjunction(0)
    if reader.peek()[0]:
        raise FilterError
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise FilterError
        at = match.end()
        if match.lastgroup is not None:
            found.append((match.lastgroup, match[0]))
    return _joined(found)


def _joined(tokens: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Put names of fields together that have quoted parts: `labels."a-b".c` comes in three pieces."""
    found: list[tuple[str, str]] = []
    for kind, text in tokens:
        last = found[-1] if found else ("", "")
        if last[0] == "word" and ((kind == "text" and last[1][-1] == ".") or (kind == "word" and text[0] == ".")):
            found[-1] = ("word", last[1] + text)
        else:
            found.append((kind, text))
    return found


class _Reader:
    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self._tokens, self._at = tokens, 0

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ("", "")

    def take(self) -> tuple[str, str]:
        found = self.peek()
        self._at += 1
        return found

    def conjunction(self, depth: int) -> Node:
        terms: list[Node] = []
        while self.peek()[0] and self.peek() != ("mark", ")"):
            if terms and self.peek() == ("word", "AND"):
                self.take()
            terms.append(self.disjunction(depth))
        return terms[0] if len(terms) == 1 else Both(tuple(terms))

    def disjunction(self, depth: int) -> Node:
        terms = [self.term(depth)]
        while self.peek() == ("word", "OR"):
            self.take()
            terms.append(self.term(depth))
        return terms[0] if len(terms) == 1 else Either(tuple(terms))

    def term(self, depth: int) -> Node:
        if depth > _DEEPEST:
            raise FilterError
        kind, text = self.take()
        if kind == "minus" or (kind, text) == ("word", "NOT"):
            return Not(self.term(depth + 1))
        if (kind, text) == ("mark", "("):
            inner = self.conjunction(depth + 1)
            self._close()
            return inner
        if kind not in {"word", "text"} or (kind == "word" and text in _WORDS):
            raise FilterError
        if kind == "word" and self.peek() == ("mark", "("):
            return self._call(text)
        if self.peek()[0] == "operator":
            return self._comparison(_field(kind, text), self.take()[1], depth)
        return Comparison((), ":", _plain(kind, text))

    def _comparison(self, field: tuple[str, ...], operator: str, depth: int) -> Node:
        kind, text = self.take()
        if (kind, text) == ("mark", "("):
            return self._values(field, operator, depth + 1)
        if kind == "minus":
            kind, text = self.take()
            text = f"-{text}"
        if kind not in {"word", "text"} or (kind == "word" and text in _WORDS):
            raise FilterError
        return Comparison(field, operator, _plain(kind, text, operator))

    def _values(self, field: tuple[str, ...], operator: str, depth: int) -> Node:
        """Read `field=("a" OR "b")`: every term in the parentheses is compared with the field."""
        inner = self.conjunction(depth)
        self._close()
        return _spread(inner, field, operator)

    def _call(self, name: str) -> Node:
        """Read a function with its arguments; `log_id("name")` is a comparison with the end of the log's name."""
        self.take()
        arguments: list[tuple[str, str]] = []
        while self.peek()[0] and self.peek() != ("mark", ")"):
            arguments.append(self.take())
        self._close()
        if name.lower() == "log_id" and len(arguments) == 1:
            return Comparison(("log_id",), "=", _plain(*arguments[0]))
        if self.peek()[0] == "operator":
            self.take()
            self.take()
        return Call()

    def _close(self) -> None:
        if self.take() != ("mark", ")"):
            raise FilterError


def _spread(node: Node, field: tuple[str, ...], operator: str) -> Node:
    if isinstance(node, Comparison) and not node.field:
        return Comparison(field, operator, node.value)
    if isinstance(node, Not):
        return Not(_spread(node.term, field, operator))
    if isinstance(node, (Both, Either)) and node.terms:
        return type(node)(tuple(_spread(each, field, operator) for each in node.terms))
    raise FilterError


def _plain(kind: str, text: str, operator: str = "=") -> str:
    """Take quotes off, and the escapes inside: of a pattern only those of quotes, since the others are its own."""
    if kind != "text":
        return text
    return (_QUOTE if operator in _PATTERNS else _ESCAPED).sub(r"\1", text[1:-1])


def _field(kind: str, text: str) -> tuple[str, ...]:
    if kind == "text":
        return (_plain(kind, text),)
    return tuple(_ESCAPED.sub(r"\1", quoted) or plain for quoted, plain, dot in _FIELD.findall(text) if not dot)
