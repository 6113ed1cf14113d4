"""A scan of a table's quality: Google asks the same of every row, on a schedule, and tells people what fails."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.component import Args, Component
from groundplan.core.cron import check_cron
from groundplan.core.grants import Grant
from groundplan.core.principals import Identity
from groundplan.core.validation import Checks
from groundplan.data.quality_rule import QualityRule
from groundplan.data.table import Table
from groundplan.data.warehouse import Warehouse

_SERVICE = "dataplex.googleapis.com"
_WEEKLY = "0 5 * * 1"
_ALL = 100.0
_Spec = gcp.dataplex.DatascanDataQualitySpecArgs
_Actions = gcp.dataplex.DatascanDataQualitySpecPostScanActionsArgs
_JobFailure = gcp.dataplex.DatascanDataQualitySpecPostScanActionsNotificationReportJobFailureTriggerArgs
_Report = gcp.dataplex.DatascanDataQualitySpecPostScanActionsNotificationReportArgs


@dataclass(frozen=True, kw_only=True)
class QualityScanArgs(Args):
    """What a ``QualityScan`` takes."""

    warehouse: Warehouse
    """The warehouse that has the table. One that is not made here has its columns, and its scans, elsewhere."""
    table: str
    """Name of the table."""
    rules: tuple[QualityRule, ...]
    """What is asked of its columns, one rule for each thing."""
    schedule: str = _WEEKLY
    """When it is asked: cron's five fields, UTC unless a time zone stands first; by default Mondays at 5. Each run is
    billed by what it reads."""
    contacts: tuple[str, ...] = ()
    """E-mail addresses that are told when a rule fails, or the scan itself. Without any, results are only shown."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        check_cron(checks, "schedule", self.schedule)
        checks.unique("contacts", self.contacts, "contact")
        for index, contact in enumerate(self.contacts):
            checks.email(f"contacts[{index}]", contact)
        checks.that(
            self.rules,
            "rules",
            "are missing, and a scan without rules asks for nothing",
            given="nothing",
            allowed="at least one QualityRule",
            do="say what must hold of a column",
        )
        if checks.instance("warehouse", self.warehouse, Warehouse, "a Warehouse that is made here"):
            self._check_table(checks)

    def _check_table(self, checks: Checks) -> None:
        if not checks.one_of("table", self.table, self.warehouse.tables):
            return
        columns = {column.name for column in self.described.columns}
        for index, rule in enumerate(self.rules):
            where = f"rules[{index}]"
            if checks.instance(where, rule, QualityRule, "a QualityRule"):
                checks.one_of(f"{where}.column", rule.column, columns)
                rule.check(checks, where)

    @property
    def described(self) -> Table:
        """The table."""
        return next(table for table in self.warehouse.args.tables if table.name == self.table)

    @property
    def reads_personal(self) -> bool:
        """Whether a rule asks something of a personal column."""
        return bool({rule.column for rule in self.rules} & {*self.described.personal_names})


class QualityScan(Component):
    """A scan of one table: children ``scan``, and what lets Google's agent read the table.

    The agent of Dataplex runs the queries. It may read the dataset; personal columns only where a rule asks something
    of one. Results hold counts, and no rows.
    """

    kind = "groundplan:data:QualityScan"
    objectives = ("2.1.a", "5.1.a", "6.1.b")

    def __init__(self, name: str, args: QualityScanArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the scan; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.warehouse.project
        self.agent: Identity = service_agent(self.project, _SERVICE)
        granted = [each for made in self._read() for each in made.resources]
        self.scan = self.make(
            "scan",
            gcp.dataplex.Datascan,
            gcp.dataplex.DatascanArgs(
                project=self.project.id,
                location=args.warehouse.location.lower(),
                data_scan_id=self.cloud_name("data_scan"),
                display_name=f"{self.label}: quality of {args.table}",
                labels=self.labels(classification=args.warehouse.data_class.value),
                data=gcp.dataplex.DatascanDataArgs(resource=self._resource()),
                execution_spec=gcp.dataplex.DatascanExecutionSpecArgs(
                    trigger=gcp.dataplex.DatascanExecutionSpecTriggerArgs(
                        schedule=gcp.dataplex.DatascanExecutionSpecTriggerScheduleArgs(cron=args.schedule)
                    )
                ),
                data_quality_spec=_Spec(rules=[rule.build() for rule in args.rules], post_scan_actions=self._actions()),
            ),
            depends_on=[*self.agent.resources, *granted, args.warehouse.tables[args.table]],
        )
        self.finish({"scan": self.scan.id, "table": args.table, "rules": len(args.rules)})

    def _read(self) -> tuple[Grant, ...]:
        if self.args.reads_personal:
            return self.args.warehouse.grant_read_personal(self.agent)
        return (self.args.warehouse.grant_read(self.agent),)

    def _resource(self) -> pulumi.Output[str]:
        """Return the table's full name as Dataplex writes it."""
        return pulumi.Output.concat(
            f"//bigquery.googleapis.com/projects/{self.project.id}/datasets/",
            self.args.warehouse.dataset_id,
            f"/tables/{self.args.table}",
        )

    def _actions(self) -> _Actions | None:
        if not self.args.contacts:
            return None
        return _Actions(
            notification_report=_Report(
                recipients=gcp.dataplex.DatascanDataQualitySpecPostScanActionsNotificationReportRecipientsArgs(
                    emails=[*self.args.contacts]
                ),
                score_threshold_trigger=(
                    gcp.dataplex.DatascanDataQualitySpecPostScanActionsNotificationReportScoreThresholdTriggerArgs(
                        score_threshold=_ALL
                    )
                ),
                job_failure_trigger=_JobFailure(),  # type: ignore[no-untyped-call]  # a block without properties
            )
        )
