"""The nearest combination of machine type, accelerator, number and zone that is possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from groundplan.core.accelerators.devices import Accelerator, Availability
from groundplan.core.accelerators.machines import MachineType, machine_types


@dataclass(frozen=True)
class Combination:
    """Something that goes together."""

    machine_type: str
    """Compute Engine machine type."""
    accelerator: str
    """Accelerator, by its own name."""
    count: int
    """How many of them."""
    zone: str | None
    """Zone, where one was asked for."""


def nearest_combination(wanted: MachineType, device: Accelerator, count: int, zone: str | None) -> Combination | None:
    """Return what goes together and is nearest to what was wanted: in number, vCPUs, memory, name.

    The zone is kept where anything with the accelerator is possible there; else it is the nearest that has some.
    """
    choices = list(_choices(device))
    if zone is not None:
        here = _in_zone(choices, device, zone)
        if not here:
            zone = next(iter(by_distance(device.zones, zone)), None)
            here = _in_zone(choices, device, zone) if zone else []
        choices = here
    if not choices:
        return None
    machine, number = min(
        choices,
        key=lambda each: (
            abs(each[1] - count),
            abs(each[0].vcpus - wanted.vcpus),
            abs(each[0].memory_gb - wanted.memory_gb),
            each[0].name,
        ),
    )
    return Combination(machine.name, device.name, number, zone)


def _in_zone(
    choices: Iterable[tuple[MachineType, int]], device: Accelerator, zone: str
) -> list[tuple[MachineType, int]]:
    return [each for each in choices if place(each[0], device, zone) != "no"]


def _choices(device: Accelerator) -> Iterator[tuple[MachineType, int]]:
    for machine in machine_types().values():
        if machine.accelerator == device.name:
            yield machine, machine.accelerator_count
        elif machine.attaches_gpus and device.ended is None:
            for size in device.attachments:
                if machine.vcpus <= size.max_vcpus and machine.memory_gb <= size.max_memory_gb:
                    yield machine, size.count


def by_distance(zones: Iterable[str], zone: str) -> list[str]:
    """Return zones in order of their distance: the same region first, then the same continent, then by name."""
    region, continent = zone.rpartition("-")[0], zone.partition("-")[0]
    return sorted(
        zones, key=lambda each: (each.rpartition("-")[0] != region, each.partition("-")[0] != continent, each)
    )


def place(machine: MachineType, device: Accelerator, zone: str) -> Availability:
    """Whether a machine with an accelerator, its own or attached, is in a zone."""
    return machine.availability(zone) if machine.accelerator else device.availability(zone)
