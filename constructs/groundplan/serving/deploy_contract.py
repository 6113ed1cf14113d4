"""What a workload that deploys models is bound to: the part of an endpoint that Google's provider has no resource for.

Google gives a deployed model the id that whoever deploys asks for. So ids come from what is deployed, they are known
before anything is, and shares of traffic can be reviewed by them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import pulumi

from groundplan.core import names
from groundplan.core.environment import Environment
from groundplan.serving.deployment import ModelDeployment, Rollout, ServingMachine

# Source: "Use online prediction logging", schema of request-response logging tables.
REQUEST_LOG_SCHEMA: Final = (
    {"name": "endpoint", "type": "STRING", "mode": "NULLABLE"},
    {"name": "deployed_model_id", "type": "STRING", "mode": "NULLABLE"},
    {"name": "logging_time", "type": "TIMESTAMP", "mode": "NULLABLE"},
    {"name": "request_id", "type": "NUMERIC", "mode": "NULLABLE"},
    {"name": "request_payload", "type": "STRING", "mode": "REPEATED"},
    {"name": "response_payload", "type": "STRING", "mode": "REPEATED"},
)
"""Columns of the table that Google makes for requests and responses; payloads are JSON texts, one an instance."""


@dataclass(frozen=True, kw_only=True)
class DeployedModel:
    """One deployment as the deploying workload asks Google for it."""

    id: str
    """Id to ask for: up to 10 digits, the same for the same version on the same machines."""
    deployment: ModelDeployment
    """What is deployed."""
    machine: ServingMachine | None
    """Its own machines; None where it shares the endpoint's pool."""
    body: Mapping[str, Any]
    """Google's ``DeployedModel``, to be sent unchanged as ``deployedModel`` of ``endpoints.deployModel``."""


@dataclass(frozen=True, kw_only=True)
class DeployContract:
    """What is to be deployed on an endpoint, how traffic moves there, and when it moves back."""

    VERSION: ClassVar = 1
    """Version of what ``exported`` returns."""

    endpoint: str
    """The endpoint's full name."""
    region: str
    """The endpoint's region."""
    access: str
    """``private-service-connect``, ``service-access`` or ``public``."""
    host: pulumi.Input[str] | None
    """Name to send requests to; None where Google tells the address at deployment."""
    address: pulumi.Input[str] | None
    """IPv4 address behind the name, where it is private."""
    account: pulumi.Input[str]
    """E-mail of the account that the models run as."""
    resource_pool: pulumi.Input[str] | None
    """The pool of machines that all share, ``projects/…/deploymentResourcePools/…``; None where each has its own."""
    deployed_models: tuple[DeployedModel, ...]
    """What is to be deployed; whatever else is there is to be withdrawn."""
    rollout: Rollout | None
    """How traffic moves; None where it moves at once."""
    limits: Mapping[str, float]
    """``latencyMs`` and ``errorShare``, beyond which a rollout goes back."""
    alerts: Sequence[pulumi.Input[str]]
    """Alert policies whose incidents say that a limit is passed."""
    request_log: Mapping[str, Any] | None
    """Table, sampling and schema of the request log."""
    explanation: Mapping[str, Any] | None
    """Google's ``ExplanationParameters`` for explanations in batches."""
    monitoring: Mapping[str, Any] | None
    """What to monitor, against what, how often."""

    @property
    def traffic(self) -> dict[str, int]:
        """The share of each deployed model by its id, as Google's ``trafficSplit``; they sum to 100."""
        return {model.id: model.deployment.traffic for model in self.deployed_models}

    def exported(self) -> dict[str, Any]:
        """Return the contract as the deploying workload reads it: JSON, keys as Google's API writes them."""
        return {
            "version": self.VERSION,
            "endpoint": self.endpoint,
            "region": self.region,
            "access": self.access,
            "host": self.host,
            "address": self.address,
            "account": self.account,
            "resourcePool": self.resource_pool,
            "deployedModels": [dict(model.body) for model in self.deployed_models],
            "trafficSplit": self.traffic,
            "rollout": self._rollout(),
            "limits": dict(self.limits),
            "alerts": [*self.alerts],
            "requestLog": self.request_log,
            "explanation": self.explanation,
            "monitoring": self.monitoring,
        }

    def _rollout(self) -> dict[str, Any] | None:
        if self.rollout is None:
            return None
        ids = {model.deployment.name: model.id for model in self.deployed_models}
        splits = self.rollout.splits([model.deployment for model in self.deployed_models])
        rollback, *steps = ({ids[name]: share for name, share in split.items()} for split in splits)
        return {
            "candidate": ids[self.rollout.candidate],
            "stepMinutes": self.rollout.step_minutes,
            "steps": steps,
            "rollback": rollback,
        }


def deployed_model(
    deployment: ModelDeployment,
    *,
    env: Environment,
    label: str,
    account: pulumi.Input[str],
    pool: pulumi.Input[str] | None,
    access_log: bool,
) -> DeployedModel:
    """Return a deployment as Google is asked for it, on the endpoint of that label."""
    machine = None if pool is not None else deployment.machine or ServingMachine()
    parts = [env.prefix, label, deployment.name, deployment.model, deployment.version]
    if machine is not None:
        parts.append(machine.machine_type)
        parts += [f"{machine.accelerator_count}x{machine.accelerator}"] if machine.accelerator is not None else []
    number = names.cloud_name("deployed_model", *parts)
    name = f"projects/{env.project}/locations/{env.region}/models/{deployment.model}@{deployment.version}"
    body: dict[str, Any] = {
        "id": number,
        "displayName": deployment.name,
        "model": name,
        "serviceAccount": account,
        "enableAccessLogging": access_log,
    }
    if machine is None:
        body["sharedResources"] = pool
    else:
        body["dedicatedResources"] = _dedicated_resources(machine, env)
    return DeployedModel(id=number, deployment=deployment, machine=machine, body=body)


def _dedicated_resources(machine: ServingMachine, env: Environment) -> dict[str, Any]:
    """Return machines as Google's ``DedicatedResources``."""
    least, most = machine.replicas(env)
    spec: dict[str, Any] = {"machineType": machine.machine_type}
    if machine.accelerator is not None:
        spec |= {"acceleratorType": machine.accelerator, "acceleratorCount": machine.accelerator_count}
    return {
        "machineSpec": spec,
        "minReplicaCount": least,
        "maxReplicaCount": most,
        "autoscalingMetricSpecs": [{"metricName": machine.metric, "target": machine.utilisation}],
        "spot": machine.spot,
    }
