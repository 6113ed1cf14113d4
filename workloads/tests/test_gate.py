"""The gate: what passes, what does not, and that nothing passes by being no number."""

import math

import pytest

from census_workloads.errors import GateError
from census_workloads.evaluation import Scores
from census_workloads.fairness import decide as compare
from census_workloads.fairness import written
from census_workloads.gate import Decision, decide, require

ALIKE = {"age": 0.0, "race": 0.0, "sex": 0.0}


def fair(gaps: dict[str, float] | None = None, limit: float = 0.1) -> Decision:
    return compare(ALIKE if gaps is None else gaps, written(limit))


def changed(scores: Scores, **values: object) -> Scores:
    return scores.model_copy(update=values)


def test_a_better_and_fair_model_passes(scores: Scores) -> None:
    found = fair({"age": 0.0, "sex": 0.05, "race": 0.1})
    decision = decide(changed(scores, roc_auc=0.92), changed(scores, roc_auc=0.91), None, found, minimum_gain=0.005)
    assert decision.passed
    assert [check.limit for check in decision.checks] == [0.005, 0.1, 0.1, 0.1]
    require(decision)


def test_a_model_that_is_hardly_better_than_the_baseline_is_stopped(scores: Scores) -> None:
    decision = decide(changed(scores, roc_auc=0.914), changed(scores, roc_auc=0.91), None, fair(), minimum_gain=0.005)
    with pytest.raises(GateError, match=r"above the baseline's: 0\.0040"):
        require(decision)


def test_an_unfair_model_is_stopped_and_every_reason_is_given(scores: Scores) -> None:
    unfair = fair({"age": 0.0, "race": 0.2, "sex": 0.3})
    with pytest.raises(GateError, match=r"(?s)by race.*0\.2000.*by sex.*0\.3000"):
        require(unfair)
    better = changed(scores, roc_auc=0.92)
    assert not decide(better, changed(scores, roc_auc=0.91), None, unfair, minimum_gain=0.005).passed


def test_a_model_may_not_be_worse_than_the_last_one(scores: Scores) -> None:
    candidate, baseline = changed(scores, roc_auc=0.92), changed(scores, roc_auc=0.9)
    last = changed(scores, roc_auc=0.93)
    assert not decide(candidate, baseline, last, fair(), minimum_gain=0).passed
    assert decide(candidate, baseline, changed(scores, roc_auc=0.9215), fair(), minimum_gain=0).passed


def test_scores_of_different_data_are_not_compared(scores: Scores) -> None:
    last = changed(scores, roc_auc=0.99, holdout_sha256="f" * 64)
    decision = decide(changed(scores, roc_auc=0.92), changed(scores, roc_auc=0.9), last, fair(), minimum_gain=0)
    assert decision.passed
    assert len(decision.checks) == 4


def test_a_limit_that_is_no_number_lets_nothing_pass(scores: Scores) -> None:
    assert not decide(changed(scores, roc_auc=0.95), scores, None, fair(), minimum_gain=math.nan).passed
