"""SRV-02: requests for predictions are logged."""

import math

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, evidence, partial
from groundplan_policies.engine.expect import as_shown, is_true, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, fail, indeterminate
from groundplan_policies.rules.responsible.declarations import is_high_risk, review_of

_ENDPOINT = "vertex.AiEndpoint"
_GARDEN = "vertex.AiEndpointWithModelGardenDeployment"
_ENABLED = is_true("predictRequestResponseLoggingConfig.enabled")
_RATE = Path("predictRequestResponseLoggingConfig.samplingRate")
_ALL = 100


def _check(resource: Resource, context: Context) -> Outcome:
    enabled = _ENABLED(resource, context)
    return enabled if enabled.verdict is not Verdict.PASS else _rate(_RATE.one(resource), resource, context)


def _garden(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    return indeterminate("is made with its model, and cannot say that requests are logged")


def _rate(reading: Reading, resource: Resource, context: Context) -> Outcome:
    nothing = fail("is absent, so it is not said how many requests are logged", reading.path)
    missing = unreadable(reading, absent=nothing)
    if missing is not None:
        return missing
    share = _fraction(reading)
    if share is None:
        return wrong_type(reading, "a fraction from 0 to 1")
    asked = context.parameters.request_sampling_percent
    high_risk = is_high_risk(review_of(resource, context.graph))
    needed = _ALL if high_risk else asked
    if needed is None:
        return indeterminate("the settings do not say how many of 100 requests are logged", reading.path)
    if share >= needed / _ALL:
        return PASS
    who = "the use is high-risk, or nobody says that it is not" if high_risk else "as the settings say"
    return fail(f"is lower than {needed / _ALL:g}: {who}", reading.path, as_shown(share))


def _fraction(reading: Reading) -> float | None:
    if isinstance(reading.value, bool) or not isinstance(reading.value, (int, float, str)):
        return None
    try:
        found = float(reading.value)
    except ValueError:
        return None
    return found if math.isfinite(found) and 0 <= found <= 1 else None


CONTROL = Control(
    id="SRV-02",
    title="Requests for predictions are logged",
    why=(
        "Without what was asked and answered nobody can explain a decision, look for drift, or find out what an "
        "attacker got. A use that its review does not call limited or minimal counts as high-risk, and so does one "
        "without a review: all of its requests are logged; of others as many as the settings say. An endpoint that is "
        "made with a model of the garden cannot say it. Where the log lies and who reads it is DAT-16's matter, how "
        "long it is kept and without which fields RAI-18's."
    ),
    remedy="Use OnlineEndpoint with `request_log`, or set `predict_request_response_logging_config`.",
    severity=Severity.MEDIUM,
    objectives=("6.2.a", "6.2.b", "6.1.a"),
    clauses=(
        partial("nist-800-53-r5", "AU-2", "Events other than predictions."),
        evidence("eu-ai-act", "12", "Events other than requests, and what the application records."),
    ),
    reads=(_ENABLED.reads(_ENDPOINT), Read(_ENDPOINT, _RATE.text)),
    checks={_ENDPOINT: _check, _GARDEN: _garden},
    settings=("request_sampling_percent",),
)
