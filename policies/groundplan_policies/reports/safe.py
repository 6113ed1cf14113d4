"""Text that others wrote, made safe for whoever reads a report.

Names, labels and descriptions are whatever a program wrote. An escape sequence among them could rewrite what the
reader sees, and so could the marks that turn the direction of writing or that nobody sees at all.
"""

import re
from typing import Final

LONGEST_SHOWN: Final = 80
"""Characters of a value that a report shows before it is cut."""

_LARGEST_BYTE = 0xFF
_LARGEST_PAIR = 0xFFFF

_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    r"\U000e0000-\U000e007f]"
)

_COMMAND = re.compile(r"(?<!\S)::(?=[A-Za-z])|##(?=vso\[|\[)")
"""How lines begin that runners of CI obey (GitHub Actions, Azure Pipelines) when they stand in a log."""


def plain(text: str, *, lines: bool = False) -> str:
    r"""Escape every character that is not to be seen, such as `\x1b`, and what a runner of CI would obey.

    Args:
        text: Any text.
        lines: Whether line breaks and tabs stay.
    """
    seen = _CONTROL.sub(lambda match: match[0] if lines and match[0] in "\n\t" else _escape(match[0]), text)
    return _COMMAND.sub(lambda match: _escape(match[0][0]) + match[0][1:], seen)


def _escape(character: str) -> str:
    code = ord(character)
    if code <= _LARGEST_BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _LARGEST_PAIR else f"\\U{code:08x}"


def count(number: int, noun: str, plural: str = "") -> str:
    """Give a number with its noun: `1 resource`, `2 resources`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def clip(text: str, width: int) -> str:
    """Shorten a text to a width in characters, with an ellipsis in the place of what is left out."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"
