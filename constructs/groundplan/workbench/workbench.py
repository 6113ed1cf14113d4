"""A Workbench notebook for one person: private, without root, stopped when idle, upgraded by itself."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.component import Component
from groundplan.core.encryption import key_in
from groundplan.core.environment import Project
from groundplan.core.grants import Grant
from groundplan.core.references import AccountRef
from groundplan.core.regions import region_of
from groundplan.core.validation import Checks
from groundplan.security.capabilities import Capability
from groundplan.security.service_identity import ServiceIdentity, ServiceIdentityArgs
from groundplan.workbench.arguments import NotebookArgs, check_person
from groundplan.workbench.image import ContainerImage, StockImage, container_image, vm_image
from groundplan.workbench.machine import disk_type, warn_of_end
from groundplan.workbench.operator_role import FORM, make_operator_role
from groundplan.workbench.reference import ExistingWorkbench, WorkbenchRef
from groundplan.workbench.switches import Switches

_SERVICE = "notebooks.googleapis.com"
_COMPUTE = "compute.googleapis.com"
_INSTANCE = r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"


@dataclass(frozen=True, kw_only=True)
class WorkbenchArgs(NotebookArgs):
    """What a ``Workbench`` takes."""

    owner: str
    """The one person who may open the notebook, such as ``user:alice@acme.test``. Google never changes it."""
    account: AccountRef | None = None
    """The service account that the notebook acts as; by default one of its own, without a role on data. Google never
    changes it."""
    suspended: bool = False
    """Whether the owner has lost access: no grant to the owner, the machine stopped, its deletion allowed. The disks
    stay until the notebook itself is taken out of the program."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        super().validate(checks)
        check_person(checks, "owner", self.owner, self.env)
        if self.account is not None:
            checks.instance(
                "account", self.account, AccountRef, "a ServiceIdentity, or ServiceIdentity.from_existing(…)"
            )


class Workbench(Component, WorkbenchRef):
    """A notebook for one person, on a machine without a public address.

    Children: ``instance``; ``account`` (a ``ServiceIdentity``) and ``operator-role`` where none is given;
    ``startup-script`` where its content is given; and grants: the owner may act as the account, without which Google
    does not open JupyterLab, and start the machine that stopped when it was idle; service agents may use the key and a
    subnetwork of another project; the account may pull a container and read the script.
    """

    kind = "groundplan:workbench:Workbench"
    objectives = ("2.2.a", "2.2.b", "2.2.e", "6.1.a")

    def __init__(self, name: str, args: WorkbenchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the notebook; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.zone = args.chosen_zone
        warn_of_end(self.where, args.chosen_machine, args.accelerator, self)
        self.account: AccountRef = args.account or self._own_account()
        self.operator_role, self.made = self._operator_role()
        waits_for = [resource for granted in self._granted_first() for resource in granted.resources]
        script, uploaded = self._script()
        self.instance = self.make(
            "instance", gcp.workbench.Instance, self._instance(script), depends_on=[*waits_for, *uploaded]
        )
        self.instance_name: pulumi.Input[str] = self.instance.name
        if not args.suspended:
            self.grant_operate(args.owner)
        self.finish(
            {
                "instanceName": self.instance.name,
                "zone": self.zone,
                "proxyUri": self.instance.proxy_uri,
                "accountEmail": self.account.email,
                "owner": args.owner,
                "actsAs": "owner" if args.end_user_credentials else "account",
                "suspended": args.suspended,
            }
        )

    @property
    def protected(self) -> bool:
        """Whether the notebook refuses deletion; one whose owner has lost access never does."""
        return super().protected and not self.args.suspended

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

    def _operator_role(self) -> tuple[str, tuple[pulumi.Resource, ...]]:
        if self.args.operator_role is not None:
            return self.args.operator_role, ()
        name, role = make_operator_role(self)
        return name, (role,)

    def _granted_first(self) -> list[Grant]:
        """Make the grants that must be there before Google makes the instance.

        Sources, Workbench documentation, 2026-10: "Customer-managed encryption keys" (both agents use the key),
        "Create an instance" (Shared VPC; what the owner needs to open JupyterLab).
        """
        args, key = self.args, self.args.chosen_key
        needed = [] if args.suspended else [self.account.grant_act_as(args.owner)]
        if key is not None:
            needed += [key.grant_agent(self.project, service) for service in (_COMPUTE, _SERVICE)]
        if args.network.project.id != self.project.id:
            needed.append(args.network.grant_use(service_agent(self.project, _SERVICE)))
        if isinstance(args.image, ContainerImage):
            needed.append(args.image.grant_pull(self.account, self.env))
        return needed

    def _script(self) -> tuple[dict[str, pulumi.Input[str]], tuple[pulumi.Resource, ...]]:
        """Return the script's metadata, and what must be there before the machine starts."""
        script = self.args.startup_script
        if script is None:
            return {}, ()
        name, uploaded = script.place(self)
        return script.metadata(name), (*uploaded, *script.grant_read(self.account))

    def _instance(self, script: dict[str, pulumi.Input[str]]) -> gcp.workbench.InstanceArgs:
        args = self.args
        return gcp.workbench.InstanceArgs(
            project=self.project.id,
            location=self.zone,
            name=self.cloud_name("workbench_instance"),
            instance_owners=[args.owner.removeprefix("user:")],
            disable_proxy_access=False,
            enable_managed_euc=args.end_user_credentials,
            # A machine in use stops and starts by itself, so its state is said only where it has to stop.
            desired_state="STOPPED" if args.suspended else None,
            gce_setup=self._machine(script),
            labels=self.labels(classification=args.data_class.value),
        )

    def _machine(self, script: dict[str, pulumi.Input[str]]) -> gcp.workbench.InstanceGceSetupArgs:
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
            accelerator_configs=self._accelerators(),
            boot_disk=gcp.workbench.InstanceGceSetupBootDiskArgs(
                disk_size_gb=str(args.boot_disk_gb), disk_type=disk_type(args.chosen_machine), **self._encryption()
            ),
            data_disks=gcp.workbench.InstanceGceSetupDataDisksArgs(
                disk_size_gb=str(args.data_disk_gb), disk_type=disk_type(args.chosen_machine), **self._encryption()
            ),
            vm_image=vm_image(args.image),
            container_image=container_image(args.image),
            metadata={**self._switches().metadata(), **script},
        )

    def _accelerators(self) -> list[gcp.workbench.InstanceGceSetupAcceleratorConfigArgs] | None:
        if self.args.accelerator is None:
            return None
        config = gcp.workbench.InstanceGceSetupAcceleratorConfigArgs(
            type=self.args.accelerator, core_count=str(self.args.accelerator_count)
        )
        return [config]

    def _encryption(self) -> dict[str, pulumi.Input[str]]:
        key = self.args.chosen_key
        if key is None:
            return {"disk_encryption": "GMEK"}
        return {"disk_encryption": "CMEK", "kms_key": key_in(key, region_of(self.zone), self.where)}

    def _switches(self) -> Switches:
        args, defaults = self.args, self.env.defaults
        return Switches(
            idle_minutes=args.idle_minutes or defaults.notebook_idle_minutes,
            root=args.root_access,
            downloads=defaults.notebook_downloads if args.downloads is None else args.downloads,
            terminal=defaults.notebook_terminal if args.terminal is None else args.terminal,
            upgrade_window=args.upgrade_window,
            patched=isinstance(args.image, StockImage),
        )

    @staticmethod
    def from_existing(
        instance_name: str, *, project: Project, zone: str, label: str | None = None, operator_role: str | None = None
    ) -> WorkbenchRef:
        """Return a notebook that was there before.

        ``instance_name`` is its id; ``project`` is its project, whose ``managed`` says whether grants on it are ours to
        make; ``operator_role`` is the full name of the role that ``grant_operate`` gives; ``label``, by default the id,
        begins the names of grants.
        """
        checks = Checks("Workbench.from_existing")
        checks.matches(
            "instance_name",
            instance_name,
            _INSTANCE,
            "a notebook's id, 1 to 63 lower-case letters, digits and hyphens",
            "leave out projects/… and everything before the last /",
        )
        checks.matches(
            "zone", zone, r"[a-z]+(?:-[a-z0-9]+)+-[a-z][a-z0-9]*", "a zone such as europe-west4-a", "name it"
        )
        if operator_role is not None:
            checks.matches("operator_role", operator_role, FORM, "a role's full name, projects/…/roles/…", "name it")
        checks.finish()
        return ExistingWorkbench(
            label=label or instance_name,
            project=project,
            instance_name=instance_name,
            zone=zone,
            operator_role=operator_role,
        )
