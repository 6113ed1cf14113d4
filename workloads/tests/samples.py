"""Real data for the tests: the first rows of the installed copy."""

import pandas as pd

from census_workloads import source
from census_workloads.catalog import catalog

ROWS = 3_000


def raw(kind: str = "training", rows: int = ROWS) -> pd.DataFrame:
    """Return the first rows of a file of the installed copy, as text."""
    files = catalog().files
    return source.read("", files.training if kind == "training" else files.holdout)[:rows].copy()
