"""Schedules in cron's five fields, as Google's schedulers read them."""

from __future__ import annotations

import functools
import importlib.resources
import re
from typing import Final

from groundplan.core.errors import nearest
from groundplan.core.validation import Checks

_ZONE: Final = re.compile(r"(?:CRON_TZ|TZ)=([^ ]+) ")
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# Name, least and greatest value, and the names that stand for values from the least on.
_FIELDS: Final = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 6, _WEEKDAYS),
)
_LONGEST_MONTHS: Final = dict(zip(range(1, 13), (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))
_ALLOWED: Final = "minute, hour, day of the month, month, day of the week; before them a time zone if one is wanted"


def check_cron(checks: Checks, field: str, value: object) -> bool:
    """Require a schedule of five fields, such as ``0 4 * * *``, that comes at least once in some year.

    Fields take ``*``, numbers, ranges, lists, steps, and three-letter names of months and weekdays. A time zone may
    stand first, as in ``CRON_TZ=Europe/Amsterdam 0 4 * * *``; without one, hours are UTC.
    """
    zone = _ZONE.match(value) if isinstance(value, str) else None
    zoned = zone is None or check_time_zone(checks, field, zone[1])
    fault = _fault(value[zone.end() :] if isinstance(value, str) and zone is not None else value)
    good = checks.that(
        fault is None,
        field,
        fault or "",
        given=value,
        allowed=_ALLOWED,
        do="write it as in `0 4 * * *` (daily at four) or `CRON_TZ=Europe/Amsterdam 30 6 * * MON`",
    )
    return zoned and good


def check_time_zone(checks: Checks, field: str, zone: object) -> bool:
    """Require a name of the IANA time zone database; Vertex AI's schedules and Cloud Scheduler take no other.

    Source: field ``cron`` of ``Schedule`` and of the feature view's ``SyncConfig``, Vertex AI reference; field
    ``timeZone`` of a job, Cloud Scheduler reference. The names are those of the package ``tzdata``, so that a machine
    without time zones, or with others, says the same.
    """
    near = nearest(str(zone), _zones())
    return checks.that(
        isinstance(zone, str) and zone in _zones(),
        field,
        "names a time zone that there is not",
        given=zone,
        allowed="a name of the IANA time zone database, such as Europe/Amsterdam or UTC",
        do=f"did you mean {near}?" if near else "name a city as the database does, or leave the zone out for UTC",
    )


@functools.cache
def _zones() -> frozenset[str]:
    names = importlib.resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return frozenset(names.split())


def _fault(value: object) -> str | None:
    """Return what is wrong with a schedule that has no time zone before it, or None."""
    if not isinstance(value, str):
        return "is no schedule in cron's five fields"
    if not value:
        return "is missing"
    fields = value.split(" ")
    if len(fields) != len(_FIELDS):
        return f"has {len(fields)} field{'s' if len(fields) > 1 else ''}, not cron's five"
    found: list[set[int]] = []
    for text, (name, low, high, names) in zip(fields, _FIELDS, strict=True):
        values = _values(text, low, high, names)
        if values is None:
            return f"says {text} where cron wants the {name}"
        found.append(values)
    _, _, days, months, _ = found
    if fields[4] == "*" and not any(min(days) <= _LONGEST_MONTHS[month] for month in months):
        return "never comes: no such month has that day"
    return None


def _values(text: str, low: int, high: int, names: tuple[str, ...]) -> set[int] | None:
    """Return the values that a field stands for, or None where it is no field."""
    found: set[int] = set()
    for part in text.split(","):
        base, slash, step = part.partition("/")
        bounds = _bounds(base, low, high, names)
        if bounds is None or (slash and not re.fullmatch(r"[1-9][0-9]?", step)):
            return None
        first, last = bounds
        # One value with a step runs from there to the end, as in `5/15`.
        end = high if slash and "-" not in base else last
        found.update(range(first, end + 1, int(step) if slash else 1))
    return found


def _bounds(base: str, low: int, high: int, names: tuple[str, ...]) -> tuple[int, int] | None:
    if base == "*":
        return low, high
    ends = [_number(end, low, names) for end in base.split("-")]
    if len(ends) > 2 or any(end is None or not low <= end <= high for end in ends):  # noqa: PLR2004 - a range has two
        return None
    first, last = ends[0], ends[-1]
    return (first, last) if first is not None and last is not None and first <= last else None


def _number(text: str, low: int, names: tuple[str, ...]) -> int | None:
    if text.upper() in names:
        return names.index(text.upper()) + low
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else None
