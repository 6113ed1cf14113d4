"""What the tests share: real data, and what is learned from it, once."""

from itertools import islice
from pathlib import Path

import pandas as pd
import pytest
import xgboost as xgb

from census_workloads import evaluation, fairness, model, source, validation
from census_workloads.catalog import catalog
from census_workloads.evaluation import Scores
from census_workloads.gate import Decision, decide
from census_workloads.registry import Evidence
from tests.samples import ROWS, raw


@pytest.fixture(scope="session")
def training() -> pd.DataFrame:
    return validation.validate(raw())


@pytest.fixture(scope="session")
def holdout() -> pd.DataFrame:
    return validation.validate(raw("holdout"))


@pytest.fixture(scope="session")
def booster(training: pd.DataFrame) -> xgb.Booster:
    return model.train(training, rounds=20, depth=4)


@pytest.fixture(scope="session")
def scores(booster: xgb.Booster, holdout: pd.DataFrame) -> Scores:
    return evaluation.evaluate(booster, holdout, "0" * 64)


@pytest.fixture(scope="session")
def baseline(training: pd.DataFrame, holdout: pd.DataFrame) -> Scores:
    return evaluation.evaluate(model.train(training, rounds=20, depth=1), holdout, "0" * 64)


@pytest.fixture(scope="session")
def decision(scores: Scores, baseline: Scores) -> Decision:
    return decide(scores, baseline, None, fairness.decide(scores.gaps, fairness.written(0.5)), minimum_gain=0.005)


@pytest.fixture(scope="session")
def evidence(scores: Scores, baseline: Scores, decision: Decision) -> Evidence:
    return Evidence(training_sha256="1" * 64, scores=scores, baseline=baseline, decision=decision)


@pytest.fixture
def saved(booster: xgb.Booster, tmp_path: Path) -> Path:
    """A folder with the model."""
    model.save(booster, tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def small_source(tmp_path: Path) -> Path:
    """A folder with the first rows of both files, as the UCI repository has them."""
    folder = tmp_path / "source"
    folder.mkdir()
    for file in (catalog().files.training, catalog().files.holdout):
        with (source.installed_folder() / file.name).open(encoding="utf-8") as lines:
            (folder / file.name).write_text("".join(islice(lines, ROWS)), encoding="utf-8")
    return folder
