"""NET-01: notebooks and virtual machines have no external address."""

from groundplan_policies.engine.control import Control, full, partial
from groundplan_policies.engine.expect import every, is_absent, is_true
from groundplan_policies.engine.verdicts import Severity

_NO_PUBLIC_ADDRESS = is_true("gceSetup.disablePublicIp")
_NOTEBOOK_ACCESS = is_absent("gceSetup.networkInterfaces.accessConfigs", "an external address")
_MACHINE_ACCESS = is_absent("networkInterfaces.accessConfigs", "an external address")

CONTROL = Control(
    id="NET-01",
    title="Notebooks and virtual machines have no external address",
    why=(
        "An external address puts a machine with data and credentials on the internet, one firewall rule away from "
        "anybody. A notebook gets one unless the property says otherwise, so absent fails there. A block of access "
        "configurations asks for an address by being there; an empty entry of it does too."
    ),
    remedy="Use Workbench, or set `disable_public_ip` and leave out `access_configs`.",
    severity=Severity.HIGH,
    objectives=("2.2.b",),
    clauses=(
        full("google-ai", "VAI-CO-4.7"),
        partial("cis-gcp-5.0", "4.9", "Addresses that are given to a machine after it was made."),
    ),
    reads=(
        _NO_PUBLIC_ADDRESS.reads("workbench.Instance"),
        _NOTEBOOK_ACCESS.reads("workbench.Instance"),
        _MACHINE_ACCESS.reads("compute.Instance"),
        _MACHINE_ACCESS.reads("compute.InstanceTemplate"),
    ),
    checks={
        "workbench.Instance": every(_NO_PUBLIC_ADDRESS, _NOTEBOOK_ACCESS),
        "compute.Instance": _MACHINE_ACCESS,
        "compute.InstanceTemplate": _MACHINE_ACCESS,
    },
)
