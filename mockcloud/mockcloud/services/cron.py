"""Times of a cron expression, with or without a time zone before it (`TZ=Europe/Berlin 0 9 * * 1`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from mockcloud.errors import Error

_ZONE: Final = re.compile(r"(?:CRON_)?TZ=(\S+)\s+(.*)", re.DOTALL)
_RANGES: Final = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_NAMES: Final[tuple[Mapping[str, int], ...]] = (
    {},
    {},
    {},
    {name: at for at, name in enumerate(_MONTHS, start=1)},
    {name: at for at, name in enumerate(_DAYS)},
)
_FURTHEST: Final = timedelta(days=366 * 8)
"""How far ahead a time is looked for: the 29th of February comes at least once in eight years."""


class InvalidCron(Error):
    """A cron expression cannot be read."""


@dataclass(frozen=True)
class Cron:
    """A cron expression.

    Attributes:
        fields: Minutes, hours, days, months, days of the week (0 is Sunday) that it names.
        any_day: Whether it names every day of the month.
        any_weekday: Whether it names every day of the week.
        zone: Its time zone.
    """

    fields: tuple[frozenset[int], ...]
    any_day: bool
    any_weekday: bool
    zone: ZoneInfo

    def after(self, moment: datetime) -> datetime | None:
        """Give the first time after a moment, in UTC; None where there is none for years."""
        local = moment.astimezone(self.zone).replace(second=0, microsecond=0) + timedelta(minutes=1)
        end = local + _FURTHEST
        minutes, hours, _, months, _ = self.fields
        while local < end:
            if local.month not in months or not self._day(local):
                local = (local + timedelta(days=1)).replace(hour=0, minute=0)
            elif local.hour not in hours:
                local = (local + timedelta(hours=1)).replace(minute=0)
            elif local.minute not in minutes:
                local += timedelta(minutes=1)
            else:
                return local.astimezone(UTC)
        return None

    def _day(self, local: datetime) -> bool:
        _, _, days, _, weekdays = self.fields
        on_day, on_weekday = local.day in days, (local.weekday() + 1) % 7 in weekdays
        # Where both are restricted, either of them will do (crontab(5)).
        return (on_day and on_weekday) if self.any_day or self.any_weekday else (on_day or on_weekday)


def read(text: str) -> Cron:
    """Read a cron expression.

    Raises:
        InvalidCron: It is none.
    """
    zone = ZoneInfo("UTC")
    rest = text.strip()
    found = _ZONE.fullmatch(rest)
    if found is not None:
        try:
            zone = ZoneInfo(found[1])
        except (KeyError, ValueError, OSError):
            raise _refused(text, f"a time zone such as Europe/Berlin, not {found[1]!r}") from None
        rest = found[2]
    parts = rest.split()
    if len(parts) != len(_RANGES):
        raise _refused(text, "five fields: minute, hour, day, month, day of the week")
    fields = [_field(text, part, at) for at, part in enumerate(parts)]
    fields[4] = frozenset(each % 7 for each in fields[4])
    return Cron(tuple(fields), parts[2] in {"*", "?"}, parts[4] in {"*", "?"}, zone)


def _field(text: str, part: str, at: int) -> frozenset[int]:
    low, high = _RANGES[at]
    found: set[int] = set()
    for each in part.split(","):
        span, _, step_text = each.partition("/")
        step = int(step_text) if step_text.isdigit() else 1
        if (step_text and not step_text.isdigit()) or step < 1:
            raise _refused(text, f"a step of 1 or more, not {each!r}")
        first, last = (low, high) if span in {"*", "?"} else _span(text, span, at, open_end=bool(step_text))
        if not low <= first <= last <= high:
            raise _refused(text, f"{low} to {high}, not {each!r}")
        found |= set(range(first, last + 1, step))
    return frozenset(found)


def _span(text: str, span: str, at: int, *, open_end: bool) -> tuple[int, int]:
    first, dash, last = span.partition("-")
    start = _number(text, first, at)
    if dash:
        return start, _number(text, last, at)
    return start, _RANGES[at][1] if open_end else start


def _number(text: str, word: str, at: int) -> int:
    named = _NAMES[at].get(word.upper())
    if named is not None:
        return named
    if not word.isdigit():
        raise _refused(text, f"a number, not {word!r}")
    return int(word)


def _refused(text: str, allowed: str) -> InvalidCron:
    return InvalidCron(
        "The cron expression cannot be read",
        given=repr(text),
        allowed=allowed,
        remedy="Write five fields, with TZ=ZONE before them where another zone than UTC is meant.",
    )
