"""Tells whether the predicate of a row policy looks at the rows, or lets every one through.

It reads SQL of GoogleSQL as far as row policies usually have it: literals, names, comparisons, AND, OR, NOT and
parentheses. What looks at no column, and is not plainly true or false, is left open.
"""

import re
from collections.abc import Iterable
from enum import Enum, auto
from typing import Final


class Lets(Enum):
    """Which rows a predicate lets through."""

    ALL = auto()
    NONE = auto()
    SOME = auto()
    """Some column, or the user, decides."""
    UNTOLD = auto()


_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|(?:--|\#)[^\n]*)
    |(?P<text>[rb]{0,2}(?:'''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))
    |(?P<name>`[^`]*`|[^\W\d]\w*)
    |(?P<other>\d[\w.]*|<=|>=|<>|!=|\S)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_WORDS: Final = frozenset(
    {
        *("true", "false", "null", "not", "and", "or", "is", "in", "like"),
        *("between", "distinct", "from", "unnest", "if", "ifnull", "nullif", "coalesce", "case"),
        *("when", "then", "else", "end", "cast", "safe_cast", "as", "int64", "string"),
        *("bool", "float64", "date", "timestamp", "numeric", "exists", "select", "interval", "any"),
        *("all", "some"),
    }
)
"""What is no column."""

_CHOOSERS: Final = frozenset({"if", "ifnull", "coalesce", "case"})
_COMPARISONS: Final = ("=", "!=", "<>", "<", ">", "<=", ">=")
_OPPOSITES: Final = {"=": "!=", "<": ">=", ">": "<="}
_SAME: Final = {"=": True, "<=": True, ">=": True, "!=": False, "<>": False, "<": False, ">": False}
"""What a comparison says of a value and itself."""


def lets_through(predicate: str) -> Lets:
    """Say which rows a predicate lets through. One that is empty lets all of them."""
    tokens = [
        found[0] if found.lastgroup == "text" else found[0].strip("`").lower()
        for found in _TOKEN.finditer(predicate)
        if found.lastgroup != "comment" and found[0] != ";"
    ]
    return _judge(tokens) if tokens else Lets.ALL


def _judge(tokens: list[str]) -> Lets:
    tokens = _bare(tokens)
    choices = _split(tokens, "or")
    if len(choices) > 1:
        return Lets.ALL if _covers(choices) else _first(map(_judge, choices), Lets.ALL, Lets.UNTOLD, Lets.SOME)
    terms = _split(tokens, "and")
    if len(terms) > 1 and "between" not in tokens:
        return _first(map(_judge, terms), Lets.NONE, Lets.SOME, Lets.UNTOLD)
    if tokens[:1] == ["not"]:
        inner = _judge(tokens[1:])
        return {Lets.ALL: Lets.NONE, Lets.NONE: Lets.ALL}.get(inner, inner)
    return _leaf(tokens)


def _first(found: Iterable[Lets], *ranks: Lets) -> Lets:
    """Give the first of some answers that is among those found; else what they all are."""
    answers = set(found)
    return next((each for each in ranks if each in answers), next(iter(answers)))


def _bare(tokens: list[str]) -> list[str]:
    """Take off parentheses that stand around all of it."""
    while tokens[:1] == ["("] and tokens[-1:] == [")"] and _is_balanced(tokens[1:-1]):
        tokens = tokens[1:-1]
    return tokens


def _is_balanced(tokens: list[str]) -> bool:
    """Whether no parenthesis closes that did not open."""
    depth = 0
    for each in tokens:
        depth += (each == "(") - (each == ")")
        if depth < 0:
            return False
    return depth == 0


def _split(tokens: list[str], at: str) -> list[list[str]]:
    """Cut at a word that no parentheses hold."""
    parts: list[list[str]] = [[]]
    depth = 0
    for each in tokens:
        if each == at and depth == 0:
            parts.append([])
            continue
        depth += (each == "(") - (each == ")")
        parts[-1].append(each)
    return parts


def _leaf(tokens: list[str]) -> Lets:
    if tokens in (["true"], ["false"]):
        return Lets.ALL if tokens == ["true"] else Lets.NONE
    compared = _compared(tokens)
    if compared is not None:
        left, operator, right = compared
        if left == right:
            return Lets.ALL if _SAME[operator] else Lets.NONE
        if operator == "=" and _is_literal(left) and _is_literal(right):
            return Lets.NONE
    return Lets.SOME if _looks(tokens) and not _is_hollow(tokens) else Lets.UNTOLD


def _compared(tokens: list[str]) -> tuple[list[str], str, list[str]] | None:
    for operator in _COMPARISONS:
        sides = _split(tokens, operator)
        if len(sides) == 2 and all(sides):  # noqa: PLR2004 - the two sides of a comparison
            return sides[0], operator, sides[1]
    return None


def _is_literal(tokens: list[str]) -> bool:
    return len(tokens) == 1 and (tokens[0][:1].isdigit() or tokens[0][:1] in {"'", '"'})


def _looks(tokens: list[str]) -> bool:
    """Whether a column, or the user, is named."""
    for index, each in enumerate(tokens):
        is_call = tokens[index + 1 : index + 2] == ["("]
        if each == "session_user" or (_is_name(each) and each not in _WORDS and not is_call):
            return True
    return False


def _is_name(text: str) -> bool:
    return text.isidentifier()


def _is_hollow(tokens: list[str]) -> bool:
    """Whether a condition names a column and may hold for each of its values all the same."""
    words = set(tokens)
    if "in" in words and "select" not in words:
        at = tokens.index("in")
        if tokens[at + 1 : at + 2] != ["unnest"] and tokens[at - 1] in tokens[at + 1 :]:
            return True
    return (
        (bool(words & _CHOOSERS) and "true" in words)
        or tokens[-2:] == ["not", "null"]
        or any(each in {"''", '""', "'%'", '"%"', "r'.*'", "'.*'", 'r".*"', '".*"'} for each in tokens)
        or ("distinct" in words and "not" in words)
        or ("length" in words and bool(words & {">", ">="}) and "0" in words)
    )


def _covers(choices: list[list[str]]) -> bool:
    """Whether two of several choices are each other's opposite, as `a` and `not a`."""
    signed = [_signed(each) for each in choices]
    return any((text, not sign) in signed for text, sign in signed)


def _signed(tokens: list[str]) -> tuple[tuple[str, ...], bool]:
    """Give a condition without what turns it round, and whether it stands as it is."""
    tokens = _bare(tokens)
    if tokens[:1] == ["not"]:
        text, sign = _signed(tokens[1:])
        return text, not sign
    if tokens[-3:] == ["is", "not", "null"]:
        return (*tokens[:-2], "null"), False
    compared = _compared(tokens)
    if compared is None:
        return tuple(tokens), True
    left, operator, right = compared
    for plain, opposite in _OPPOSITES.items():
        if operator in {opposite, "<>" if plain == "=" else opposite}:
            return (*left, plain, *right), False
    return tuple(tokens), True
