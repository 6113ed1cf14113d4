"""The data that a model learned from, with which what it is asked is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi

from groundplan.core.references import BucketRef, DatasetRef
from groundplan.core.validation import Checks
from groundplan.data.table import check_name
from groundplan.data.warehouse import Warehouse

_PATH: Final = r"[A-Za-z0-9][A-Za-z0-9._*-]*(?:/[A-Za-z0-9][A-Za-z0-9._*-]*)*"


@dataclass(frozen=True, kw_only=True)
class BaselineTable:
    """Training data in a table of BigQuery."""

    dataset: DatasetRef
    """The dataset that it is in."""
    table: str
    """The table's id."""

    @property
    def source(self) -> dict[str, pulumi.Input[str]]:
        """Where the data is, as the contract says it."""
        return {"table": pulumi.Output.concat(self.dataset.place, ".", self.table)}

    @property
    def urn(self) -> pulumi.Output[str] | None:
        """The table, or what it is in, in the program that makes it; None where it was there before."""
        if isinstance(self.dataset, Warehouse) and self.table in self.dataset.tables:
            return self.dataset.tables[self.table].urn
        return self.dataset.owner.urn if self.dataset.owner is not None else None

    def check(self, checks: Checks) -> None:
        """Record what is wrong."""
        checks.instance("baseline.dataset", self.dataset, DatasetRef, "a Warehouse, or Warehouse.from_existing(…)")
        check_name(checks, "baseline.table", self.table)


@dataclass(frozen=True, kw_only=True)
class BaselineFiles:
    """Training data in files of a bucket."""

    bucket: BucketRef
    """The bucket that they are in."""
    path: str
    """Path of the file, or of the files with ``*``, inside the bucket."""

    @property
    def source(self) -> dict[str, pulumi.Input[str]]:
        """Where the data is, as the contract says it."""
        return {"uri": pulumi.Output.concat("gs://", self.bucket.bucket_name, "/", self.path)}

    @property
    def urn(self) -> pulumi.Output[str] | None:
        """The bucket in the program that makes it; None where it was there before."""
        return self.bucket.owner.urn if self.bucket.owner is not None else None

    def check(self, checks: Checks) -> None:
        """Record what is wrong."""
        checks.instance("baseline.bucket", self.bucket, BucketRef, "a DataBucket, or DataBucket.from_existing(…)")
        remedy = "leave out gs:// and the bucket"
        checks.matches("baseline.path", self.path, _PATH, "a path such as census/training-*.csv", remedy)
