"""The table of the data's columns, typed: what each may hold, and what the pipeline does with it."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, model_validator


class Role(StrEnum):
    """What the pipeline does with a column."""

    NUMBER = "number"
    CATEGORY = "category"
    LABEL = "label"
    SENSITIVE = "sensitive"
    UNUSED = "unused"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Row):
    """One column: whole numbers within a range, or one of some categories."""

    role: Role
    range: tuple[int, int] | None = None
    """Least and greatest value of a number."""
    categories: tuple[str, ...] = ()
    """Every value that text may have."""
    missing: bool = False
    """Whether a value may be missing."""
    positive: str | None = None
    """The category of the label that the model predicts."""
    why: str | None = None
    """Why the column is not used."""
    compared_from: int | None = None
    """Value of a number from which on people are a group of their own, whose errors are compared with the others'."""

    @model_validator(mode="after")
    def _whole(self) -> Column:
        if (self.range is None) == (not self.categories):
            raise ValueError("a column has either a range or categories")
        if (self.role is Role.LABEL) != (self.positive is not None) or (self.role is Role.UNUSED) != bool(self.why):
            raise ValueError("the label says what is positive, and an unused column why")
        if self.compared_from is not None and self.range is None:
            raise ValueError("only of a number people can be compared from a value on")
        return self


class File(_Row):
    """A file of the source, with the digest of the copy that is installed."""

    name: str
    sha256: str


class Files(_Row):
    """The two files of the source: to learn from, and to measure with."""

    training: File
    holdout: File


class Expected(_Row):
    """What a table as a whole must fulfil."""

    least_rows: int
    positive_share: tuple[float, float]
    """Least and greatest share of rows whose label is positive."""
    most_missing_share: float
    """Greatest share of missing values in a column that may have some."""


class Catalog(_Row):
    """The whole table."""

    source: str
    """What the data is, and its licence."""
    files: Files
    expected: Expected
    columns: dict[str, Column]

    def names(self, *roles: Role) -> list[str]:
        """Return the names of the columns with one of these roles, in the order of the data."""
        return [name for name, column in self.columns.items() if column.role in roles]

    @property
    def compared(self) -> list[str]:
        """The names of the columns by which errors are compared, in the order of the data."""
        rows = self.columns.items()
        return [name for name, each in rows if each.role is Role.SENSITIVE or each.compared_from is not None]

    @property
    def label(self) -> str:
        """The name of the column that the model predicts."""
        return self.names(Role.LABEL)[0]

    @property
    def positive(self) -> str:
        """The category of the label that the model predicts."""
        return str(self.columns[self.label].positive)


@cache
def catalog() -> Catalog:
    """Return the table, read once."""
    text = (files("census_workloads") / "data" / "adult.yaml").read_text(encoding="utf-8")
    return Catalog.model_validate(yaml.safe_load(text))
