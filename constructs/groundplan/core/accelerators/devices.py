"""GPUs and TPUs: their names, where they are, how capacity can be had, which slices they form."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from groundplan.core import tables
from groundplan.core.errors import LookupFailure

Service: TypeAlias = Literal["compute", "gke", "vertex", "workbench", "tpu"]
"""Who is asked for the accelerator; each has names of its own. ``tpu`` is the Cloud TPU API."""
Consumption: TypeAlias = Literal["on_demand", "spot", "flex_start", "reserved"]
"""How capacity can be had; ``flex_start`` is queued and lasts for seven days at most."""
Availability: TypeAlias = Literal["yes", "no", "unknown"]
"""Whether something is in a zone; unknown where the table does not cover the zone."""

_TABLE: Final = "accelerators"
_TOPOLOGY: Final = re.compile(r"[1-9][0-9]{0,3}(?:x[1-9][0-9]{0,3}){1,2}")


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """How large an N1 machine may be that carries a number of GPUs."""

    count: int
    """GPUs."""
    max_vcpus: int
    """Most vCPUs."""
    max_memory_gb: float
    """Most GB of memory."""


@dataclass(frozen=True, kw_only=True)
class Accelerator:
    """A type of GPU or TPU."""

    name: str
    """As Compute Engine (a GPU) or Cloud TPU (a TPU) names it: ``nvidia-l4``, ``v5e``."""
    kind: Literal["gpu", "tpu"]
    """What it is."""
    memory_gb: int
    """GB of memory of one GPU or chip."""
    names: Mapping[str, str]
    """What each service calls it; a service that is absent does not take it by name."""
    unnamed: tuple[str, ...]
    """Services that take it with its machine type, and have no name for it."""
    attachments: tuple[Attachment, ...]
    """How many can be attached to N1 machines; empty for one that comes with its machine type."""
    zones: tuple[str, ...]
    """Where it is, in order."""
    zones_partial: bool
    """Whether it may be in other zones too."""
    consumption: tuple[Consumption, ...]
    """How capacity can be had, in at least one machine type."""
    partitions: tuple[str, ...]
    """Sizes into which one GPU can be divided (multi-instance GPU)."""
    topologies: tuple[str, ...]
    """Shapes of a slice, in chips; for a cube-shaped TPU the small ones."""
    cube_step: int
    """What the edges of larger cubes are multiples of; 0 where there are none."""
    max_chips: int
    """Most chips of a slice; 0 for a GPU."""
    ended: str | None
    """The day on which Google switched it off, as 2026-09-15."""
    ends: str | None
    """The day on which Google will switch it off."""

    def name_for(self, service: Service) -> str | None:
        """Return what a service calls it, or None where the service does not take it by name."""
        return self.names.get(service)

    def availability(self, zone: str) -> Availability:
        """Whether it is in a zone."""
        return availability(zone, self.zones, partial=self.zones_partial)

    def chips(self, topology: str) -> int | None:
        """Return the chips of a slice of this shape, or None where there is no such slice."""
        if not _TOPOLOGY.fullmatch(topology):
            return None
        edges = [int(edge) for edge in topology.split("x")]
        chips = math.prod(edges)
        cube = (
            self.cube_step > 0
            and len(edges) == 3  # noqa: PLR2004 - a cube has three edges
            and edges == sorted(edges)
            and all(edge % self.cube_step == 0 for edge in edges)
            and chips <= self.max_chips
        )
        return chips if cube or topology in self.topologies else None


def availability(zone: str, zones: Collection[str], *, partial: bool) -> Availability:
    """Whether something that is in ``zones`` is in ``zone``; ``partial`` says that the list may lack some."""
    if zone in zones:
        return "yes"
    covered = zone.rpartition("-")[0] in tables.load(_TABLE)["regions"]
    return "no" if covered and not partial else "unknown"


def accelerator(name: str) -> Accelerator:
    """Return an accelerator by any of its names: ``nvidia-l4``, ``NVIDIA_L4``, ``v5e``, ``V5LITE_POD``.

    An unknown name raises ``LookupFailure``, which names the nearest.
    """
    names = _by_any_name()
    if name not in names:
        raise LookupFailure("accelerator", name, names, "correct the name; each service has its own spelling")
    return names[name]


def accelerators_in(zone: str) -> tuple[Accelerator, ...] | None:
    """Return the accelerators that are in a zone, in order of their names; None where the table does not cover it."""
    if zone.rpartition("-")[0] not in tables.load(_TABLE)["regions"]:
        return None
    return tuple(device for _, device in sorted(devices().items()) if zone in device.zones)


def zones_with(name: str) -> tuple[str, ...]:
    """Return the zones that have an accelerator, in order; an unknown name raises ``LookupFailure``."""
    return accelerator(name).zones


@functools.cache
def devices() -> dict[str, Accelerator]:
    """Return every accelerator by its own name."""
    table = tables.load(_TABLE)
    carried: dict[str, list[dict[str, Any]]] = {}
    for row in table["series"].values():
        carried.setdefault(row["accelerator"], []).append(row)
    return {name: _read(name, row, carried.get(name, [])) for name, row in table["accelerators"].items()}


@functools.cache
def _by_any_name() -> dict[str, Accelerator]:
    named = dict(devices())
    for device in devices().values():
        named.update(dict.fromkeys(device.names.values(), device))
    return named


def _read(name: str, row: dict[str, Any], series: list[dict[str, Any]]) -> Accelerator:
    zones = {zone for part in (row, *series) for zone in part.get("zones", ())}
    ways = {way for part in (row, *series) for way in part.get("consumption", ())}
    cubes = row.get("cubes", {"step": 0, "max_chips": 0})
    topologies = tuple(row.get("topologies", ()))
    largest = max((math.prod(map(int, shape.split("x"))) for shape in topologies), default=0)
    return Accelerator(
        name=name,
        kind=row["kind"],
        memory_gb=row["memory_gb"],
        names=row["names"],
        unnamed=tuple(row.get("unnamed", ())),
        attachments=tuple(
            Attachment(count=count, max_vcpus=most["vcpus"], max_memory_gb=most["memory_gb"])
            for count, most in row.get("attach", {}).items()
        ),
        zones=tuple(sorted(zones)),
        zones_partial=row.get("zones_partial", False),
        consumption=tuple(sorted(ways)),
        partitions=tuple(row.get("partitions", ())),
        topologies=topologies,
        cube_step=cubes["step"],
        max_chips=cubes["max_chips"] or largest,
        ended=row.get("ended"),
        ends=row.get("ends"),
    )
