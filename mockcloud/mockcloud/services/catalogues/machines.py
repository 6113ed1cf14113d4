"""Machine types and accelerators."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from mockcloud.services.catalogues.tables import table

_CUSTOM: Final = re.compile(r"(?:(?P<family>[a-z0-9]+)-)?custom-(?P<vcpus>\d+)-(?P<memory>\d+)(?:-ext)?")
_MB: Final = 1024
_FORM: Final = re.compile(
    r"(?P<family>[a-z]{1,2}\d{1,2}[a-z]{0,2})-(?P<kind>[a-z]+)(?:-(?P<size>\d+[a-z]*)(?:-[a-z]+)*)?"
)
"""`n2d-standard-4`, with what a few have behind it, such as `c3-standard-8-lssd`."""
_OLD_TPU: Final = "cloud-tpu"
"""What Vertex training calls the machine of the first TPUs."""


@dataclass(frozen=True, slots=True)
class MachineType:
    """A machine type.

    Attributes:
        name: `n1-standard-4`.
        vcpus: Virtual CPUs.
        memory: In MB.
        shared: Whether it shares its cores.
        gpu: Accelerators that are built in; "" for none.
        gpus: How many.
    """

    name: str
    vcpus: int
    memory: int
    shared: bool = False
    gpu: str = ""
    gpus: int = 0


@dataclass(frozen=True, slots=True)
class Accelerator:
    """A type of accelerator.

    Attributes:
        name: `nvidia-l4`.
        description: Its name for people.
        most: The most on one instance.
        counts: How many an N1 machine can have; empty for one that is built into machine types.
        zones: Where it is.
    """

    name: str
    description: str
    most: int
    zones: tuple[str, ...]
    counts: tuple[int, ...] = ()


@lru_cache(maxsize=1)
def machine_types() -> dict[str, MachineType]:
    """Give the predefined machine types by name."""
    rows = table("machine_types")
    found = {}
    for family, row in rows["families"].items():
        for vcpus in row["vcpus"]:
            name = f"{family}-{vcpus}"
            found[name] = MachineType(name, vcpus, round(vcpus * row["memory"] * _MB))
    for name, row in rows["types"].items():
        found[name] = MachineType(
            name,
            row["vcpus"],
            round(row["memory"] * _MB),
            row.get("shared", False),
            row.get("gpu", ""),
            row.get("gpus", 0),
        )
    return dict(sorted(found.items()))


def machine_type(name: str) -> MachineType | None:
    """Give a machine type, predefined or custom (`n2-custom-4-8192`); None for what is none that we know."""
    found = machine_types().get(name)
    if found is None and (custom := _CUSTOM.fullmatch(name)):
        return MachineType(name, int(custom["vcpus"]), int(custom["memory"]))
    return found


def may_be_a_machine_type(name: str) -> bool:
    """Whether a name may be that of a machine type. Families appear every year: those that we know have known sizes."""
    if machine_type(name) is not None or name == _OLD_TPU:
        return True
    found = _FORM.fullmatch(name)
    if found is None:
        return False
    if found["family"] not in _regular_families():
        return True
    return machine_type(f"{found['family']}-{found['kind']}-{found['size']}") is not None


@lru_cache(maxsize=1)
def _regular_families() -> frozenset[str]:
    return frozenset(each.partition("-")[0] for each in table("machine_types")["families"])


@lru_cache(maxsize=1)
def accelerators() -> dict[str, Accelerator]:
    """Give the accelerators by name."""
    return {
        name: Accelerator(name, row["description"], row["most"], tuple(row["zones"]), tuple(row.get("counts", ())))
        for name, row in table("accelerators").items()
    }


@cache
def accelerators_in(zone: str) -> tuple[Accelerator, ...]:
    """Give the accelerators of a zone."""
    return tuple(each for each in accelerators().values() if zone in each.zones)


def offered(name: str, zone: str) -> bool:
    """Whether a machine type is to be had in a zone. Those without accelerators are taken to be everywhere."""
    found = machine_type(name)
    if found is None:
        return False
    return not found.gpu or zone in accelerators()[found.gpu].zones
