"""CMP-12: machines run no machines."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, full
from groundplan_policies.engine.expect import every, is_false, reads_of
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, Verdict
from groundplan_policies.rules.encryption.copies import COPIES, TEMPLATES, taken_over

_SWITCH: Final = "enableNestedVirtualization"
_NODES: Final = f"nodeConfig.advancedMachineFeatures.{_SWITCH}"
_MACHINE: Final = is_false(f"advancedMachineFeatures.{_SWITCH}")
_COPIED: Final = is_false(_MACHINE.path.text, absent=Verdict.INDETERMINATE)
_EXPECTED: Final = {
    **dict.fromkeys(("compute.Instance", *TEMPLATES), (_MACHINE,)),
    **dict.fromkeys(COPIES, (_COPIED,)),
    "container.NodePool": (is_false(_NODES),),
    "container.Cluster": (is_false(_NODES), is_false(f"nodePools.{_NODES}")),
    "cloudbuild.WorkerPool": (is_false(f"workerConfig.{_SWITCH}"),),
}


def _copy(resource: Resource, context: Context) -> Outcome:
    """Judge a machine that is as its template says, unless it says something itself."""
    if _COPIED.path.is_absent(resource.inputs):
        return taken_over(resource, context, _COPIED.path.text)
    return _COPIED(resource, context)


CONTROL = Control(
    id="CMP-12",
    title="Machines run no machines",
    why=(
        "A machine inside of a machine is seen by no agent, no inventory and no patch schedule, and reaches whatever "
        "its host reaches. Nested virtualisation is off by default, and may be absent: on machines, on nodes of "
        "clusters, and where builds run."
    ),
    remedy="Leave out `enable_nested_virtualization`.",
    severity=Severity.LOW,
    objectives=("3.2.a",),
    clauses=(full("google-ai", "VPC-CO-6.6"),),
    reads=reads_of(_EXPECTED),
    checks={
        **{type_: every(*expected) for type_, expected in _EXPECTED.items()},
        **dict.fromkeys(COPIES, _copy),
    },
)
