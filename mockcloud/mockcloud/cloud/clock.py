"""Virtual time. Nothing here reads the machine's clock."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

START: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""When a cloud's time begins, unless it is told otherwise."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""From where moments are counted."""

TICK: Final = timedelta(milliseconds=1)
"""How far time moves with every change, so that what was made later is younger."""


@lru_cache(maxsize=256)
def stamp(moment: datetime) -> str:
    """Write a moment as Google does: `2026-01-01T00:00:00.001Z`."""
    text = moment.astimezone(UTC).isoformat(timespec="microseconds")[:_TO_MICROSECONDS]
    return text.rstrip("0").rstrip(".") + "Z"


_TO_MICROSECONDS: Final = len("2026-01-01T00:00:00.000000")


def parse_stamp(text: str) -> datetime:
    """Read a moment that Google or a client wrote, with up to nine digits of a second."""
    whole, dot, rest = text.partition(".")
    if dot:
        digits = rest.rstrip("Zz+-:0123456789")
        number = rest[: next((at for at, letter in enumerate(rest) if not letter.isdigit()), len(rest))]
        zone = rest[len(number) :]
        text = f"{whole}.{number[:6].ljust(6, '0')}{zone}{digits}"
    return datetime.fromisoformat(text)


class Clock:
    """The time of one cloud. What happens by itself as it passes is in `plans`.

    Args:
        start: When it begins.
    """

    def __init__(self, start: datetime = START) -> None:
        self.now = start

    def tick(self) -> str:
        """Move on by one tick, and give the moment as a stamp."""
        self.now += TICK
        return stamp(self.now)

    def to(self, moment: datetime) -> None:
        """Move on to a moment; one that is past changes nothing."""
        self.now = max(self.now, moment)
