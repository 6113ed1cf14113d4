"""Security alerts: people are told of critical changes in all projects, and of what Security Command Center finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Args, Component
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import check_keys, chosen_key
from groundplan.core.environment import Project
from groundplan.core.grants import Grant
from groundplan.core.notifications import check_channels, email_channel
from groundplan.core.references import KeyRef, KeyRingRef, LogArchiveRef
from groundplan.core.requests import ask
from groundplan.core.validation import Checks
from groundplan.monitoring.counting_alert import alert_policy
from groundplan.monitoring.critical_changes import CHANGES, CriticalChange
from groundplan.monitoring.security_feeds import ASSET_TYPES, SecurityFeeds, check_asset_types

_BUCKET_METRICS = "logging_bucket"
"""The resource on which metrics of a log bucket are written, whichever project an entry came from."""


@dataclass(frozen=True, kw_only=True)
class SecurityAlertsArgs(Args):
    """What a ``SecurityAlerts`` takes."""

    archive: LogArchiveRef
    """Where all projects' entries are: a ``LogArchive``, or ``LogArchive.from_existing(…)``. Alerts are made in its
    project, and are about every project that sends its entries there."""
    contacts: tuple[str, ...] = ()
    """E-mail addresses that are told, each by a channel made here; a group's address reaches whoever is on duty."""
    channels: tuple[pulumi.Input[str], ...] = ()
    """Notification channels of the archive's project that are there, ``projects/…/notificationChannels/…``."""
    feeds: bool | None = None
    """Whether changes of assets and findings of Security Command Center are sent to topics, and findings alert; by
    default as the tier says. It wants Security Command Center to be active, for the organisation or each project."""
    asset_types: tuple[str, ...] = ASSET_TYPES
    """Types of assets whose changes are sent, as Cloud Asset Inventory names them."""
    keys: KeyRingRef | None = None
    """Keys by data class, for the topics; this or ``key`` is required where the tier asks for keys of one's own."""
    key: KeyRef | None = None
    """One key to use instead of the one that ``keys`` has for the data class."""
    data_class: DataClass = DataClass.CONFIDENTIAL
    """How sensitive it is what was found, and what changed."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.instance("archive", self.archive, LogArchiveRef, "a LogArchive, or LogArchive.from_existing(…)")
        checks.that(
            bool(self.contacts or self.channels),
            "contacts",
            "are missing, and so are channels, so that nobody would be told",
            given="nothing",
            allowed="at least one e-mail address or notification channel",
            do="name who is on duty, as in contacts=('security@acme.test',)",
        )
        checks.unique("contacts", self.contacts, "contact")
        for index, contact in enumerate(self.contacts):
            checks.email(f"contacts[{index}]", contact)
        check_channels(checks, "channels", self.channels)
        check_asset_types(checks, self.asset_types)
        if checks.instance("data_class", self.data_class, DataClass, "a DataClass, such as DataClass.CONFIDENTIAL"):
            self._check_keys(checks)

    def _check_keys(self, checks: Checks) -> None:
        if self.feeds_chosen:
            check_keys(checks, self.env, self.data_class, self.keys, self.key)

    @property
    def feeds_chosen(self) -> bool:
        """Whether there are feeds, given or by default."""
        return self.env.defaults.security_feeds if self.feeds is None else self.feeds


class SecurityAlerts(Component):
    """Alerts on critical changes in every project whose entries are in a log archive.

    Children: ``metric-<change>`` and ``alert-<change>`` for each kind of change, ``contact-…`` for each address. With
    feeds, for assets and for findings each ``topic-…`` and ``subscription-…``, in every project ``assets-<project>``
    and ``findings-<project>``, and ``alert-findings``. Where the archive's project is not ``managed`` nothing is made:
    what is wanted there becomes entries of ``requests``.
    """

    kind = "groundplan:monitoring:SecurityAlerts"
    objectives = ("6.1.a", "6.2.e")

    def __init__(self, name: str, args: SecurityAlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make metrics, alerts and feeds; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project: Project = args.archive.project
        self.alerts: dict[str, gcp.monitoring.AlertPolicy] = {}
        """The alert policies, by the kind of change; ``findings`` among them where there are feeds."""
        self.feeds: SecurityFeeds | None = None
        """The topics and what is sent to them; None where the tier or ``feeds`` says so."""
        if self.project.managed:
            self._make()
        else:
            self._ask()
        self.finish(
            {
                "alerts": {name: policy.name for name, policy in self.alerts.items()},
                "topics": self.feeds.topics if self.feeds else {},
            }
        )

    def grant_read(self, principal: object) -> list[Grant]:
        """Let a principal take findings and changes off the subscriptions; none where there are no feeds."""
        return self.feeds.grant_read(principal) if self.feeds else []

    def _make(self) -> None:
        channels = [*self.args.channels, *(email_channel(self, each).name for each in self.args.contacts)]
        for change in CHANGES:
            self.alerts[change.name] = self._alert(change, self._metric(change), channels)
        if self.args.feeds_chosen:
            key = chosen_key(self.args.data_class, self.args.keys, self.args.key)
            self.feeds = SecurityFeeds(
                self, key=key, data_class=self.args.data_class, asset_types=self.args.asset_types
            )
            self.alerts["findings"] = self.feeds.alert(channels)

    def _metric(self, change: CriticalChange) -> gcp.logging.Metric:
        return self.make(
            f"metric-{change.name}",
            gcp.logging.Metric,
            gcp.logging.MetricArgs(
                project=self.project.id,
                name=self.cloud_name("log_metric", change.name),
                description=change.happened,
                bucket_name=self.args.archive.log_bucket_id,
                filter=change.filter,
                metric_descriptor=gcp.logging.MetricMetricDescriptorArgs(metric_kind="DELTA", value_type="INT64"),
            ),
            depends_on=self.args.archive.made,
        )

    def _alert(
        self, change: CriticalChange, metric: gcp.logging.Metric, channels: Sequence[pulumi.Input[str]]
    ) -> gcp.monitoring.AlertPolicy:
        counted = f"logging.googleapis.com/user/{self.cloud_name('log_metric', change.name)}"
        first = f"1. {change.first_step}\n2. Find the entry in {self.args.archive.log_bucket_id}: `{change.filter}`"
        return self.make(
            f"alert-{change.name}",
            gcp.monitoring.AlertPolicy,
            alert_policy(
                self,
                change.name,
                f'metric.type="{counted}" AND resource.type="{_BUCKET_METRICS}"',
                f"{change.happened}\n\n{first}",
                channels,
            ),
            depends_on=[metric],
        )

    def _ask(self) -> None:
        for change in CHANGES:
            ask(
                self.project,
                need=f"a metric of {self.args.archive.log_bucket_id} for {change.filter}, and an alert above 0",
                command=f"gcloud logging metrics create {self.cloud_name('log_metric', change.name)} "
                f"--project={self.project.id} --bucket-name={self.args.archive.log_bucket_id} "
                f"--description='{change.name}' --log-filter='{change.filter}'",
            )
