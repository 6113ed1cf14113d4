"""Version ranges of plugins: `>=10.0,<11`. Released versions only: with a hyphen or a plus in it, it is none."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

Version: TypeAlias = tuple[int, int, int]
"""Major, minor, patch."""

_RELEASE = re.compile(r"v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})")
_BOUND = re.compile(r"\s*(>=|<=|==|>|<)\s*(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?\s*")
_COMPARE: Final[Mapping[str, Callable[[Version, Version], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}


def release(text: str) -> Version | None:
    """Read a released version, such as `10.2.0`; None for anything else, such as `11.0.0-alpha.1` or `10.2`."""
    match = _RELEASE.fullmatch(text.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def within(version: Version, bounds: str) -> bool | None:
    """Whether a version lies within bounds that are joined by commas; None if they cannot be read.

    What a bound leaves out is 0: `<11` is `<11.0.0`.
    """
    matches = [_BOUND.fullmatch(each) for each in bounds.split(",")]
    read = [
        (_COMPARE[match[1]], (int(match[2]), int(match[3] or 0), int(match[4] or 0)))
        for match in matches
        if match is not None
    ]
    if len(read) != len(matches):
        return None
    return all(compare(version, bound) for compare, bound in read)
