"""NET-28: closed networks have no way to the internet, and others a narrow one."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import every, is_one_of, is_true, unreadable, wrong_type
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    any_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.network.named import last_part
from groundplan_policies.rules.network.ranges import judge_range

_DELETED = is_true("deleteDefaultRoutesOnCreate")
_RANGE, _GATEWAY = Path("destRange"), Path("nextHopGateway")
_PRIVATE = is_one_of("type", "PRIVATE")
_LISTED = every(
    is_one_of("sourceSubnetworkIpRangesToNat", "LIST_OF_SUBNETWORKS"),
    is_one_of("sourceSubnetworkIpRangesToNat64", "LIST_OF_IPV6_SUBNETWORKS", absent=Verdict.PASS),
)
_NOT_SAID: Final = indeterminate("the settings do not say whether the network is closed")


def _if_closed(outcome: Outcome, context: Context) -> Outcome:
    """Ask only where the settings say so; what holds anyhow need not be said."""
    if context.parameters.closed_network is None:
        return outcome if outcome is PASS else _NOT_SAID
    return outcome if context.parameters.closed_network else NOT_APPLICABLE


def _network(resource: Resource, context: Context) -> Outcome:
    return _if_closed(_DELETED(resource, context), context)


def _route(resource: Resource, context: Context) -> Outcome:
    reading = _RANGE.one(resource)
    narrow = judge_range(reading, absent=indeterminate("is absent; expected is a range", reading.path))
    return _if_closed(any_of([narrow, _elsewhere(resource)]), context)


def _elsewhere(resource: Resource) -> Outcome:
    """Ask that the next hop is another than the internet: a machine, a tunnel or a load balancer inside."""
    reading = _GATEWAY.one(resource)
    missing = unreadable(reading, absent=PASS)
    if missing is not None:
        return missing
    if not reading.text:
        return wrong_type(reading, "a gateway")
    if last_part(reading.text) == "default-internet-gateway":
        return fail("leads to the internet, for the whole of it", reading.path, "default-internet-gateway")
    return indeterminate("is no gateway that Google has", reading.path)


def _nat(resource: Resource, context: Context) -> Outcome:
    inside = _PRIVATE(resource, context)
    if inside is not PASS and context.parameters.closed_network is False:
        return any_of([inside, _LISTED(resource, context)])
    return inside if inside is PASS else _if_closed(inside, context)


CONTROL = Control(
    id="NET-28",
    title="Closed networks have no way to the internet, and others a narrow one",
    why=(
        "A firewall rule is one edit from open; where no route leads out, an edit opens nothing. Google adds routes to "
        "the internet to a new network, and deletes them only on request. Where the settings close the network, no "
        "route for the internet, or a large part of it, may lead to the internet gateway, and there is no public NAT; "
        "a narrow route to it, such as that to the restricted range of Google's APIs, passes. Elsewhere NAT must list "
        "its subnets, so that a new one has no way out by itself. A NAT between networks is private."
    ),
    remedy="Use Network: `regulated` has no NAT; or set `delete_default_routes_on_create`, and list subnets.",
    severity=Severity.HIGH,
    objectives=("2.2.b", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "SC-7", "Ways out through peered networks and tunnels."),),
    reads=(
        _DELETED.reads("compute.Network"),
        Read("compute.Route", _RANGE.text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read.aside("compute.Route", _GATEWAY.text),
        _PRIVATE.reads("compute.RouterNat"),
        *(
            Read.aside("compute.RouterNat", each)
            for each in ("sourceSubnetworkIpRangesToNat", "sourceSubnetworkIpRangesToNat64")
        ),
    ),
    checks={"compute.Network": _network, "compute.Route": _route, "compute.RouterNat": _nat},
    settings=("closed_network",),
)
