"""NET-09: training pools are attached to a network of yours."""

from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import is_set
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.engine.ways import one_way, other_way

_ATTACHED = is_set("pscInterfaceConfig.networkAttachment", "compute.NetworkAttachment", expected="a network attachment")
_PEERED = is_set("network", "compute.Network", expected="the full name of a network")

CONTROL = Control(
    id="NET-09",
    title="Training pools are attached to a network of yours",
    why=(
        "A pool that is attached to nothing runs in Google's network, from where training code reaches the internet "
        "past your firewall, your logs and your perimeter. A Private Service Connect interface or peering brings "
        "its traffic home; an empty block attaches nothing."
    ),
    remedy="Use TrainingPool with a NetworkAttachment, or set `psc_interface_config.network_attachment`.",
    severity=Severity.HIGH,
    objectives=("3.2.d", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "SC-7", "The other boundaries of the system: these are training pools alone."),),
    reads=(
        _ATTACHED.reads("vertex.AiPersistentResource"),
        other_way(_PEERED.reads("vertex.AiPersistentResource")),
    ),
    checks={"vertex.AiPersistentResource": one_way(_ATTACHED, _PEERED)},
)
