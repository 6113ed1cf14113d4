"""Confidential machines: who asks for one, and which machine types can be one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Read
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict, all_of, indeterminate

TECHNOLOGIES: Final = ("SEV", "SEV_SNP", "TDX")
"""Technologies of confidential machines, as Compute Engine names them."""

_FAMILIES: Final = {"n2d", "c2d", "c3d", "c4d", "c3"}
_TYPES: Final = {"a3-highgpu-1g"}
"""Machine families and types that can be confidential, by Google's list of supported configurations."""

_VIRTUAL = Path("virtualClusterConfig")


def can_be_confidential(machine: str) -> bool:
    """Whether a machine type, by its name or address, is known to support confidential computing."""
    name = machine.rpartition("/")[2]
    return name.partition("-")[0] in _FAMILIES or name in _TYPES


def is_virtual(resource: Resource) -> bool:
    """Whether a Dataproc cluster runs on Kubernetes, so that it has no machines and no disks of its own."""
    return isinstance(_VIRTUAL.one(resource).value, dict) and not resource.inputs.get("clusterConfig")


def harmless(type_: str, *paths: str) -> tuple[Read, ...]:
    """Document properties that do not matter where a machine is confidential."""
    return tuple(Read.aside(type_, path) for path in paths)


@dataclass(frozen=True)
class Confidential:
    """Expect confidential machines: somebody asks for them, and the machine types can.

    Attributes:
        asks: Whether somebody asks.
        machines: Where the machine types are named. Google's defaults cannot be confidential.
    """

    asks: Check
    machines: Sequence[Path]

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        """Look at one resource."""
        outcome = self.asks(resource, context)
        return all_of(self._able(resource)) if outcome is PASS else outcome

    def _able(self, resource: Resource) -> Iterable[Outcome]:
        for path in self.machines:
            for reading in path.read(resource):
                if can_be_confidential(reading.text):
                    yield PASS
                else:
                    yield indeterminate(
                        "is no machine type that is known to support confidential computing", reading.path
                    )

    def reads(self, type_: str) -> tuple[Read, ...]:
        """Give what this says of missing machine types."""
        unclear = Verdict.INDETERMINATE
        return tuple(Read(type_, each.text, absent=unclear, empty=unclear) for each in self.machines)
