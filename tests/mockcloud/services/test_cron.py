"""Times of cron expressions."""

from datetime import UTC, datetime

import pytest

from mockcloud.services import cron

START = datetime(2026, 1, 1, 0, 0, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* * * * *", "2026-01-01T00:01"),
        ("*/15 * * * *", "2026-01-01T00:15"),
        ("30 4 * * *", "2026-01-01T04:30"),
        ("0 0 1 * *", "2026-02-01T00:00"),
        ("0 12 * * MON-WED", "2026-01-05T12:00"),
        ("0 12 * * 7", "2026-01-04T12:00"),
        ("0 0 13 * FRI", "2026-01-02T00:00"),
        ("0 0 ? FEB-MAR 1,3", "2026-02-02T00:00"),
        ("0 0 29 2 *", "2028-02-29T00:00"),
        ("5/20 0 * * *", "2026-01-01T00:05"),
        ("TZ=Europe/Berlin 0 3 * * *", "2026-01-01T02:00"),
        ("CRON_TZ=America/New_York 0 9 * * *", "2026-01-01T14:00"),
    ],
)
def test_the_next_time(text: str, expected: str) -> None:
    found = cron.read(text).after(START)
    assert found is not None
    assert found.strftime("%Y-%m-%dT%H:%M") == expected


def test_a_day_that_never_comes_has_no_next_time() -> None:
    assert cron.read("0 0 31 2 *").after(START) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "* * * *",
        "60 * * * *",
        "* * 0 * *",
        "*/0 * * * *",
        "*/x * * * *",
        "a * * * *",
        "5-1 * * * *",
        "TZ=Mars/Base * * * * *",
    ],
)
def test_what_is_no_cron_is_refused(text: str) -> None:
    with pytest.raises(cron.InvalidCron, match="cannot be read"):
        cron.read(text)
