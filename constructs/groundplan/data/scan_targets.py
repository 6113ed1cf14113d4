"""What a scan for sensitive data looks through: buckets, whose copies it may de-identify, and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from groundplan.core.cron import check_cron, check_time_zone
from groundplan.core.data_class import DataClass
from groundplan.core.references import AccountRef, BucketRef, DatasetRef
from groundplan.core.regions import holds
from groundplan.core.validation import Checks
from groundplan.data.columns import Column
from groundplan.data.table import check_name
from groundplan.data.warehouse import known_columns

FileType: TypeAlias = Literal["TEXT_FILE", "CSV", "TSV", "IMAGE"]

_FILE_TYPES: Final = ("TEXT_FILE", "CSV", "TSV", "IMAGE")
_PATH: Final = r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*"
_COLUMN: Final = r"[A-Za-z_][A-Za-z0-9_]{0,299}"
_MOST_QUASI_IDS: Final = 20


@dataclass(frozen=True, kw_only=True)
class BucketScan:
    """A bucket to look through."""

    bucket: BucketRef
    """The bucket."""
    path: str = ""
    """Folder inside it, without slashes at its ends; by default all of it."""
    deidentify_to: BucketRef | None = None
    """Another bucket, that gets a copy of each file in which what was found is replaced by its kind.

    A file in which nothing is found is copied as it is, so the copy is no better than what is looked for."""
    file_types: tuple[FileType, ...] = ("TEXT_FILE", "CSV", "TSV")
    """Kinds of files that are copied; with ``IMAGE`` what is found is painted over. Files of other kinds are not."""

    @property
    def url(self) -> str:
        """What of the bucket is looked through, after ``gs://<bucket>/``."""
        return f"{self.path}/**" if self.path else "**"

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong."""
        words = "a DataBucket, or DataBucket.from_existing(…)"
        known = checks.instance(f"{field}.bucket", self.bucket, BucketRef, words)
        if self.path:
            remedy = "leave out gs://, the bucket, and slashes at the ends"
            checks.matches(f"{field}.path", self.path, _PATH, "a path such as intake/2026", remedy)
        for index, kind in enumerate(self.file_types):
            checks.one_of(f"{field}.file_types[{index}]", kind, _FILE_TYPES)
        checks.unique(f"{field}.file_types", map(str, self.file_types), "kind of files")
        checks.that(
            self.file_types,
            f"{field}.file_types",
            "are none, so that nothing would be copied",
            given="nothing",
            allowed=", ".join(_FILE_TYPES),
            do="name the kinds of files in the bucket",
        )
        if self.deidentify_to is None:
            return
        if checks.instance(f"{field}.deidentify_to", self.deidentify_to, BucketRef, words) and known:
            self._check_copy(checks, f"{field}.deidentify_to", self.deidentify_to)

    def _check_copy(self, checks: Checks, field: str, copy: BucketRef) -> None:
        names = (copy.bucket_name, self.bucket.bucket_name)
        checks.that(
            copy is not self.bucket and not (all(isinstance(name, str) for name in names) and names[0] == names[1]),
            field,
            "is the bucket itself, which Google refuses",
            given=copy.label,
            allowed="another bucket",
            do="make a bucket for the de-identified copy",
        )
        checks.that(
            copy.data_class is not DataClass.PUBLIC,
            field,
            "is for public data, and what was de-identified may still tell who somebody is",
            given=copy.data_class.value,
            allowed=", ".join(known.value for known in DataClass if known is not DataClass.PUBLIC),
            do="give the copy a bucket of its own class",
        )
        for agreement in self.bucket.agreements:
            checks.that(
                any(holds(place, copy.location) for place in agreement.terms.residency),
                field,
                f"is where the agreement {agreement.label} does not allow the data to be",
                given=copy.location,
                allowed=", ".join(agreement.terms.residency),
                do="keep the copy where the data may be",
            )


@dataclass(frozen=True, kw_only=True)
class RiskAnalysis:
    """How easily people could be told apart by some columns together: k-anonymity, computed anew by a schedule.

    The provider has no resource for such a job, so Cloud Scheduler calls the API, as an account that may start jobs.
    """

    quasi_ids: tuple[str, ...]
    """Columns that together may tell who somebody is, though none does alone: 1 to 20."""
    cron: str = "0 3 1 * *"
    """When it is computed: five fields of cron, by default on the first day of a month."""
    time_zone: str = "UTC"
    """Time zone of the schedule."""
    account: AccountRef | None = None
    """Account that starts the jobs; by default one of its own. It needs no access to the data."""

    def check(self, checks: Checks, field: str, known: Mapping[str, Column] | None) -> None:
        """Record what is wrong, where the table's columns may be known."""
        checks.within(f"{field}.quasi_ids", len(self.quasi_ids), 1, _MOST_QUASI_IDS, "columns")
        checks.unique(f"{field}.quasi_ids", map(str, self.quasi_ids), "column")
        for index, name in enumerate(self.quasi_ids):
            place = f"{field}.quasi_ids[{index}]"
            if known is not None:
                checks.one_of(place, name, known)
            else:
                checks.matches(place, name, _COLUMN, "a column's name", "name it as the table does")
        check_cron(checks, f"{field}.cron", self.cron)
        check_time_zone(checks, f"{field}.time_zone", self.time_zone)
        if self.account is not None:
            words = "a ServiceIdentity, or ServiceIdentity.from_existing(…)"
            checks.instance(f"{field}.account", self.account, AccountRef, words)


@dataclass(frozen=True, kw_only=True)
class TableScan:
    """A table to look through."""

    dataset: DatasetRef
    """The dataset that it is in."""
    table: str
    """The table's id."""
    risk: RiskAnalysis | None = None
    """Whether and how it is computed how easily people could be told apart."""

    @property
    def columns(self) -> Mapping[str, Column] | None:
        """Columns of the table by name, where the dataset says what they are."""
        return known_columns(self.dataset, self.table)

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong."""
        words = "a Warehouse, or Warehouse.from_existing(…)"
        known = checks.instance(f"{field}.dataset", self.dataset, DatasetRef, words)
        check_name(checks, f"{field}.table", self.table)
        if self.risk is not None and checks.instance(f"{field}.risk", self.risk, RiskAnalysis, "a RiskAnalysis"):
            self.risk.check(checks, f"{field}.risk", self.columns if known else None)
