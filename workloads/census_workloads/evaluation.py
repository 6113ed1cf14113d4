"""How good a model is, how fair, and what it looks at, measured with data that it has not seen."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
import xgboost as xgb
from fairlearn.metrics import MetricFrame, count, selection_rate, true_positive_rate
from pydantic import BaseModel, ConfigDict
from sklearn.metrics import accuracy_score, brier_score_loss, roc_auc_score

from census_workloads import features, model
from census_workloads.catalog import catalog

THRESHOLD: Final = 0.5
"""Probability from which a person counts as predicted positive."""
SMALLEST_GROUP: Final = 500
"""People that a group must have for its rates to be compared: in a smaller one, one person moves them by points."""
_DIGITS: Final = 6
_MOST_ATTRIBUTIONS: Final = 10
_EXPLAINED_ROWS: Final = 2_000


class Group(BaseModel):
    """One group of people, and how the model treats it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    people: int
    selection_rate: float
    """Share of the group that is predicted positive."""
    true_positive_rate: float
    """Share of those with a positive label that is predicted positive; 0 where nobody has one."""


class Scores(BaseModel):
    """What was measured."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    holdout_sha256: str
    """Digest of the data that it was measured with; scores of different data cannot be compared."""
    roc_auc: float
    """Probability that the model ranks a positive above a negative; 0.5 is chance."""
    accuracy: float
    """Share of right answers at the threshold; always the more frequent answer gives 0.76."""
    brier: float
    """Mean squared error of the probabilities; 0 is perfect."""
    groups: dict[str, dict[str, Group]]
    """For each column by which errors are compared, its groups."""
    gaps: dict[str, float]
    """For each of them, the largest difference of true positive rates between groups of at least 500 people
    (equality of opportunity); 0 is equal."""
    attributions: dict[str, float]
    """The features that the predictions depend on most, with their mean share (Shapley values, log-odds)."""

    @staticmethod
    def read(path: Path) -> Scores:
        """Read scores from a file."""
        return Scores.model_validate_json(path.read_bytes())

    def write(self, path: Path) -> None:
        """Write the scores; the same scores give the same bytes."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")


def evaluate(booster: xgb.Booster, holdout: pd.DataFrame, holdout_sha256: str) -> Scores:
    """Measure a model with a validated table that it has not learned from."""
    truth = features.labels(holdout)
    probability = model.predict(booster, holdout)
    answer = pd.Series((probability >= THRESHOLD).astype(int), index=holdout.index)
    groups = _by_column(truth, answer, holdout)
    shares = model.attributions(booster, holdout[:_EXPLAINED_ROWS])
    foremost = sorted(shares, key=lambda name: (-shares[name], name))[:_MOST_ATTRIBUTIONS]
    return Scores(
        rows=len(holdout),
        holdout_sha256=holdout_sha256,
        roc_auc=_rounded(roc_auc_score(truth, probability)),
        accuracy=_rounded(accuracy_score(truth, answer)),
        brier=_rounded(brier_score_loss(truth, probability)),
        groups=groups,
        gaps={column: _gap(rows) for column, rows in groups.items()},
        attributions={name: _rounded(shares[name]) for name in foremost},
    )


def gaps(booster: xgb.Booster, holdout: pd.DataFrame) -> dict[str, float]:
    """Measure, for each column that is compared by, the largest difference of true positive rates between groups."""
    answer = pd.Series((model.predict(booster, holdout) >= THRESHOLD).astype(int), index=holdout.index)
    return {column: _gap(rows) for column, rows in _by_column(features.labels(holdout), answer, holdout).items()}


def _by_column(truth: pd.Series[int], answer: pd.Series[int], holdout: pd.DataFrame) -> dict[str, dict[str, Group]]:
    return {column: _groups(truth, answer, _members(holdout[column], column)) for column in catalog().compared}


def _members(values: pd.Series[str], column: str) -> pd.Series[str]:
    """Say of each person in which group of a column they are."""
    first = catalog().columns[column].compared_from
    if first is None:
        return values
    return (values.astype(int) >= first).map({True: f"{first} and over", False: f"under {first}"})


def _groups(truth: pd.Series[int], answer: pd.Series[int], column: pd.Series[str]) -> dict[str, Group]:
    rates = {"people": count, "selection_rate": selection_rate, "true_positive_rate": true_positive_rate}
    table = MetricFrame(metrics=rates, y_true=truth, y_pred=answer, sensitive_features=column).by_group
    return {
        str(name): Group(
            people=int(row["people"]),
            selection_rate=_rounded(row["selection_rate"]),
            true_positive_rate=_rounded(row["true_positive_rate"]),
        )
        for name, row in sorted(table.iterrows())
    }


def _gap(groups: dict[str, Group]) -> float:
    rates = [group.true_positive_rate for group in groups.values() if group.people >= SMALLEST_GROUP]
    return _rounded(max(rates) - min(rates)) if rates else 0.0


def _rounded(value: float) -> float:
    return round(float(value), _DIGITS)
