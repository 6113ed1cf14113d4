"""Capacity with accelerators that Compute Engine keeps free, and bills whether or not it is used."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Args, Component
from groundplan.core.environment import Project
from groundplan.core.references import ExistingReservation, ReservationRef
from groundplan.core.validation import Checks
from groundplan.training.capacity import Demand, Quota
from groundplan.training.machines import Machine

_SERVICE: Final = "compute.googleapis.com"
_NAME: Final = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
_ZONE: Final = "[a-z]+(?:-[a-z0-9]+)+-[a-z][a-z0-9]*"
_MOST_PROJECTS: Final = 100


@dataclass(frozen=True, kw_only=True)
class AcceleratorReservationArgs(Args):
    """What an ``AcceleratorReservation`` takes."""

    machine_type: str
    """Machine type of each machine, which whatever uses the reservation must match exactly."""
    machines: int
    """How many machines are kept, 1 to 1,000. They bill from now on, used or not."""
    ends: dt.date | None
    """The day on which Google gives the capacity back, when it begins (UTC), or None to keep and pay it until it is
    taken out of the program. There is no default, since it is the bill."""
    zone: str | None = None
    """Zone of the machines; by default the environment's first."""
    accelerator: str | None = None
    """GPU that is attached to N1 machines, as Compute Engine spells it; other machine types come with theirs."""
    accelerator_count: int = 1
    """GPUs of each machine, where one is named."""
    quota: Quota | None = None
    """What the project's quota of Compute Engine allows of the accelerator in the region."""
    shared_with: tuple[str, ...] = ()
    """Ids of the other projects that may use it; by default none."""
    for_services: bool = True
    """Whether Google's services that run in projects of Google's, such as Vertex AI, may use it for this project."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.within("machines", self.machines, 1, 1000, "machines")
        checks.instance("ends", self.ends, (dt.date, type(None)), "a date, or None to keep it without end")
        for index, project in enumerate(self.shared_with):
            checks.project_id(f"shared_with[{index}]", project)
        checks.unique("shared_with", map(str, self.shared_with), "project")
        checks.that(
            len(self.shared_with) <= _MOST_PROJECTS,
            "shared_with",
            "names too many projects",
            given=len(self.shared_with),
            allowed=f"at most {_MOST_PROJECTS}",
            do="make a second reservation for the others",
        )
        if checks.one_of("zone", self.chosen_zone, self.env.zones):
            self._check_machine(checks)

    def _check_machine(self, checks: Checks) -> None:
        device = self.machine.device
        if device is not None and device.kind == "tpu":
            checks.that(
                holds=False,
                field="machine_type",
                fault="has TPUs, and a reservation cannot say the shape of their slice",
                given=self.machine_type,
                allowed="machines with GPUs",
                do="agree on TPU capacity with Google, and name it with AcceleratorReservation.from_existing",
            )
            return
        fits = self.machine.check(checks, "", (self.chosen_zone,), "compute")
        if fits and device is None:
            checks.that(
                holds=False,
                field="machine_type",
                fault="has no accelerator",
                given=self.machine_type,
                allowed="a machine type that comes with GPUs, or N1 with a GPU",
                do="name the accelerator; machines without need no reservation to train on",
            )
        if fits:
            self.demand.check(checks)

    @property
    def chosen_zone(self) -> str:
        """The zone, given or by default."""
        return self.zone or self.env.zone

    @property
    def machine(self) -> Machine:
        """Each machine."""
        return Machine(
            type=self.machine_type,
            accelerator=self.accelerator,
            count=self.accelerator_count,
            topology=None,
            consumption="reserved",
        )

    @property
    def demand(self) -> Demand:
        """The accelerators of all machines together: a reservation takes the quota of on-demand ones."""
        return Demand(
            env=self.env,
            accelerator=self.machine.device,
            count=self.machines * self.machine.accelerators,
            consumption="on_demand",
            quota=self.quota,
        )


class AcceleratorReservation(Component, ReservationRef):
    """Machines with GPUs that are there when training needs them.

    One child, ``reservation``. Only what names it uses it, so that nobody's other machine takes its place. A
    reservation has no IAM: who uses it is a matter of projects (``shared_with``).
    """

    kind = "groundplan:training:AcceleratorReservation"
    objectives = ("3.2.d", "3.3.a")

    def __init__(self, name: str, args: AcceleratorReservationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the reservation; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.zone = args.chosen_zone
        self.machine_type = args.machine_type
        self.machines = args.machines
        self.reservation = self.make("reservation", gcp.compute.Reservation, self._arguments())
        self.reservation_name = self.reservation.name
        self.finish(
            {
                "reservationId": self.reservation_id,
                "zone": self.zone,
                "machineType": self.machine_type,
                "machines": self.machines,
                "ends": args.ends.isoformat() if args.ends else None,
                "quota": args.demand.looked_up(self.project, _SERVICE, self.where),
            }
        )

    def _arguments(self) -> gcp.compute.ReservationArgs:
        args = self.args
        return gcp.compute.ReservationArgs(
            project=self.project.id,
            zone=self.zone,
            name=self.cloud_name("reservation"),
            description=f"Capacity for training: {self.label}",
            specific_reservation_required=True,
            specific_reservation=gcp.compute.ReservationSpecificReservationArgs(
                count=args.machines, instance_properties=self._machine()
            ),
            delete_at_time=f"{args.ends:%Y-%m-%d}T00:00:00Z" if args.ends else None,
            reservation_sharing_policy=gcp.compute.ReservationReservationSharingPolicyArgs(
                service_share_type="ALLOW_ALL" if args.for_services else "DISALLOW_ALL"
            ),
            share_settings=self._sharing(),
        )

    def _machine(self) -> gcp.compute.ReservationSpecificReservationInstancePropertiesArgs:
        gpu = gcp.compute.ReservationSpecificReservationInstancePropertiesGuestAcceleratorArgs
        args = self.args
        return gcp.compute.ReservationSpecificReservationInstancePropertiesArgs(
            machine_type=args.machine_type,
            guest_accelerators=[
                gpu(accelerator_type=args.accelerator, accelerator_count=args.accelerator_count),
            ]
            if args.accelerator
            else None,
        )

    def _sharing(self) -> gcp.compute.ReservationShareSettingsArgs | None:
        if not self.args.shared_with:
            return None
        return gcp.compute.ReservationShareSettingsArgs(
            share_type="SPECIFIC_PROJECTS",
            project_maps=[
                gcp.compute.ReservationShareSettingsProjectMapArgs(id=project, project_id=project)
                for project in self.args.shared_with
            ],
        )

    @staticmethod
    def from_existing(
        reservation: str, *, project: Project, zone: str, machine_type: str, machines: int, label: str | None = None
    ) -> ReservationRef:
        """Return capacity that is kept already, such as what was agreed with Google.

        ``reservation`` is its name, ``project`` the one that owns it; it must be shared with the project that trains.
        ``label``, by default the name, is for messages.
        """
        checks = Checks("AcceleratorReservation.from_existing")
        checks.matches(
            "reservation",
            reservation,
            _NAME,
            "a reservation's name, 1 to 63 lower-case letters, digits and hyphens",
            "leave out projects/… and everything before the last /",
        )
        checks.matches("zone", zone, _ZONE, "a zone such as europe-west4-a", "name the zone")
        checks.within("machines", machines, 1, 100_000, "machines")
        checks.instance("machine_type", machine_type, str, "a Compute Engine machine type")
        checks.finish()
        return ExistingReservation(
            label=label or reservation,
            project=project,
            reservation_name=reservation,
            zone=zone,
            machine_type=machine_type,
            machines=machines,
        )
