"""Lines of text with a role for each part: a terminal gives roles colours, a file none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

from groundplan_policies.reports.safe import plain


class Role(StrEnum):
    """What a part of a line is."""

    PLAIN = "plain"
    STRONG = "strong"
    FAINT = "faint"
    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a line.

    Attributes:
        text: The text. Whatever is in it that is not to be seen, line breaks too, is escaped.
        role: What it is.
    """

    text: str
    role: Role = Role.PLAIN

    def __post_init__(self) -> None:
        """Escape the text here, where nobody can forget it."""
        object.__setattr__(self, "text", plain(self.text))


Line: TypeAlias = tuple[Span, ...]
"""A line; without spans it is empty."""

WIDEST = 110
"""Columns beyond which text is hard to read, however wide the terminal is."""

UNBROKEN = "\N{NO-BREAK SPACE}"
"""A blank at which no line is broken; it is printed as an ordinary one."""

_FOR_ASCII = str.maketrans({"…": "...", "·": "|", "→": "->", "×": "x", "–": "-", "—": "-", "’": "'"})


def wrap(spans: Iterable[Span], width: int, *, lead: Line = (), indent: int | None = None) -> Iterator[Line]:
    """Break spans into lines between words. A word that is too long for a line stays whole, so that it can be copied.

    Args:
        spans: The text.
        width: Columns of a line.
        lead: What stands before the first line, as it is.
        indent: Blanks before the other lines; as many as the lead has columns by default.
    """
    width = min(width, WIDEST)
    column, empty = sum(len(each.text) for each in lead), True
    indent = column if indent is None else indent
    line: list[Span] = list(lead)
    for word in _words(spans):
        length = sum(len(each.text) for each in word)
        if not empty and column + 1 + length > width:
            yield _merged(line)
            line = [Span(" " * indent)] if indent else []
            column, empty = indent, True
        if not empty:
            line.append(Span(" "))
            column += 1
        line.extend(replace(each, text=each.text.replace(UNBROKEN, " ")) for each in word)
        column += length
        empty = False
    yield _merged(line)


def _merged(line: Iterable[Span]) -> Line:
    """Join neighbours of one role, and the blank between them, so that a terminal is told a role once."""
    merged: list[Span] = []
    for span in line:
        if len(merged) > 1 and merged[-1].text == " " and merged[-2].role is span.role:
            merged[-2:] = [Span(f"{merged[-2].text} {span.text}", span.role)]
        elif merged and merged[-1].role is span.role and span.text != " ":
            merged[-1] = Span(f"{merged[-1].text}{span.text}", span.role)
        else:
            merged.append(span)
    return tuple(merged)


def _words(spans: Iterable[Span]) -> Iterator[list[Span]]:
    """Give the words; one may have several roles, such as a name in bold with a comma after it."""
    word: list[Span] = []
    for span in spans:
        first, *others = span.text.split(" ")
        if first:
            word.append(Span(first, span.role))
        for other in others:
            if word:
                yield word
            word = [Span(other, span.role)] if other else []
    if word:
        yield word


def as_text(lines: Iterable[Line], *, unicode: bool = True) -> str:
    """Join lines into a text, without colours.

    Args:
        lines: The lines.
        unicode: Whether characters outside ASCII may occur. Where they may not, those of our own are replaced by
            others, and those in names by their escapes.
    """
    text = "".join("".join(span.text for span in line).rstrip() + "\n" for line in lines)
    return text if unicode else as_ascii(text)


def as_ascii(text: str) -> str:
    """Replace every character outside ASCII."""
    return text.translate(_FOR_ASCII).encode("ascii", "backslashreplace").decode("ascii")
