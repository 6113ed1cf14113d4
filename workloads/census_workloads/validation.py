"""What data must be before anything is learned from it. What is not raises: a run stops there."""

from __future__ import annotations

from typing import Final

import pandas as pd
import pandera.pandas as pa

from census_workloads.catalog import Catalog, Column, catalog
from census_workloads.errors import ValidationError

_LISTED: Final = 12


def validate(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with its types, or raise ``ValidationError`` with everything that is wrong with it.

    The message says columns, checks and how many rows, never a value: a row is a person.
    """
    try:
        return _schema(catalog()).validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        found = error.failure_cases
    # A check of the names of columns has the name as its case; one of the whole table has no column.
    of_names = found["check"].str.startswith("column_in")
    named = found["column"].where(~of_names, found["failure_case"]).fillna("the table")
    wrong = found.assign(column=named).groupby(["column", "check"]).size()
    lines = [f"{column}: {check} ({count})" for (column, check), count in wrong.items()]
    more = f"; and {len(lines) - _LISTED} more" if len(lines) > _LISTED else ""
    raise ValidationError(
        "the data is not what the pipeline was made for",
        given="; ".join(lines[:_LISTED]) + more,
        allowed="the columns, ranges and categories of census_workloads/data/adult.yaml",
        do="mend the data where it comes from; where the world has changed, change that table, and have it reviewed",
    )


def check_apart(training: pd.DataFrame, holdout: pd.DataFrame) -> None:
    """Raise ``ValidationError`` where most of what is measured with was learned from."""
    seen = holdout.merge(training.drop_duplicates(), how="inner")
    # Two people can be alike in every column: 23 of the 16,281 are. A copy is another matter.
    if len(seen) > len(holdout) // 100:
        raise ValidationError(
            "the model would be measured with what it learned from",
            given=f"{len(seen)} of {len(holdout)} rows of the holdout are in the training data too",
            allowed="one in a hundred",
            do="split the data once, before the pipeline, by person",
        )


def _schema(table: Catalog) -> pa.DataFrameSchema:
    expected = table.expected
    least, most = expected.positive_share

    def enough_rows(frame: pd.DataFrame) -> bool:
        return len(frame) >= expected.least_rows

    def plausible_labels(frame: pd.DataFrame) -> bool:
        return bool(least <= (frame[table.label] == table.positive).mean() <= most)

    return pa.DataFrameSchema(
        {name: _column(column, expected.most_missing_share) for name, column in table.columns.items()},
        checks=[
            pa.Check(enough_rows, name="enough_rows", error=f"at least {expected.least_rows} rows"),
            pa.Check(plausible_labels, name="plausible_labels", error=f"{least:.0%} to {most:.0%} of labels positive"),
        ],
        strict=True,
        ordered=True,
    )


def _column(column: Column, most_missing: float) -> pa.Column:
    def few_missing(values: pd.Series) -> bool:
        return bool(values.isna().mean() <= most_missing)

    if column.range is not None:
        return pa.Column(int, pa.Check.in_range(*column.range), coerce=True)
    checks = [pa.Check.isin(column.categories, error="a known category")]
    if column.missing:
        share = pa.Check(few_missing, name="few_missing", error=f"at most {most_missing:.0%} missing", ignore_na=False)
        checks.append(share)
    return pa.Column(str, checks, nullable=column.missing)
