"""Validation: real data passes, and whatever is wrong raises, with everything in one message and nobody's data."""

import pandas as pd
import pytest

from census_workloads import tables, validation
from census_workloads.errors import ValidationError
from tests.samples import raw


def test_real_data_passes_and_gets_its_types() -> None:
    table = validation.validate(raw())
    assert table["age"].dtype == "int64"
    assert len(table) == 3_000


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("age", "12", "age: in_range"),
        ("age", "old", "age: coerce_dtype"),
        ("age", None, "age: coerce_dtype"),
        ("sex", "Unknown", "sex: a known category"),
        ("race", None, "race: not_nullable"),
        ("income", ">100K", "income: a known category"),
    ],
)
def test_a_wrong_value_is_refused(column: str, value: str | None, found: str) -> None:
    table = raw()
    table.loc[7, column] = value
    with pytest.raises(ValidationError, match=found):
        validation.validate(table)


@pytest.mark.parametrize(
    ("table", "found"),
    [
        (raw(rows=100), "the table: at least 500 rows"),
        (raw().assign(income=">50K"), "the table: 10% to 50% of labels positive"),
        (raw().assign(occupation=None), "occupation: at most 10% missing"),
        (raw().drop(columns="sex"), "sex: column_in_dataframe"),
        (raw().assign(salary="1"), "salary: column_in_schema"),
        (raw()[["sex", *raw().columns.drop("sex")]], "column_ordered"),
    ],
)
def test_a_wrong_table_is_refused(table: pd.DataFrame, found: str) -> None:
    with pytest.raises(ValidationError, match=found):
        validation.validate(table)


def test_everything_wrong_is_in_one_message_and_no_value_is() -> None:
    table = raw()
    table.loc[3, "age"] = "777"
    table.loc[4:6, "occupation"] = "Alchemist"
    with pytest.raises(ValidationError) as caught:
        validation.validate(table)
    message = str(caught.value)
    assert "age: in_range(17, 90) (1)" in message
    assert "occupation: a known category (3)" in message
    assert "777" not in message
    assert "Alchemist" not in message


def test_a_table_survives_the_way_to_the_next_task(training: pd.DataFrame, tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "below" / "table"
    tables.write(training, path)
    pd.testing.assert_frame_equal(tables.read(path), training)
    pd.testing.assert_frame_equal(validation.validate(tables.read_text(path)), training)


def test_a_holdout_that_was_learned_from_is_refused(training: pd.DataFrame, holdout: pd.DataFrame) -> None:
    validation.check_apart(training, holdout)
    with pytest.raises(ValidationError, match="measured with what it learned from"):
        validation.check_apart(training, pd.concat([holdout, training[:200]]))
