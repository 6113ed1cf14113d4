"""Boosted trees: trained, written and read. The file is XGBoost's own binary JSON, and reading it runs no code."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import xgboost as xgb

from census_workloads import features
from census_workloads.errors import SettingError

# The name by which the ready-made serving images of Vertex AI look for a model of XGBoost.
# Source: "Export model artifacts for inference", Vertex AI documentation, 2026-10.
FILE: Final = "model.bst"
_LEARNING_RATE: Final = 0.2
_MOST_ROUNDS: Final = 5_000
_MOST_DEPTH: Final = 12


def train(table: pd.DataFrame, *, rounds: int, depth: int) -> xgb.Booster:
    """Train on a validated table: ``rounds`` trees of at most ``depth`` questions each.

    One thread and a fixed seed: the same table gives the same model, byte by byte.

    Raises:
        SettingError: A number of rounds outside 1 to 5,000, or a depth outside 1 to 12.
    """
    _check(rounds=rounds, depth=depth)
    parameters = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "max_depth": depth,
        "eta": _LEARNING_RATE,
        "seed": 0,
        "nthread": 1,
    }
    return xgb.train(parameters, xgb.DMatrix(features.matrix(table), features.labels(table)), num_boost_round=rounds)


def _check(*, rounds: int, depth: int) -> None:
    for name, value, most in (("rounds", rounds, _MOST_ROUNDS), ("depth", depth, _MOST_DEPTH)):
        if not 1 <= value <= most:
            raise SettingError(
                "the model cannot be trained",
                given=f"{name}={value}",
                allowed=f"1 to {most}",
                do=f"change the parameter {name} of the run",
            )


def predict(model: xgb.Booster, table: pd.DataFrame) -> npt.NDArray[np.float32]:
    """Return for each row the probability that its label is positive."""
    return np.asarray(model.predict(xgb.DMatrix(features.matrix(table))), dtype=np.float32)


def attributions(model: xgb.Booster, table: pd.DataFrame) -> dict[str, float]:
    """Return each feature's mean share in the predictions of a table: Shapley values, in log-odds, without sign."""
    values = np.asarray(model.predict(xgb.DMatrix(features.matrix(table)), pred_contribs=True))
    # The last column is what every prediction starts from.
    means = np.abs(values[:, :-1]).mean(axis=0)
    return dict(zip(features.names(), (float(mean) for mean in means), strict=True))


def save(model: xgb.Booster, folder: Path) -> None:
    """Write a model into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_bytes(model.save_raw(raw_format="ubj"))


def load(folder: Path) -> xgb.Booster:
    """Read a model from its folder."""
    model = xgb.Booster({"nthread": 1})
    model.load_model(bytearray((folder / FILE).read_bytes()))
    return model
