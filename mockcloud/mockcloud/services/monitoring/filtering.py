"""Filters of Monitoring, turned into what the usual filters know.

The language is https://cloud.google.com/monitoring/api/v3/filters (2026-11).
"""

import re
from typing import Final

_TEXT: Final = r"\(\s*([\"'])(.*?)\3\s*\)"
_FUNCTIONS: Final = re.compile(rf"(!?=)\s*(starts_with|ends_with|has_substring|monitoring\.regex\.full_match){_TEXT}")
_ONE_OF: Final = re.compile(r"=\s*one_of\(([^)]*)\)")
_LABEL: Final = re.compile(r"\b(metric|resource)\.label\.")


def plain(text: str) -> str:
    """Give a filter without Monitoring's own functions."""
    text = _LABEL.sub(r"\1.labels.", text)
    text = _ONE_OF.sub(lambda found: "= (" + " OR ".join(each.strip() for each in found[1].split(",")) + ")", text)
    return _FUNCTIONS.sub(_function, text)


def _function(found: re.Match[str]) -> str:
    operator, name, value = found[1], found[2], found[4]
    if name == "starts_with":
        return f'{operator} "{value}*"'
    if name == "ends_with":
        return f'{operator} "*{value}"'
    if name == "has_substring":
        return f'{operator} "*{value}*"'
    escaped = f"^(?:{value})$".replace("\\", "\\\\").replace('"', '\\"')
    return f'{"!~" if operator == "!=" else "=~"} "{escaped}"'
