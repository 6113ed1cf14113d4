"""Text inside Markdown: what others wrote, and our own sentences, neither of which may become markup."""

import re
from typing import Final

from groundplan_policies.reports.safe import plain

_SAFE: Final = re.compile(r"[^\w \-/]|_", re.ASCII)
"""What is written as a numeric character reference, which is never markup: everything but letters, digits and a few
signs. Letters of other scripts are among it: a reader sees them all the same."""

_SPECIAL: Final = re.compile(r"[&<>*_\[\]|~#@`\\$!]|(?<=http)s?:|(?<=www)\.")
"""What could become markup, a mention or a link in a sentence of ours."""


def code(text: str) -> str:
    """Give a text of others as code: nothing in it is markup, a link or a mention.

    An element and not backticks, since a text may hold those, and bars end the cells of tables even in between.
    """
    return f"<code>{_SAFE.sub(_reference, plain(text))}</code>"


def prose(text: str) -> str:
    """Give a sentence of ours, in which a pair of backticks marks code."""
    parts = plain(text).split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    return "".join(code(part) if number % 2 else _SPECIAL.sub(_references, part) for number, part in enumerate(parts))


def _reference(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def _references(match: re.Match[str]) -> str:
    return "".join(f"&#{ord(each)};" for each in match[0])
