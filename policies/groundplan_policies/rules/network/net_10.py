"""NET-10: agent runtimes are attached to a network of yours."""

from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import is_set
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.engine.ways import when_given

_ATTACHED = is_set(
    "spec.deploymentSpec.pscInterfaceConfig.networkAttachment",
    "compute.NetworkAttachment",
    expected="a network attachment",
)

CONTROL = Control(
    id="NET-10",
    title="Agent runtimes are attached to a network of yours",
    why=(
        "An agent runs code, calls tools and reads what strangers wrote. Without an interface in your network its "
        "calls go out from Google's, where no firewall of yours sees them. An engine without a `spec` runs nothing "
        "(it keeps sessions and memories), so the control does not apply to it; an empty one is judged."
    ),
    remedy="Set `psc_interface_config.network_attachment` in `spec.deployment_spec`.",
    severity=Severity.MEDIUM,
    objectives=("6.1.a",),
    clauses=(partial("nist-800-53-r5", "SC-7", "The other boundaries of the system: these are agent runtimes alone."),),
    reads=(_ATTACHED.reads("vertex.AiReasoningEngine"),),
    checks={"vertex.AiReasoningEngine": when_given("spec", _ATTACHED)},
)
