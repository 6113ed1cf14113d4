"""RAI-19: alerts about models name whom to call, how bad it is and what to do first."""

import re
from dataclasses import replace
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, evidence
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, fail, indeterminate
from groundplan_policies.rules.responsible.declarations import MONITORING

_ALERT = "monitoring.AlertPolicy"
_CONTENT = Path("documentation.content")
_QUERIES: Final = tuple(
    Path(f"conditions.{each}")
    for each in (
        "conditionThreshold.filter",
        "conditionAbsent.filter",
        "conditionMatchedLog.filter",
        "conditionMonitoringQueryLanguage.query",
        "conditionPrometheusQueryLanguage.query",
        "conditionSql.query",
    )
)
_ELSEWHERE: Final = dict.fromkeys(("absent", "empty", "unknown"), Verdict.NOT_APPLICABLE)
"""What is said of an alert of which the one condition tells nothing of models."""
_MODELS: Final = re.compile(r"aiplatform[._]", re.IGNORECASE)
"""How queries name what Vertex AI measures and logs: `aiplatform.googleapis.com/…`, `aiplatform_googleapis_com:…`."""


def _check(resource: Resource, context: Context) -> Outcome:
    about = _is_about_models(resource, context.graph)
    if about is False:
        return NOT_APPLICABLE
    found = _names_all(_CONTENT.one(resource), context.parameters.alert_patterns)
    if about is None and found.verdict is Verdict.FAIL:
        return indeterminate("nobody can tell whether the alert is about models", "conditions")
    return found


def _is_about_models(resource: Resource, graph: Graph) -> bool | None:
    """Whether an alert looks at what Vertex AI measures, or is a part of the monitoring of a model."""
    readings = [each for path in _QUERIES for each in path.read(resource)]
    if any(_MODELS.search(each.text) for each in readings) or _monitors(resource, graph):
        return True
    return None if any(map(_is_unclear, readings)) else False


def _is_unclear(reading: Reading) -> bool:
    """Whether what an alert looks at cannot be read. Where only a part of it is unknown, the rest tells."""
    odd = reading.state is State.KNOWN and not isinstance(reading.value, str)
    return odd or reading.state in {State.SECRET, State.WRONG}


def _monitors(resource: Resource, graph: Graph) -> bool:
    here = graph.parent(resource)
    while here is not None and here.type != MONITORING:
        here = graph.parent(here)
    return here is not None


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
        "looks at what Vertex AI measures or logs, or if it is a part of ModelMonitoring; that it reaches a person is "
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
        *(replace(Read.aside(_ALERT, each.text), **_ELSEWHERE) for each in _QUERIES[:1]),
        *(Read.aside(_ALERT, each.text) for each in _QUERIES[1:]),
    ),
    checks={_ALERT: _check},
    settings=("alert_patterns",),
)
