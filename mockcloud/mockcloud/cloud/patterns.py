"""Regular expressions that clients send, matched with RE2 as Google does (https://github.com/google/re2/wiki/Syntax).

Its time grows with expression and text alone, where Python's own would double it with each letter of `(a+)+$`. What
looks around or refers back is no expression of it.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, Protocol, cast

import re2

_MOST_STEPS: Final = 200_000_000
"""Instructions of an expression times characters of a text: two or three seconds at the worst, as measured."""
_MEMORY: Final = 1 << 20
"""Bytes that one expression may take, compiled."""


class _Compiled(Protocol):
    """An expression of `re2`, which ships without types."""

    @property
    def programsize(self) -> int: ...
    def search(self, text: bytes) -> object: ...
    def fullmatch(self, text: bytes) -> object: ...


def _options() -> object:
    options = re2.Options()
    options.max_mem = _MEMORY
    options.never_capture = True
    options.log_errors = False
    return options


_OPTIONS: Final = _options()
_compile: Final = cast("Callable[[bytes, object], _Compiled]", re2.compile)


class PatternError(ValueError):
    """A text is no regular expression, or one that could take too long."""


class Pattern:
    """A regular expression.

    Args:
        text: The expression.

    Raises:
        PatternError: It is none that RE2 knows, or a very large one.
    """

    def __init__(self, text: str) -> None:
        try:
            self._compiled = _compile(text.encode(errors="surrogatepass"), _OPTIONS)
        except re2.error as error:
            raise PatternError(f"'{_short(text)}' is no regular expression: {_short(_words(error))}.") from None
        self._text = text
        self._size = self._compiled.programsize

    def search(self, subject: str) -> bool:
        """Whether some part of a text matches.

        Raises:
            PatternError: It could take too long for a text of this length.
        """
        return self._compiled.search(self._held(subject)) is not None

    def fullmatch(self, subject: str) -> bool:
        """Whether a whole text matches.

        Raises:
            PatternError: It could take too long for a text of this length.
        """
        return self._compiled.fullmatch(self._held(subject)) is not None

    def _held(self, subject: str) -> bytes:
        if self._size * len(subject) > _MOST_STEPS:
            shown = _short(self._text)
            raise PatternError(f"Matching '{shown}' with a text of {len(subject)} characters could take too long.")
        # Half a surrogate pair, which JSON can hold and UTF-8 cannot, is some character.
        return subject.encode(errors="replace")


def _words(error: Exception) -> str:
    """Give what RE2 says, which it says in bytes."""
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def _short(text: str) -> str:
    most = 100
    return text if len(text) <= most else text[:most] + "…"


@lru_cache(maxsize=512)
def pattern(text: str) -> Pattern:
    """Read a regular expression.

    Raises:
        PatternError: It is none that RE2 knows, or a very large one.
    """
    return Pattern(text)
