"""MON-05: alerts are on, and reach somebody."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.monitoring.mon_05 import CONTROL
from tests.policies.rules.harness import PARAMETERS, R, outcome, outcomes, put, stated_verdicts, verdict

CHANNEL = R("monitoring.NotificationChannel", {"type": "email", "enabled": True}, "mail")
GOOD = R(
    "monitoring.AlertPolicy",
    {"enabled": True, "notificationChannels": [UNKNOWN], "alertStrategy": {"notificationPrompts": ["OPENED"]}},
    origins={"notificationChannels[0]": CHANNEL.urn},
)
NAME = "projects/acme-ml/notificationChannels/7"

test_stated_verdicts = stated_verdicts(replace(CONTROL, reads=CONTROL.reads[:3]), [GOOD], CHANNEL)


@pytest.mark.parametrize(
    ("prompts", "expected"),
    [
        (["OPENED"], Verdict.PASS),
        (["OPENED", "CLOSED"], Verdict.PASS),
        (["CLOSED"], Verdict.FAIL),
        ([UNKNOWN], Verdict.INDETERMINATE),
        ([], Verdict.PASS),
    ],
)
def test_somebody_is_told_when_an_alert_begins(prompts: list[str], expected: Verdict) -> None:
    strategy = {"alertStrategy": {"notificationPrompts": prompts}}
    found = outcome(CONTROL, replace(GOOD, inputs={**GOOD.inputs, **strategy}), CHANNEL)
    assert found.verdict is expected
    assert {each.path.partition("[")[0] for each in found.reasons} <= {"alertStrategy.notificationPrompts"}


@pytest.mark.parametrize(
    ("enabled", "expected"),
    [(False, Verdict.FAIL), (..., Verdict.PASS), (UNKNOWN, Verdict.INDETERMINATE), ("no", Verdict.INDETERMINATE)],
)
def test_a_channel_that_is_off_tells_nobody(enabled: object, expected: Verdict) -> None:
    channel = replace(CHANNEL, inputs=put(CHANNEL.inputs, "enabled", enabled))
    found = outcome(CONTROL, GOOD, channel)
    assert found.verdict is expected
    assert [each.path for each in found.reasons] == ([] if expected is Verdict.PASS else ["notificationChannels[0]"])


def test_each_channel_must_be_on() -> None:
    off = R("monitoring.NotificationChannel", {"enabled": False}, "off")
    both = replace(
        GOOD,
        inputs={"notificationChannels": [UNKNOWN, UNKNOWN]},
        origins={"notificationChannels[0]": CHANNEL.urn, "notificationChannels[1]": off.urn},
    )
    found = outcome(CONTROL, both, CHANNEL, off)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["notificationChannels[1]"])


def test_a_channel_elsewhere_is_declared_if_the_settings_name_it() -> None:
    policy = R("monitoring.AlertPolicy", {"notificationChannels": [NAME]})
    assert verdict(CONTROL, policy) is Verdict.INDETERMINATE
    named = replace(PARAMETERS, notification_channels=(NAME,))
    assert verdict(CONTROL, policy, parameters=named) is Verdict.DECLARED
    other = replace(PARAMETERS, notification_channels=(f"{NAME}1",))
    assert verdict(CONTROL, policy, parameters=other) is Verdict.INDETERMINATE


def test_a_channel_that_this_document_only_reads_is_elsewhere() -> None:
    read = replace(CHANNEL, record={"external": True, "id": NAME})
    assert verdict(CONTROL, GOOD, read) is Verdict.INDETERMINATE


def test_a_policy_that_is_off_fails() -> None:
    found = outcome(CONTROL, replace(GOOD, inputs={**GOOD.inputs, "enabled": False}), CHANNEL)
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "enabled")


def test_an_empty_entry_names_no_channel() -> None:
    found = outcome(CONTROL, R("monitoring.AlertPolicy", {"notificationChannels": [""]}))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["notificationChannels[0]"])


@pytest.mark.parametrize("value", [7, {"a": 1}, ["x"]])
def test_what_is_no_name_is_no_channel_wherever_it_comes_from(value: object) -> None:
    policy = replace(GOOD, inputs={"notificationChannels": [value]})
    found = outcome(CONTROL, policy, CHANNEL)
    assert (found.verdict, [each.path for each in found.reasons]) == (
        Verdict.INDETERMINATE,
        ["notificationChannels[0]"],
    )


def test_a_channel_decides_nothing_by_itself() -> None:
    (read,) = [each for each in CONTROL.reads if each.type == "monitoring.NotificationChannel"]
    assert {read.absent, read.empty, read.wrong, read.secret, read.unknown} == {Verdict.NOT_APPLICABLE}
    assert "mail" not in outcomes(CONTROL, CHANNEL)
