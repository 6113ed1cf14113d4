"""NET-03: instances do not forward packets."""

from groundplan_policies.engine.control import Control, full, partial
from groundplan_policies.engine.expect import every, is_false
from groundplan_policies.engine.verdicts import Severity, Verdict

_NOTEBOOK = is_false("gceSetup.enableIpForwarding")
_MACHINE = is_false("canIpForward")
_COPY = is_false("canIpForward", absent=Verdict.INDETERMINATE)
_SLICE = is_false("networkConfig.canIpForward")
_SLICES = is_false("networkConfigs.canIpForward")
_QUEUED = is_false("tpu.nodeSpecs.node.networkConfig.canIpForward")

CONTROL = Control(
    id="NET-03",
    title="Instances do not forward packets",
    why=(
        "A machine that may send packets with the addresses of others can pose as them, and be a way out past the "
        "routes that were meant. Absent means off, at Google and in the provider. A machine that is copied from a "
        "template or an image takes the value from there, where this document may not show it: absent is "
        "indeterminate then. TPU slices are machines too and are read as well."
    ),
    remedy="Leave `can_ip_forward` (for notebooks `enable_ip_forwarding`) out, or set it to false.",
    severity=Severity.MEDIUM,
    objectives=("2.2.b", "6.1.a"),
    clauses=(
        full("cis-gcp-5.0", "4.6"),
        partial("google-ai", "VPC-CO-6.3", "The organisation policy that forbids it to every machine."),
    ),
    reads=(
        _NOTEBOOK.reads("workbench.Instance"),
        _MACHINE.reads("compute.Instance"),
        _MACHINE.reads("compute.InstanceTemplate"),
        _MACHINE.reads("compute.RegionInstanceTemplate"),
        _COPY.reads("compute.InstanceFromTemplate"),
        _COPY.reads("compute.InstanceFromMachineImage"),
        _SLICE.reads("tpu.V2Vm"),
        _SLICES.reads("tpu.V2Vm"),
        _QUEUED.reads("tpu.V2QueuedResource"),
    ),
    checks={
        "workbench.Instance": _NOTEBOOK,
        "compute.Instance": _MACHINE,
        "compute.InstanceTemplate": _MACHINE,
        "compute.RegionInstanceTemplate": _MACHINE,
        "compute.InstanceFromTemplate": _COPY,
        "compute.InstanceFromMachineImage": _COPY,
        "tpu.V2Vm": every(_SLICE, _SLICES),
        "tpu.V2QueuedResource": _QUEUED,
    },
)
