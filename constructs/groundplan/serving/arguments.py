"""What an endpoint takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from groundplan.core.data_class import DataClass
from groundplan.core.encryption import check_keys, chosen_key
from groundplan.core.governed import ReviewedArgs, check_held
from groundplan.core.references import (
    AccountRef,
    DatasetRef,
    KeyRef,
    KeyRingRef,
    PipelineEnvironmentRef,
    TrainingPoolRef,
)
from groundplan.core.validation import Checks
from groundplan.data.stored import Principal, check_owner
from groundplan.serving.access import Access, PrivateConnect, PublicDedicated, ServiceAccess
from groundplan.serving.deployment import ModelDeployment, Rollout, ServingMachine, check_deployments
from groundplan.serving.endpoint_alerts import EndpointAlerts
from groundplan.serving.model_watch import Explanation, MonitoringPlan

_TABLE: Final = "[A-Za-z0-9_]{1,1024}"


@dataclass(frozen=True, kw_only=True)
class RequestLog:
    """Where requests and responses are logged."""

    dataset: DatasetRef
    """BigQuery dataset that gets the table, of a class as strict as the endpoint's; its expiry ends the log."""
    table: str | None = None
    """Name of the table, which must not be there: Google makes it, with the columns that the contract states. By
    default ``requests_`` and the endpoint's name."""
    sampling: float = 1.0
    """Share of the requests that are logged, above 0 and at most 1."""

    def check(self, checks: Checks, data_class: DataClass) -> None:
        """Record what is wrong, given the class of what the endpoint answers."""
        if checks.instance(
            "request_log.dataset", self.dataset, DatasetRef, "a Warehouse or Warehouse.from_existing(…)"
        ):
            checks.that(
                self.dataset.data_class.rank >= data_class.rank,
                "request_log.dataset",
                "is of a laxer class than the requests in it",
                given=f"{self.dataset.data_class.value}, for {data_class.value} requests",
                allowed=f"a dataset of class {data_class.value} or stricter",
                do="log to a dataset of the endpoint's class",
            )
        if self.table is not None:
            checks.matches("request_log.table", self.table, _TABLE, "letters, digits and _", "rename the table")
        checks.that(
            isinstance(self.sampling, int | float) and not isinstance(self.sampling, bool) and 0 < self.sampling <= 1,
            "request_log.sampling",
            "is no share",
            given=self.sampling,
            allowed="above 0 and at most 1",
            do="write ten per cent as 0.1",
        )


@dataclass(frozen=True, kw_only=True)
class OnlineEndpointArgs(ReviewedArgs):
    """What an ``OnlineEndpoint`` takes."""

    access: Access
    """How clients reach it: ``PrivateConnect`` (private, with IAM), ``ServiceAccess`` or ``PublicDedicated``."""
    account: AccountRef
    """The service account that the models run as, ours or one that was there before; never the default account."""
    owner: Principal
    """Who answers for the predictions, best a group; the label ``owner`` names them."""
    data_class: DataClass = DataClass.CONFIDENTIAL
    """How sensitive requests and responses are; chooses the key."""
    keys: KeyRingRef | None = None
    """Keys for the endpoint and what is deployed; required where the tier asks for keys of one's own."""
    key: KeyRef | None = None
    """One key, in place of one of ``keys``."""
    deployments: tuple[ModelDeployment, ...] = ()
    """What is to be deployed; their traffic sums to 100. None at first, until a model is registered."""
    pool: ServingMachine | None = None
    """Machines that all deployments share; they cannot be given a key of one's own."""
    rollout: Rollout | None = None
    """How traffic moves to one of the deployments; None where it moves at once."""
    request_log: RequestLog | None = None
    """Where requests and responses are logged; required where the tier says."""
    explanation: Explanation | None = None
    """How predictions are explained in batches."""
    monitoring: MonitoringPlan | None = None
    """What is monitored of the models; needs the request log."""
    alerts: EndpointAlerts = EndpointAlerts()  # noqa: RUF009 - immutable
    """When somebody is told, and when a rollout goes back."""
    trained_by: tuple[TrainingPoolRef | PipelineEnvironmentRef, ...] = ()
    """Where the models are trained, for rules to follow the data on to the endpoint: nothing else tells. Training that
    no program is known to make says nothing."""

    @property
    def chosen_key(self) -> KeyRef | None:
        """The key that encrypts the endpoint, or None where Google manages it."""
        return chosen_key(self.data_class, self.keys, self.key)

    def _governance(self) -> dict[str, Any]:
        urns = [each.training_urn for each in self.trained_by if each.training_urn is not None]
        return {**super()._governance(), **({"trainedBy": urns} if urns else {})}

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        kinds = (PrivateConnect, ServiceAccess, PublicDedicated)
        if checks.instance("access", self.access, kinds, "one PrivateConnect, ServiceAccess or PublicDedicated"):
            self.access.check(checks, self.env)
        checks.instance("account", self.account, AccountRef, "a ServiceIdentity, or ServiceIdentity.from_existing(…)")
        check_owner(checks, self.owner)
        if checks.instance("data_class", self.data_class, DataClass, "a DataClass, such as DataClass.CONFIDENTIAL"):
            check_keys(checks, self.env, self.data_class, self.keys, self.key)
            check_held(checks, self.agreements, self.data_class, self.env.region)
            if self.request_log is not None and checks.instance(
                "request_log", self.request_log, RequestLog, "a RequestLog"
            ):
                self.request_log.check(checks, self.data_class)
        if checks.instance("alerts", self.alerts, EndpointAlerts, "an EndpointAlerts"):
            self.alerts.check(checks)
        self.check_review(checks)
        for index, training in enumerate(self.trained_by):
            kinds_of_training = (TrainingPoolRef, PipelineEnvironmentRef)
            allowed = "a TrainingPool or a PipelineEnvironment, here or of another stack"
            checks.instance(f"trained_by[{index}]", training, kinds_of_training, allowed)
        self._check_models(checks)
        self._check_watch(checks)

    def _check_models(self, checks: Checks) -> None:
        check_deployments(checks, self.deployments, self.env, pooled=self.pool is not None)
        if self.pool is not None and checks.instance("pool", self.pool, ServingMachine, "a ServingMachine"):
            self.pool.check(checks, "pool", self.env)
            checks.that(
                not self.env.defaults.customer_managed_keys and self.key is None and self.keys is None,
                "pool",
                "cannot be given a key of one's own, and the endpoint is to have one",
                given="a pool, with a key or in a tier that asks for one",
                allowed="machines of their own for each deployment",
                do="leave the pool out",
            )
        if self.rollout is not None and checks.instance("rollout", self.rollout, Rollout, "a Rollout"):
            self.rollout.check(checks, [d for d in self.deployments if isinstance(d, ModelDeployment)])
        if isinstance(self.access, ServiceAccess):
            checks.that(
                len(self.deployments) <= 1 and self.rollout is None,
                "deployments",
                "share the traffic, and an endpoint on service access takes one model",
                given=f"{len(self.deployments)} deployments{', a rollout' if self.rollout else ''}",
                allowed="one deployment, without a rollout",
                do="use PrivateConnect, which splits traffic",
            )

    def _check_watch(self, checks: Checks) -> None:
        if self.explanation is not None and checks.instance(
            "explanation", self.explanation, Explanation, "an Explanation"
        ):
            self.explanation.check(checks)
        if self.monitoring is not None and checks.instance(
            "monitoring", self.monitoring, MonitoringPlan, "a MonitoringPlan"
        ):
            self.monitoring.check(checks, explained=self.explanation is not None)
            checks.that(
                self.request_log is not None,
                "monitoring",
                "has no requests to look at",
                given="no request_log",
                allowed="monitoring with a request_log",
                do="give a RequestLog",
            )
        checks.that(
            self.request_log is not None or not self.env.defaults.endpoint_request_log,
            "request_log",
            f"is missing, and tier {self.env.tier.name} logs requests",
            given="nothing",
            allowed="a RequestLog",
            do="name a dataset for it",
        )
        checks.that(
            self.request_log is None or not isinstance(self.access, ServiceAccess),
            "request_log",
            "is not to be had for an endpoint on service access",
            given="a RequestLog",
            allowed="a RequestLog with PrivateConnect or PublicDedicated",
            do="use PrivateConnect",
        )

    def log_table(self, label: str) -> str:
        """Return the name of the table that requests are logged to, for an endpoint of that label."""
        given = self.request_log.table if self.request_log is not None else None
        return given or f"requests_{re.sub('[^a-z0-9]', '_', label)}"
