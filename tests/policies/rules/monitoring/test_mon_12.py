"""MON-12: exclusions, mutes and snoozes hide nothing that matters."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.monitoring.mon_12 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, stated_verdicts, verdict

EXCLUSIONS = [f"logging.{each}Exclusion" for each in ("Project", "Folder", "Organization", "BillingAccount")]
SINKS = [f"logging.{each}Sink" for each in ("Project", "Folder", "Organization", "BillingAccount")]
MUTES = ["MuteConfig", "V2ProjectMuteConfig", "V2FolderMuteConfig", "V2OrganizationMuteConfig"]
SAFE = 'log_id("stdout") AND severity<ERROR'
WEEK = {"startTime": "2026-03-01T08:00:00Z", "endTime": "2026-03-08T08:00:00Z"}

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        *(R(each, {"filter": SAFE, "disabled": False}) for each in EXCLUSIONS),
        *(R(each, {"exclusions": [{"filter": SAFE, "disabled": False}], "filter": "severity>=INFO"}) for each in SINKS),
        *(R(f"securitycenter.{each}", {"filter": 'category="OPEN_SSH_PORT"'}) for each in MUTES),
        R("monitoring.Snooze", {"interval": WEEK}),
    ],
)


@pytest.mark.parametrize(
    ("excluded", "hidden"),
    [
        ("severity<ERROR", "does not keep out audit logs and logs of predictions and logs of firewalls"),
        ('logName:"cloudaudit"', "hides audit logs"),
        ('log_id("cloudaudit.googleapis.com/data_access")', "hides audit logs"),
        ('log_id("aiplatform.googleapis.com/prediction_container")', "hides logs of predictions"),
        ('log_id("compute.googleapis.com/firewall") OR log_id("stdout")', "hides logs of firewalls"),
        ("NOT log_id(stdout)", "hides audit logs and logs of predictions and logs of firewalls"),
        ("sample(insertId, 0.5)", "does not keep out"),
        ("", "so that it matches everything"),
    ],
)
def test_an_exclusion_must_show_that_it_hides_nothing(excluded: str, hidden: str) -> None:
    for inputs in ({"filter": excluded}, {"filter": excluded, "disabled": False}):
        found = outcome(CONTROL, R("logging.ProjectExclusion", inputs))
        assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "filter")
        assert hidden in found.reasons[0].message
    assert verdict(CONTROL, R("logging.ProjectExclusion", {"filter": excluded, "disabled": True})) is Verdict.PASS
    listed = R("logging.ProjectSink", {"exclusions": [{"filter": SAFE}, {"filter": excluded}]})
    found = outcome(CONTROL, listed)
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "exclusions[1].filter")
    off = R("logging.ProjectSink", {"exclusions": [{"filter": excluded, "disabled": True}]})
    assert verdict(CONTROL, off) is Verdict.PASS


@pytest.mark.parametrize(
    "excluded",
    [
        SAFE,
        f'logName="projects/{PROJECT}/logs/stdout"',
        'severity<ERROR AND NOT (logName:("cloudaudit" OR "aiplatform.googleapis.com%2F" OR "firewall"))',
    ],
)
def test_what_shows_it_passes(excluded: str) -> None:
    assert verdict(CONTROL, R("logging.ProjectExclusion", {"filter": excluded})) is Verdict.PASS
    assert verdict(CONTROL, R("logging.ProjectExclusion", {"filter": excluded, "project": PROJECT})) is Verdict.PASS


def test_the_project_tells_what_a_name_holds() -> None:
    by_name = {"filter": 'logName:"stdout"'}
    assert verdict(CONTROL, R("logging.ProjectExclusion", by_name)) is Verdict.FAIL  # a project may be called that
    assert verdict(CONTROL, R("logging.ProjectExclusion", {**by_name, "project": PROJECT})) is Verdict.PASS
    whole = {"filter": f'logName:"{PROJECT}"', "project": PROJECT}
    assert verdict(CONTROL, R("logging.ProjectExclusion", whole)) is Verdict.FAIL


def test_what_cannot_be_read_is_indeterminate() -> None:
    assert verdict(CONTROL, R("logging.ProjectExclusion", {"filter": "severity<"})) is Verdict.INDETERMINATE


def test_a_sink_can_only_exclude_what_it_takes_in() -> None:
    routed = {"filter": 'log_id("stdout")', "exclusions": [{"filter": "severity<ERROR"}]}
    assert verdict(CONTROL, R("logging.ProjectSink", routed)) is Verdict.PASS
    unknown = {**routed, "filter": UNKNOWN}
    assert verdict(CONTROL, R("logging.ProjectSink", unknown)) is Verdict.FAIL
    assert verdict(CONTROL, R("logging.ProjectSink", {"filter": ""})) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R("logging.ProjectSink", {"exclusions": ["wrong"]})) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("muted", "expected"),
    [
        ('category="A" AND resource.name:"x"', Verdict.PASS),
        ('category="A" OR category="A"', Verdict.PASS),
        ('finding.category="A"', Verdict.PASS),
        ('category="A" OR category="B"', Verdict.FAIL),
        ('category="A" OR severity="LOW"', Verdict.FAIL),
        ('category:"A"', Verdict.FAIL),
        ('NOT category="A"', Verdict.FAIL),
        ('severity="LOW"', Verdict.FAIL),
        ('category="A" AND', Verdict.INDETERMINATE),
        ("category=", Verdict.INDETERMINATE),
    ],
)
def test_a_mute_names_one_category(muted: str, expected: Verdict) -> None:
    for each in MUTES:
        found = outcome(CONTROL, R(f"securitycenter.{each}", {"filter": muted}))
        assert found.verdict is expected
        assert [reason.path for reason in found.reasons] == ([] if expected is Verdict.PASS else ["filter"])


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ({"endTime": "2026-03-08T08:00:01Z"}, Verdict.FAIL),
        ({"endTime": "2026-03-08T09:00:00.123+01:00"}, Verdict.PASS),
        ({"endTime": "2026-03-08T08:00:00-01:00"}, Verdict.FAIL),
        ({"endTime": "2026-03-41T08:00:00Z"}, Verdict.INDETERMINATE),
        ({"endTime": "tomorrow"}, Verdict.INDETERMINATE),
        ({"startTime": "0001-01-01T00:00:00+14:00"}, Verdict.INDETERMINATE),
    ],
)
def test_a_snooze_lasts_a_week(interval: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R("monitoring.Snooze", {"interval": {**WEEK, **interval}})) is expected


def test_a_snooze_that_is_too_long_fails_at_its_end() -> None:
    snooze = R("monitoring.Snooze", {"interval": {**WEEK, "endTime": "2027-01-01T00:00:00Z"}})
    found = outcome(CONTROL, replace(snooze))
    assert [each.path for each in found.reasons] == ["interval.endTime"]
