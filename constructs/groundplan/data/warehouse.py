"""A BigQuery dataset for data of one class: encrypted, expiring, with personal columns masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.data_class import DataClass
from groundplan.core.environment import Project
from groundplan.core.governed import check_held
from groundplan.core.grants import Grant
from groundplan.core.principals import Identity, identity_of
from groundplan.core.references import DatasetRef, ExistingDataset
from groundplan.core.references.governance import AgreementRef, admitted
from groundplan.core.validation import Checks
from groundplan.data.agreed_columns import check_agreed_columns, marked
from groundplan.data.authorized_view import authorize_view
from groundplan.data.column_access import ColumnAccess, grant_clear, grant_masked, make_column_access
from groundplan.data.columns import Column, Personal, schema_json
from groundplan.data.stored import Principal, StoredArgs, key_in
from groundplan.data.table import RowPolicy, Table, View

_AGENT = "bigquery.googleapis.com"
_DAY_MS = 86_400_000
# Source: "Configure the time travel window", BigQuery documentation: 48 to 168 hours. Seven days of fail-safe follow,
# which nobody can shorten; both are within what the personal classes promise.
_SHORTEST_TIME_TRAVEL, _LONGEST_TIME_TRAVEL = "48", "168"
_BILLING = ("LOGICAL", "PHYSICAL")
_DATASET_ID = r"[A-Za-z0-9_]{1,1024}"


@dataclass(frozen=True, kw_only=True)
class WarehouseArgs(StoredArgs):
    """What a ``Warehouse`` takes. ``owner`` owns the dataset from its creation on; see ``DatasetRef.grant_own``."""

    tables: tuple[Table, ...] = ()
    """Tables whose columns are known now; pipelines may make others."""
    views: tuple[View, ...] = ()
    """Views, made after the tables."""
    description: str = ""
    """What the dataset is for."""
    storage_billing: str = "LOGICAL"
    """What storage is charged by: ``LOGICAL`` bytes, or ``PHYSICAL`` (compressed, but time travel costs too)."""

    def __post_init__(self) -> None:
        """Mark columns as personal where agreements say that they are."""
        super().__post_init__()
        if isinstance(self.tables, tuple) and all(isinstance(table, Table) for table in self.tables):
            agreements = self.known_agreements
            object.__setattr__(self, "tables", tuple(marked(table, agreements) for table in self.tables))

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        super().validate(checks)
        checks.one_of("storage_billing", self.storage_billing, _BILLING)
        for index, table in enumerate(self.tables):
            if checks.instance(f"tables[{index}]", table, Table, "a Table") and isinstance(self.data_class, DataClass):
                table.check(checks, f"tables[{index}]", self.data_class, self.kept_days)
        if all(isinstance(table, Table) for table in self.tables):
            check_agreed_columns(checks, self.tables, self.known_agreements)
        for index, view in enumerate(self.views):
            if checks.instance(f"views[{index}]", view, View, "a View"):
                view.check(checks, f"views[{index}]")
        entries = [entry.name for entry in (*self.tables, *self.views) if isinstance(entry, Table | View)]
        checks.unique("tables and views", entries, "name")

    @property
    def personal(self) -> set[Personal]:
        """Kinds of personal columns in the tables."""
        return {kind for table in self.tables for kind in table.personal}


class DescribedDataset(ExistingDataset):
    """A dataset that is not made here, of whose tables it is known what columns they have."""

    def __init__(
        self,
        *,
        project: Project,
        dataset_id: str,
        location: str,
        data_class: DataClass,
        tables: tuple[Table, ...],
        agreements: tuple[AgreementRef, ...] = (),
    ) -> None:
        """Take the attributes of ``DatasetRef``, and the tables."""
        super().__init__(
            label=dataset_id,
            project=project,
            dataset_id=dataset_id,
            location=location,
            data_class=data_class,
            agreements=agreements,
        )
        self.tables = tables


class Warehouse(Component, DatasetRef):
    """A BigQuery dataset with tables and views.

    Children: ``dataset``; ``table-<name>`` and ``view-<name>``; ``row-policy-<table>-<name>``; where there are
    personal columns ``taxonomy``, and ``tag-<kind>`` and ``mask-<kind>`` for each kind. Readers see personal columns
    masked if they are granted ``grant_read_masked``, and as they are with ``grant_read_personal``; with ``grant_read``
    alone a query of such a column is refused. Whoever queries needs the right to run jobs in a project as well, which
    is not the dataset's to give.

    The dataset's list of access is its owner alone when it is made, so that BigQuery does not add the project's readers
    and writers. Every later grant, here and elsewhere, is one entry of that list (``DatasetAccess``): the list
    inside ``Dataset`` is ignored from then on, and dataset IAM resources, which drop authorised views, are not used.
    """

    kind = "groundplan:data:Warehouse"
    objectives = ("1.1.b", "2.1.a", "2.1.c", "2.1.e", "3.2.a", "6.1.a")

    def __init__(self, name: str, args: WarehouseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the dataset and what is in it; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.data_class = args.data_class
        self.location = args.region
        self.agreements = args.agreements
        key = args.chosen_key
        self._key_id = key_in(key, self.location, self.where) if key is not None else None
        granted = key.grant_agent(self.project, _AGENT).resources if key is not None else ()
        self.dataset = self.make(
            "dataset", gcp.bigquery.Dataset, self._dataset_args(), depends_on=granted, ignore_changes=["accesses"]
        )
        self.dataset_id: pulumi.Output[str] = self.dataset.dataset_id
        self.columns: ColumnAccess | None = (
            make_column_access(self, "taxonomy", args.personal, self.location, self.project.id)
            if args.personal
            else None
        )
        self.tables: Mapping[str, gcp.bigquery.Table] = {table.name: self._table(table) for table in args.tables}
        self.views: Mapping[str, gcp.bigquery.Table] = {view.name: self._view(view) for view in args.views}
        self.finish(
            {
                "datasetId": self.dataset_id,
                "location": self.location,
                "dataClass": self.data_class.value,
                "tables": {name: table.id for name, table in self.tables.items()},
                "views": {name: view.id for name, view in self.views.items()},
                "personalColumns": {table.name: names for table in args.tables if (names := table.personal_names)},
            }
        )

    def _dataset_args(self) -> gcp.bigquery.DatasetArgs:
        args, kept = self.args, self.args.kept_days
        expiry = kept * _DAY_MS if kept is not None else None
        personal = self.data_class.is_personal
        return gcp.bigquery.DatasetArgs(
            project=self.project.id,
            dataset_id=self.cloud_name("dataset"),
            location=self.location,
            description=args.description or None,
            accesses=[gcp.bigquery.DatasetAccessArgs(role="OWNER", iam_member=self._admitted(args.owner).member)],
            default_encryption_configuration=gcp.bigquery.DatasetDefaultEncryptionConfigurationArgs(
                kms_key_name=self._key_id
            )
            if self._key_id is not None
            else None,
            default_table_expiration_ms=expiry,
            default_partition_expiration_ms=expiry,
            max_time_travel_hours=_SHORTEST_TIME_TRAVEL if personal else _LONGEST_TIME_TRAVEL,
            storage_billing_model=args.storage_billing,
            labels=self.labels(classification=self.data_class.value, owner=args.owner_label),
        )

    def _admitted(self, principal: Principal) -> Identity:
        """Return the identity of somebody who may be given access by the agreements on the data."""
        return admitted(self.agreements, identity_of(principal, self.where), self.where)

    def _table(self, table: Table) -> gcp.bigquery.Table:
        days = table.expires_days or self.args.kept_days
        made = self.make(
            f"table-{table.name}",
            gcp.bigquery.Table,
            gcp.bigquery.TableArgs(
                project=self.project.id,
                dataset_id=self.dataset_id,
                table_id=table.name,
                description=table.description or None,
                schema=self._schema(table),
                time_partitioning=gcp.bigquery.TableTimePartitioningArgs(
                    type=table.partition_unit,
                    field=table.partition_by,
                    expiration_ms=days * _DAY_MS if days is not None else None,
                )
                if table.partition_by is not None
                else None,
                require_partition_filter=table.require_partition_filter if table.partition_by is not None else None,
                clusterings=list(table.cluster_by) or None,
                encryption_configuration=gcp.bigquery.TableEncryptionConfigurationArgs(kms_key_name=self._key_id)
                if self._key_id is not None
                else None,
                labels=self.labels(classification=self.data_class.value),
            ),
            # Masked before there is anything to read.
            depends_on=list(self.columns.masks.values()) if table.personal and self.columns is not None else (),
        )
        for policy in table.row_policies:
            self._row_policy(table, made, policy)
        return made

    def _schema(self, table: Table) -> pulumi.Input[str]:
        if self.columns is None:
            return schema_json(table.columns, {})
        tags = pulumi.Output.all(**{kind.value: tag.name for kind, tag in self.columns.tags.items()})
        return tags.apply(
            lambda known: schema_json(table.columns, {Personal(kind): name for kind, name in known.items()})
        )

    def _row_policy(self, table: Table, made: gcp.bigquery.Table, policy: RowPolicy) -> None:
        grantees = [self._admitted(grantee) for grantee in policy.grantees]
        role = f"row-policy-{table.name}-{policy.name}"
        suffix = f"_g{self.env.generation}" if self.env.generation > 1 else ""
        self.make(
            role,
            gcp.bigquery.RowAccessPolicy,
            gcp.bigquery.RowAccessPolicyArgs(
                project=self.project.id,
                dataset_id=self.dataset_id,
                table_id=made.table_id,
                policy_id=f"{policy.name}{suffix}",
                filter_predicate=policy.filter,
                grantees=[identity.member for identity in grantees],
            ),
            depends_on=[resource for identity in grantees for resource in identity.resources],
        )

    def _view(self, view: View) -> gcp.bigquery.Table:
        made = self.make(
            f"view-{view.name}",
            gcp.bigquery.Table,
            gcp.bigquery.TableArgs(
                project=self.project.id,
                dataset_id=self.dataset_id,
                table_id=view.name,
                description=view.description or None,
                view=gcp.bigquery.TableViewArgs(query=view.query, use_legacy_sql=False),
                labels=self.labels(classification=self.data_class.value),
            ),
            depends_on=list(self.tables.values()),
        )
        for source in view.authorized_on:
            authorize_view(source, f"{self.label}-{view.name}", made)
        return made

    def grant_read_masked(self, principal: object) -> tuple[Grant, ...]:
        """Let a principal read the tables, with every personal column masked."""
        identity = identity_of(principal, self.where)
        masked = grant_masked(self, self.columns, identity) if self.columns is not None else []
        return (self.grant_read(principal), *masked)

    def grant_read_personal(self, principal: object, kinds: tuple[Personal, ...] = ()) -> tuple[Grant, ...]:
        """Let a principal read the tables, with personal columns as they are; by default all kinds of them.

        Kinds that are not named stay masked. A kind that no table has raises ``ArgumentError``.
        """
        identity = identity_of(principal, self.where)
        known = self.columns.tags if self.columns is not None else {}
        checks = Checks(self.where)
        for index, kind in enumerate(kinds):
            checks.one_of(f"kinds[{index}]", kind, known)
        checks.that(
            self.columns is not None,
            "kinds",
            "are of columns that no table has",
            given="nothing",
            allowed="a warehouse with personal columns",
            do="use grant_read",
        )
        checks.finish()
        chosen = kinds or tuple(known)
        clear = grant_clear(self, self.columns, identity, chosen) if self.columns is not None else []
        read = (self.grant_read(principal),) if set(chosen) == set(known) else self.grant_read_masked(principal)
        return (*read, *clear)

    @staticmethod
    def from_existing(
        dataset_id: str,
        *,
        project: Project,
        location: str,
        data_class: DataClass,
        label: str | None = None,
        agreements: tuple[AgreementRef, ...] = (),
    ) -> DatasetRef:
        """Return a dataset that was there before.

        ``dataset_id`` is the id inside ``project``, whose ``managed`` says whether grants on it are ours to make;
        ``label``, by default the id, begins the names of grants; ``agreements`` are those on the data in it.
        """
        checks = Checks("Warehouse.from_existing")
        checks.matches(
            "dataset_id",
            dataset_id,
            _DATASET_ID,
            "a dataset's id, letters, digits and underscores",
            "leave out the project and any table",
        )
        checks.instance("data_class", data_class, DataClass, "a DataClass, such as DataClass.INTERNAL")
        check_held(checks, agreements, data_class, location)
        checks.finish()
        return ExistingDataset(
            label=label or dataset_id,
            project=project,
            dataset_id=dataset_id,
            location=location,
            data_class=data_class,
            agreements=agreements,
        )


def known_columns(dataset: DatasetRef, table: str) -> Mapping[str, Column] | None:
    """Return the columns of a table by name; None where the dataset does not say what they are."""
    if isinstance(dataset, Warehouse):
        tables = dataset.args.tables
    elif isinstance(dataset, DescribedDataset):
        tables = dataset.tables
    else:
        return None
    found = [each for each in tables if each.name == table]
    return {column.name: column for column in found[0].columns} if found else None
