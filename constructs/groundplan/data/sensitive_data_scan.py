"""Scans for sensitive data: buckets and tables gone through by a schedule, and copies without what was found."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.component import Args, Component
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import check_keys, chosen_key, key_in
from groundplan.core.grants import Grant
from groundplan.core.principals import Identity
from groundplan.core.references import AccountRef, DatasetRef, KeyRef, KeyRingRef
from groundplan.core.validation import Checks
from groundplan.data import discovery_arguments, scan_arguments
from groundplan.data.publishing import check_topic, let_publish
from groundplan.data.scan_targets import BucketScan, RiskAnalysis, TableScan
from groundplan.data.warehouse import Warehouse
from groundplan.security.capabilities import Capability, grant_capability
from groundplan.security.service_identity import ServiceIdentity, ServiceIdentityArgs

_SERVICE = "dlp.googleapis.com"
_SCHEDULER = "cloudscheduler.googleapis.com"
_PUBSUB = "pubsub.googleapis.com"
_LONGEST_DAYS = 60  # "Creating and scheduling inspection jobs", Sensitive Data Protection documentation: 1 to 60 days.
_MESSAGES = DataClass.CONFIDENTIAL


@dataclass(frozen=True, kw_only=True)
class SensitiveDataScanArgs(Args):
    """What a ``SensitiveDataScan`` takes."""

    findings: DatasetRef
    """Dataset that gets a table of findings for each target: kinds and places, never the text that was found."""
    buckets: tuple[BucketScan, ...] = ()
    """Buckets to look through, and where their de-identified copies go."""
    tables: tuple[TableScan, ...] = ()
    """Tables to look through."""
    info_types: tuple[str, ...] = discovery_arguments.INFO_TYPES
    """What is looked for, by Google's names of infoTypes; by default data about people, and secrets."""
    every_days: int = 1
    """Days between two runs, 1 to 60. Each run is billed by what it goes through."""
    only_new: bool = True
    """Whether a run goes through the files alone that came since the run before; tables are gone through whole."""
    topic: pulumi.Input[str] | None = None
    """Topic, ``projects/…/topics/…``, that hears when a run has ended; by default one of its own."""
    keys: KeyRingRef | None = None
    """Keys for the own topic; required where the tier asks for keys of one's own, unless a topic is given."""
    key: KeyRef | None = None
    """One key, in place of one of ``keys``."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.instance("findings", self.findings, DatasetRef, "a Warehouse, or Warehouse.from_existing(…)")
        checks.that(
            self.buckets or self.tables,
            "buckets",
            "and tables are none, so that nothing would be looked through",
            given="nothing",
            allowed="at least one BucketScan or TableScan",
            do="name what holds the data",
        )
        for index, bucket in enumerate(self.buckets):
            if checks.instance(f"buckets[{index}]", bucket, BucketScan, "a BucketScan"):
                bucket.check(checks, f"buckets[{index}]")
        for index, table in enumerate(self.tables):
            if checks.instance(f"tables[{index}]", table, TableScan, "a TableScan"):
                table.check(checks, f"tables[{index}]")
        self._check_unique(checks)
        discovery_arguments.check_info_types(checks, self.info_types)
        checks.within("every_days", self.every_days, 1, _LONGEST_DAYS, "days")
        checks.instance("only_new", self.only_new, bool, "true or false")
        check_topic(checks, "topic", self.topic)
        if self.topic is None:
            check_keys(checks, self.env, _MESSAGES, self.keys, self.key)

    def _check_unique(self, checks: Checks) -> None:
        buckets = [scan.bucket.label for scan in self.buckets if isinstance(scan, BucketScan)]
        checks.unique("buckets", buckets, "bucket")
        tables = [f"{scan.dataset.label}.{scan.table}" for scan in self.tables if isinstance(scan, TableScan)]
        checks.unique("tables", tables, "table")


class SensitiveDataScan(Component):
    """A scan of buckets and tables for sensitive data, again and again; it may leave de-identified copies of buckets.

    Children: ``inspect``, the template of what is looked for; ``bucket-<label>`` and ``table-<dataset>-<table>``, a
    trigger each; ``deidentify`` and ``redact``, the templates of copies, where there are any; ``topic`` where none is
    given; ``risk-<dataset>-<table>`` and the account ``<name>-risk`` where risk is analysed; and the grants that
    Google's agent for Sensitive Data Protection needs on what it reads and writes.
    """

    kind = "groundplan:data:SensitiveDataScan"
    objectives = ("2.1.c", "2.1.e", "5.1.a")

    def __init__(self, name: str, args: SensitiveDataScanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make templates and triggers; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.parent_name = f"projects/{self.project.id}/locations/{self.env.region}"
        self.agent: Identity = service_agent(self.project, _SERVICE)
        self.topic: pulumi.Input[str] = args.topic if args.topic is not None else self._topic().id
        self._own_account: ServiceIdentity | None = None
        self._first = [
            *self.agent.resources,
            *args.findings.grant_edit(self.agent).resources,
            *let_publish(self, self.topic, self.agent).resources,
        ]
        self.inspect = self._inspect()
        copying = [scan for scan in args.buckets if scan.deidentify_to is not None]
        self.deidentify = self._deidentify("deidentify", scan_arguments.by_kind()) if copying else None
        images = any("IMAGE" in scan.file_types for scan in copying)
        self.redact = self._deidentify("redact", scan_arguments.painted_over()) if images else None
        self.triggers = {
            **{scan.bucket.label: self._bucket(scan) for scan in args.buckets},
            **{f"{scan.dataset.label}.{scan.table}": self._table(scan) for scan in args.tables},
        }
        self.risk_jobs = {
            f"{scan.dataset.label}.{scan.table}": self._risk(scan, scan.risk)
            for scan in args.tables
            if scan.risk is not None
        }
        self.finish(
            {
                "triggers": {target: made.id for target, made in self.triggers.items()},
                "inspectTemplate": self.inspect.id,
                "topic": self.topic,
                "riskJobs": {target: made.id for target, made in self.risk_jobs.items()},
            }
        )

    def _topic(self) -> gcp.pubsub.Topic:
        key = chosen_key(_MESSAGES, self.args.keys, self.args.key)
        return self.make(
            "topic",
            gcp.pubsub.Topic,
            gcp.pubsub.TopicArgs(
                project=self.project.id,
                name=self.cloud_name("topic"),
                kms_key_name=key_in(key, self.env.region, self.where) if key is not None else None,
                message_storage_policy=gcp.pubsub.TopicMessageStoragePolicyArgs(
                    allowed_persistence_regions=[self.env.region]
                ),
                labels=self.labels(classification=_MESSAGES.value),
            ),
            depends_on=key.grant_agent(self.project, _PUBSUB).resources if key is not None else (),
        )

    def _inspect(self) -> gcp.dataloss.PreventionInspectTemplate:
        return self.make(
            "inspect",
            gcp.dataloss.PreventionInspectTemplate,
            gcp.dataloss.PreventionInspectTemplateArgs(
                parent=self.parent_name,
                template_id=self.cloud_name("inspect_template"),
                display_name=f"{self.label}: what is looked for",
                inspect_config=discovery_arguments.inspect_config(self.args.info_types),
            ),
        )

    def _deidentify(
        self, role: str, config: gcp.dataloss.PreventionDeidentifyTemplateDeidentifyConfigArgs
    ) -> gcp.dataloss.PreventionDeidentifyTemplate:
        return self.make(
            role,
            gcp.dataloss.PreventionDeidentifyTemplate,
            gcp.dataloss.PreventionDeidentifyTemplateArgs(
                parent=self.parent_name,
                template_id=self.cloud_name("deidentify_template", role),
                display_name=f"{self.label}: {role}",
                deidentify_config=config,
            ),
        )

    def _bucket(self, scan: BucketScan) -> gcp.dataloss.PreventionJobTrigger:
        actions = self._actions(f"findings_{_underscored(scan.bucket.label)}")
        first = [*scan.bucket.grant_read(self.agent).resources]
        if scan.deidentify_to is not None and self.deidentify is not None:
            first += scan.deidentify_to.grant_write(self.agent).resources
            images = self.redact.id if self.redact is not None and "IMAGE" in scan.file_types else None
            folder = scan.bucket.label
            actions.append(
                scan_arguments.copy_to(scan.deidentify_to, folder, scan.file_types, self.deidentify.id, images)
            )
        storage = scan_arguments.bucket_storage(scan, only_new=self.args.only_new)
        return self._trigger(f"bucket-{scan.bucket.label}", storage, actions, first)

    def _table(self, scan: TableScan) -> gcp.dataloss.PreventionJobTrigger:
        actions = self._actions(f"findings_{_underscored(scan.dataset.label)}_{scan.table}")
        read = self._let_read(scan.dataset)
        first = [resource for granted in read for resource in granted.resources]
        if isinstance(scan.dataset, Warehouse) and scan.table in scan.dataset.tables:
            first.append(scan.dataset.tables[scan.table])
        return self._trigger(
            f"table-{scan.dataset.label}-{scan.table}", scan_arguments.table_storage(scan), actions, first
        )

    def _let_read(self, dataset: DatasetRef) -> tuple[Grant, ...]:
        """Let the agent read a dataset, personal columns as they are: masked ones it could not look through."""
        if isinstance(dataset, Warehouse) and dataset.columns is not None:
            return dataset.grant_read_personal(self.agent)
        return (dataset.grant_read(self.agent),)

    def _actions(self, table: str) -> list[scan_arguments.Action]:
        return [scan_arguments.save(self.args.findings, table), scan_arguments.publish(self.topic)]

    def _trigger(
        self,
        role: str,
        storage: gcp.dataloss.PreventionJobTriggerInspectJobStorageConfigArgs,
        actions: list[scan_arguments.Action],
        first: list[pulumi.Resource],
    ) -> gcp.dataloss.PreventionJobTrigger:
        run = scan_arguments.Run(parent=self.parent_name, template=self.inspect.id, every_days=self.args.every_days)
        return self.make(
            role,
            gcp.dataloss.PreventionJobTrigger,
            run.trigger(self.cloud_name("job_trigger", role), f"{self.label}: {role}", storage, actions),
            depends_on=[*self._first, *first],
        )

    def _risk(self, scan: TableScan, risk: RiskAnalysis) -> gcp.cloudscheduler.Job:
        account = risk.account or self._risk_account()
        scheduler = service_agent(self.project, _SCHEDULER)
        started = grant_capability(Capability.RUN_DLP_JOBS, account, self.project)
        target, table = f"{scan.dataset.label}-{scan.table}", f"risk_{_underscored(scan.dataset.label)}_{scan.table}"
        return self.make(
            f"risk-{target}",
            gcp.cloudscheduler.Job,
            gcp.cloudscheduler.JobArgs(
                project=self.project.id,
                region=self.env.region,
                name=self.cloud_name("scheduler_job", f"risk-{target}"),
                description=f"Computes how easily people in {target} could be told apart",
                schedule=risk.cron,
                time_zone=risk.time_zone,
                http_target=scan_arguments.risk_call(
                    self.parent_name, scan, risk, self.args.findings, table, account.email
                ),
            ),
            depends_on=[*scheduler.resources, *started.resources, *self._first],
        )

    def _risk_account(self) -> AccountRef:
        if self._own_account is None:
            self._own_account = ServiceIdentity(
                f"{self.label}-risk",
                ServiceIdentityArgs(env=self.env, purpose=f"Starts analyses of risk of {self.label}"),
                pulumi.ResourceOptions(parent=self),
            )
        return self._own_account


def _underscored(label: str) -> str:
    """Return a label as a part of a table's name."""
    return re.sub("[^A-Za-z0-9]", "_", label)
