"""Alerts on an endpoint: requests that take long, requests that fail, machines that cannot keep up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import pulumi
import pulumi_gcp as gcp

from groundplan.core.accelerators import machine_type
from groundplan.core.component import Component
from groundplan.core.environment import Environment
from groundplan.core.notifications import check_channels, email_channel
from groundplan.core.validation import Checks
from groundplan.serving.deploy_contract import DeployedModel
from groundplan.serving.deployment import METRICS, ServingMachine

# Source: "Google Cloud metrics", aiplatform, and "Monitor private endpoints", 2026-10. Endpoints on private services
# access report to metrics of their own; those on Private Service Connect are documented for neither set, so that
# they are watched on both.
_COMMON: Final = ("", 'metric.labels.latency_type="total"', 'metric.labels.response_code="5xx"')
_PRIVATE: Final = ("private/", "", "metric.labels.response_code>=500")
_METRICS: Final = {
    "private-service-connect": (_COMMON, _PRIVATE),
    "service-access": (_PRIVATE,),
    "public": (_COMMON,),
}
_FIRST_STEPS: Final = {
    "latency": "compare the models by their id, and give the slow one no traffic",
    "errors": "read the endpoint's log of these minutes, and give the failing model no traffic",
    "saturation": "let there be more replicas, or ask callers to wait",
}
"""What somebody who is woken up does first."""
_POOL: Final = "aiplatform.googleapis.com/DeploymentResourcePool"
_ENDPOINT: Final = "aiplatform.googleapis.com/Endpoint"
_BY_MODEL: Final = ("metric.label.deployed_model_id",)
_Condition: TypeAlias = gcp.monitoring.AlertPolicyConditionArgs


@dataclass(frozen=True, kw_only=True)
class EndpointAlerts:
    """When somebody is told, and when a rollout goes back."""

    channels: tuple[pulumi.Input[str], ...] = ()
    """Notification channels that are there, ``projects/…/notificationChannels/…``."""
    contacts: tuple[str, ...] = ()
    """E-mail addresses that are told, each by a channel made here; without these and channels, incidents are only
    shown."""
    latency_ms: int = 1000
    """Milliseconds within which 95 of 100 requests are to be answered, 1 to 3,600,000."""
    error_share: float = 0.01
    """Share of requests that may fail for the server's reasons, above 0 and below 1."""
    minutes: int = 5
    """Minutes for which a limit is passed before an alert goes out, 1 to 1,440."""

    def check(self, checks: Checks) -> None:
        """Record what is wrong."""
        checks.within("alerts.latency_ms", self.latency_ms, 1, 3_600_000, "milliseconds")
        checks.within("alerts.minutes", self.minutes, 1, 1440, "minutes")
        checks.that(
            isinstance(self.error_share, float) and 0 < self.error_share < 1,
            "alerts.error_share",
            "is no share",
            given=self.error_share,
            allowed="above 0 and below 1",
            do="write one per cent as 0.01",
        )
        checks.unique("alerts.contacts", self.contacts, "contact")
        for index, contact in enumerate(self.contacts):
            checks.email(f"alerts.contacts[{index}]", contact)
        check_channels(checks, "alerts.channels", self.channels)


def make_alerts(
    component: Component,
    alerts: EndpointAlerts,
    *,
    access: str,
    endpoint: str,
    models: Sequence[DeployedModel],
    pool: tuple[str, ServingMachine] | None,
) -> list[gcp.monitoring.AlertPolicy]:
    """Make the alert policies ``alert-latency`` and ``alert-errors``, and ``alert-saturation`` where models are named.

    ``access`` is as the contract writes it, ``endpoint`` the endpoint's number, ``pool`` the name and the machines of
    the pool that the models share.
    """
    latency = [_latency(alerts, f"{METRICS}/{part}", endpoint, label) for part, label, _ in _METRICS[access]]
    errors = [_errors(alerts, f"{METRICS}/{part}", endpoint, label) for part, _, label in _METRICS[access]]
    saturation = [_saturated(alerts, component.env, endpoint, model) for model in models if model.machine is not None]
    if pool is not None:
        saturation = [_pool_saturated(alerts, component.env, *pool)]
    texts = {
        "latency": (latency, f"95 of 100 requests take longer than {alerts.latency_ms} ms"),
        "errors": (errors, f"more than {alerts.error_share:.2%} of the requests fail"),
        "saturation": (saturation, "the machines are as many as they may be, and there is more to do"),
    }
    made = [email_channel(component, contact, role="alert-contact").name for contact in alerts.contacts]
    channels = [*alerts.channels, *made]
    return [_policy(component, alerts, channels, use, *text) for use, text in texts.items() if text[0]]


def _policy(
    component: Component,
    alerts: EndpointAlerts,
    channels: Sequence[pulumi.Input[str]],
    use: str,
    conditions: Sequence[_Condition],
    text: str,
) -> gcp.monitoring.AlertPolicy:
    severity = "WARNING" if use == "saturation" else "ERROR"
    return component.make(
        f"alert-{use}",
        gcp.monitoring.AlertPolicy,
        gcp.monitoring.AlertPolicyArgs(
            project=component.project.id,
            display_name=component.cloud_name("alert_policy", use),
            combiner="OR",
            conditions=[*conditions],
            severity=severity,
            notification_channels=[*channels],
            documentation=gcp.monitoring.AlertPolicyDocumentationArgs(
                mime_type="text/markdown",
                content=f"Endpoint {component.label}: for {alerts.minutes} minutes {text}. A rollout that is under way "
                f"goes back to the split before it.\n\n- Contact: {', '.join(alerts.contacts) or 'nobody is named'}\n"
                f"- Severity: {severity.lower()}\n- First step: {_FIRST_STEPS[use]}",
            ),
            user_labels=component.labels(),
        ),
    )


def _latency(alerts: EndpointAlerts, prefix: str, endpoint: str, label: str) -> _Condition:
    where = _where(f"{prefix}prediction_latencies", _ENDPOINT, "endpoint_id", endpoint, label)
    by = _Aggregation("ALIGN_PERCENTILE_95", "REDUCE_MAX", _BY_MODEL)
    return _condition(alerts, f"Latency by {prefix}prediction_latencies", where, by, alerts.latency_ms)


def _errors(alerts: EndpointAlerts, prefix: str, endpoint: str, label: str) -> _Condition:
    every, failed = (
        _where(f"{prefix}response_count", _ENDPOINT, "endpoint_id", endpoint, part) for part in ("", label)
    )
    by = _Aggregation("ALIGN_RATE", "REDUCE_SUM", _BY_MODEL)
    return _condition(alerts, f"Errors by {prefix}response_count", failed, by, alerts.error_share, of=every)


def _saturated(alerts: EndpointAlerts, env: Environment, endpoint: str, model: DeployedModel) -> _Condition:
    machine = model.machine or ServingMachine()
    metric, limit = _saturation(machine, env, METRICS)
    where = _where(metric, _ENDPOINT, "endpoint_id", endpoint, f'metric.labels.deployed_model_id="{model.id}"')
    return _condition(
        alerts, f"Saturation of {model.deployment.name}", where, _Aggregation("ALIGN_MEAN", "REDUCE_MEAN"), limit
    )


def _pool_saturated(alerts: EndpointAlerts, env: Environment, pool: str, machine: ServingMachine) -> _Condition:
    metric, limit = _saturation(machine, env, f"{METRICS}/deployment_resource_pool")
    where = _where(metric, _POOL, "deployment_resource_pool_id", pool)
    return _condition(alerts, "Saturation of the pool", where, _Aggregation("ALIGN_MEAN", "REDUCE_MEAN"), limit)


def _saturation(machine: ServingMachine, env: Environment, prefix: str) -> tuple[str, float]:
    """Return the metric that tells that machines cannot keep up, and its limit.

    Where replicas are added, that is the wish for as many as there may be; else the use that should not be passed. Of
    a CPU Google counts the use of one core as 1.
    """
    least, most = machine.replicas(env)
    if most > least:
        return f"{prefix}/target_replicas", most - 0.5
    share = machine.utilisation / 100
    if machine.accelerator is not None:
        return f"{prefix}/accelerator/duty_cycle", share
    return f"{prefix}/cpu/utilization", share * machine_type(machine.machine_type).vcpus


def _where(metric: str, resource: str, key: str, value: str, *more: str) -> str:
    parts = (f'metric.type="{metric}"', f'resource.type="{resource}"', f'resource.labels.{key}="{value}"')
    return " AND ".join([*parts, *filter(None, more)])


@dataclass(frozen=True)
class _Aggregation:
    """How time series become the one that is compared."""

    aligner: str
    reducer: str
    groups: tuple[str, ...] = ()


def _condition(
    alerts: EndpointAlerts, name: str, where: str, by: _Aggregation, limit: float, *, of: str | None = None
) -> _Condition:
    """Return a condition; ``of`` is what the time series is a share of."""
    return gcp.monitoring.AlertPolicyConditionArgs(
        display_name=name,
        condition_threshold=gcp.monitoring.AlertPolicyConditionConditionThresholdArgs(
            filter=where,
            comparison="COMPARISON_GT",
            threshold_value=limit,
            duration=f"{alerts.minutes * 60}s",
            aggregations=[
                gcp.monitoring.AlertPolicyConditionConditionThresholdAggregationArgs(
                    alignment_period="60s",
                    per_series_aligner=by.aligner,
                    cross_series_reducer=by.reducer,
                    group_by_fields=[*by.groups] or None,
                )
            ],
            denominator_filter=of,
            denominator_aggregations=None
            if of is None
            else [
                gcp.monitoring.AlertPolicyConditionConditionThresholdDenominatorAggregationArgs(
                    alignment_period="60s",
                    per_series_aligner=by.aligner,
                    cross_series_reducer=by.reducer,
                    group_by_fields=[*by.groups] or None,
                )
            ],
        ),
    )
