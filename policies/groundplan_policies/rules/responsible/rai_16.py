"""RAI-16: alerts on models reach a person."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import is_one_of, is_true, unreadable
from groundplan_policies.engine.graph import Graph
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
from groundplan_policies.rules.responsible.declarations import MONITORING

_ALERT: Final = "monitoring.AlertPolicy"
_CHANNEL: Final = "monitoring.NotificationChannel"
_CHANNELS: Final = Path("notificationChannels")
_AROUND: Final = frozenset({MONITORING, "groundplan:serving:OnlineEndpoint"})
_WORD: Final = "aiplatform.googleapis.com"
_FILTERS: Final = tuple(
    Path(f"conditions.{kind}.{key}")
    for kind, key in (
        ("conditionThreshold", "filter"),
        ("conditionAbsent", "filter"),
        ("conditionMatchedLog", "filter"),
        ("conditionPrometheusQueryLanguage", "query"),
    )
)
_PERSON: Final = is_one_of("type", "email", "sms", "pagerduty", "slack", "google_chat", "cloud_mobile_app", "campfire")
_ENABLED: Final = is_true("enabled", absent=Verdict.PASS)


def _check(alert: Resource, context: Context) -> Outcome:
    if not _is_on_models(alert, context.graph):
        return NOT_APPLICABLE
    named = _CHANNELS.one(alert)
    nothing = fail("names no channel", named.path)
    missing = unreadable(named, absent=nothing, empty=nothing)
    return missing or any_of([nothing, *(_ends(alert, each, context) for each in entries(named))])


def _is_on_models(alert: Resource, graph: Graph) -> bool:
    here = graph.parent(alert)
    while here is not None:
        if here.type in _AROUND:
            return True
        here = graph.parent(here)
    return any(_WORD in each.text for path in _FILTERS for each in path.read(alert))


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
        "A message to a queue or a web address is read by a program, if at all; somebody has to look when a model goes "
        "wrong. Each alert on a model ends in at least one channel that is on and reaches people: mail, text message, "
        "pager, chat. Alerts on models are those of ModelMonitoring and OnlineEndpoint, and every other one whose "
        "condition names Vertex AI. That alerts are on and have a channel at all is a matter of MON-05."
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
        Read(_ALERT, _FILTERS[0].text, *[Verdict.NOT_APPLICABLE] * 5),
        *(Read.aside(_ALERT, each.text) for each in _FILTERS[1:]),
    ),
    checks={_ALERT: _check},
)
