"""The model: the same data gives the same bytes, and it reads as it was written."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xgboost as xgb

from census_workloads import features, model
from census_workloads.errors import SettingError


def test_features_are_what_the_card_names(training: pd.DataFrame) -> None:
    matrix = features.matrix(training)
    assert list(matrix.columns) == features.names()
    assert set(matrix.dtypes) == {np.dtype(np.float32)}


def test_a_missing_category_is_zero_in_all_its_columns(training: pd.DataFrame) -> None:
    of_work = features.matrix(training).filter(like="workclass=").sum(axis=1)
    assert (of_work[training["workclass"].isna()] == 0).all()
    assert (of_work[training["workclass"].notna()] == 1).all()


def test_features_do_not_depend_on_which_categories_a_table_has(training: pd.DataFrame) -> None:
    assert list(features.matrix(training[:5]).columns) == features.names()


def test_a_label_is_one_where_income_is_high(training: pd.DataFrame) -> None:
    assert features.labels(training).mean() == pytest.approx((training["income"] == ">50K").mean())


def test_the_same_data_gives_the_same_model(training: pd.DataFrame, booster: xgb.Booster) -> None:
    again = model.train(training, rounds=20, depth=4)
    assert again.save_raw() == booster.save_raw()


def test_a_model_reads_as_it_was_written(booster: xgb.Booster, saved: Path, holdout: pd.DataFrame) -> None:
    assert [file.name for file in saved.iterdir()] == ["model.bst"]
    np.testing.assert_array_equal(model.predict(model.load(saved), holdout), model.predict(booster, holdout))


def test_attributions_add_up_to_the_prediction(booster: xgb.Booster, holdout: pd.DataFrame) -> None:
    one = holdout[:1]
    values = booster.predict(xgb.DMatrix(features.matrix(one)), pred_contribs=True)[0]
    probability = 1 / (1 + np.exp(-values.sum()))
    assert probability == pytest.approx(float(model.predict(booster, one)[0]), abs=1e-5)
    assert model.attributions(booster, one)["age"] == pytest.approx(abs(float(values[0])))


@pytest.mark.parametrize(("rounds", "depth"), [(0, 4), (-1, 4), (5_001, 4), (10, 0), (10, 13)])
def test_numbers_that_make_no_model_are_refused(training: pd.DataFrame, rounds: int, depth: int) -> None:
    with pytest.raises(SettingError, match="cannot be trained"):
        model.train(training, rounds=rounds, depth=depth)
