"""A Workbench notebook for one person: private, without root, stopped when idle, upgraded by itself."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.accelerators import check_combination, machine_type
from groundplan.core.agents import service_agent
from groundplan.core.component import Args, Component
from groundplan.core.data_class import DataClass
from groundplan.core.environment import Project
from groundplan.core.grants import Grant
from groundplan.core.references import AccountRef, KeyRingRef, NetworkRef
from groundplan.core.validation import Checks
from groundplan.security.capabilities import Capability
from groundplan.security.service_identity import ServiceIdentity, ServiceIdentityArgs
from groundplan.workbench.image import ContainerImage, Image, StockImage
from groundplan.workbench.reference import ExistingWorkbench, WorkbenchRef

_SERVICE = "notebooks.googleapis.com"
_COMPUTE = "compute.googleapis.com"
_DISK_TYPE = "PD_BALANCED"
_MACHINE = "e2-standard-4"
_CONFIDENTIAL_MACHINE = "n2d-standard-4"
_SCHEDULE = r"[0-9*]{1,2} [0-9*]{1,2} (?:\*|[1-9]|[12][0-9]|3[01]) \* (?:\*|MON|TUE|WED|THU|FRI|SAT|SUN|[0-7])"


@dataclass(frozen=True, kw_only=True)
class WorkbenchArgs(Args):
    """What a ``Workbench`` takes."""

    network: NetworkRef
    """The network that the notebook joins, ours or one that was there before."""
    owner: str
    """The one person who may open the notebook, such as ``user:alice@acme.test``."""
    keys: KeyRingRef | None = None
    """Keys for the disks; required where the tier asks for keys of one's own."""
    data_class: DataClass = DataClass.CONFIDENTIAL
    """How sensitive the data on the disks is; chooses the key."""
    account: AccountRef | None = None
    """The service account that the notebook acts as; by default one of its own, without a role on data."""
    zone: str | None = None
    """Zone of the machine; by default the environment's first."""
    machine_type: str | None = None
    """Compute Engine machine type; by default 4 vCPUs with 16 GB, of a family that the tier's confidentiality allows."""
    accelerator: str | None = None
    """GPU type, such as ``NVIDIA_TESLA_T4``; refused where the zone or the machine type cannot have it."""
    accelerator_count: int = 1
    """GPUs, where there is an accelerator."""
    boot_disk_gb: int = 150
    """Size of the boot disk in GB, 150 to 64,000."""
    data_disk_gb: int = 100
    """Size of the data disk in GB, 10 to 64,000."""
    image: Image = StockImage()  # noqa: RUF009 - immutable
    """What the machine starts from; by default Google's own family of Workbench images."""
    idle_minutes: int | None = None
    """Minutes without activity after which the machine stops, 10 to 1,440; by default as the tier says."""
    upgrade_window: str = "00 3 * * SUN"
    """When the environment may be upgraded, weekly or monthly, in cron's five fields (UTC)."""
    downloads: bool | None = None
    """Whether files can be downloaded to the browser; by default as the tier says."""
    terminal: bool | None = None
    """Whether JupyterLab offers a terminal; by default as the tier says."""
    root_access: bool = False
    """Whether the notebook's user can become root: then no other setting of the machine holds against that user."""
    confidential: bool | None = None
    """Whether memory is encrypted by the processor (Confidential VM); by default as the tier says."""
    end_user_credentials: bool = False
    """Whether code in the notebook acts as the person instead of the service account."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.instance("network", self.network, NetworkRef, "a Network, or Network.from_existing(…)")
        checks.matches(
            "owner",
            self.owner,
            r"user:[^@\s:]+@[^@\s:]+",
            "one person, as user:alice@acme.test",
            "name a person; for several people make a notebook each",
        )
        self._check_key(checks)
        zone = self.zone or self.env.zone
        checks.one_of("zone", zone, self.env.zones)
        checks.within("boot_disk_gb", self.boot_disk_gb, 150, 64_000, "GB")
        checks.within("data_disk_gb", self.data_disk_gb, 10, 64_000, "GB")
        checks.matches(
            "upgrade_window",
            self.upgrade_window,
            _SCHEDULE,
            "a weekly or monthly cron schedule",
            "write it as 00 3 * * SUN",
        )
        if self.idle_minutes is not None:
            checks.within("idle_minutes", self.idle_minutes, 10, 1440, "minutes")
        self._check_machine(checks, zone)

    def _check_key(self, checks: Checks) -> None:
        checks.that(
            self.keys is not None or not self.env.defaults.customer_managed_keys,
            "keys",
            f"are missing, and tier {self.env.tier.name} encrypts disks with keys of one's own",
            given="nothing",
            allowed="a KeyRing, or KeyRing.from_existing(…)",
            do="pass the environment's key ring",
        )

    def _check_machine(self, checks: Checks, zone: str) -> None:
        problem = check_combination(
            machine_type=self.chosen_machine,
            accelerator=self.accelerator,
            count=self.accelerator_count if self.accelerator else 0,
            zone=zone,
            service="workbench",
        )
        if problem is not None:
            checks.problems.append(problem)
        elif self.is_confidential:
            checks.that(
                self.accelerator is None and "SEV" in machine_type(self.chosen_machine).confidential_types,
                "machine_type",
                "cannot run as a Confidential VM",
                given=f"{self.chosen_machine}{f' with {self.accelerator}' if self.accelerator else ''}",
                allowed="a machine type with AMD SEV and no GPU, such as n2d-standard-4",
                do="choose an n2d machine, or say confidential=False",
            )

    @property
    def is_confidential(self) -> bool:
        """Whether the machine is a Confidential VM."""
        return self.env.defaults.notebook_confidential if self.confidential is None else self.confidential

    @property
    def chosen_machine(self) -> str:
        """The machine type, given or by default."""
        return self.machine_type or (_CONFIDENTIAL_MACHINE if self.is_confidential else _MACHINE)


class Workbench(Component, WorkbenchRef):
    """A notebook for one person, on a machine without a public address.

    Children: ``instance``; ``account`` (a ``ServiceIdentity``) where none is given; grants that Google asks for before
    the instance is made: the owner may act as the account, the service agents may use the key and the subnetwork.
    """

    kind = "groundplan:workbench:Workbench"
    objectives = ("2.2.a", "2.2.b", "2.2.e", "6.1.a")

    def __init__(self, name: str, args: WorkbenchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the notebook; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.zone = args.zone or args.env.zone
        self.account: AccountRef = args.account or self._own_account()
        self.instance = self.make(
            "instance",
            gcp.workbench.Instance,
            gcp.workbench.InstanceArgs(
                project=self.project.id,
                location=self.zone,
                name=self.cloud_name("workbench_instance"),
                instance_owners=[args.owner.removeprefix("user:")],
                disable_proxy_access=False,
                enable_managed_euc=args.end_user_credentials,
                gce_setup=self._machine(),
                labels=self.labels(classification=args.data_class.value),
            ),
            depends_on=[resource for granted in self._prerequisites() for resource in granted.resources],
        )
        self.instance_name: pulumi.Input[str] = self.instance.name
        self.finish(
            {
                "instanceName": self.instance.name,
                "zone": self.zone,
                "proxyUri": self.instance.proxy_uri,
                "accountEmail": self.account.email,
                "owner": args.owner,
            }
        )

    def _own_account(self) -> ServiceIdentity:
        return ServiceIdentity(
            f"{self.label}-account",
            ServiceIdentityArgs(
                env=self.env,
                purpose=f"Notebook {self.label}",
                capabilities=(Capability.WRITE_LOGS, Capability.WRITE_METRICS),
            ),
            pulumi.ResourceOptions(parent=self),
        )

    def _prerequisites(self) -> list[Grant]:
        """Make the grants that must be there before Google makes the instance."""
        needed = [self.account.grant_act_as(self.args.owner)]
        if self.args.keys is not None:
            key = self.args.keys.key_for(self.args.data_class)
            needed += [key.grant_agent(self.project, service) for service in (_COMPUTE, _SERVICE)]
        if self.args.network.project.id != self.project.id:
            needed.append(self.args.network.grant_use(service_agent(self.project, _SERVICE)))
        return needed

    def _machine(self) -> gcp.workbench.InstanceGceSetupArgs:
        args = self.args
        return gcp.workbench.InstanceGceSetupArgs(
            machine_type=args.chosen_machine,
            disable_public_ip=True,
            enable_ip_forwarding=False,
            network_interfaces=[
                gcp.workbench.InstanceGceSetupNetworkInterfaceArgs(
                    network=args.network.network_id, subnet=args.network.subnetwork_id
                )
            ],
            service_accounts=[gcp.workbench.InstanceGceSetupServiceAccountArgs(email=self.account.email)],
            shielded_instance_config=gcp.workbench.InstanceGceSetupShieldedInstanceConfigArgs(
                enable_secure_boot=True, enable_vtpm=True, enable_integrity_monitoring=True
            ),
            confidential_instance_config=gcp.workbench.InstanceGceSetupConfidentialInstanceConfigArgs(
                confidential_instance_type="SEV"
            )
            if args.is_confidential
            else None,
            accelerator_configs=[
                gcp.workbench.InstanceGceSetupAcceleratorConfigArgs(
                    type=args.accelerator, core_count=str(args.accelerator_count)
                )
            ]
            if args.accelerator
            else None,
            boot_disk=self._boot_disk(),
            data_disks=self._data_disk(),
            vm_image=_vm_image(args.image),
            container_image=_container_image(args.image),
            metadata=self._metadata(),
        )

    def _boot_disk(self) -> gcp.workbench.InstanceGceSetupBootDiskArgs:
        return gcp.workbench.InstanceGceSetupBootDiskArgs(
            disk_size_gb=str(self.args.boot_disk_gb), disk_type=_DISK_TYPE, **self._encryption()
        )

    def _data_disk(self) -> gcp.workbench.InstanceGceSetupDataDisksArgs:
        return gcp.workbench.InstanceGceSetupDataDisksArgs(
            disk_size_gb=str(self.args.data_disk_gb), disk_type=_DISK_TYPE, **self._encryption()
        )

    def _encryption(self) -> dict[str, pulumi.Input[str]]:
        if self.args.keys is None:
            return {"disk_encryption": "GMEK"}
        return {"disk_encryption": "CMEK", "kms_key": self.args.keys.key_for(self.args.data_class).key_id}

    def _metadata(self) -> dict[str, str]:
        """Return the switches that Workbench reads from the machine's metadata.

        Source: "Manage features through metadata", Workbench documentation, 2026-10; OS Login, serial port and SSH
        keys: Compute Engine documentation.
        """
        args, defaults = self.args, self.env.defaults
        idle = args.idle_minutes or defaults.notebook_idle_minutes
        downloads = defaults.notebook_downloads if args.downloads is None else args.downloads
        terminal = defaults.notebook_terminal if args.terminal is None else args.terminal
        return {
            "idle-timeout-seconds": str(idle * 60),
            "notebook-disable-root": _flag(not args.root_access),
            "notebook-disable-downloads": _flag(not downloads),
            "notebook-disable-nbconvert": _flag(not downloads),
            "notebook-disable-terminal": _flag(not terminal),
            "notebook-upgrade-schedule": args.upgrade_window,
            "block-project-ssh-keys": "true",
            "enable-oslogin": "TRUE",
            "serial-port-enable": "false",
        }

    @staticmethod
    def from_existing(*, label: str, project: Project, instance_name: pulumi.Input[str], zone: str) -> WorkbenchRef:
        """Return a notebook that was there before."""
        return ExistingWorkbench(label=label, project=project, instance_name=instance_name, zone=zone)


def _flag(value: bool) -> str:  # noqa: FBT001 - the one thing that is written
    return "true" if value else "false"


def _vm_image(image: Image) -> gcp.workbench.InstanceGceSetupVmImageArgs | None:
    if isinstance(image, ContainerImage):
        return None
    return gcp.workbench.InstanceGceSetupVmImageArgs(project=image.project, family=image.family)


def _container_image(image: Image) -> gcp.workbench.InstanceGceSetupContainerImageArgs | None:
    if isinstance(image, StockImage):
        return None
    return gcp.workbench.InstanceGceSetupContainerImageArgs(repository=image.repository, tag=image.tag)
