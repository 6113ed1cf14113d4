"""Machines as training asks for them, and whether they are to be had in any of some zones."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from groundplan.core.accelerators import (
    Accelerator,
    Consumption,
    Service,
    accelerator,
    check_combination,
    machine_type,
)
from groundplan.core.errors import LookupFailure
from groundplan.core.validation import Checks


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A machine with its accelerators, as somebody asks for it."""

    type: str
    """Compute Engine machine type."""
    accelerator: str | None
    """Accelerator that is named beside it, as the service spells it."""
    count: int
    """How many of those."""
    topology: str | None
    """Shape of the slice of a TPU."""
    consumption: Consumption
    """How capacity is had."""

    @property
    def device(self) -> Accelerator | None:
        """The accelerator, named or carried by the machine type; None where there is none, or it is unknown."""
        try:
            name = self.accelerator or machine_type(self.type).accelerator
            return accelerator(name) if name else None
        except LookupFailure:
            return None

    @property
    def accelerators(self) -> int:
        """How many accelerators it has, named or carried; 0 where there are none, or they are unknown."""
        if self.accelerator is not None:
            return self.count
        try:
            return machine_type(self.type).accelerator_count
        except LookupFailure:
            return 0

    def is_in(self, zone: str) -> bool:
        """Whether it is known to be in a zone; a machine without accelerators never is, since none is tabled."""
        device = self.device
        if device is None:
            return False
        machine = machine_type(self.type)
        return (machine if machine.accelerator else device).availability(zone) == "yes"

    def check(self, checks: Checks, prefix: str, zones: Sequence[str], service: Service) -> bool:
        """Record why it cannot be had in any of the zones, with the nearest that can; return whether it can."""
        problems = [
            check_combination(
                machine_type=self.type,
                accelerator=self.accelerator,
                count=self.count if self.accelerator else 0,
                zone=zone,
                service=service,
                consumption=self.consumption,
                topology=self.topology,
            )
            for zone in zones
        ]
        first = problems[0]
        if first is None or not all(problems):
            return self._check_topology(checks, prefix)
        checks.problems.append(dataclasses.replace(first, field=f"{prefix}{first.field}"))
        return False

    def _check_topology(self, checks: Checks, prefix: str) -> bool:
        """Record where a TPU has no shape, or something else has one; which shapes there are is the table's matter."""
        device = self.device
        if device is not None and device.kind == "tpu":
            shapes = machine_type(self.type).topologies or device.topologies
            return checks.that(
                self.topology is not None,
                f"{prefix}topology",
                "is missing, and TPUs come in slices of a shape",
                given="nothing",
                allowed=", ".join(shapes),
                do=f"say the shape of the slice, such as {shapes[0]}",
            )
        return checks.that(
            self.topology is None,
            f"{prefix}topology",
            "is given, and only TPUs have one",
            given=self.topology,
            allowed="nothing",
            do="leave the topology out",
        )
