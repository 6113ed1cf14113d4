"""RAI-19: alerts about models name whom to call, how bad it is and what to do first."""

import re
from dataclasses import replace
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, evidence
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, fail, indeterminate
from groundplan_policies.rules.responsible.model_alerts import QUERIES, is_on_models

_ALERT = "monitoring.AlertPolicy"
_CONTENT = Path("documentation.content")
_ELSEWHERE: Final = dict.fromkeys(("absent", "empty"), Verdict.NOT_APPLICABLE)
"""What is said of an alert of which the one condition tells nothing of models."""


def _check(resource: Resource, context: Context) -> Outcome:
    about = is_on_models(resource, context.graph)
    if about is False:
        return NOT_APPLICABLE
    found = _names_all(_CONTENT.one(resource), context.parameters.alert_patterns)
    if about is None and found.verdict is Verdict.FAIL:
        return indeterminate("nobody can tell whether the alert is about models", "conditions")
    return found


def _names_all(reading: Reading, patterns: tuple[str, ...] | None) -> Outcome:
    nothing = fail("is absent, so whoever is woken up knows nothing", reading.path)
    text = reading.state is State.UNKNOWN and isinstance(reading.value, str)
    missing = None if text else unreadable(reading, absent=nothing)
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a text")
    if patterns is None:
        return indeterminate("the settings do not say what an alert must name", reading.path)
    left = [each for each in patterns if re.search(each, reading.value) is None]
    if not left:
        return PASS
    if text:
        return indeterminate("is known only after the deployment", reading.path)
    return fail(f"lacks {len(left)} of the {len(patterns)} facts that the settings ask for", reading.path)


CONTROL = Control(
    id="RAI-19",
    title="Alerts about models name whom to call, how bad it is and what to do first",
    why=(
        "An alert reaches somebody who has not built the model, at night. Without a contact, a severity and a first "
        "step in the message itself the model goes on as it is until the morning. What each of these looks like is a "
        "parameter, so that an organisation can ask for its own form. An alert is about a model if a condition of it "
        "looks at what Vertex AI measures or logs, be it by a metric of log entries, or if it is a part of "
        "ModelMonitoring or OnlineEndpoint; that it reaches a person is "
        "RAI-16's matter."
    ),
    remedy="Use the alerts of OnlineEndpoint and ModelMonitoring, or write the three into `documentation.content`.",
    ask="Walk through the first step of each alert with whoever is called at night.",
    severity=Severity.MEDIUM,
    objectives=("6.2.a", "6.2.e"),
    clauses=(
        evidence("eu-ai-act", "73", "The report to authorities; this is how somebody learns of an incident."),
        evidence("nist-ai-rmf-1.0", "MANAGE 4.3", "What is done then, and who outside is told."),
        evidence("iso-42001-2023", "A.8.4", "The plan for telling users; this is what responders are told."),
    ),
    reads=(
        Read(_ALERT, _CONTENT.text),
        *(replace(Read.aside(_ALERT, each.text), **_ELSEWHERE) for each in QUERIES[:1]),
        *(Read.aside(_ALERT, each.text) for each in QUERIES[1:]),
    ),
    checks={_ALERT: _check},
    settings=("alert_patterns",),
)
