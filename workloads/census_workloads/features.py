"""What the model sees of a table: numbers, and one column of zeros and ones for each declared category."""

from __future__ import annotations

import numpy as np
import pandas as pd

from census_workloads.catalog import Role, catalog


def names() -> list[str]:
    """Return the names of the features, in the order in which a served model takes them."""
    table = catalog()
    of_categories = [
        f"{column}={category}" for column in table.names(Role.CATEGORY) for category in table.columns[column].categories
    ]
    return table.names(Role.NUMBER) + of_categories


def matrix(table: pd.DataFrame) -> pd.DataFrame:
    """Return the features of a validated table, as 32-bit numbers. A missing category is zero in all its columns."""
    found = catalog()
    parts = [table[found.names(Role.NUMBER)]]
    for column in found.names(Role.CATEGORY):
        known = pd.Categorical(table[column], categories=list(found.columns[column].categories))
        parts.append(pd.get_dummies(pd.Series(known, index=table.index), prefix=column, prefix_sep="="))
    return pd.concat(parts, axis=1).astype(np.float32)


def labels(table: pd.DataFrame) -> pd.Series[int]:
    """Return 1 for each row whose label is positive, and 0 for the others."""
    found = catalog()
    return (table[found.label] == found.positive).astype(int)
