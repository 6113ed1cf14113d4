"""An endpoint that answers single requests, private by default, and the contract for whatever deploys models on it."""

from __future__ import annotations

import re
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core import providers
from groundplan.core.agents import service_agent
from groundplan.core.component import Component
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import key_in
from groundplan.core.environment import Project
from groundplan.core.perimeter_borders import keep_outside
from groundplan.core.references import (
    AccountRef,
    ExistingOnlineEndpoint,
    KeyRef,
    NetworkRef,
    OnlineEndpointRef,
)
from groundplan.core.references.base import joined
from groundplan.core.validation import Checks
from groundplan.data.stored import owner_label
from groundplan.network import published_service
from groundplan.network.placement import consumer_project
from groundplan.serving.access import PrivateConnect, PublicDedicated, ServiceAccess
from groundplan.serving.arguments import OnlineEndpointArgs, RequestLog
from groundplan.serving.deploy_contract import REQUEST_LOG_SCHEMA, DeployContract, DeployedModel, deployed_model
from groundplan.serving.deployment import ServingMachine
from groundplan.serving.endpoint_alerts import make_alerts
from groundplan.serving.endpoint_roles import make_roles

_AGENT: Final = "aiplatform.googleapis.com"
_ROLE: Final = r"(?:projects/[a-z0-9.:-]+|organizations/[0-9]+)/roles/[A-Za-z0-9_.]{3,64}"


class OnlineEndpoint(Component, OnlineEndpointRef):
    """An endpoint, what makes it reachable, its alerts and its roles; models are deployed by a workload.

    What that workload does is stated in ``contract`` (output ``deployContract``): versions, shares, machines, rollout
    and rollback. Children: ``endpoint``, ``caller-role``, ``deployer-role``, ``alert-…``; privately ``address``,
    ``zone-name``, ``address-name``, and ``connection`` once the service attachment is known; ``pool`` where models
    share machines. A project inside a service perimeter cannot have it public.
    """

    kind = "groundplan:serving:OnlineEndpoint"
    objectives = ("4.1.a", "4.1.d", "4.2.b", "4.2.c", "4.2.d", "6.1.a", "6.2.a", "6.2.e")

    def __init__(self, name: str, args: OnlineEndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the endpoint; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.region = args.env.region
        self.data_class = args.data_class
        self.account = args.account
        self.endpoint_name = self.cloud_name("endpoint", generation=True)
        self._warn()
        self.endpoint = self.make(
            "endpoint",
            gcp.vertex.AiEndpoint,
            self._endpoint_args(),
            depends_on=self._first(),
            # The deploying workload shifts the traffic.
            ignore_changes=["trafficSplit"],
        )
        self.host, self.address = self._reach()
        (self.caller_role, self.deployer_role), roles = make_roles(self)
        # Its name is known before it is there, so whoever is granted something on it has to be told to wait.
        self.made = (self.endpoint, *roles)
        self.pool = self._pool(args.pool) if args.pool is not None else None
        self.contract = self._contract()
        self.finish(
            {
                "endpointId": self.endpoint.id,
                "endpointName": self.endpoint_name,
                "host": self.host,
                "address": self.address,
                "callerRole": self.caller_role,
                "deployerRole": self.deployer_role,
                "deployContract": self.contract.exported(),
            }
        )

    @property
    def access(self) -> str:
        """How clients reach it, in the words of the contract."""
        kinds = {PrivateConnect: "private-service-connect", ServiceAccess: "service-access", PublicDedicated: "public"}
        return kinds[type(self.args.access)]

    def _warn(self) -> None:
        if isinstance(self.args.access, PublicDedicated):
            remedy = "use PrivateConnect, which works inside a perimeter"
            keep_outside(self.where, self.project, "a public endpoint of its own", remedy)
        if isinstance(self.args.access, ServiceAccess):
            pulumi.log.warn(
                f"{self.where}: requests over service access have no TLS, and whoever reaches the network gets "
                "predictions; prefer PrivateConnect",
                self,
            )

    def _first(self) -> list[pulumi.Resource]:
        """Return the grants and the peering without which Google refuses the endpoint."""
        args = self.args
        found = list(args.access.access.resources) if isinstance(args.access, ServiceAccess) else []
        if args.chosen_key is not None:
            found += args.chosen_key.grant_agent(self.project, _AGENT).resources
        if args.request_log is not None:
            found += args.request_log.dataset.grant_edit(service_agent(self.project, _AGENT)).resources
        return found

    def _endpoint_args(self) -> gcp.vertex.AiEndpointArgs:
        args, key = self.args, self.args.chosen_key
        access = args.access
        return gcp.vertex.AiEndpointArgs(
            project=self.project.id,
            location=self.region,
            region=self.region,
            name=self.endpoint_name,
            display_name=self.cloud_name("endpoint_display_name"),
            description=f"Predictions of {self.label}",
            network=_numbered(access.access.project, access.access.network_id)
            if isinstance(access, ServiceAccess)
            else None,
            dedicated_endpoint_enabled=True if isinstance(access, PublicDedicated) else None,
            private_service_connect_config=self._allowed(access) if isinstance(access, PrivateConnect) else None,
            encryption_spec=self._encryption(key) if key is not None else None,
            predict_request_response_logging_config=self._logging(args.request_log)
            if args.request_log is not None
            else None,
            labels=self.labels(classification=self.data_class.value, owner=owner_label(args.owner)),
        )

    def _allowed(self, access: PrivateConnect) -> gcp.vertex.AiEndpointPrivateServiceConnectConfigArgs:
        own = (self.project.id, consumer_project(self.env, access.network).id)
        return gcp.vertex.AiEndpointPrivateServiceConnectConfigArgs(
            enable_private_service_connect=True,
            enable_secure_private_service_connect=access.authorised,
            project_allowlists=[*dict.fromkeys((*own, *access.consumers))],
        )

    def _encryption(self, key: KeyRef) -> gcp.vertex.AiEndpointEncryptionSpecArgs:
        return gcp.vertex.AiEndpointEncryptionSpecArgs(kms_key_name=key_in(key, self.region, self.where))

    def _logging(self, log: RequestLog) -> gcp.vertex.AiEndpointPredictRequestResponseLoggingConfigArgs:
        return gcp.vertex.AiEndpointPredictRequestResponseLoggingConfigArgs(
            enabled=True,
            sampling_rate=float(log.sampling),
            bigquery_destination=gcp.vertex.AiEndpointPredictRequestResponseLoggingConfigBigqueryDestinationArgs(
                output_uri=self._log_table(log)
            ),
        )

    def _log_table(self, log: RequestLog) -> pulumi.Output[str]:
        return pulumi.Output.concat("bq://", log.dataset.place, ".", self.args.log_table(self.label))

    def _reach(self) -> tuple[pulumi.Input[str] | None, pulumi.Input[str] | None]:
        """Make the endpoint reachable; return its name and its address, as far as they are known."""
        access = self.args.access
        if isinstance(access, PublicDedicated):
            return self.endpoint.dedicated_endpoint_dns, None
        if isinstance(access, ServiceAccess):
            return None, None
        return self._connect(access, access.network)

    def _connect(self, access: PrivateConnect, network: NetworkRef) -> tuple[pulumi.Input[str], pulumi.Input[str]]:
        project = consumer_project(self.env, network)
        reserved = published_service.reserve(self, "address", network, project, access.address)
        address: pulumi.Input[str] = access.address or reserved.address
        # The certificate that Google's side shows is for names of this form and no others.
        number = providers.project_number(self.project)
        host = joined(self.endpoint_name, "-", self.region, "-", number, ".prediction.p.vertexai.goog")
        published_service.private_name(self, "name", host, address, network=network)
        if access.service_attachment is not None:
            published_service.connect(self, "connection", network, reserved, access.service_attachment, project=project)
        return host, address

    def _pool(self, machine: ServingMachine) -> gcp.vertex.AiDeploymentResourcePool:
        least, most = machine.replicas(self.env)
        parts = gcp.vertex
        return self.make(
            "pool",
            gcp.vertex.AiDeploymentResourcePool,
            gcp.vertex.AiDeploymentResourcePoolArgs(
                project=self.project.id,
                region=self.region,
                name=self.cloud_name("deployment_pool", generation=True),
                dedicated_resources=parts.AiDeploymentResourcePoolDedicatedResourcesArgs(
                    machine_spec=parts.AiDeploymentResourcePoolDedicatedResourcesMachineSpecArgs(
                        machine_type=machine.machine_type,
                        accelerator_type=machine.accelerator,
                        accelerator_count=machine.accelerator_count if machine.accelerator else None,
                    ),
                    min_replica_count=least,
                    max_replica_count=most,
                    autoscaling_metric_specs=[
                        parts.AiDeploymentResourcePoolDedicatedResourcesAutoscalingMetricSpecArgs(
                            metric_name=machine.metric, target=machine.utilisation
                        )
                    ],
                ),
            ),
        )

    def _contract(self) -> DeployContract:
        args, pool = self.args, self.pool
        models = self._models()
        shared = (self.cloud_name("deployment_pool", generation=True), args.pool) if args.pool is not None else None
        made = make_alerts(
            self, args.alerts, access=self.access, endpoint=self.endpoint_name, models=models, pool=shared
        )
        return DeployContract(
            endpoint=self.endpoint_id,
            region=self.region,
            access=self.access,
            host=self.host,
            address=self.address,
            account=args.account.email,
            resource_pool=None if pool is None else pool.id,
            deployed_models=models,
            rollout=args.rollout,
            limits={"latencyMs": args.alerts.latency_ms, "errorShare": args.alerts.error_share},
            alerts=[policy.name for policy in made],
            request_log=self._log_contract(args.request_log) if args.request_log is not None else None,
            explanation=None if args.explanation is None else args.explanation.exported(),
            monitoring=None if args.monitoring is None else args.monitoring.exported(),
        )

    def _models(self) -> tuple[DeployedModel, ...]:
        return tuple(
            deployed_model(
                deployment,
                env=self.env,
                label=self.label,
                account=self.args.account.email,
                pool=None if self.pool is None else self.pool.id,
                # On service access only Google's support turns it on.
                access_log=not isinstance(self.args.access, ServiceAccess),
            )
            for deployment in self.args.deployments
        )

    def _log_contract(self, log: RequestLog) -> dict[str, object]:
        return {
            "table": self._log_table(log),
            "sampling": float(log.sampling),
            "schema": [dict(column) for column in REQUEST_LOG_SCHEMA],
        }

    @staticmethod
    def from_existing(
        endpoint: str,
        *,
        project: Project,
        data_class: DataClass,
        label: str | None = None,
        host: pulumi.Input[str] | None = None,
        caller_role: str | None = None,
        deployer_role: str | None = None,
        account: AccountRef | None = None,
    ) -> OnlineEndpointRef:
        """Return an endpoint that was there before, ``projects/…/locations/…/endpoints/…``.

        ``project`` is the one that it is in, whose ``managed`` says whether grants on it are ours to make. Without the
        two roles nobody can be granted anything; ``account`` is the one that its models run as.
        """
        checks = Checks("OnlineEndpoint.from_existing")
        checks.matches(
            "endpoint",
            endpoint,
            rf"projects/{re.escape(project.id)}/locations/[a-z0-9-]+/endpoints/[0-9]{{1,20}}",
            f"projects/{project.id}/locations/…/endpoints/…",
            "give the endpoint's full name, in the project that is given",
        )
        checks.instance("data_class", data_class, DataClass, "a DataClass, such as DataClass.CONFIDENTIAL")
        for field, role in (("caller_role", caller_role), ("deployer_role", deployer_role)):
            if role is not None:
                form = "projects/<project>/roles/<role> or organizations/<number>/roles/<role>"
                checks.matches(field, role, _ROLE, form, "give the role's full name")
        checks.finish()
        _, _, _, region, _, number = endpoint.split("/")
        return ExistingOnlineEndpoint(
            label=label or f"endpoint-{number}",
            project=project,
            endpoint_name=number,
            region=region,
            data_class=data_class,
            host=host,
            caller_role=caller_role,
            deployer_role=deployer_role,
            account=account,
        )


def _numbered(project: Project, network_id: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return a network's name with its project's number in place of the id, which endpoints alone insist on."""
    last = pulumi.Output.from_input(network_id).apply(lambda name: name.rsplit("/", 1)[-1])
    return pulumi.Output.concat("projects/", providers.project_number(project), "/global/networks/", last)
