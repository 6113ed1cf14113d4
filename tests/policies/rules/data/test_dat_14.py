"""DAT-14: inspection jobs keep findings, not quotes."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_14 import CONTROL
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, verdict

TEMPLATE = R("dataloss.PreventionInspectTemplate", {"inspectConfig": {"includeQuote": False}}, "template")
SAVE = {"saveFindings": {"outputConfig": {"table": {"projectId": "p", "datasetId": "d"}}}}
GOOD = R(
    "dataloss.PreventionJobTrigger",
    {
        "status": "HEALTHY",
        "triggers": [{"schedule": {"recurrencePeriodDuration": "86400s"}}],
        "inspectJob": {
            "inspectTemplateName": UNKNOWN,
            "inspectConfig": {"includeQuote": False},
            "actions": [SAVE],
        },
    },
    origins={"inspectJob.inspectTemplateName": TEMPLATE.urn},
)

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD, replace(TEMPLATE, name="it")], TEMPLATE)


def with_(path: str, value: object) -> R:
    return replace(GOOD, inputs=put(GOOD.inputs, path, value))


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ([SAVE], Verdict.PASS),
        ([{"pubSub": {"topic": "t"}}, SAVE], Verdict.PASS),
        ([{"publishSummaryToCscc": {}}], Verdict.PASS),
        ([{"publishFindingsToDataplexCatalog": {}}], Verdict.PASS),
        ([{"saveFindings": {}}], Verdict.FAIL),
        ([{"saveFindings": None}], Verdict.FAIL),
        ([{"publishSummaryToCscc": None}], Verdict.FAIL),
        ([{"pubSub": {"topic": "t"}}, {"publishToStackdriver": {}}], Verdict.FAIL),
        ([{"jobNotificationEmails": {}}, {}], Verdict.FAIL),
        ([{"saveFindings": UNKNOWN}], Verdict.INDETERMINATE),
        ([{"saveFindings": secret()}], Verdict.INDETERMINATE),
        ([{"saveFindings": True}], Verdict.INDETERMINATE),
        ([UNKNOWN], Verdict.INDETERMINATE),
        (["saveFindings"], Verdict.INDETERMINATE),
    ],
)
def test_one_action_must_keep_findings(actions: list[object], expected: Verdict) -> None:
    assert verdict(CONTROL, with_("inspectJob.actions", actions), TEMPLATE) is expected


@pytest.mark.parametrize("status", ["PAUSED", "CANCELLED", "healthy"])
def test_a_trigger_that_does_not_run_fails(status: str) -> None:
    found = outcome(CONTROL, with_("status", status), TEMPLATE)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("status", status)]


def test_a_trigger_that_runs_by_hand_fails() -> None:
    found = outcome(CONTROL, with_("triggers", [{"manual": {}}]), TEMPLATE)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["triggers[0].schedule.recurrencePeriodDuration"]


def test_quotes_fail() -> None:
    path, quoted = "inspectJob.inspectConfig.includeQuote", True
    found = outcome(CONTROL, with_(path, quoted), TEMPLATE)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [path]
    quoting = R("dataloss.PreventionInspectTemplate", {"inspectConfig": {"includeQuote": True}})
    assert verdict(CONTROL, quoting) is Verdict.FAIL


def test_a_template_of_another_document_cannot_be_seen() -> None:
    elsewhere = replace(with_("inspectJob.inspectTemplateName", "projects/p/inspectTemplates/t"), origins={})
    assert verdict(CONTROL, elsewhere, TEMPLATE) is Verdict.INDETERMINATE
