"""Where features come from: a table or a view of BigQuery, with the columns that say which entity a row is about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import pulumi

from groundplan.core import names
from groundplan.core.grants import Grant
from groundplan.core.references import DatasetRef
from groundplan.core.references.base import joined
from groundplan.core.regions import holds
from groundplan.core.validation import Checks
from groundplan.data.columns import Column
from groundplan.data.table import check_name
from groundplan.data.warehouse import Warehouse, known_columns

TIMESTAMP: Final = "feature_timestamp"
"""Column that says when the values of a row came to hold; Google knows it by this name only."""


@dataclass(frozen=True, kw_only=True)
class FeatureSource:
    """A table or a view of BigQuery that has values of features, and the columns that name the entity."""

    dataset: DatasetRef
    """The dataset that it is in, ours or one that was there before."""
    table: str
    """Id of the table or view inside the dataset."""
    entity_id_columns: tuple[str, ...]
    """Columns that together name the entity, such as ``("customer_id",)``."""

    @property
    def uri(self) -> pulumi.Input[str]:
        """The source as Vertex AI names it, ``bq://project.dataset.table``."""
        return joined("bq://", self.dataset.place, f".{self.table}")

    @property
    def columns(self) -> Mapping[str, Column] | None:
        """Columns of the table by name, where the dataset says what they are, as a ``Warehouse`` does."""
        return known_columns(self.dataset, self.table)

    @property
    def resources(self) -> tuple[pulumi.Resource, ...]:
        """The table or view, where it is made in this program."""
        if not isinstance(self.dataset, Warehouse):
            return ()
        made = {**self.dataset.tables, **self.dataset.views}.get(self.table)
        return () if made is None else (made,)

    def grant_read(self, principal: object, columns: Collection[str] | None = None) -> tuple[Grant, ...]:
        """Let a principal read the dataset; personal ones of the columns, by default of all, without their masks."""
        known = self.columns or {}
        read = [known[name] for name in (known if columns is None else columns) if name in known]
        kinds = {inner.personal for column in read for inner in column.walk() if inner.personal is not None}
        if kinds and isinstance(self.dataset, Warehouse):
            return self.dataset.grant_read_personal(principal, tuple(sorted(kinds)))
        return (self.dataset.grant_read(principal),)

    def check(self, checks: Checks, field: str, *, region: str) -> bool:
        """Record what is wrong with the source of something in a region; return whether it has a dataset to ask."""
        well = checks.instance(
            f"{field}.dataset", self.dataset, DatasetRef, "a Warehouse, or Warehouse.from_existing(…)"
        )
        check_name(checks, f"{field}.table", self.table)
        self._check_entities(checks, f"{field}.entity_id_columns", known=self.columns if well else None)
        if well:
            self._check_location(checks, f"{field}.dataset", region)
        return well

    def _check_entities(self, checks: Checks, field: str, *, known: Mapping[str, Column] | None) -> None:
        checks.that(
            isinstance(self.entity_id_columns, tuple) and self.entity_id_columns,
            field,
            "names no column",
            given=self.entity_id_columns,
            allowed="a tuple of at least one column",
            do='name the columns that say which entity a row is about, as in ("customer_id",)',
        )
        checks.unique(field, (str(column) for column in self.entity_id_columns), "column")
        for index, column in enumerate(self.entity_id_columns):
            check_column(checks, f"{field}[{index}]", column, known)

    def _check_location(self, checks: Checks, field: str, region: str) -> None:
        checks.that(
            holds(self.dataset.location, region),
            field,
            f"is not where the features are, in {region}",
            given=self.dataset.location,
            allowed=f"a dataset in {region}, or in the multi-region around it",
            do="choose the region of the dataset, or copy the table",
        )


def check_column(checks: Checks, field: str, name: object, known: Mapping[str, Column] | None) -> bool:
    """Record whether a table can have a column of the name; and, where its columns are known, whether it has it."""
    if known is not None:
        return checks.one_of(field, name, known)
    return checks.that(
        isinstance(name, str) and names.limit("column").accepts(name),
        field,
        "is no name of a column",
        given=name,
        allowed=str(names.limit("column")),
        do="use letters, digits and underscores",
    )
