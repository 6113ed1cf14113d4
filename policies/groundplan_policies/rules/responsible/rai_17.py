"""RAI-17: models are compared with a baseline."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, evidence
from groundplan_policies.engine.expect import is_number, is_one_of, is_set
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, all_of
from groundplan_policies.rules.responsible.declarations import REVIEW, each_review

_EXPECTED: Final = (
    is_one_of("review.baseline.kind", "model", "rule", "previous-version"),
    is_set("review.baseline.name", expected="what the model is compared with"),
    is_set("review.baseline.metric", expected="the metric by which they are compared"),
    is_number("review.baseline.minimumGain", at_least=0),
)


def _check(review: Resource, context: Context) -> Outcome:
    return all_of([each(review, context) for each in _EXPECTED])


CONTROL = Control(
    id="RAI-17",
    title="Models are compared with a baseline",
    why=(
        "A model that does no better than a rule of thumb, or than the version before it, brings risk and nothing for "
        "it. The review names the baseline, the metric and the least gain that is worth a model. That an evaluation "
        "reports both is a matter of the pipeline: PIPE-02 and PIPE-03."
    ),
    remedy="Give `baseline=Baseline(…)` to ResponsibleAiReview.",
    ask="Ask for the evaluation of the version that is deployed: does it beat the baseline by the least gain?",
    severity=Severity.MEDIUM,
    evidence=Evidence.DECLARATION,
    objectives=("2.3.c", "6.2.c"),
    clauses=(
        evidence("eu-ai-act", "15", "Whether the accuracy is right for the use."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.5", "That the comparison is made each time."),
        evidence("iso-42001-2023", "A.6.2.4", "That the comparison is made each time."),
    ),
    reads=tuple(each.reads(REVIEW) for each in _EXPECTED),
    stack=each_review(_check, "names a baseline and the gain over it, as somebody says"),
)
