"""Settings of data: buckets and warehouses."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

import groundplan as gp
from blueprint.settings.base import Section, verify, verify_each

DataClassName = Literal["public", "internal", "confidential", "restricted", "personal", "health"]


class BucketSettings(Section):
    """A bucket."""

    data_class: DataClassName
    """How sensitive its objects are."""
    owner: str
    """Who answers for the data, such as group:data@acme.test."""
    retention_days: int | None = None
    """Days for which an object cannot be deleted or replaced."""
    delete_after_days: int | None = None
    """Days after which an object is deleted; by default as its class and its agreements say."""
    readers: list[str] = Field(default_factory=list)
    """Principals, or names of identities of these settings, that read its objects."""
    writers: list[str] = Field(default_factory=list)
    """Principals, or names of identities of these settings, that read and change its objects."""
    agreements: list[str] = Field(default_factory=list)
    """Names of the agreements on the data, which say who may be given access."""
    existing: str | None = None
    """Name of a bucket to use instead of making one."""


class ColumnSettings(Section):
    """A column of a table."""

    name: str
    """The column's name."""
    type: str = "STRING"
    """BigQuery type, such as STRING, INT64, FLOAT64, DATE, TIMESTAMP."""
    mode: str = "NULLABLE"
    """NULLABLE, REQUIRED, or REPEATED for several values."""
    description: str
    """What the column holds."""
    personal: str | None = None
    """Kind of personal data that it holds, if any: it then carries a policy tag and reads masked."""

    @field_validator("personal")
    @classmethod
    def _kind(cls, value: str | None) -> str | None:
        if value is not None:
            verify(lambda checks: checks.one_of("personal", value, [kind.value for kind in gp.Personal]))
        return value


class QualitySettings(Section):
    """What is asked of a column: exactly one of the four."""

    column: str
    """The column's name."""
    not_null: bool = False
    """There is a value."""
    unique: bool = False
    """No value occurs twice."""
    between: tuple[float | None, float | None] | None = None
    """The least and the greatest value, both allowed; null for no bound on a side."""
    one_of: list[str] = Field(default_factory=list)
    """The values that are allowed."""
    share: float = 1.0
    """Share of rows for which it must hold, above 0 and up to 1."""


class TableSettings(Section):
    """A table."""

    columns: list[ColumnSettings] = Field(min_length=1)
    """The table's columns, in their order."""
    quality: list[QualitySettings] = Field(default_factory=list)
    """What is asked of its rows every Monday; the owner of the data is told what fails. Google bills each run by what
    it reads."""
    partition_by: str | None = None
    """Column of type DATE or TIMESTAMP that partitions the table by day."""


class WarehouseSettings(Section):
    """A BigQuery dataset with its tables."""

    data_class: DataClassName
    """How sensitive its tables are."""
    owner: str
    """Who answers for the data, such as group:data@acme.test."""
    tables: dict[str, TableSettings] = Field(default_factory=dict)
    """Tables by name."""
    readers: list[str] = Field(default_factory=list)
    """Principals, or names of identities of these settings, that read its tables; personal columns read masked."""
    writers: list[str] = Field(default_factory=list)
    """Principals, or names of identities of these settings, that read and change its tables."""
    agreements: list[str] = Field(default_factory=list)
    """Names of the agreements on the data, which say who may be given access."""
    existing: str | None = None
    """Id of a dataset to use instead of making one."""


class DiscoverySettings(Section):
    """Discovery of sensitive data in all tables and buckets of the workload project, all of which Google bills."""

    profiles: str | None = None
    """Name of the warehouse that keeps what was found; by default Google's console alone shows it."""
    refresh: Literal["never", "monthly", "daily"] | None = None
    """How often what has changed is gone through again; by default as the tier says."""
    data_locations: list[str] = Field(default_factory=list)
    """Where data is gone through, such as europe-west4 or europe; by default the environment's region."""


class BucketScanSettings(Section):
    """A bucket that is gone through for sensitive data."""

    path: str = ""
    """Folder inside the bucket; by default all of it."""
    deidentify_to: str | None = None
    """Name of another bucket, that gets a copy without what was found."""


class TableScanSettings(Section):
    """A table that is gone through for sensitive data."""

    warehouse: str
    """Name of the warehouse that has it."""
    table: str
    """The table."""
    quasi_ids: list[str] = Field(default_factory=list)
    """Columns that together may tell who somebody is; where there are any, it is computed how easily."""
    risk_cron: str = "0 3 1 * *"
    """When that is computed: five fields of cron."""


class ScanSettings(Section):
    """A scan for sensitive data, again and again, which Google bills by what it goes through."""

    findings: str
    """Name of the warehouse that keeps what was found: kinds and places, never the text itself."""
    buckets: dict[str, BucketScanSettings] = Field(default_factory=dict)
    """Buckets to go through, by their names."""
    tables: list[TableScanSettings] = Field(default_factory=list)
    """Tables to go through."""
    every_days: int = 1
    """Days between two runs, 1 to 60."""
    only_new: bool = True
    """Whether a run goes through the files alone that came since the run before."""


class IdentitySettings(Section):
    """A service account that a workload runs as."""

    purpose: str
    """What runs as it, in a line."""
    capabilities: list[str] = Field(default_factory=list)
    """What it may do in the workload project, by name of capability."""
    existing: str | None = None
    """E-mail of a service account to use instead of making one."""

    @field_validator("capabilities")
    @classmethod
    def _known(cls, value: list[str]) -> list[str]:
        known = [capability.value for capability in gp.Capability]
        verify_each(value, lambda checks, name: checks.one_of("capabilities", name, known))
        return value
