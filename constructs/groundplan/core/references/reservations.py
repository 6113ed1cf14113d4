"""References to reserved capacity."""

from __future__ import annotations

from typing import Any

import pulumi

from groundplan.core.environment import Project
from groundplan.core.references.base import Exported, Reference, export_project, import_project, joined


class ReservationRef(Reference):
    """Machines that Compute Engine keeps free in a zone; what uses them names them, and matches them exactly."""

    reservation_name: pulumi.Input[str]
    """Last part of ``reservation_id``."""
    zone: str
    """Zone of the machines."""
    machine_type: str
    """Machine type of each machine."""
    machines: int
    """How many machines are kept."""

    @property
    def reservation_id(self) -> pulumi.Input[str]:
        """Full name, ``projects/…/zones/…/reservations/…``."""
        return joined(f"projects/{self.project.id}/zones/{self.zone}/reservations/", self.reservation_name)

    def exported(self) -> dict[str, Any]:
        """Return the reservation as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "reservation_name": self.reservation_name,
            "zone": self.zone,
            "machine_type": self.machine_type,
            "machines": self.machines,
        }

    @staticmethod
    def imported(exported: Exported) -> ReservationRef:
        """Return the reservation that another stack exported."""
        return ExistingReservation(
            **{
                **exported,
                "project": import_project(exported["project"]),
                "machines": int(exported["machines"]),  # a number comes back from an engine as a float
            }
        )


class ExistingReservation(ReservationRef):
    """A reservation that was there before, such as one that Google made for an agreement on capacity."""

    def __init__(
        self,
        *,
        label: str,
        project: Project,
        reservation_name: pulumi.Input[str],
        zone: str,
        machine_type: str,
        machines: int,
    ) -> None:
        """Take the attributes of ``ReservationRef``."""
        self.label = label
        self.project = project
        self.reservation_name = reservation_name
        self.zone = zone
        self.machine_type = machine_type
        self.machines = machines
