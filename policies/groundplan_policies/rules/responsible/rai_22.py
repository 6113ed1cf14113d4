"""RAI-22: the retraining policy is declared, and something realises it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, evidence
from groundplan_policies.engine.expect import is_number, is_one_of, is_set, unreadable
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, any_of, fail, indeterminate
from groundplan_policies.rules.data.numbers import number
from groundplan_policies.rules.responsible.declarations import REVIEW, answering, each_review
from groundplan_policies.rules.responsible.monitors import monitors_of

_TRIGGER = Path("review.retraining.trigger")
_STATE, _END, _RUNS = Path("desiredState"), Path("endTime"), Path("maxRunCount")
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
    nothing = fail("is a schedule, and no schedule of this document that is on answers to the review", _TRIGGER.text)
    runs = answering(review, context.graph, "colab.Schedule")
    return any_of([nothing, *(_goes_on(each, context) for each in runs)])


def _goes_on(schedule: Resource, context: Context) -> Outcome:
    """Judge whether a schedule starts again and again: it is on, is not over, and is for more than one run."""
    return all_of([_is_on(schedule), _is_not_over(schedule, context), _is_for_several(schedule)])


def _is_on(schedule: Resource) -> Outcome:
    state = _STATE.one(schedule)
    off = fail("is a schedule that is paused", _TRIGGER.text)
    return unreadable(state, absent=PASS) or (PASS if state.value == "ACTIVE" else off)


def _is_not_over(schedule: Resource, context: Context) -> Outcome:
    end = _END.one(schedule)
    if end.state in {State.ABSENT, State.EMPTY}:
        return PASS
    unclear = indeterminate("is a schedule of which nobody can tell when it ends", _TRIGGER.text)
    try:
        last = date.fromisoformat(end.text[:10]) if end.state is State.KNOWN else None
    except ValueError:
        last = None
    if last is None or context.as_of is None:
        return unclear
    return PASS if last > context.as_of else fail("is a schedule that is over", _TRIGGER.text)


def _is_for_several(schedule: Resource) -> Outcome:
    runs = _RUNS.one(schedule)
    if runs.state in {State.ABSENT, State.EMPTY}:
        return PASS
    found = number(runs.value) if runs.state is State.KNOWN else None
    if found is None:
        return indeterminate("is a schedule of which nobody can tell how often it runs", _TRIGGER.text)
    return PASS if found > 1 else fail("is a schedule that runs once", _TRIGGER.text)


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
        "escapes its review. The review says what triggers training, on how many days of data, what a new version "
        "must pass, how old a model may become, and who answers for it; a schedule that is on, not over and for more "
        "than one run, or monitoring of the endpoint, realises the trigger. That the pipeline does what was planned "
        "is not seen here."
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
