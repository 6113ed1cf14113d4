"""Machine types: vCPUs, memory, the accelerators that they come with, and what they can be beside."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from groundplan.core import tables
from groundplan.core.accelerators.devices import Availability, Consumption, availability, devices
from groundplan.core.errors import LookupFailure

_TABLE: Final = "accelerators"
_CPU_CONSUMPTION: Final[tuple[Consumption, ...]] = ("on_demand", "reserved", "spot")
_CUSTOM: Final = re.compile(r"(?:([a-z][a-z0-9]+)-)?custom-([1-9][0-9]{0,2})-([1-9][0-9]{0,6})(-ext)?")
# A custom machine type without a family is N1, the first to have them.
_FIRST_CUSTOM: Final = "n1"
# Machines that take no Persistent Disk: "About Google Cloud Hyperdisk", machine type support, 2026-10.
_HYPERDISK_FAMILIES: Final = frozenset({"a4", "a4x", "c4", "c4d", "g4", "n4"})
_HYPERDISK_SERIES: Final = ("a3-ultragpu-",)
_MEMORY_STEP_MB: Final = 256
_MB_IN_GB: Final = 1024


@dataclass(frozen=True, kw_only=True)
class MachineType:
    """A Compute Engine machine type."""

    name: str
    """As ``n2-standard-8``, ``a2-highgpu-1g``, ``n1-custom-4-8192``."""
    family: str
    """The machine series, as ``n2``, ``a2``."""
    vcpus: int
    """Virtual processors."""
    memory_gb: float
    """GB of memory."""
    accelerator: str | None = None
    """Name of the accelerator that it comes with."""
    accelerator_count: int = 0
    """How many of those it comes with."""
    attaches_gpus: bool = False
    """Whether GPUs can be attached (N1, without the machines of a shared core)."""
    confidential_types: tuple[str, ...] = ()
    """Technologies with which it can be a Confidential VM: SEV, SEV_SNP, TDX."""
    consumption: tuple[Consumption, ...] = _CPU_CONSUMPTION
    """How capacity can be had, in order."""
    topologies: tuple[str, ...] = ()
    """Shapes of the slices that its TPUs can form, where not all of the accelerator's."""
    zones: tuple[str, ...] = ()
    """Where it is, if it comes with accelerators; a machine without is not tabled by zone."""
    zones_partial: bool = True
    """Whether it may be in other zones too."""

    @property
    def live_migrates(self) -> bool:
        """Whether it can move to another host while it runs.

        A machine with an accelerator, its own or attached, is stopped for maintenance: its host maintenance policy is
        ``TERMINATE``. So is a Confidential VM with SEV_SNP or TDX.
        """
        return self.accelerator is None

    @property
    def takes_persistent_disks(self) -> bool:
        """Whether its disks can be Persistent Disks; where not, they are Hyperdisks."""
        return self.family not in _HYPERDISK_FAMILIES and not self.name.startswith(_HYPERDISK_SERIES)

    def availability(self, zone: str) -> Availability:
        """Whether it is in a zone; unknown for a machine without accelerators."""
        return availability(zone, self.zones, partial=self.zones_partial)


def machine_type(name: str) -> MachineType:
    """Return a machine type, predefined or custom.

    An unknown name, or a custom size that its family does not have, raises ``LookupFailure``.
    """
    known = machine_types()
    parts = _CUSTOM.fullmatch(name)
    found = known.get(name) or (_custom(name, parts) if parts else None)
    if found is None:
        rule = custom_rule(name)
        raise LookupFailure("machine type", name, [rule] if rule else known, "correct the name, or take another")
    return found


@functools.cache
def machine_types() -> dict[str, MachineType]:
    """Return every predefined machine type by its name."""
    table = tables.load(_TABLE)
    found = [machine for prefix, row in table["series"].items() for machine in _carrying(prefix, row)]
    found += [machine for family, row in table["families"].items() for machine in _general(family, row)]
    return {machine.name: machine for machine in found}


def _carrying(prefix: str, row: dict[str, Any]) -> Iterator[MachineType]:
    device = devices()[row["accelerator"]]
    for size, (vcpus, memory, count) in row["types"].items():
        size_consumption = row.get("sizes_consumption", {}).get(size, row.get("consumption", device.consumption))
        yield MachineType(
            name=f"{prefix}-{size}",
            family=prefix.partition("-")[0],
            vcpus=vcpus,
            memory_gb=memory,
            accelerator=device.name,
            accelerator_count=count,
            confidential_types=tuple(row.get("sizes_confidential", {}).get(size, ())),
            consumption=tuple(sorted(size_consumption)),
            topologies=tuple(row.get("topologies", {}).get(size, ())),
            zones=tuple(row.get("zones", device.zones)),
            zones_partial=device.zones_partial,
        )


def _general(family: str, row: dict[str, Any]) -> Iterator[MachineType]:
    confidential = row.get("confidential", {})
    for shape, sizes in row.get("shapes", {}).items():
        for vcpus in sizes["vcpus"]:
            name = f"{family}-{shape}-{vcpus}"
            memory = row.get("exceptions", {}).get(name, vcpus * sizes["gb"])
            if row.get("whole_gb", False):
                memory = math.floor(memory)
            plain = MachineType(
                name=name,
                family=family,
                vcpus=vcpus,
                memory_gb=memory,
                attaches_gpus=row.get("gpus", False),
                confidential_types=tuple(confidential.get(shape, ())),
            )
            yield plain
            for suffix in row.get("variants", ()):
                # A local disk changes neither processors nor memory; Confidential VMs are documented without.
                yield MachineType(name=f"{name}-{suffix}", family=family, vcpus=vcpus, memory_gb=memory)
    for name, (vcpus, memory) in {**row.get("shared", {}), **row.get("fixed", {})}.items():
        yield MachineType(name=name, family=family, vcpus=vcpus, memory_gb=memory)


def custom_rule(name: str) -> str | None:
    """Return what a custom machine type of the named family may be; None where ``name`` is not of the custom form."""
    parts = _CUSTOM.fullmatch(name)
    if parts is None:
        return None
    families = tables.load(_TABLE)["families"]
    row = families.get(parts[1] or _FIRST_CUSTOM, {})
    if "custom" not in row:
        return f"a custom machine type of {', '.join(sorted(f for f, r in families.items() if 'custom' in r))}"
    (least, most), largest = row["custom"]["gb"], row["custom"]["vcpus"]
    return (
        f"{parts[1] or _FIRST_CUSTOM}-custom-VCPUS-MB with an even number of vCPUs up to {largest}, {least:g} to "
        f"{most:g} GB for each (more with -ext), memory in steps of {_MEMORY_STEP_MB} MB"
    )


def _custom(name: str, parts: re.Match[str]) -> MachineType | None:
    family, vcpus, memory_mb = parts[1] or _FIRST_CUSTOM, int(parts[2]), int(parts[3])
    row = tables.load(_TABLE)["families"].get(family, {})
    if "custom" not in row:
        return None
    (least, most), largest = row["custom"]["gb"], row["custom"]["vcpus"]
    each = memory_mb / _MB_IN_GB / vcpus
    even = vcpus % 2 == 0 or (family == _FIRST_CUSTOM and vcpus == 1)
    fits = least <= each and (each <= most or parts[4] is not None)
    if not (even and vcpus <= largest and fits and memory_mb % _MEMORY_STEP_MB == 0):
        return None
    return MachineType(
        name=name,
        family=family,
        vcpus=vcpus,
        memory_gb=memory_mb / _MB_IN_GB,
        attaches_gpus=row.get("gpus", False),
        confidential_types=tuple(row.get("confidential", {}).get("custom", ())),
    )
