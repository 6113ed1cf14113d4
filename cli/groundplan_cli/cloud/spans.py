"""Spans of time, as people write them."""

import re

from groundplan_cli.errors import Error

_SPAN = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?")
_UNITS = (86400, 3600, 60, 1)


def seconds(span: str) -> float:
    """Read a span of time.

    Raises:
        Error: It is none.
    """
    found = _SPAN.fullmatch(span.strip())
    if found is None or not any(found.groups()):
        raise Error(
            "This is no span of time",
            given=repr(span),
            allowed="90, 90s, 5m, 2h, 1d12h",
            remedy="write it like one of these",
        )
    return sum(float(number) * unit for number, unit in zip(found.groups(), _UNITS, strict=True) if number)
