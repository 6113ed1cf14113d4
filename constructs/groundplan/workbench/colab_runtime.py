"""A template for runtimes of Colab Enterprise: private, encrypted, stopped when idle, clear about who acts."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.component import Args, Component
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import check_keys, chosen_key, key_in
from groundplan.core.environment import Project
from groundplan.core.references import KeyRef, KeyRingRef, NetworkRef
from groundplan.core.regions import REGION_PATTERN
from groundplan.core.validation import Checks
from groundplan.workbench.machine import check_machine, disk_type, warn_of_end
from groundplan.workbench.runtime_reference import ColabRuntimeRef, ExistingColabRuntime

_SERVICE = "aiplatform.googleapis.com"
_TEMPLATE = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_RELEASE = r"py3[0-9]{1,2}"
_TPU_MACHINES = "ct"


@dataclass(frozen=True, kw_only=True)
class ColabRuntimeArgs(Args):
    """What a ``ColabRuntime`` takes."""

    network: NetworkRef
    """The network that runtimes join, ours or one that was there before."""
    end_user_credentials: bool
    """Who code in a runtime acts as: the person who runs it (True), with all that this person may do anywhere, or
    Google's agent of Colab Enterprise in the project (False), which everybody shares. Nobody can tell from the plan
    unless it is said, so there is no default; restricted data asks for False."""
    keys: KeyRingRef | None = None
    """Keys for the runtimes' disks, in their region; required where the tier asks for keys of one's own."""
    key: KeyRef | None = None
    """One key for the disks, in place of one of ``keys``."""
    data_class: DataClass = DataClass.CONFIDENTIAL
    """How sensitive the data in the runtimes is; chooses the key."""
    users: tuple[str, ...] = ()
    """Principals who may make runtimes from the template, such as ``group:ml@acme.test``."""
    machine_type: str = "e2-standard-4"
    """Compute Engine machine type of the runtimes."""
    accelerator: str | None = None
    """GPU type, such as ``NVIDIA_TESLA_T4``; refused where the machine type cannot have it."""
    accelerator_count: int = 1
    """GPUs, where there is an accelerator."""
    data_disk_gb: int = 100
    """Size of the data disk in GB, 10 to 65,536."""
    idle_minutes: int | None = None
    """Minutes without activity after which a runtime stops, 10 to 1,440; by default as the tier says."""
    release: str | None = None
    """Release of the runtime's image, such as ``py312``; by default Google's latest."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.instance("network", self.network, NetworkRef, "a Network, or Network.from_existing(…)")
        checks.instance("end_user_credentials", self.end_user_credentials, bool, "True or False")
        if checks.instance("data_class", self.data_class, DataClass, "a DataClass, such as DataClass.CONFIDENTIAL"):
            check_keys(checks, self.env, self.data_class, self.keys, self.key)
        for index, user in enumerate(self.users):
            checks.principal(f"users[{index}]", user)
        checks.unique("users", (str(user) for user in self.users), "principal")
        checks.within("data_disk_gb", self.data_disk_gb, 10, 65_536, "GB")
        if self.idle_minutes is not None:
            checks.within("idle_minutes", self.idle_minutes, 10, 1440, "minutes")
        if self.release is not None:
            checks.matches("release", self.release, _RELEASE, "a release such as py312", "name the release")
        self._check_machine(checks)

    def _check_machine(self, checks: Checks) -> None:
        if checks.that(
            not str(self.machine_type).startswith(_TPU_MACHINES),
            "machine_type",
            "has a TPU, which a runtime does not take",
            given=self.machine_type,
            allowed="a machine type with GPUs, or without accelerator",
            do="choose another; TPUs are for training",
        ):
            check_machine(
                checks,
                machine=self.machine_type,
                gpu=self.accelerator,
                gpus=self.accelerator_count,
                # A runtime is regional: Google chooses the zone.
                zone=None,
                confidential=False,
                service="vertex",
            )


class ColabRuntime(Component, ColabRuntimeRef):
    """A template from which people make their runtimes: no address and no way to the internet of its own.

    Children: ``template``; grants: to each of the users, and, first, to the agent of Vertex AI on the key and on a
    subnetwork of another project. The runtimes themselves are made by the people, each for itself.
    """

    kind = "groundplan:workbench:ColabRuntime"
    objectives = ("2.2.a", "2.2.b", "6.1.a")

    def __init__(self, name: str, args: ColabRuntimeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the template; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.region = self.env.region
        self._warn()
        self.template = self.make(
            "template", gcp.colab.RuntimeTemplate, self._template(), depends_on=self._granted_first()
        )
        self.template_name: pulumi.Input[str] = self.template.name
        for user in args.users:
            self.grant_enter(user)
            self.grant_use(user)
        self.finish(
            {
                "templateName": self.template.name,
                "region": self.region,
                "actsAs": "user" if args.end_user_credentials else "colab service agent",
            }
        )

    def _warn(self) -> None:
        warn_of_end(self.where, self.args.machine_type, self.args.accelerator, self)
        if self.env.defaults.notebook_confidential:
            text = "Colab Enterprise has no Confidential VMs and cannot turn off downloads; use a Workbench for both"
            pulumi.log.warn(f"{self.where}: {text}", self)

    def _granted_first(self) -> list[pulumi.Resource]:
        """Make the grants without which Google refuses the template.

        Sources, Colab Enterprise documentation, 2026-10: "Use customer-managed encryption keys", "Use Colab
        Enterprise in a Shared VPC network".
        """
        args, key = self.args, chosen_key(self.args.data_class, self.args.keys, self.args.key)
        grants = [] if key is None else [key.grant_agent(self.project, _SERVICE)]
        if args.network.project.id != self.project.id:
            grants.append(args.network.grant_use(service_agent(self.project, _SERVICE)))
        return [resource for made in grants for resource in made.resources]

    def _template(self) -> gcp.colab.RuntimeTemplateArgs:
        args = self.args
        key = chosen_key(args.data_class, args.keys, args.key)
        idle = args.idle_minutes or self.env.defaults.notebook_idle_minutes
        return gcp.colab.RuntimeTemplateArgs(
            project=self.project.id,
            location=self.region,
            name=self.cloud_name("runtime_template", generation=True),
            display_name=self.label,
            description=f"{args.data_class.value} data; code acts as {self._actor()}",
            machine_spec=gcp.colab.RuntimeTemplateMachineSpecArgs(
                machine_type=args.machine_type,
                accelerator_type=args.accelerator,
                accelerator_count=args.accelerator_count if args.accelerator else None,
            ),
            data_persistent_disk_spec=gcp.colab.RuntimeTemplateDataPersistentDiskSpecArgs(
                disk_type=disk_type(args.machine_type).lower().replace("_", "-"), disk_size_gb=str(args.data_disk_gb)
            ),
            network_spec=gcp.colab.RuntimeTemplateNetworkSpecArgs(
                enable_internet_access=False, network=args.network.network_id, subnetwork=args.network.subnetwork_id
            ),
            idle_shutdown_config=gcp.colab.RuntimeTemplateIdleShutdownConfigArgs(idle_timeout=f"{idle * 60}s"),
            euc_config=gcp.colab.RuntimeTemplateEucConfigArgs(euc_disabled=not args.end_user_credentials),
            shielded_vm_config=gcp.colab.RuntimeTemplateShieldedVmConfigArgs(enable_secure_boot=True),
            encryption_spec=None
            if key is None
            else gcp.colab.RuntimeTemplateEncryptionSpecArgs(kms_key_name=key_in(key, self.region, self.where)),
            software_config=None
            if args.release is None
            else gcp.colab.RuntimeTemplateSoftwareConfigArgs(
                colab_image=gcp.colab.RuntimeTemplateSoftwareConfigColabImageArgs(release_name=args.release)
            ),
            labels=self.labels(classification=args.data_class.value),
        )

    def _actor(self) -> str:
        return "the user" if self.args.end_user_credentials else "the agent of Colab Enterprise"

    @staticmethod
    def from_existing(
        template_name: str, *, project: Project, region: str, label: str | None = None
    ) -> ColabRuntimeRef:
        """Return a template that was there before.

        ``template_name`` is its id; ``project`` is its project, whose ``managed`` says whether grants on it are ours to
        make; ``label``, by default the id, begins the names of grants.
        """
        checks = Checks("ColabRuntime.from_existing")
        checks.matches(
            "template_name",
            template_name,
            _TEMPLATE,
            "a template's id, 1 to 63 lower-case letters, digits and hyphens",
            "leave out projects/… and everything before the last /",
        )
        checks.matches("region", region, REGION_PATTERN.pattern, "a region such as europe-west4", "name the region")
        checks.finish()
        return ExistingColabRuntime(
            label=label or template_name, project=project, template_name=template_name, region=region
        )
