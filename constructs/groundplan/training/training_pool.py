"""Where training jobs run: defaults that every job takes over unchanged and, on request, machines that stand ready."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.component import Component
from groundplan.core.encryption import key_in
from groundplan.core.environment import Project
from groundplan.core.grants import Grant
from groundplan.core.references import AccountRef, ExistingTrainingPool, TrainingPoolRef
from groundplan.core.regions import REGION_PATTERN
from groundplan.core.validation import Checks
from groundplan.network.network_attachment import NetworkAttachment
from groundplan.security.capabilities import Capability
from groundplan.security.service_identity import ServiceIdentity, ServiceIdentityArgs
from groundplan.training.capacity import Demand
from groundplan.training.job_defaults import JobDefaults
from groundplan.training.persistent_pool import PersistentPool, ResourcePool, disk_type, make_idle_alert
from groundplan.training.pool_arguments import TrainingPoolArgs

_SERVICE: Final = "aiplatform.googleapis.com"


class TrainingPool(Component, TrainingPoolRef):
    """Training on Vertex AI: what each job takes over, and who may run one.

    Jobs are made by workloads, not here: they take ``job_defaults`` over unchanged. Children: ``account`` (a
    ``ServiceIdentity``) where none is given; ``persistent-resource`` and ``idle-alert`` where machines shall stand
    ready; and grants: Vertex AI's agent may use the key and connect to the network, the account may read and write
    the bucket.
    """

    kind = "groundplan:training:TrainingPool"
    objectives = ("3.2.a", "3.2.c", "3.2.d", "3.3.a", "3.3.b")

    def __init__(self, name: str, args: TrainingPoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the pool; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.region = args.env.region
        self.training_urn = self.urn
        self.account: AccountRef = args.account or self._own_account()
        granted = [resource for each in self._granted_first() for resource in each.resources]
        self.persistent_resource = self._persistent_resource(granted)
        self.job_defaults = self._job_defaults()
        self.custom_job: Mapping[str, Any] = self.job_defaults.custom_job()
        self.finish(
            {
                "customJob": self.custom_job,
                "accountEmail": self.account.email,
                "region": self.region,
                "persistentResource": self.job_defaults.persistent_resource,
                "quota": self._quota(),
            }
        )

    def _own_account(self) -> ServiceIdentity:
        return ServiceIdentity(
            f"{self.label}-account",
            ServiceIdentityArgs(
                env=self.env,
                purpose=f"Training jobs of {self.label}",
                capabilities=(Capability.WRITE_LOGS, Capability.WRITE_METRICS),
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _granted_first(self) -> list[Grant]:
        """Make the grants that must be there before the first job, or before machines that stand ready."""
        args = self.args
        made = [args.staging.grant_read_write(self.account)]
        if args.chosen_key is not None:
            made.append(args.chosen_key.grant_agent(self.project, _SERVICE))
        if isinstance(args.network_attachment, NetworkAttachment):
            made.append(args.network_attachment.grant_connect(self.project, _SERVICE))
        if self.account.project.id != self.project.id:
            # "Use a custom service account", Vertex AI documentation: an account of another project.
            made.append(self.account.grant_impersonate(service_agent(self.project, _SERVICE)))
        return made

    def _persistent_resource(self, granted: list[pulumi.Resource]) -> gcp.vertex.AiPersistentResource | None:
        wanted = self.args.persistent
        if not isinstance(wanted, PersistentPool):
            return None
        made = self.make(
            "persistent-resource",
            gcp.vertex.AiPersistentResource,
            gcp.vertex.AiPersistentResourceArgs(
                project=self.project.id,
                location=self.region,
                name=self.cloud_name("persistent_resource"),
                display_name=self.label,
                resource_pools=[pool.arguments() for pool in wanted.pools or (self._own_pool(),)],
                encryption_spec=self._encryption(),
                psc_interface_config=self._interface(),
                # Jobs that name no account are refused, where else they would run as Google's own agent.
                resource_runtime_spec=gcp.vertex.AiPersistentResourceResourceRuntimeSpecArgs(
                    service_account_spec=gcp.vertex.AiPersistentResourceResourceRuntimeSpecServiceAccountSpecArgs(
                        enable_custom_service_account=True
                    )
                ),
                labels=self.labels(classification=self.args.data_class.value),
            ),
            depends_on=granted,
        )
        make_idle_alert(self, wanted, made)
        return made

    def _own_pool(self) -> ResourcePool:
        args = self.args
        return ResourcePool(
            machine_type=args.machine_type,
            accelerator=args.accelerator,
            accelerator_count=args.accelerator_count,
            replicas=args.workers,
            boot_disk_gb=args.boot_disk_gb,
        )

    def _encryption(self) -> gcp.vertex.AiPersistentResourceEncryptionSpecArgs | None:
        key = self._key()
        return None if key is None else gcp.vertex.AiPersistentResourceEncryptionSpecArgs(kms_key_name=key)

    def _interface(self) -> gcp.vertex.AiPersistentResourcePscInterfaceConfigArgs | None:
        attachment = self.args.network_attachment
        if attachment is None:
            return None
        return gcp.vertex.AiPersistentResourcePscInterfaceConfigArgs(network_attachment=attachment.attachment_id)

    def _key(self) -> pulumi.Input[str] | None:
        key = self.args.chosen_key
        return None if key is None else key_in(key, self.region, self.where)

    def _job_defaults(self) -> JobDefaults:
        args, made = self.args, self.persistent_resource
        named = args.persistent if isinstance(args.persistent, str) else None
        return JobDefaults(
            project=self.project.id,
            region=self.region,
            machine_type=args.machine_type,
            accelerator=args.accelerator,
            accelerator_count=args.accelerator_count if args.accelerator else 0,
            topology=args.topology,
            consumption=args.chosen_consumption,
            reservation=args.reservation.reservation_id if args.reservation else None,
            boot_disk_type=disk_type(args.machine_type),
            boot_disk_gb=args.boot_disk_gb,
            workers=args.workers,
            reducers=args.reducers,
            timeout_hours=args.timeout_hours,
            max_wait_hours=args.max_wait_hours,
            account=self.account.email,
            key=self._key(),
            staging=pulumi.Output.concat("gs://", args.staging.bucket_name, "/", self.label),
            network_attachment=args.network_attachment.attachment_id if args.network_attachment else None,
            persistent_resource=named if made is None else made.name,
            labels=self.labels(classification=args.data_class.value),
        )

    def _quota(self) -> pulumi.Input[int] | None:
        """Return what quota allows, where it is said or looked up; one that is too small fails the run."""
        args = self.args
        demand = Demand(
            env=self.env,
            accelerator=args.device,
            count=args.most_accelerators,
            consumption=args.chosen_consumption,
            quota=args.quota,
        )
        return demand.looked_up(self.project, _SERVICE, self.where) or (args.quota.limit if args.quota else None)

    @staticmethod
    def from_existing(
        account: AccountRef,
        *,
        project: Project,
        region: str,
        label: str,
        custom_job: Mapping[str, Any] | None = None,
    ) -> TrainingPoolRef:
        """Return a way of training that was there before: an account, and the defaults of its jobs.

        ``project`` is where the jobs run; its ``managed`` says whether grants there are ours to make. ``custom_job``
        has the form of Vertex AI's ``CustomJob``. ``label`` is a short name.
        """
        checks = Checks("TrainingPool.from_existing")
        checks.instance("account", account, AccountRef, "a ServiceIdentity, or ServiceIdentity.from_existing(…)")
        checks.matches("region", region, REGION_PATTERN.pattern, "a region such as europe-west4", "name the region")
        checks.finish()
        return ExistingTrainingPool(
            label=label, project=project, region=region, account=account, custom_job=custom_job or {}
        )
