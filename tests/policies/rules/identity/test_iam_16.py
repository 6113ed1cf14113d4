"""IAM-16: privileged access is approved, justified and short."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_16 import CONTROL
from tests.policies.rules.harness import PARAMETERS, R, outcome, put, stated_verdicts, verdict

GOOD = R(
    "privilegedaccessmanager.Entitlement",
    {
        "maxRequestDuration": "28800s",
        "requesterJustificationConfig": {"unstructured": {}},
        "approvalWorkflow": {"manualApprovals": {"steps": [{"approvalsNeeded": 1}]}},
    },
)

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


def _changed(path: str, value: object) -> R:
    return replace(GOOD, inputs=put(GOOD.inputs, path, value))


@pytest.mark.parametrize("duration", ["28801s", "28800.5s", "0s", "604800s"])
def test_longer_than_a_working_day_or_nothing_at_all_fails(duration: str) -> None:
    found = outcome(CONTROL, _changed("maxRequestDuration", duration))
    assert [(each.path, each.shown) for each in found.reasons] == [("maxRequestDuration", duration)]
    assert found.verdict is Verdict.FAIL


@pytest.mark.parametrize("duration", ["8h", "28800", "-1s", 3600])
def test_what_is_no_duration_is_indeterminate(duration: object) -> None:
    assert verdict(CONTROL, _changed("maxRequestDuration", duration)) is Verdict.INDETERMINATE


@pytest.mark.parametrize(("hours", "expected"), [(4, Verdict.FAIL), (8, Verdict.PASS), (24, Verdict.PASS)])
def test_settings_shorten_and_never_lengthen(hours: int, expected: Verdict) -> None:
    given = replace(PARAMETERS, session_hours=hours)
    assert verdict(CONTROL, GOOD, parameters=given) is expected
    longer = _changed("maxRequestDuration", "28801s")
    assert verdict(CONTROL, longer, parameters=given) is Verdict.FAIL


def test_the_limit_itself_and_one_second_pass() -> None:
    given = replace(PARAMETERS, session_hours=1)
    for seconds, expected in (("3600s", Verdict.PASS), ("3601s", Verdict.FAIL), ("1s", Verdict.PASS)):
        assert verdict(CONTROL, _changed("maxRequestDuration", seconds), parameters=given) is expected


def test_each_step_needs_somebody() -> None:
    steps: list[dict[str, Any]] = [{"approvalsNeeded": 2}, {"approvalsNeeded": 0}, {}]
    found = outcome(CONTROL, _changed("approvalWorkflow.manualApprovals.steps", steps))
    where = "approvalWorkflow.manualApprovals.steps[{}].approvalsNeeded"
    assert [(each.path, each.shown) for each in found.reasons] == [(where.format(1), "0"), (where.format(2), "")]


def test_without_a_workflow_nobody_approves() -> None:
    assert verdict(CONTROL, _changed("approvalWorkflow", ...)) is Verdict.FAIL


@pytest.mark.parametrize("block", [{}, {"any": "thing"}, "", True])
def test_a_justification_that_is_not_mandatory_fails(block: object) -> None:
    found = outcome(CONTROL, _changed("requesterJustificationConfig.notMandatory", block))
    assert [each.path for each in found.reasons] == ["requesterJustificationConfig.notMandatory"]
    assert found.verdict is Verdict.FAIL


@pytest.mark.parametrize("block", ["", [], {"any": "thing"}, UNKNOWN])
def test_a_justification_of_another_form_never_passes(block: object) -> None:
    assert verdict(CONTROL, _changed("requesterJustificationConfig.unstructured", block)) is Verdict.INDETERMINATE
