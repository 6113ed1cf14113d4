"""NET-01: notebooks and virtual machines have no external address."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import every, is_absent, is_true
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, indeterminate

_NO_PUBLIC_ADDRESS = is_true("gceSetup.disablePublicIp")
_NOTEBOOK_ACCESS = is_absent("gceSetup.networkInterfaces.accessConfigs", "an external address")
_FOUR = is_absent("networkInterfaces.accessConfigs", "an external address")
_SIX = is_absent("networkInterfaces.ipv6AccessConfigs", "an external IPv6 address")
_INTERFACES = Path("networkInterfaces")

_MACHINES = ("compute.Instance", "compute.InstanceTemplate", "compute.RegionInstanceTemplate")
_COPIES = ("compute.InstanceFromTemplate", "compute.InstanceFromMachineImage")

_machine = every(_FOUR, _SIX)


def _copy(resource: Resource, context: Context) -> Outcome:
    """Judge a machine that takes its interfaces from elsewhere, unless it names its own."""
    interfaces = _INTERFACES.one(resource)
    if interfaces.state in {State.ABSENT, State.EMPTY}:
        return indeterminate("is as in what the machine is copied from, which is not looked at here", interfaces.path)
    return _machine(resource, context)


CONTROL = Control(
    id="NET-01",
    title="Notebooks and virtual machines have no external address",
    why=(
        "An external address puts a machine with data and credentials on the internet, one firewall rule away from "
        "anybody. A notebook gets one unless the property says otherwise, so absent fails there. A block of access "
        "configurations asks for an address by being there; an empty entry of it does too, and one for IPv6 as much "
        "as one for IPv4. A machine that is copied from a template or an image and names no interface has those of "
        "the original, so it is indeterminate."
    ),
    remedy="Use Workbench, or set `disable_public_ip` and leave out `access_configs` and `ipv6_access_configs`.",
    severity=Severity.HIGH,
    objectives=("2.2.b",),
    clauses=(
        partial("google-ai", "VAI-CO-4.7", "The organisation policy that forbids it to everybody: IAM-18."),
        partial("cis-gcp-5.0", "4.9", "Addresses that are given to a machine after it was made."),
    ),
    reads=(
        _NO_PUBLIC_ADDRESS.reads("workbench.Instance"),
        _NOTEBOOK_ACCESS.reads("workbench.Instance"),
        *(each.reads(type_) for type_ in (*_MACHINES, *_COPIES) for each in (_FOUR, _SIX)),
    ),
    checks={
        "workbench.Instance": every(_NO_PUBLIC_ADDRESS, _NOTEBOOK_ACCESS),
        **dict.fromkeys(_MACHINES, _machine),
        **dict.fromkeys(_COPIES, _copy),
    },
)
