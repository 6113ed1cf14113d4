"""A slice of TPUs with the machines that drive it: private, with an account of its own."""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.accelerators import Accelerator
from groundplan.core.agents import service_agent
from groundplan.core.component import Component
from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.references import AccountRef
from groundplan.core.validation import Checks
from groundplan.security.capabilities import Capability
from groundplan.security.service_identity import ServiceIdentity, ServiceIdentityArgs
from groundplan.training.tpu_arguments import TpuSliceArgs
from groundplan.training.tpu_reference import ExistingTpuSlice, TpuSliceRef

_SERVICE: Final = "tpu.googleapis.com"
_COMPUTE: Final = "compute.googleapis.com"
_NAME: Final = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
_ZONE: Final = "[a-z]+(?:-[a-z0-9]+)+-[a-z][a-z0-9]*"
# "TPU software versions", Cloud TPU documentation, 2026-10.
_RUNTIMES: Final = {
    "v6e": "v2-alpha-tpuv6e",
    "v5p": "v2-alpha-tpuv5",
    "v5e": "v2-alpha-tpuv5-lite",
    "v4": "tpu-ubuntu2204-base",
    "v3": "tpu-ubuntu2204-base",
    "v2": "tpu-ubuntu2204-base",
}
# "Connect TPUs with Shared VPC networks", Cloud TPU documentation, 2026-10.
_SHARED_VPC_ROLE: Final = "roles/tpu.xpnAgent"
_METADATA: Final = {"enable-oslogin": "TRUE", "block-project-ssh-keys": "true", "serial-port-enable": "false"}


class TpuSlice(Component, TpuSliceRef):
    """TPUs for one training at a time, on machines without a public address.

    Children: ``slice`` and ``account`` (a ``ServiceIdentity``) where none is given; or ``queued``, a queued resource,
    which has no account of its own.
    """

    kind = "groundplan:training:TpuSlice"
    objectives = ("3.2.d", "3.3.a", "3.3.b")

    def __init__(self, name: str, args: TpuSliceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the slice; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.zone = args.chosen_zone
        self.account: AccountRef | None = None if args.queued else args.account or self._own_account()
        waits = [resource for each in (*self._grant_host(), *self._grant_account()) for resource in each.resources]
        if args.queued:
            pulumi.log.warn(f"{self.where}: a queued TPU acts as the project's default account", self)
            self.slice_name = self._queued(waits).name
        else:
            self.slice_name = self._slice(waits).name
        self.finish(
            {
                "sliceName": self.slice_name,
                "zone": self.zone,
                "accountEmail": self.account.email if self.account else None,
                "quota": args.demand.looked_up(self.project, _SERVICE, self.where),
            }
        )

    def _own_account(self) -> ServiceIdentity:
        return ServiceIdentity(
            f"{self.label}-account",
            ServiceIdentityArgs(
                env=self.env,
                purpose=f"TPU slice {self.label}",
                capabilities=(Capability.WRITE_LOGS, Capability.WRITE_METRICS),
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _grant_account(self) -> list[Grant]:
        """Let Google's agents run machines as an account of another project.

        Source: "Use a cross-project service account", Cloud TPU documentation, 2026-10.
        """
        if self.account is None or self.account.project.id == self.project.id:
            return []
        return [
            self.account.grant_act_as(service_agent(self.project, _SERVICE)),
            self.account.grant_impersonate(service_agent(self.project, _COMPUTE)),
        ]

    def _grant_host(self) -> list[Grant]:
        """Let Google's agent put machines into a network of another project, by a role in that project."""
        host = self.args.network.project
        if host.id == self.project.id:
            return []
        agent = service_agent(self.project, _SERVICE)
        target = Target(
            label=host.id.replace(":", "-"),
            project=host,
            parent=None,
            command="gcloud projects add-iam-policy-binding --condition=None",
            place=host.id,
            scope="project",
        )
        args = gcp.projects.IAMMemberArgs(project=host.id, role=_SHARED_VPC_ROLE, member=agent.member)
        return [grant(target, _SHARED_VPC_ROLE, agent, gcp.projects.IAMMember, args)]

    @property
    def _runtime(self) -> str:
        device = self.args.device
        return self.args.runtime_version or _RUNTIMES[device.name if device else ""]

    def _slice(self, waits: list[pulumi.Resource]) -> gcp.tpu.V2Vm:
        args, network = self.args, self.args.network
        way = args.chosen_consumption
        scheduling = gcp.tpu.V2VmSchedulingConfigArgs(
            spot=True if way == "spot" else None, reserved=True if way == "reserved" else None
        )
        return self.make(
            "slice",
            gcp.tpu.V2Vm,
            gcp.tpu.V2VmArgs(
                project=self.project.id,
                zone=self.zone,
                name=self.cloud_name("tpu"),
                description=f"TPU slice for training: {self.label}",
                runtime_version=self._runtime,
                accelerator_config=gcp.tpu.V2VmAcceleratorConfigArgs(type=args.accelerator, topology=args.topology),
                network_config=gcp.tpu.V2VmNetworkConfigArgs(
                    network=network.network_id,
                    subnetwork=network.subnetwork_id,
                    enable_external_ips=False,
                    can_ip_forward=False,
                ),
                scheduling_config=scheduling if way != "on_demand" else None,
                service_account=gcp.tpu.V2VmServiceAccountArgs(
                    email=self.account.email if self.account else None,
                    # What the machines may do is a matter of the account's roles, which a scope would only hide.
                    scopes=["https://www.googleapis.com/auth/cloud-platform"],
                ),
                shielded_instance_config=gcp.tpu.V2VmShieldedInstanceConfigArgs(enable_secure_boot=True),
                metadata=dict(_METADATA),
                labels=self.labels(classification=args.data_class.value),
            ),
            depends_on=waits,
        )

    def _queued(self, waits: list[pulumi.Resource]) -> gcp.tpu.V2QueuedResource:
        args, network = self.args, self.args.network
        size = args.device.chips(args.topology) if args.device else None
        return self.make(
            "queued",
            gcp.tpu.V2QueuedResource,
            gcp.tpu.V2QueuedResourceArgs(
                project=self.project.id,
                zone=self.zone,
                name=self.cloud_name("queued_resource"),
                tpu=gcp.tpu.V2QueuedResourceTpuArgs(
                    node_specs=[
                        gcp.tpu.V2QueuedResourceTpuNodeSpecArgs(
                            parent=f"projects/{self.project.id}/locations/{self.zone}",
                            node_id=self.cloud_name("tpu"),
                            node=gcp.tpu.V2QueuedResourceTpuNodeSpecNodeArgs(
                                runtime_version=self._runtime,
                                accelerator_type=_queued_type(args.device, size or 0),
                                description=f"TPU slice for training: {self.label}",
                                network_config=gcp.tpu.V2QueuedResourceTpuNodeSpecNodeNetworkConfigArgs(
                                    network=network.network_id,
                                    subnetwork=network.subnetwork_id,
                                    enable_external_ips=False,
                                    can_ip_forward=False,
                                ),
                            ),
                        )
                    ]
                ),
            ),
            depends_on=waits,
        )

    @staticmethod
    def from_existing(
        slice_name: str, *, project: Project, zone: str, account: AccountRef | None = None, label: str | None = None
    ) -> TpuSliceRef:
        """Return a slice that was there before.

        ``account`` is the one that its machines act as, where it is not the project's default; ``label``, by default
        the name, is for messages.
        """
        checks = Checks("TpuSlice.from_existing")
        checks.matches(
            "slice_name",
            slice_name,
            _NAME,
            "a slice's name, 1 to 63 lower-case letters, digits and hyphens",
            "leave out projects/… and everything before the last /",
        )
        checks.matches("zone", zone, _ZONE, "a zone such as europe-west4-b", "name the zone")
        checks.finish()
        return ExistingTpuSlice(
            label=label or slice_name, project=project, slice_name=slice_name, zone=zone, account=account
        )


def _queued_type(device: Accelerator | None, chips: int) -> str:
    """Return type and size in the one word that queued resources know, such as ``v5litepod-4``.

    Older types are counted in cores, of which a chip has two. Source: "TPU configurations", Cloud TPU documentation.
    """
    name = device.name if device else ""
    if name in {"v5e", "v6e"}:
        return f"{'v5litepod' if name == 'v5e' else name}-{chips}"
    return f"{name}-{chips * 2}"
