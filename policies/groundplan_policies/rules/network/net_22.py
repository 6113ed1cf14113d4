"""NET-22: no automatic and no default networks."""

from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import is_false
from groundplan_policies.engine.verdicts import Severity, Verdict

_SUBNETS = is_false("autoCreateSubnetworks", absent=Verdict.FAIL, empty=Verdict.FAIL)
_NETWORK = is_false("autoCreateNetwork", absent=Verdict.FAIL, empty=Verdict.FAIL)

CONTROL = Control(
    id="NET-22",
    title="No automatic and no default networks",
    why=(
        "A network in automatic mode has a subnet in every region of the world with ranges that every other such "
        "network has too, and a project's default network lets in SSH and RDP from anywhere. Both provider defaults "
        "are true, so absent fails."
    ),
    remedy="Use Network, or set `auto_create_subnetworks` and `auto_create_network` to false.",
    severity=Severity.MEDIUM,
    objectives=("2.2.b",),
    clauses=(
        partial("cis-gcp-5.0", "3.1", "Projects that this program does not make."),
        partial("google-ai", "VPC-CO-6.1", "The organisation policy, and projects that this program does not make."),
    ),
    reads=(_SUBNETS.reads("compute.Network"), _NETWORK.reads("organizations.Project")),
    checks={"compute.Network": _SUBNETS, "organizations.Project": _NETWORK},
)
