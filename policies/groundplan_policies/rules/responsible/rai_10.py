"""RAI-10: fairness is evaluated against thresholds."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.pipelines.found import runs_pipeline
from groundplan_policies.rules.responsible.declarations import REVIEW, answering, each_review, is_high_risk

_ATTRIBUTES = Path("review.protectedAttributes")
_FAIRNESS = Path("review.fairness")
_PIPELINES = "colab.Schedule"
_RATIO: Final = "ratio"
_SIGNED: Final = ("difference", "gap", "disparity", "parity", "odds")
"""Words of metrics that run from -1 to 1. Others are shares from 0 to 1, and only ratios can be beyond 1."""


def _check(review: Resource, context: Context) -> Outcome:
    named = _ATTRIBUTES.one(review)
    nothing = fail("names no attribute that decisions should not rest on", named.path)
    absent = nothing if is_high_risk(review) else NOT_APPLICABLE
    missing = unreadable(named, absent=absent, empty=absent)
    if missing is not None:
        return missing
    return all_of([*_attributes(named, _FAIRNESS.one(review)), _is_reported(review, context)])


def _attributes(named: Reading, fairness: Reading) -> Iterator[Outcome]:
    bounded = {_text(each.value, "attribute") for each in entries(fairness) if _is_whole(each.value)}
    for each in entries(named):
        name = _text(each.value, "name")
        if not name:
            yield (
                wrong_type(each, "an attribute with a name")
                if each.value is not None
                else indeterminate("cannot be read", each.path)
            )
        elif name in bounded:
            yield PASS
        else:
            yield fail("has no threshold of a metric on a slice that an evaluation must keep", each.path)


def _text(value: Value, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def _is_whole(threshold: Value) -> bool:
    if not isinstance(threshold, dict) or not all(_text(threshold, key) for key in ("metric", "slice")):
        return False
    least, most = (_bound(threshold.get(key)) for key in ("minimum", "maximum"))
    if least is not None and most is not None and least > most:
        return False
    metric = _text(threshold, "metric").lower()
    lowest = -1 if _RATIO not in metric and any(each in metric for each in _SIGNED) else 0
    return (least is not None and least > lowest) or (most is not None and (most < 1 or _RATIO in metric))


def _bound(value: Value) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _is_reported(review: Resource, context: Context) -> Outcome:
    if any(runs_pipeline(each) for each in answering(review, context.graph, _PIPELINES)):
        return PASS
    return fail("has thresholds that no pipeline of this document reports", _FAIRNESS.text)


CONTROL = Control(
    id="RAI-10",
    title="Fairness is evaluated against thresholds",
    why=(
        "A model can be right on the whole and wrong for the few, and nobody sees it who does not look. For each "
        "attribute that decisions should not rest on, the review names a metric, a slice and a bound that not every "
        "model keeps; a pipeline of this document answers to the review, and PIPE-04 asks of it that a fairness step "
        "comes before deployment with these thresholds. A high-risk use that names no attribute fails. Whether the "
        "metric is the right one for the harm at hand is for people to say."
    ),
    remedy="Give `protected_attributes=` and `fairness=` to the review, and the review to the pipeline.",
    ask="Ask for the evaluation of the version that is deployed, and compare each group with the thresholds.",
    severity=Severity.HIGH,
    evidence=Evidence.DECLARATION,
    objectives=("6.1.b", "6.2.c"),
    clauses=(
        evidence("eu-ai-act", "10", "Whether the data are free of bias."),
        evidence("eu-ai-act", "15", "Accuracy beyond the thresholds."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.11", "Whether the metrics are the right ones."),
        evidence("iso-42001-2023", "A.6.2.4", "What the evaluation finds."),
    ),
    reads=(
        Read(REVIEW, "review.protectedAttributes", wrong=Verdict.INDETERMINATE),
        Read(REVIEW, "review.fairness", wrong=Verdict.FAIL, secret=Verdict.FAIL, unknown=Verdict.FAIL),
    ),
    stack=each_review(_check, "names thresholds, and pipelines that are to keep them"),
)
