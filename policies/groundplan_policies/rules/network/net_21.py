"""NET-21: subnets reach Google's APIs privately."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_true, unreadable
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict

_PRIVATE_ACCESS = is_true("privateIpGoogleAccess")
_PURPOSE = Path("purpose")
_OTHERS = frozenset(
    {
        "GLOBAL_MANAGED_PROXY",
        "INTERNAL_HTTPS_LOAD_BALANCER",
        "PEER_MIGRATION",
        "PRIVATE_NAT",
        "PRIVATE_SERVICE_CONNECT",
        "REGIONAL_MANAGED_PROXY",
    }
)
"""Purposes of subnets in which no machine can stand (compute v1, Subnetwork.purpose)."""


def _judge(resource: Resource, context: Context) -> Outcome:
    purpose = _PURPOSE.one(resource)
    if purpose.state is State.KNOWN and purpose.text in _OTHERS:
        return NOT_APPLICABLE
    outcome = _PRIVATE_ACCESS(resource, context)
    if outcome.verdict is Verdict.FAIL:
        return unreadable(purpose, absent=outcome) or outcome
    return outcome


CONTROL = Control(
    id="NET-21",
    title="Subnets reach Google's APIs privately",
    why=(
        "A machine without an external address reaches storage and Vertex AI only through private access, or through "
        "a way to the internet that nobody wanted. Absent means off. Subnets for proxies, for published services and "
        "for private NAT hold no machine, so they are left out; a purpose that is not known counts as for machines."
    ),
    remedy="Use Network, or set `private_ip_google_access` to true.",
    severity=Severity.MEDIUM,
    objectives=("2.2.b",),
    clauses=(partial("nist-800-53-r5", "SC-7", "The other borders of the network."),),
    reads=(
        _PRIVATE_ACCESS.reads("compute.Subnetwork"),
        Read.aside("compute.Subnetwork", _PURPOSE.text),
    ),
    checks={"compute.Subnetwork": _judge},
)
