"""RAI-16: alerts on models reach a person."""

from dataclasses import replace
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import is_one_of, is_true, unreadable
from groundplan_policies.engine.paths import Path, Reading, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    any_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.responsible.model_alerts import QUERIES, is_on_models

_ALERT: Final = "monitoring.AlertPolicy"
_CHANNEL: Final = "monitoring.NotificationChannel"
_CHANNELS: Final = Path("notificationChannels")
_ELSEWHERE: Final = dict.fromkeys(("absent", "empty"), Verdict.NOT_APPLICABLE)
"""What is said of an alert of which the one condition tells nothing of models."""
_PERSON: Final = is_one_of("type", "email", "sms", "pagerduty", "slack", "google_chat", "cloud_mobile_app", "campfire")
_ENABLED: Final = is_true("enabled", absent=Verdict.PASS)


def _check(alert: Resource, context: Context) -> Outcome:
    on_models = is_on_models(alert, context.graph)
    if on_models is False:
        return NOT_APPLICABLE
    found = _reaches(alert, context)
    if on_models is None and found.verdict is Verdict.FAIL:
        return indeterminate("nobody can tell whether the alert is on a model", "conditions")
    return found


def _reaches(alert: Resource, context: Context) -> Outcome:
    named = _CHANNELS.one(alert)
    nothing = fail("names no channel", named.path)
    missing = unreadable(named, absent=nothing, empty=nothing)
    return missing or any_of([nothing, *(_ends(alert, each, context) for each in entries(named))])


def _ends(alert: Resource, channel: Reading, context: Context) -> Outcome:
    found = context.graph.resolve(alert, channel, _CHANNEL)
    if found is None:
        return indeterminate("is a channel of which this document does not tell whom it reaches", channel.path)
    reached = all_of([_PERSON(found, context), _ENABLED(found, context)])
    if reached is PASS:
        return PASS
    if reached.verdict is Verdict.INDETERMINATE:
        return indeterminate("is a channel of which nobody can tell whom it reaches", channel.path)
    return fail("is a channel that reaches no person", channel.path)


CONTROL = Control(
    id="RAI-16",
    title="Alerts on models reach a person",
    why=(
        "A message to a queue or a web address is read by a program, if at all; somebody has to look when a model "
        "goes wrong. Each alert on a model ends in at least one channel that is on and reaches people: mail, text "
        "message, pager, chat. Alerts on models are those of ModelMonitoring and OnlineEndpoint, and every other one "
        "whose condition names Vertex AI, or a metric of log entries that does. That alerts are on and have a channel "
        "at all is a matter of MON-05."
    ),
    remedy="Give `contacts=` to OnlineEndpoint and ModelMonitoring, or a channel of type `email` to the policy.",
    ask="Send a test notification to each channel, and see who answers.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("6.2.a", "6.2.e"),
    clauses=(
        evidence("eu-ai-act", "14", "What the person does."),
        evidence("nist-ai-rmf-1.0", "MANAGE 4.1", "What the person does."),
        evidence("iso-42001-2023", "A.6.2.6", "What the person does."),
    ),
    reads=(
        Read(_ALERT, "notificationChannels", wrong=Verdict.INDETERMINATE),
        *(replace(Read.aside(_ALERT, each.text), **_ELSEWHERE) for each in QUERIES[:1]),
        *(Read.aside(_ALERT, each.text) for each in QUERIES[1:]),
    ),
    checks={_ALERT: _check},
)
