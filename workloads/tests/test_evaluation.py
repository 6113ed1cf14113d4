"""Scores: compared with the definitions, worked out by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xgboost as xgb

from census_workloads import evaluation, features, model
from census_workloads.evaluation import Scores


def test_rates_of_a_group_are_what_their_names_say(booster: xgb.Booster, holdout: pd.DataFrame, scores: Scores) -> None:
    women = holdout[holdout["sex"] == "Female"]
    answer = model.predict(booster, women) >= 0.5
    truth = features.labels(women).to_numpy() == 1
    group = scores.groups["sex"]["Female"]
    assert group.people == len(women)
    assert group.selection_rate == pytest.approx(answer.mean(), abs=1e-6)
    assert group.true_positive_rate == pytest.approx(answer[truth].mean(), abs=1e-6)


def test_accuracy_and_ranking_are_what_their_names_say(
    booster: xgb.Booster, holdout: pd.DataFrame, scores: Scores
) -> None:
    probability = model.predict(booster, holdout)
    truth = features.labels(holdout).to_numpy() == 1
    assert scores.accuracy == pytest.approx(((probability >= 0.5) == truth).mean(), abs=1e-6)
    above = probability[truth][:, None] - probability[~truth][None, :]
    assert scores.roc_auc == pytest.approx(np.mean((above > 0) + 0.5 * (above == 0)), abs=1e-5)


def test_a_gap_compares_groups_that_are_large_enough(scores: Scores) -> None:
    sexes = scores.groups["sex"]
    gap = abs(sexes["Female"].true_positive_rate - sexes["Male"].true_positive_rate)
    assert scores.gaps["sex"] == pytest.approx(gap, abs=1e-6)
    large = [group for group in scores.groups["race"].values() if group.people >= evaluation.SMALLEST_GROUP]
    assert len(large) == 1
    assert scores.gaps["race"] == 0
    assert len(scores.groups["race"]) == 5


def test_people_are_compared_by_age_in_two_groups(scores: Scores, holdout: pd.DataFrame) -> None:
    ages = scores.groups["age"]
    assert {name: group.people for name, group in ages.items()} == {
        "40 and over": int((holdout["age"] >= 40).sum()),
        "under 40": int((holdout["age"] < 40).sum()),
    }
    gap = abs(ages["40 and over"].true_positive_rate - ages["under 40"].true_positive_rate)
    assert scores.gaps["age"] == pytest.approx(gap, abs=1e-6)


def test_the_foremost_attributions_come_first(scores: Scores) -> None:
    shares = list(scores.attributions.values())
    assert len(shares) == 10
    assert shares == sorted(shares, reverse=True)


def test_scores_read_as_they_were_written(scores: Scores, tmp_path: Path) -> None:
    scores.write(tmp_path / "below" / "scores")
    assert Scores.read(tmp_path / "below" / "scores") == scores
