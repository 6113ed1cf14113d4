"""What is planned, and moments as they are written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mockcloud.cloud.clock import START, Clock, parse_stamp, stamp
from mockcloud.cloud.plans import Plans


def plans() -> Plans:
    found = Plans()
    for second, name in ((3, "a"), (1, "b"), (2, "a"), (1, "c")):
        found.add(START + timedelta(seconds=second), "api", name, f"{name}{second}", {})
    return found


def popped(found: Plans, seconds: float) -> list[str]:
    events = []
    while (plan := found.pop_until(START + timedelta(seconds=seconds))) is not None:
        events.append(plan.event)
    return events


def test_plans_come_in_the_order_of_their_moments_and_then_of_their_making() -> None:
    found = plans()
    assert popped(found, 0) == []
    assert popped(found, 2) == ["b1", "c1", "a2"]
    assert [each.event for each in found] == ["a3"]
    assert popped(found, 9) == ["a3"]
    assert list(found) == []


def test_plans_of_one_resource_are_known_and_can_be_cancelled() -> None:
    found = plans()
    assert [each.event for each in found.of("api", "a")] == ["a2", "a3"]
    found.cancel("api", "a")
    found.cancel("api", "none")
    assert found.of("api", "a") == []
    assert popped(found, 9) == ["b1", "c1"]
    assert found.count == 4


def test_a_copy_goes_its_own_way() -> None:
    found = plans()
    copy = found.snapshot()
    popped(found, 9)
    assert popped(copy, 9) == ["b1", "c1", "a2", "a3"]
    assert copy.add(START, "api", "x", "new", {}).order == 5


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00Z"),
        (datetime(2026, 1, 1, 0, 0, 10, tzinfo=UTC), "2026-01-01T00:00:10Z"),
        (datetime(2026, 1, 1, 0, 0, 0, 1000, tzinfo=UTC), "2026-01-01T00:00:00.001Z"),
        (datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))), "2026-01-01T00:00:00Z"),
    ],
)
def test_moments_are_written_as_google_writes_them(moment: datetime, text: str) -> None:
    assert stamp(moment) == text
    assert parse_stamp(text) == moment


def test_moments_of_nanoseconds_are_read() -> None:
    assert parse_stamp("2026-01-01T00:00:00.123456789Z").microsecond == 123456
    assert parse_stamp("2026-01-01T01:00:00.5+01:00") == datetime(2026, 1, 1, 0, 0, 0, 500000, tzinfo=UTC)


def test_a_clock_never_goes_back() -> None:
    clock = Clock()
    assert clock.tick() == "2026-01-01T00:00:00.001Z"
    clock.to(START)
    assert clock.now > START
