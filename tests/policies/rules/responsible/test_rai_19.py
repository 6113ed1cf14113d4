"""RAI-19: alerts about models name whom to call, how bad it is and what to do first."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_19 import CONTROL
from groundplan_policies.settings.read import read_settings
from tests.policies.rules.harness import STACK, R, outcome, put, secret, stated_verdicts, verdict

SHIPPED = Parameters(alert_patterns=read_settings("learner").parameters.alert_patterns)
FILTER = 'metric.type="aiplatform.googleapis.com/prediction/online/error_count"'
SAID = "Income: many fail.\n\n- Contact: ml@acme.test\n- Severity: error\n- First step: give the model no traffic"
CONTENT = "documentation.content"
INPUTS: dict[str, Any] = {
    "conditions": [{"displayName": "errors", "conditionThreshold": {"filter": FILTER}}],
    "documentation": {"content": SAID},
}
GOOD = R("monitoring.AlertPolicy", INPUTS)

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD], parameters=SHIPPED)


def says(content: object) -> R:
    return replace(GOOD, inputs=put(INPUTS, CONTENT, content))


@pytest.mark.parametrize("line", ["- Contact: ml@acme.test\n", "- Severity: error\n", "- First step: give the model"])
def test_each_of_the_three_is_asked_for(line: str) -> None:
    found = outcome(CONTROL, says(SAID.replace(line, "")), parameters=SHIPPED)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [CONTENT]
    assert "lacks 1 of the 3" in found.reasons[0].message


@pytest.mark.parametrize(
    "content",
    [
        "**Contact**: ml@acme.test **Severity**: critical **First step**: roll the model back",
        "contact ml@acme.test\nseverity WARNING\nfirst step - roll the model back",
    ],
)
def test_how_it_is_written_is_left_open(content: str) -> None:
    assert verdict(CONTROL, says(content), parameters=SHIPPED) is Verdict.PASS


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Contact: nobody is named\nSeverity: error\nFirst step: roll the model back", Verdict.FAIL),
        ("Contact: ml@acme.test\nSeverity:\n\nFirst step: roll it", Verdict.FAIL),
        ("All is lost", Verdict.FAIL),
        (" ", Verdict.FAIL),
        (f"{SAID} {UNKNOWN}", Verdict.PASS),
        (f"Contact: {UNKNOWN}", Verdict.INDETERMINATE),
        ([SAID], Verdict.INDETERMINATE),
    ],
    ids=str,
)
def test_what_is_not_said_is_not_known(content: object, expected: Verdict) -> None:
    assert verdict(CONTROL, says(content), parameters=SHIPPED) is expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("conditionThreshold.filter", FILTER),
        ("conditionAbsent.filter", 'resource.type="aiplatform.googleapis.com/Endpoint"'),
        ("conditionMatchedLog.filter", 'resource.type="aiplatform.googleapis.com/Endpoint"'),
        ("conditionMonitoringQueryLanguage.query", "fetch aiplatform.googleapis.com/Endpoint"),
        ("conditionPrometheusQueryLanguage.query", "aiplatform_googleapis_com:prediction_online_error_count > 1"),
        ("conditionSql.query", "select 1 from aiplatform.logs"),
        ("conditionThreshold.filter", f'{FILTER} AND resource.labels.endpoint_id="{UNKNOWN}"'),
    ],
)
def test_an_alert_is_about_models_by_what_it_looks_at(kind: str, text: str) -> None:
    block, name = kind.split(".")
    other = {"conditionThreshold": {"filter": 'metric.type="compute.googleapis.com/instance/uptime"'}}
    silent = R(GOOD.type, {"conditions": [other, {block: {name: text}}]})
    assert verdict(CONTROL, silent, parameters=SHIPPED) is Verdict.FAIL


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (
            [{"conditionThreshold": {"filter": 'metric.type="compute.googleapis.com/instance/uptime"'}}],
            "not applicable",
        ),
        ([], "not applicable"),
        ([{"conditionThreshold": {"filter": UNKNOWN}}], "indeterminate"),
        ([{"conditionThreshold": {"filter": f'metric.type="compute/{UNKNOWN}"'}}], "not applicable"),
        ([{"conditionThreshold": {"filter": secret()}}], "indeterminate"),
        ([{"conditionThreshold": {"filter": 7}}], "indeterminate"),
        (["wrong"], "indeterminate"),
    ],
    ids=str,
)
def test_other_alerts_may_say_what_they_like(conditions: list[object], expected: str) -> None:
    assert verdict(CONTROL, R(GOOD.type, {"conditions": conditions}), parameters=SHIPPED).value == expected


def test_what_belongs_to_the_monitoring_of_a_model_is_about_it() -> None:
    around = R("groundplan:monitoring:ModelMonitoring", {}, "monitoring", record={"custom": False, "parent": STACK})
    inner = R("groundplan:core:Part", {}, "part", record={"custom": False, "parent": around.urn})
    alert = R(GOOD.type, {"conditions": []}, record={"parent": inner.urn})
    assert verdict(CONTROL, alert, around, inner, parameters=SHIPPED) is Verdict.FAIL


def test_what_belongs_to_an_endpoint_or_counts_its_entries_is_about_models() -> None:
    around = R("groundplan:serving:OnlineEndpoint", {}, "served", record={"custom": False, "parent": STACK})
    alert = R(GOOD.type, {"conditions": []}, record={"parent": around.urn})
    assert verdict(CONTROL, alert, around, parameters=SHIPPED) is Verdict.FAIL
    entries = 'resource.type="aiplatform.googleapis.com/Endpoint"'
    metric = R("logging.Metric", {"name": "errors", "filter": entries}, "metric")
    counted = {"conditionThreshold": {"filter": 'metric.type="logging.googleapis.com/user/errors"'}}
    assert verdict(CONTROL, R(GOOD.type, {"conditions": [counted]}), metric, parameters=SHIPPED) is Verdict.FAIL


def test_where_the_settings_ask_for_nothing_nobody_can_tell() -> None:
    assert verdict(CONTROL, GOOD, parameters=Parameters()) is Verdict.INDETERMINATE
    assert verdict(CONTROL, says(...), parameters=Parameters()) is Verdict.FAIL
