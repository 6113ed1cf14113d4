"""Filters that are kept and never applied here: held to what no query of Logging can look like.

Only the outline is read: brackets, quotes, and operators with nothing behind them. So nothing that Logging takes is
refused, whatever functions it uses (https://cloud.google.com/logging/docs/view/logging-query-language, 2026-11).
"""

import re
from typing import Final

from mockcloud.cloud.errors import invalid
from mockcloud.discovery.schemas import Violation

_LONGEST: Final = 20_000
"""Characters of a filter (https://cloud.google.com/logging/quotas)."""
_PART: Final = re.compile(
    r"""(?P<comment>--[^\n]*)|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<open>\()|(?P<close>\))|(?P<quote>["'])"""
    r"""|(?P<operator>[<>!]?=~?|!~|[<>:])|(?P<word>[^\s()"'=<>!:]+)|(?P<other>.)""",
    re.DOTALL,
)
_JOINS: Final = frozenset({"AND", "OR"})


def hold_filter(text: str, field: str) -> None:
    """Hold a filter to the outline of a query.

    Args:
        text: The filter; "" is none.
        field: Its field, for the refusal.

    Raises:
        ApiError: 400.
    """
    why = _wrong(text)
    if why:
        raise invalid(f"Unparseable filter: {why}", Violation(field, why))


def _wrong(text: str) -> str:
    """Say what is wrong with a filter; "" for nothing."""
    if len(text) > _LONGEST:
        return f"it has {len(text)} characters, and may have {_LONGEST}."
    depth, before = 0, "("
    for found in _PART.finditer(text):
        kind, value = str(found.lastgroup), found[0]
        if kind == "comment" or value.isspace():
            continue
        if kind == "quote":
            return "a quotation is not closed."
        depth += (kind == "open") - (kind == "close")
        if depth < 0:
            return "a bracket is closed that is not open."
        needs = before in {"(", "NOT", "operator", *_JOINS}
        if needs and (kind == "close" or value in _JOINS) and not (kind == "close" and before == "("):
            return f"'{value}' was not expected."
        before = "(" if kind == "open" else "operator" if kind == "operator" else value
    if depth:
        return "a bracket is not closed."
    return "it ends too early." if before in {"NOT", "operator", *_JOINS} else ""
