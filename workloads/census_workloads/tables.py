"""Tables on their way from one task to the next: CSV with a heading, a missing value being nothing at all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from census_workloads.catalog import catalog


def write(table: pd.DataFrame, path: Path) -> None:
    """Write a table; the same table gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n")


def read_text(path: Path) -> pd.DataFrame:
    """Read a table that nobody has checked: every value is text, or missing."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])


def read(path: Path) -> pd.DataFrame:
    """Read a table that was validated, with the types of its columns."""
    types = {name: str if column.categories else int for name, column in catalog().columns.items()}
    return pd.read_csv(path, dtype=types, keep_default_na=False, na_values=[""])
