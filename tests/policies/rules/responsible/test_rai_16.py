from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.responsible.rai_16 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, secret, stated_verdicts
from tests.policies.rules.responsible.world import MONITOR, SERVED, WORLD

MAIL = R(
    "monitoring.NotificationChannel",
    {"type": "email"},
    "mail",
    record={"id": "projects/acme-ml/notificationChannels/1"},
)
QUEUE = R("monitoring.NotificationChannel", {"type": "pubsub"}, "queue")
CONDITION = {"conditionThreshold": {"filter": 'resource.type="aiplatform.googleapis.com/Endpoint"'}}


def alert(*channels: R, parent: str = "", conditions: object = ..., **inputs: Any) -> R:
    said: dict[str, Any] = {"notificationChannels": [UNKNOWN for _ in channels], "conditions": [CONDITION], **inputs}
    if conditions is not ...:
        said["conditions"] = conditions
    origins = {f"notificationChannels[{number}]": each.urn for number, each in enumerate(channels)}
    return R("monitoring.AlertPolicy", said, "alert", origins=origins, record={"parent": parent} if parent else {})


def judged(policy: R, *resources: R) -> Outcome:
    return outcome(CONTROL, policy, MAIL, QUEUE, MONITOR, SERVED, *resources, **WORLD)


test_stated = stated_verdicts(CONTROL, [alert(notificationChannels=[MAIL.record["id"]])], MAIL, **WORLD)


@pytest.mark.parametrize("type_", ["email", "sms", "pagerduty", "slack", "google_chat", "cloud_mobile_app", "campfire"])
def test_these_reach_people(type_: str) -> None:
    channel = R("monitoring.NotificationChannel", {"type": type_}, "channel")
    assert judged(alert(channel), channel).verdict is Verdict.PASS


@pytest.mark.parametrize("type_", ["pubsub", "webhook_tokenauth", "webhook_basicauth"])
def test_these_do_not(type_: str) -> None:
    channel = R("monitoring.NotificationChannel", {"type": type_}, "channel")
    assert judged(alert(channel), channel).verdict is Verdict.FAIL


def test_one_person_is_enough() -> None:
    assert judged(alert(QUEUE, MAIL)).verdict is Verdict.PASS
    assert judged(alert(QUEUE)).verdict is Verdict.FAIL
    assert judged(alert()).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("enabled", "expected"),
    [(True, Verdict.PASS), (False, Verdict.FAIL), (secret(), Verdict.INDETERMINATE)],
)
def test_a_channel_is_on(enabled: object, expected: Verdict) -> None:
    channel = R("monitoring.NotificationChannel", {"type": "email", "enabled": enabled}, "channel")
    assert judged(alert(channel), channel).verdict is expected


def test_a_channel_of_elsewhere_cannot_be_told() -> None:
    far = alert(notificationChannels=["projects/acme-ml/notificationChannels/9"])
    assert judged(far).verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize("parent", [MONITOR.urn, SERVED.urn])
def test_the_alerts_of_constructs_for_models_count_whatever_they_ask(parent: str) -> None:
    assert judged(alert(QUEUE, parent=parent, conditions=[])).verdict is Verdict.FAIL
    assert judged(alert(MAIL, parent=parent, conditions=[])).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "condition",
    [
        {"conditionAbsent": {"filter": "aiplatform.googleapis.com/x"}},
        {"conditionMatchedLog": {"filter": "aiplatform.googleapis.com"}},
        {"conditionPrometheusQueryLanguage": {"query": "aiplatform.googleapis.com"}},
    ],
)
def test_every_kind_of_condition_is_read(condition: object) -> None:
    assert judged(alert(QUEUE, conditions=[condition])).verdict is Verdict.FAIL


def test_other_alerts_are_not_judged() -> None:
    other = [{"conditionThreshold": {"filter": 'resource.type="gce_instance"'}}]
    assert judged(alert(QUEUE, conditions=other)).verdict is Verdict.NOT_APPLICABLE


METRIC = R(
    "logging.Metric",
    {"name": "errors", "project": PROJECT, "filter": 'resource.type="aiplatform.googleapis.com/Endpoint"'},
    "metric",
)
COUNTED = 'metric.type="logging.googleapis.com/user/errors" AND resource.type="global"'


@pytest.mark.parametrize(
    ("text", "origins", "expected"),
    [
        (COUNTED, {}, Verdict.FAIL),
        (COUNTED.replace("errors", "others"), {}, Verdict.NOT_APPLICABLE),
        (COUNTED.replace("errors", UNKNOWN), {"conditions[0].conditionThreshold.filter": METRIC.urn}, Verdict.FAIL),
        (UNKNOWN, {"conditions[0].conditionThreshold.filter": METRIC.urn}, Verdict.FAIL),
        (UNKNOWN, {}, Verdict.INDETERMINATE),
        (secret(), {}, Verdict.INDETERMINATE),
        ("(", {}, Verdict.NOT_APPLICABLE),
    ],
)
def test_an_alert_on_counted_entries_of_models_is_on_models(
    text: object, origins: dict[str, str], expected: Verdict
) -> None:
    policy = alert(QUEUE, conditions=[{"conditionThreshold": {"filter": text}}], project=PROJECT)
    assert judged(replace(policy, origins={**policy.origins, **origins}), METRIC).verdict is expected
    far = replace(METRIC, inputs={**METRIC.inputs, "project": "acme-other"})
    if text == COUNTED:
        assert judged(policy, far).verdict is Verdict.NOT_APPLICABLE


def test_a_metric_of_which_nobody_sees_the_entries_may_be_of_models() -> None:
    policy = alert(QUEUE, conditions=[{"conditionThreshold": {"filter": COUNTED}}], project=PROJECT)
    hidden = replace(METRIC, inputs={**METRIC.inputs, "filter": UNKNOWN})
    assert judged(policy, hidden).verdict is Verdict.INDETERMINATE
    other = replace(METRIC, inputs={**METRIC.inputs, "filter": "severity>=ERROR"})
    assert judged(policy, other).verdict is Verdict.NOT_APPLICABLE
