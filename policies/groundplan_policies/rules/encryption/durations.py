"""Durations as Google's APIs write them: `7776000s`."""

import re
from functools import lru_cache
from typing import Final

from groundplan_policies.engine.values import Value

DAY: Final = 86_400
"""Seconds in a day."""

_DURATION = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?)s", re.ASCII)


def seconds(value: Value) -> float | None:
    """Give a duration in seconds, None for anything that Google would not take as one."""
    return _parse(value) if isinstance(value, str) else None


@lru_cache(maxsize=1024)
def _parse(text: str) -> float | None:
    found = _DURATION.fullmatch(text)
    return float(found[1]) if found else None
