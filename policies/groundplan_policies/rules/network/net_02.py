"""NET-02: notebooks stand in a network of your own."""

from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.rules.network.named import NamedNetwork

_INTERFACES = NamedNetwork("gceSetup.networkInterfaces", ("subnet", "network"))

CONTROL = Control(
    id="NET-02",
    title="Notebooks stand in a network of your own",
    why=(
        "A notebook that is told no network stands in the one named default, whose firewall lets in SSH and RDP from "
        "anywhere. Every interface must name a subnet or a network, and neither may be the default one: that fails "
        "by its last part, whatever the project in front of it."
    ),
    remedy="Use Workbench with a Network, or set `subnet` and `network` in `gce_setup.network_interfaces`.",
    severity=Severity.HIGH,
    objectives=("2.2.b",),
    clauses=(partial("google-ai", "VAI-CO-4.8", "The organisation policy that limits the networks of all notebooks."),),
    reads=_INTERFACES.reads("workbench.Instance"),
    checks={"workbench.Instance": _INTERFACES},
)
