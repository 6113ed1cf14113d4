"""CMP-12: machines run no machines."""

from typing import Final

from groundplan_policies.engine.control import Control, full
from groundplan_policies.engine.expect import is_false
from groundplan_policies.engine.verdicts import Severity

_OFF: Final = is_false("advancedMachineFeatures.enableNestedVirtualization")
_TYPES: Final = ("compute.Instance", "compute.InstanceTemplate", "compute.RegionInstanceTemplate")

CONTROL = Control(
    id="CMP-12",
    title="Machines run no machines",
    why=(
        "A machine inside of a machine is seen by no agent, no inventory and no patch schedule, and reaches whatever "
        "its host reaches. Nested virtualisation is off by default, and may be absent."
    ),
    remedy="Leave out `enable_nested_virtualization`.",
    severity=Severity.LOW,
    objectives=("3.2.a",),
    clauses=(full("google-ai", "VPC-CO-6.6"),),
    reads=tuple(_OFF.reads(type_) for type_ in _TYPES),
    checks=dict.fromkeys(_TYPES, _OFF),
)
