"""Monitoring of a model: the contract of its monitor, and what makes people hear of what the monitor finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.component import Component
from groundplan.core.cron import check_cron
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import check_keys, chosen_key, key_in
from groundplan.core.governed import ReviewedArgs, check_held
from groundplan.core.names import limit
from groundplan.core.notifications import check_channels, email_channel
from groundplan.core.references import KeyRef, KeyRingRef, OnlineEndpointRef
from groundplan.core.validation import Checks
from groundplan.data.publishing import let_publish
from groundplan.governance.review_parts import IncidentContact
from groundplan.monitoring.baselines import BaselineFiles, BaselineTable
from groundplan.monitoring.model_dashboard import dashboard_json
from groundplan.serving.online_endpoint import OnlineEndpoint

_PUBSUB: Final = "pubsub.googleapis.com"
_MONITORING: Final = "monitoring.googleapis.com"
_MESSAGES: Final = DataClass.CONFIDENTIAL
_ONE_MESSAGE_IN: Final = "3600s"
_KINDS: Final = ("skew", "drift", "attribution")
# The log that Vertex AI's monitors of models write anomalies to, where they are told to. Source: "Monitor feature skew
# and drift", Vertex AI documentation; field ``enableCloudLogging`` of ``ModelMonitoringNotificationSpec``, v1beta1.
_LOG: Final = "aiplatform.googleapis.com/model_monitoring_anomaly"


@dataclass(frozen=True, kw_only=True)
class ModelMonitoringArgs(ReviewedArgs):
    """What a ``ModelMonitoring`` takes. Thresholds are distances, above 0 and at most 1, by name of the feature."""

    endpoint: OnlineEndpointRef
    """The endpoint whose requests are looked at; it has to log them."""
    baseline: BaselineTable | BaselineFiles
    """The data that the model learned from."""
    skew: Mapping[str, float]
    """How far requests may be from the baseline."""
    drift: Mapping[str, float]
    """How far requests may be from those of the time before."""
    attribution: Mapping[str, float] = field(default_factory=dict)
    """How far the parts that features have in predictions may move; the model has to be explained for that."""
    cron: str = "0 6 * * *"
    """When the monitor runs: five fields of cron."""
    sampling_rate: float = 1.0
    """Share of the logged requests that is looked at, above 0 and at most 1."""
    incident: IncidentContact
    """Who is told, how grave it is, and what is done first; stands in every alert. The contact gets a channel."""
    contacts: tuple[str, ...] = ()
    """Further e-mail addresses that are told."""
    channels: tuple[pulumi.Input[str], ...] = ()
    """Further notification channels that are there, ``projects/…/notificationChannels/…``."""
    keys: KeyRingRef | None = None
    """Keys for the topic of anomalies; this or ``key`` is required where the tier asks for keys of one's own."""
    key: KeyRef | None = None
    """One key, in place of one of ``keys``."""

    @property
    def everybody(self) -> tuple[str, ...]:
        """All addresses that are told, each once."""
        return tuple(dict.fromkeys((self.incident.contact, *self.contacts)))

    @property
    def monitor(self) -> dict[str, Any]:
        """The contract of the monitor, as rules read it."""
        owner, urn = self.endpoint.owner, self.baseline.urn
        return {
            "endpoint": self.endpoint.endpoint_id if owner is None else owner.urn,
            **{kind: dict(getattr(self, kind)) for kind in _KINDS},
            "schedule": self.cron,
            "baseline": self.baseline.source,
            **({} if urn is None else {"baselineUrn": urn}),
            "samplingRate": float(self.sampling_rate),
        }

    def declared(self) -> dict[str, Any]:
        """Return what the construct says of itself in the deployment document."""
        return {**super().declared(), "monitor": self.monitor}

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        words = "an OnlineEndpoint, or OnlineEndpoint.from_existing(…)"
        if checks.instance("endpoint", self.endpoint, OnlineEndpointRef, words):
            check_held(checks, self.agreements, self.endpoint.data_class, self.endpoint.region)
            checks.that(
                not isinstance(self.endpoint, OnlineEndpoint) or self.endpoint.args.request_log is not None,
                "endpoint",
                "logs no requests, so that there is nothing to look at",
                given=self.endpoint.label,
                allowed="an endpoint with a request_log",
                do="give the OnlineEndpoint a RequestLog",
            )
        self.check_review(checks)
        if checks.instance(
            "baseline", self.baseline, (BaselineTable, BaselineFiles), "a BaselineTable or BaselineFiles"
        ):
            self.baseline.check(checks)
        for kind in _KINDS:
            self._check_thresholds(checks, kind, getattr(self, kind))
        check_cron(checks, "cron", self.cron)
        checks.that(
            _is_share(self.sampling_rate),
            "sampling_rate",
            "is no share",
            given=self.sampling_rate,
            allowed="above 0 and at most 1",
            do="write ten per cent as 0.1",
        )
        if checks.instance("incident", self.incident, IncidentContact, "an IncidentContact"):
            self.incident.check(checks, "incident")
        checks.unique("contacts", map(str, self.contacts), "contact")
        for index, contact in enumerate(self.contacts):
            checks.email(f"contacts[{index}]", contact)
        check_channels(checks, "channels", self.channels)
        check_keys(checks, self.env, _MESSAGES, self.keys, self.key)

    def _check_thresholds(self, checks: Checks, kind: str, thresholds: Mapping[str, float]) -> None:
        if not checks.instance(kind, thresholds, Mapping, "a mapping of features to thresholds"):
            return
        checks.that(
            thresholds or kind == "attribution",
            kind,
            "names no feature",
            given="nothing",
            allowed="at least one feature with its threshold",
            do="name the features that the model decides by; begin with 0.3",
        )
        rule = limit("column")
        for name, threshold in thresholds.items():
            place = f"{kind}[{name!r}]"
            known = isinstance(name, str) and rule.accepts(name)
            remedy = "name it as the request log does"
            checks.that(known, place, "is no name of a feature", given=name, allowed=str(rule), do=remedy)
            good = _is_share(threshold) and threshold < 1
            allowed = "above 0 and below 1, which no distance is above"
            checks.that(good, place, "is no threshold", given=threshold, allowed=allowed, do="begin with 0.3")


class ModelMonitoring(Component):
    """What monitors the model on an endpoint, as far as it is infrastructure.

    The provider has no resource for a monitor: the deploying workload makes it by ``contract`` (output
    ``monitorContract``) and lets it write anomalies to the log. Children: ``metric``, which counts them;
    ``alert-anomaly``; ``contact-…``, a channel for each address; ``topic`` and ``channel-topic``, which pass alerts on
    to programs, for a retraining to begin; ``dashboard``.
    """

    kind = "groundplan:monitoring:ModelMonitoring"
    objectives = ("6.2.a", "6.2.b", "6.2.c", "5.2.a")

    def __init__(self, name: str, args: ModelMonitoringArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make alerts, topic and dashboard; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.endpoint.project
        self.topic = self._topic()
        people = [email_channel(self, contact).name for contact in args.everybody]
        self.channels = [*args.channels, *people, self._to_topic().name]
        self.metric = self._metric()
        self.alert = self._alert()
        self.dashboard = self._dashboard()
        self.contract = self._contract()
        self.finish({"monitorContract": self.contract, "alert": self.alert.name, "topic": self.topic.id})

    @property
    def _filter(self) -> str:
        return f'log_id("{_LOG}")'

    @property
    def _counted(self) -> str:
        return f"logging.googleapis.com/user/{self.cloud_name('log_metric', 'anomalies')}"

    def _metric(self) -> gcp.logging.Metric:
        return self.make(
            "metric",
            gcp.logging.Metric,
            gcp.logging.MetricArgs(
                project=self.project.id,
                name=self.cloud_name("log_metric", "anomalies"),
                description="Anomalies that monitors of models found in the project",
                filter=self._filter,
                metric_descriptor=gcp.logging.MetricMetricDescriptorArgs(metric_kind="DELTA", value_type="INT64"),
            ),
        )

    def _alert(self) -> gcp.monitoring.AlertPolicy:
        matched = gcp.monitoring.AlertPolicyConditionConditionMatchedLogArgs(filter=self._filter)
        return self.make(
            "alert-anomaly",
            gcp.monitoring.AlertPolicy,
            gcp.monitoring.AlertPolicyArgs(
                project=self.project.id,
                display_name=self.cloud_name("alert_policy", "anomaly"),
                combiner="OR",
                severity=self.args.incident.severity.upper(),
                conditions=[
                    gcp.monitoring.AlertPolicyConditionArgs(display_name="anomaly", condition_matched_log=matched)
                ],
                notification_channels=[*self.channels],
                # One message a run, however many features are beyond their thresholds.
                alert_strategy=gcp.monitoring.AlertPolicyAlertStrategyArgs(
                    notification_rate_limit=gcp.monitoring.AlertPolicyAlertStrategyNotificationRateLimitArgs(
                        period=_ONE_MESSAGE_IN
                    )
                ),
                documentation=gcp.monitoring.AlertPolicyDocumentationArgs(
                    mime_type="text/markdown", content=self._text()
                ),
                user_labels=self.labels(),
            ),
        )

    def _text(self) -> str:
        incident = self.args.incident
        limits = "; ".join(
            f"{kind}: {', '.join(f'{name} {limit}' for name, limit in getattr(self.args, kind).items())}"
            for kind in _KINDS
            if getattr(self.args, kind)
        )
        return (
            f"The model on endpoint {self.args.endpoint.label} is asked or decides otherwise than it learned, beyond a "
            f"threshold ({limits}). The entries are in the log `{self._filter}`.\n\n"
            f"- Contact: {incident.contact}\n"
            f"- Severity: {incident.severity}\n"
            f"- First step: {incident.first_step}"
        )

    def _topic(self) -> gcp.pubsub.Topic:
        key = chosen_key(_MESSAGES, self.args.keys, self.args.key)
        region = self.args.endpoint.region
        return self.make(
            "topic",
            gcp.pubsub.Topic,
            gcp.pubsub.TopicArgs(
                project=self.project.id,
                name=self.cloud_name("topic"),
                kms_key_name=key_in(key, region, self.where) if key is not None else None,
                message_storage_policy=gcp.pubsub.TopicMessageStoragePolicyArgs(allowed_persistence_regions=[region]),
                labels=self.labels(classification=_MESSAGES.value),
            ),
            depends_on=key.grant_agent(self.project, _PUBSUB).resources if key is not None else (),
        )

    def _to_topic(self) -> gcp.monitoring.NotificationChannel:
        """Make the channel by which Cloud Monitoring publishes what it alerts of."""
        agent = service_agent(self.project, _MONITORING)
        published = let_publish(self, self.topic.id, agent)
        return self.make(
            "channel-topic",
            gcp.monitoring.NotificationChannel,
            gcp.monitoring.NotificationChannelArgs(
                project=self.project.id,
                type="pubsub",
                display_name=self.cloud_name("notification_channel", "topic"),
                labels={"topic": self.topic.id},
                user_labels=self.labels(),
            ),
            depends_on=[*agent.resources, *published.resources],
        )

    def _dashboard(self) -> gcp.monitoring.Dashboard:
        title = f"{self.env.prefix} {self.label}: model"
        return self.make(
            "dashboard",
            gcp.monitoring.Dashboard,
            gcp.monitoring.DashboardArgs(
                project=self.project.id,
                dashboard_json=dashboard_json(title, self.args.endpoint.endpoint_name, self._counted),
            ),
            depends_on=[self.metric],
        )

    def _contract(self) -> dict[str, Any]:
        """Return what the monitor has to be, for the workload that makes it."""
        args = self.args
        return {
            **args.monitor,
            "endpoint": args.endpoint.endpoint_id,
            "notification": {
                "enableCloudLogging": True,
                "notificationChannels": self.channels,
                "emails": list(args.everybody),
            },
            "topic": self.topic.id,
        }


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1
