"""What a warehouse holds: tables with row policies, and views that may read where their readers may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi

from groundplan.core import names
from groundplan.core.data_class import DataClass
from groundplan.core.references import AccountRef, DatasetRef
from groundplan.core.validation import Checks
from groundplan.data.columns import Column, Personal, check_columns
from groundplan.data.stored import Principal

_UNITS: Final[Mapping[str, tuple[str, ...]]] = {
    "DATE": ("DAY", "MONTH", "YEAR"),
    "TIMESTAMP": ("HOUR", "DAY", "MONTH", "YEAR"),
    "DATETIME": ("HOUR", "DAY", "MONTH", "YEAR"),
}
# Source: "Introduction to clustered tables", BigQuery documentation.
_CLUSTERED: Final = frozenset(
    {"STRING", "INTEGER", "NUMERIC", "BIGNUMERIC", "BOOLEAN", "TIMESTAMP", "DATE", "DATETIME", "GEOGRAPHY"}
)
_MOST_CLUSTERS: Final = 4
_LONGEST_DAYS: Final = 3650
_ALWAYS: Final = frozenset({"TRUE", "(TRUE)", "1=1", "NOT FALSE"})


@dataclass(frozen=True, kw_only=True)
class RowPolicy:
    """Who sees which rows of a table. As soon as a table has one, whoever is in none of them sees no row."""

    name: str
    """Name inside the table, letters, digits and underscores."""
    filter: str
    """Condition in SQL on the table's columns, such as ``region = "EU"``."""
    grantees: tuple[Principal, ...]
    """Who sees the rows that meet it: groups, people, service accounts; no whole domain."""

    def check(self, checks: Checks, where: str, data_class: DataClass) -> None:
        """Record what is wrong with the policy."""
        checks.matches(f"{where}.name", self.name, r"[a-z][a-z0-9_]{0,99}", "lower-case words joined by _", "rename it")
        condition = " ".join(self.filter.upper().split())
        checks.that(
            condition and not (data_class.is_restricted and condition in _ALWAYS),
            f"{where}.filter",
            "lets every row through" if condition else "is empty",
            given=self.filter,
            allowed="a condition on the table's columns",
            do="state which rows the grantees may see",
        )
        checks.that(
            self.grantees,
            f"{where}.grantees",
            "names nobody",
            given="nothing",
            allowed="at least one group, person or service account",
            do="name who sees the rows, or remove the policy",
        )
        for index, grantee in enumerate(self.grantees):
            if isinstance(grantee, AccountRef) or not checks.principal(f"{where}.grantees[{index}]", grantee):
                continue
            checks.that(
                not grantee.startswith("domain:"),
                f"{where}.grantees[{index}]",
                "is everybody of a domain",
                given=grantee,
                allowed="groups, people and service accounts",
                do="name the group",
            )


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of a warehouse."""

    name: str
    """The table's id, as queries write it."""
    columns: tuple[Column, ...]
    """Its columns, in order."""
    description: str = ""
    """What a row is, and where it comes from."""
    partition_by: str | None = None
    """A DATE, TIMESTAMP or DATETIME column whose value decides the partition; None for one piece."""
    partition_unit: str = "DAY"
    """Length of a partition: ``HOUR``, ``DAY``, ``MONTH`` or ``YEAR``."""
    require_partition_filter: bool = True
    """Whether a query of a partitioned table must say which partitions; without it a query may read, and bill, all."""
    cluster_by: tuple[str, ...] = ()
    """Up to four columns by which the rows of a partition are sorted."""
    expires_days: int | None = None
    """Days after which a partition is deleted, 1 to 3,650; by default as the warehouse says."""
    row_policies: tuple[RowPolicy, ...] = ()
    """Who sees which rows; where there are none, readers of the dataset see all."""

    @property
    def personal(self) -> set[Personal]:
        """Kinds of personal columns that it has."""
        found = (inner.personal for column in self.columns for inner in column.walk())
        return {kind for kind in found if isinstance(kind, Personal)}

    @property
    def personal_names(self) -> list[str]:
        """Names of its personal columns and fields, in order."""
        return [inner.name for column in self.columns for inner in column.walk() if inner.personal is not None]

    def check(self, checks: Checks, where: str, data_class: DataClass, kept_days: int | None) -> None:
        """Record what is wrong with the table in a warehouse of that class, whose data is kept so long."""
        check_name(checks, f"{where}.name", self.name)
        checks.that(
            self.columns,
            f"{where}.columns",
            "are missing",
            given="nothing",
            allowed="at least one Column",
            do="describe the table's columns",
        )
        if not check_columns(checks, f"{where}.columns", self.columns):
            return
        checks.that(
            not self.personal or data_class.is_personal,
            f"{where}.columns",
            f"are personal in a warehouse of class {data_class.value}, whose data does not expire as such data must",
            given=", ".join(sorted(kind.value for kind in self.personal)),
            allowed="personal columns where data_class is personal or health",
            do="give the warehouse data_class=DataClass.PERSONAL, or leave the columns out",
        )
        self._check_partition(checks, where)
        self._check_clusters(checks, where)
        self._check_expiry(checks, where, data_class, kept_days)
        for index, policy in enumerate(self.row_policies):
            if checks.instance(f"{where}.row_policies[{index}]", policy, RowPolicy, "a RowPolicy"):
                policy.check(checks, f"{where}.row_policies[{index}]", data_class)
        names_given = (policy.name for policy in self.row_policies if isinstance(policy, RowPolicy))
        checks.unique(f"{where}.row_policies", names_given, "policy")

    def _check_partition(self, checks: Checks, where: str) -> None:
        if self.partition_by is None:
            return
        fit = {c.name: c.api_type for c in self.columns if c.api_type in _UNITS and c.mode != "REPEATED"}
        if checks.one_of(f"{where}.partition_by", self.partition_by, fit):
            checks.one_of(f"{where}.partition_unit", self.partition_unit, _UNITS[fit[self.partition_by]])

    def _check_clusters(self, checks: Checks, where: str) -> None:
        checks.within(f"{where}.cluster_by", len(self.cluster_by), 0, _MOST_CLUSTERS, "columns")
        checks.unique(f"{where}.cluster_by", self.cluster_by, "column")
        fit = [c.name for c in self.columns if c.api_type in _CLUSTERED and c.mode != "REPEATED"]
        for index, name in enumerate(self.cluster_by):
            checks.one_of(f"{where}.cluster_by[{index}]", name, fit)

    def _check_expiry(self, checks: Checks, where: str, data_class: DataClass, kept_days: int | None) -> None:
        days = self.expires_days
        checks.that(
            days is None or self.partition_by is not None,
            f"{where}.expires_days",
            "is for partitions; a whole table expires at a point in time, which depends on when it was made",
            given=days,
            allowed="expires_days with partition_by",
            do="partition the table by the date of its rows, or leave it out",
        )
        checks.that(
            kept_days is None or self.partition_by is not None,
            f"{where}.partition_by",
            f"is missing, so that the whole table would be deleted {kept_days} days after it was made",
            given="nothing",
            allowed="a DATE, TIMESTAMP or DATETIME column",
            do="partition the table by the date of its rows, so that only old ones go",
        )
        if days is not None and checks.within(f"{where}.expires_days", days, 1, _LONGEST_DAYS, "days"):
            checks.that(
                not data_class.is_personal or kept_days is None or days <= kept_days,
                f"{where}.expires_days",
                "keeps personal data for longer than the warehouse says",
                given=days,
                allowed=f"at most {kept_days} days",
                do="shorten it",
            )


@dataclass(frozen=True, kw_only=True)
class View:
    """A view; where it is authorised on a dataset, its readers need no access to the tables there.

    Policy tags and row policies of the tables still hold for whoever queries the view.
    """

    name: str
    """The view's id, as queries write it."""
    query: pulumi.Input[str]
    """GoogleSQL that selects the rows."""
    authorized_on: tuple[DatasetRef, ...] = ()
    """Datasets that it may read, each other than its own."""
    description: str = ""
    """What a row is."""

    def check(self, checks: Checks, where: str) -> None:
        """Record what is wrong with the view."""
        check_name(checks, f"{where}.name", self.name)
        checks.that(
            not isinstance(self.query, str) or self.query.strip(),
            f"{where}.query",
            "is empty",
            given=self.query,
            allowed="a SELECT in GoogleSQL",
            do="write the query",
        )
        for index, dataset in enumerate(self.authorized_on):
            checks.instance(
                f"{where}.authorized_on[{index}]", dataset, DatasetRef, "a Warehouse, or Warehouse.from_existing(…)"
            )


def check_name(checks: Checks, where: str, name: str) -> None:
    """Record whether BigQuery takes the name for a table or a view."""
    checks.that(
        names.limit("table").accepts(name),
        where,
        "is no name of a table",
        given=name,
        allowed=str(names.limit("table")),
        do="use letters, digits and underscores",
    )
