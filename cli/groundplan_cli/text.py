"""Text from a program or a document, made safe for a terminal.

Names, labels and descriptions are whatever a program wrote. An escape sequence among them could rewrite what the
reader sees, and so could the marks that turn the direction of writing.
"""

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def plain(text: str, *, lines: bool = False) -> str:
    r"""Replace every control character by its escape, such as `\x1b`.

    Args:
        text: Any text.
        lines: Whether line breaks and tabs stay.
    """
    return _CONTROL.sub(lambda match: match[0] if lines and match[0] in "\n\t" else _escape(match[0]), text)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - the largest two-digit escape


def count(number: int, noun: str, plural: str = "") -> str:
    """Give a number with its noun: `1 resource`, `2 resources`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def clip(text: str, width: int) -> str:
    """Shorten a text to a width in characters, with an ellipsis in the place of what is left out."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"
