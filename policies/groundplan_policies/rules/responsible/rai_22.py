"""RAI-22: the retraining policy is declared, and something realises it."""

from collections.abc import Callable, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, evidence
from groundplan_policies.engine.expect import is_number, is_one_of, is_set
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail
from groundplan_policies.rules.responsible.declarations import REVIEW, answering, each_review
from groundplan_policies.rules.responsible.monitors import monitors_of

_TRIGGER = Path("review.retraining.trigger")
_PAUSED = Path("desiredState")
_EXPECTED: Final = (
    is_one_of("review.retraining.trigger", "schedule", "drift", "manual"),
    is_number("review.retraining.dataWindowDays", at_least=1, unit="day"),
    is_set("review.retraining.gate", expected="what a new version must pass"),
    is_number("review.retraining.maximumAgeDays", at_least=1, unit="day"),
    is_set("review.retraining.owner", expected="who answers for it"),
)


def _check(review: Resource, context: Context) -> Outcome:
    said = all_of([each(review, context) for each in _EXPECTED])
    return said if said is not PASS else _REALISED[str(_TRIGGER.one(review).value)](review, context)


def _by_schedule(review: Resource, context: Context) -> Outcome:
    runs = answering(review, context.graph, "colab.Schedule")
    if any(_PAUSED.one(each).value != "PAUSED" for each in runs):
        return PASS
    return fail("is a schedule, and no schedule of this document that is on answers to the review", _TRIGGER.text)


def _by_drift(review: Resource, context: Context) -> Outcome:
    watched = answering(review, context.graph, "vertex.AiEndpoint")
    if any(monitors_of(each, context.graph) for each in watched):
        return PASS
    return fail("is drift, and nothing monitors the endpoints that answer to the review", _TRIGGER.text)


def _by_hand(_review: Resource, _context: Context) -> Outcome:
    return fail("is a person's hand, which nothing reminds", _TRIGGER.text)


_REALISED: Final[Mapping[str, Callable[[Resource, Context], Outcome]]] = {
    "schedule": _by_schedule,
    "drift": _by_drift,
    "manual": _by_hand,
}

CONTROL = Control(
    id="RAI-22",
    title="Retraining is planned and triggered",
    why=(
        "A model that is never trained again answers for a world that is gone, and one that is trained at any time "
        "escapes its review. The review says what triggers training, on how many days of data, what a new version must "
        "pass, how old a model may become, and who answers for it; a schedule that is on, or monitoring of the "
        "endpoint, realises the trigger. That the pipeline does what was planned is not seen here."
    ),
    remedy="Give `retraining=` to the review, and the review to the pipeline that is on a schedule.",
    ask="Ask when the model was last trained, on which data, and who accepted it.",
    severity=Severity.MEDIUM,
    evidence=Evidence.DECLARATION,
    objectives=("5.2.a", "6.2.b"),
    clauses=(
        evidence("eu-ai-act", "72", "The plan of monitoring after the model is on the market."),
        evidence("nist-ai-rmf-1.0", "MANAGE 4.1", "What is done with what monitoring finds."),
        evidence("iso-42001-2023", "A.6.2.6", "Operation beside retraining."),
    ),
    reads=tuple(each.reads(REVIEW) for each in _EXPECTED),
    stack=each_review(_check, "has a plan of retraining that something triggers"),
)
