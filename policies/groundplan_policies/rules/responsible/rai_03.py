"""RAI-03: reviews fit the use and its risk."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import is_one_of, is_set, is_true
from groundplan_policies.engine.paths import Path, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, declared, fail, indeterminate
from groundplan_policies.rules.responsible.declarations import (
    REVIEW,
    RISK,
    is_high_risk,
    of_type,
    purpose_of,
    review_of,
    served,
)
from groundplan_policies.rules.responsible.documents import Referred

_CLASS: Final = is_one_of("review.riskClass", "minimal", "limited", "high", "prohibited")
_PURPOSES = Path("review.purposes")
_HIGH: Final = (
    is_set("review.oversight.who", expected="the people who watch over decisions"),
    is_set("review.oversight.how", expected="how they watch over decisions"),
    is_true("review.oversight.canStop"),
)
_ASSESSMENT: Final = Referred("review.impactAssessment", "an assessment of the impact on people's rights", {})


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    for review in of_type(context.graph, REVIEW):
        yield review, _judge(review, context)
    for resource in served(context.graph):
        answered = review_of(resource, context.graph)
        if answered is not None:
            yield resource, _fits(resource, answered, context)


def _judge(review: Resource, context: Context) -> Outcome:
    known = _CLASS(review, context)
    if known is not PASS:
        return known
    if RISK.one(review).value == "prohibited":
        return fail("is a use that Article 5 of the AI Act prohibits", RISK.text)
    asked = (*_HIGH, _ASSESSMENT) if is_high_risk(review) else ()
    found = all_of([PASS, *(each(review, context) for each in asked)])
    return declared("has a class of risk, as somebody says") if found is PASS else found


def _fits(resource: Resource, review: Resource, context: Context) -> Outcome:
    purpose = purpose_of(resource, context.graph)
    if not purpose:
        return fail("says no purpose, so that nobody can tell whether it was reviewed")
    reviewed = [each for reading in _PURPOSES.read(review) for each in entries(reading)]
    if any(each.value == purpose for each in reviewed):
        return declared("serves a purpose that was reviewed, as it says itself")
    if any(each.state not in {State.KNOWN, State.ABSENT, State.EMPTY} for each in reviewed):
        return indeterminate("serves a purpose of which nobody can tell whether it was reviewed")
    return fail("serves a purpose that was not reviewed")


def _high(path: str) -> Read:
    return Read(REVIEW, path)


CONTROL = Control(
    id="RAI-03",
    title="Reviews fit the use and its risk",
    why=(
        "A model that was reviewed to sort letters must not decide on credit: it was never asked whether it may. What "
        "is served names its purpose, and the review lists it. The review has a class of risk after the AI Act; a "
        "prohibited use fails whatever else is said; a high-risk one names who watches over decisions, how, and that "
        "they can stop it, and an assessment of its impact by its digest, which is compared where it is a file of the "
        "project. Whether the class is right is for people to say."
    ),
    remedy="Give `purpose=` to the endpoint as the review has it, or have the new use reviewed.",
    ask="Read the intended use, see what the model is used for, and judge whether the class of risk is the right one.",
    severity=Severity.HIGH,
    evidence=Evidence.DECLARATION,
    objectives=("6.1.b", "6.1.d"),
    clauses=(
        evidence("eu-ai-act", "5", "What the system really does."),
        evidence("eu-ai-act", "6", "Whether the class is the right one."),
        evidence("eu-ai-act", "27", "What the assessment says."),
        evidence("nist-ai-rmf-1.0", "MAP 1.1", "Whether the purpose is described as it is lived."),
        evidence("iso-42001-2023", "A.9.4", "Use beyond what is declared."),
    ),
    reads=(
        Read(REVIEW, "review.riskClass", wrong=Verdict.INDETERMINATE),
        *(_high(each.text) for each in (*(one.path for one in _HIGH), _ASSESSMENT.uri, _ASSESSMENT.digest)),
    ),
    stack=_stack,
)
