"""Fairness: what passes, what does not, and thresholds that cannot be used."""

import json

import pandas as pd
import pytest
import xgboost as xgb

from census_workloads import evaluation
from census_workloads.errors import GateError
from census_workloads.evaluation import Scores
from census_workloads.fairness import decide, written


def rows(**changes: object) -> str:
    first, *others = json.loads(written())
    return json.dumps([first | changes, *others])


def test_each_attribute_is_held_to_its_own_limit() -> None:
    decision = decide({"sex": 0.1, "age": 0.15, "race": 0.1}, written())
    assert [(check.limit, check.passed) for check in decision.checks] == [(0.15, True), (0.1, True), (0.1, True)]
    worse = decide({"sex": 0.11, "age": 0.16, "race": 0.11}, written())
    assert [check.passed for check in worse.checks] == [False, False, False]


def test_one_limit_can_hold_for_all() -> None:
    decision = decide({"age": 0.0, "race": 0.0, "sex": 0.3}, written(0.2))
    assert [(check.limit, check.passed) for check in decision.checks] == [(0.2, True), (0.2, True), (0.2, False)]


def test_the_differences_are_those_of_the_evaluation(
    booster: xgb.Booster, holdout: pd.DataFrame, scores: Scores
) -> None:
    assert evaluation.gaps(booster, holdout) == scores.gaps


@pytest.mark.parametrize(
    "thresholds",
    [
        *("", "[]", "{}", "0.1"),
        rows(maximum=2),
        rows(maximum="NaN"),
        rows(metric="accuracy"),
        rows(slice="young"),
        rows(attribute="relationship"),
        rows(more=1),
    ],
)
def test_thresholds_that_cannot_be_used_let_nothing_pass(thresholds: str) -> None:
    with pytest.raises(GateError, match="cannot be used"):
        decide({"age": 0.0, "race": 0.0, "sex": 0.0}, thresholds)
