r"""Regular expressions that clients send, held to what can be matched in reasonable time.

Google matches them with RE2, whose time grows with the text alone (https://github.com/google/re2/wiki/Syntax). Python
tries one way after another, and there can be more ways than anybody waits for: `(a+)+$` doubles them with each letter.
So the ways are counted beforehand, and what could take too long is refused, as is what RE2 does not know.
"""

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_LONGEST: Final = 1000
"""Characters of an expression."""
_MOST_REPEATS: Final = 1000
"""Repetitions that can be asked for by number, as RE2 has it."""
_MOST_WAYS: Final = 200_000_000
"""Ways to try: a second or so."""
_WEIGHT: Final = 20
"""How much longer a way takes through choices than through repetitions alone, as measured."""
_GROUP: Final = re.compile(r"\((?:\?(?::|P<\w+>|[ims]+[:)]))?")
_CLASS: Final = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_REPEAT: Final = re.compile(r"(?:[*+?]|\{(?P<least>\d*)(?P<range>,?)(?P<most>\d*)\})[?+]?")


class PatternError(ValueError):
    """A text is no regular expression, or one that could take too long."""


@dataclass
class _Group:
    """What is known of a group while it is read: how many `|` it has, and whether there is any choice in it."""

    bars: int = 0
    choice: bool = False


class Pattern:
    """A regular expression.

    Args:
        text: The expression.

    Raises:
        PatternError: It is none, or repeats what repeats already, or uses what RE2 does not know.
    """

    def __init__(self, text: str) -> None:
        if len(text) > _LONGEST:
            raise PatternError(f"It has {len(text)} characters, and may have {_LONGEST}.")
        try:
            self._compiled = re.compile(text)
        except (re.error, OverflowError, RecursionError) as error:
            raise PatternError(f"'{text}' is no regular expression: {error}.") from None
        self._text = text
        self._open = 0
        self._choices = 1
        self._top = _Group()
        self._count()

    def search(self, subject: str) -> bool:
        """Whether some part of a text matches.

        Raises:
            PatternError: There are too many ways to try for a text of this length.
        """
        anchored = self._text.startswith("^") and not self._top.bars
        self._hold(len(subject), 1 if anchored else len(subject) + 1)
        return self._compiled.search(subject) is not None

    def fullmatch(self, subject: str) -> bool:
        """Whether a whole text matches.

        Raises:
            PatternError: There are too many ways to try for a text of this length.
        """
        self._hold(len(subject), 1)
        return self._compiled.fullmatch(subject) is not None

    def _hold(self, length: int, starts: int) -> None:
        choices = self._choices * _WEIGHT if self._choices > 1 else 1
        if choices * starts * math.comb(length + self._open, self._open) > _MOST_WAYS:
            raise PatternError(f"Matching '{self._text}' with a text of {length} characters could take too long.")

    def _count(self) -> None:
        """Count the repetitions of any length, and the ways through everything else."""
        text, at = self._text, 0
        groups = [self._top]
        while at < len(text):
            atom: _Group | None = None
            if text[at] == "(":
                at = self._begin(at, groups)
                continue
            if text[at] == ")":
                atom = groups.pop()
                self._choices *= atom.bars + 1
                groups[-1].choice |= atom.choice or atom.bars > 0
                at += 1
            elif text[at] == "|":
                groups[-1].bars += 1
                at += 1
                continue
            else:
                at = self._after_character(at)
            repeat = _REPEAT.match(text, at)
            if repeat is not None and repeat[0] != "{}":
                at = repeat.end()
                self._repeat(repeat, atom, groups[-1])
        self._choices *= self._top.bars + 1

    def _begin(self, at: int, groups: list[_Group]) -> int:
        found = _GROUP.match(self._text, at)
        if found is None or self._text.startswith("?", found.end()):
            raise PatternError(f"'{self._text}' has a group that looks around or back, which RE2 does not know.")
        if not found[0].endswith(")"):
            groups.append(_Group())
        return found.end()

    def _after_character(self, at: int) -> int:
        if self._text[at] == "[":
            found = _CLASS.match(self._text, at)
            return found.end() if found is not None else at + 1
        if self._text[at] != "\\":
            return at + 1
        if self._text[at + 1].isdigit():
            raise PatternError(f"'{self._text}' refers back to a group, which RE2 does not know.")
        return at + 2

    def _repeat(self, repeat: re.Match[str], atom: _Group | None, around: _Group) -> None:
        if repeat[0][0] == "?":
            self._choices *= 2
            around.choice = True
            return
        if atom is not None and (atom.choice or atom.bars):
            raise PatternError(f"'{self._text}' repeats a group that repeats or chooses itself, which is not modelled.")
        if any(int(repeat[each] or 0) > _MOST_REPEATS for each in ("least", "most")):
            raise PatternError(f"'{self._text}' repeats more than {_MOST_REPEATS} times.")
        fixed = repeat["range"] == ""
        self._open += not fixed
        around.choice |= atom is not None or not fixed


@lru_cache(maxsize=512)
def pattern(text: str) -> Pattern:
    """Read a regular expression.

    Raises:
        PatternError: It is none, or one that could take too long.
    """
    return Pattern(text)
