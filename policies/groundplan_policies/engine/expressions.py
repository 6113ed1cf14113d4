"""Takes expressions of the Common Expression Language, and those like it, apart."""

import re
from typing import Final

QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"")
"""A text in an expression, without escapes."""


def split_outside(text: str, sign: str) -> list[str] | None:
    """Split at a sign that stands outside of texts and parentheses; None where those do not match."""
    parts, depth, start = [], 0, 0
    masked = QUOTED.sub(lambda found: "x" * len(found[0]), text)
    for index, letter in enumerate(masked):
        depth += (letter in "([{") - (letter in ")]}")
        if depth < 0:
            return None
        if depth == 0 and masked.startswith(sign, index) and index >= start:
            parts.append(text[start:index])
            start = index + len(sign)
    return None if depth else [*parts, text[start:]]
