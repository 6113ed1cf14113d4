"""Schedules: which ones cron has, and what is said about the others."""

from __future__ import annotations

import pytest

import groundplan as gp
from groundplan.core.cron import check_cron
from groundplan.core.validation import Checks


def fault(value: object) -> str | None:
    checks = Checks("Schedule")
    check_cron(checks, "cron", value)
    try:
        checks.finish()
    except gp.ArgumentError as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    "value",
    [
        "0 4 * * *",
        "*/15 * * * *",
        "5/15 * * * *",
        "0 0-6/2 1,15 * *",
        "0 4 29 2 *",
        "30 6 * jan-MAR MON-fri",
        "0 4 31 2 MON",  # either of the two days is enough
        "CRON_TZ=Europe/Amsterdam 0 4 * * *",
        "TZ=UTC 0 4 * * *",
        "TZ=America/Argentina/Buenos_Aires 0 4 * * 0",
    ],
)
def test_cron_schedules_are_taken(value: str) -> None:
    assert fault(value) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "is no schedule in cron's five fields"),
        ("", "cron: is missing"),
        ("TZ=UTC ", "cron: is missing"),
        ("daily", "has 1 field, not cron's five"),
        ("0 4 * *", "has 4 fields"),
        ("0 0 4 * * *", "has 6 fields"),
        ("0  4 * * *", "has 6 fields"),
        ("60 4 * * *", "says 60 where cron wants the minute"),
        ("0 24 * * *", "says 24 where cron wants the hour"),
        ("0 4 0 * *", "says 0 where cron wants the day of the month"),
        ("0 4 * 13 *", "says 13 where cron wants the month"),
        ("0 4 * MAI *", "says MAI where cron wants the month"),
        ("0 4 * * 7", "says 7 where cron wants the day of the week"),
        ("0 6-4 * * *", "says 6-4 where cron wants the hour"),
        ("0 1-2-3 * * *", "says 1-2-3 where cron wants the hour"),
        ("*/0 * * * *", "says */0 where cron wants the minute"),
        ("*/ * * * *", "says */ where cron wants the minute"),
        ("1, * * * *", "says 1, where cron wants the minute"),
        ("@daily * * * *", "says @daily where cron wants the minute"),
        ("0 4 30 2 *", "never comes"),
        ("0 4 31 4,6,9,11 *", "never comes"),
        ("CRON_TZ= 0 4 * * *", "has 6 fields"),
        ("CRON_TZ=Europe/Amsterdm 0 4 * * *", "did you mean Europe/Amsterdam?"),
        ("CRON_TZ=europe/amsterdam 0 4 * * *", "names a time zone that there is not"),
        ("TZ=posixrules 0 4 * * *", "names a time zone that there is not"),
        ("TZ=+02:00 0 4 * * *", "names a time zone that there is not"),
        ("0 4 * * *\n", "where cron wants the day of the week"),
    ],
)
def test_other_schedules_are_refused(value: object, words: str) -> None:
    message = fault(value)
    assert message is not None
    assert words in message
    for part in ("given:", "allowed:", "do:"):
        assert part in message


def test_a_zone_and_a_field_that_are_wrong_are_both_told() -> None:
    message = fault("TZ=Mars/Base 60 4 * * *")
    assert message is not None
    assert "2 arguments cannot be used" in message
    assert "given:   Mars/Base" in message
    assert "says 60 where cron wants the minute" in message
