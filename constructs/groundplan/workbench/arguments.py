"""What every notebook takes, whether it is made for one person or for each of a fleet."""

from __future__ import annotations

from dataclasses import dataclass

from groundplan.core.component import Args
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import check_keys, chosen_key
from groundplan.core.environment import Environment
from groundplan.core.references import KeyRef, KeyRingRef, NetworkRef
from groundplan.core.validation import Checks
from groundplan.workbench.image import Image, StockImage, check_image
from groundplan.workbench.machine import check_machine
from groundplan.workbench.operator_role import FORM
from groundplan.workbench.startup_script import StartupScript
from groundplan.workbench.switches import SCHEDULE

_MACHINE = "e2-standard-4"
_CONFIDENTIAL_MACHINE = "n2d-standard-4"
_PERSON = r"user:[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+"


@dataclass(frozen=True, kw_only=True)
class NotebookArgs(Args):
    """What the notebooks of ``Workbench`` and ``WorkbenchFleet`` have in common."""

    network: NetworkRef
    """The network that the notebook joins, ours or one that was there before."""
    keys: KeyRingRef | None = None
    """Keys for the disks, in the notebook's region; required where the tier asks for keys of one's own."""
    key: KeyRef | None = None
    """One key for the disks, in place of one of ``keys``."""
    data_class: DataClass = DataClass.CONFIDENTIAL
    """How sensitive the data on the disks is; chooses the key."""
    zone: str | None = None
    """Zone of the machine; by default the environment's first."""
    machine_type: str | None = None
    """Compute Engine machine type; by default 4 vCPUs with 16 GB, confidential where the tier asks for it."""
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
    startup_script: StartupScript | None = None
    """A script that runs when the machine starts, pinned to what was reviewed."""
    idle_minutes: int | None = None
    """Minutes without activity after which the machine stops, 10 to 1,440; by default as the tier says."""
    upgrade_window: str = "00 3 * * SUN"
    """When the environment is upgraded (UTC), weekly as ``00 3 * * SUN`` or monthly as ``00 3 1 * *``."""
    downloads: bool | None = None
    """Whether files can be downloaded to the browser; by default as the tier says."""
    terminal: bool | None = None
    """Whether JupyterLab offers a terminal; by default as the tier says."""
    root_access: bool = False
    """Whether the notebook's user can become root: then no other setting of the machine holds against that user."""
    confidential: bool | None = None
    """Whether memory is encrypted by the processor (Confidential VM); by default as the tier says. Google allows it on
    n2d machines without GPU, and never turns it on or off afterwards."""
    end_user_credentials: bool = False
    """Whether code in the notebook acts as the person instead of the service account: then it can do whatever that
    person can, in every project."""
    operator_role: str | None = None
    """Full name of the role that lets the owner start and stop the notebook, ``projects/…/roles/…`` or
    ``organizations/…/roles/…``; by default one is made, which does nothing else."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.instance("network", self.network, NetworkRef, "a Network, or Network.from_existing(…)")
        if checks.instance("data_class", self.data_class, DataClass, "a DataClass, such as DataClass.CONFIDENTIAL"):
            check_keys(checks, self.env, self.data_class, self.keys, self.key)
        checks.within("boot_disk_gb", self.boot_disk_gb, 150, 64_000, "GB")
        checks.within("data_disk_gb", self.data_disk_gb, 10, 64_000, "GB")
        check_image(checks, "image", self.image)
        if self.startup_script is not None and checks.instance(
            "startup_script", self.startup_script, StartupScript, "a StartupScript"
        ):
            self.startup_script.check(checks, "startup_script")
        self._check_times(checks)
        if checks.one_of("zone", self.chosen_zone, self.env.zones):
            self._check_machine(checks)
        if self.operator_role is not None:
            form = "projects/<project>/roles/<role> or organizations/<number>/roles/<role>"
            checks.matches("operator_role", self.operator_role, FORM, form, "give the role's full name")

    def _check_times(self, checks: Checks) -> None:
        checks.matches(
            "upgrade_window",
            self.upgrade_window,
            SCHEDULE,
            "minute, hour, and either a day of the week or a day of the month from 1 to 28, in cron's five fields",
            "write it as 00 3 * * SUN, or 00 3 1 * *",
        )
        if self.idle_minutes is not None:
            checks.within("idle_minutes", self.idle_minutes, 10, 1440, "minutes")

    def _check_machine(self, checks: Checks) -> None:
        check_machine(
            checks,
            machine=self.chosen_machine,
            gpu=self.accelerator,
            gpus=self.accelerator_count,
            zone=self.chosen_zone,
            confidential=self.is_confidential,
            service="workbench",
        )

    @property
    def chosen_zone(self) -> str:
        """The zone, given or by default."""
        return self.zone or self.env.zone

    @property
    def chosen_key(self) -> KeyRef | None:
        """The key of the disks, or None where Google manages it."""
        return chosen_key(self.data_class, self.keys, self.key)

    @property
    def is_confidential(self) -> bool:
        """Whether the machine is a Confidential VM."""
        return self.env.defaults.notebook_confidential if self.confidential is None else self.confidential

    @property
    def chosen_machine(self) -> str:
        """The machine type, given or by default."""
        return self.machine_type or (_CONFIDENTIAL_MACHINE if self.is_confidential else _MACHINE)


def check_person(checks: Checks, field: str, owner: object, env: Environment) -> bool:
    """Record what is wrong with a notebook's owner: one person, of the environment's domains where it has some."""
    named = checks.matches(
        field,
        owner,
        _PERSON,
        "one person, as user:alice@acme.test",
        "name a person: Google opens a notebook to a group for nobody; for several people make a notebook each",
    )
    domain = str(owner).rpartition("@")[2]
    return named and checks.that(
        not env.domains or domain in env.domains,
        field,
        "is of a domain whose people are not given access in this environment",
        given=owner,
        allowed=", ".join(env.domains),
        do="name somebody of these domains, or add the domain to the environment",
    )
