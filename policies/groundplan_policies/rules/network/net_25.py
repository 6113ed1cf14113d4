"""NET-25: serverless code answers inside only, and sends everything through the network."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import Expectation, every, is_one_of, is_set, unreadable
from groundplan_policies.engine.paths import Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, all_of, fail, indeterminate
from groundplan_policies.engine.ways import other_way
from groundplan_policies.rules import annotations
from groundplan_policies.rules.network.named import NETWORKS, last_part

_NOTHING: Final = frozenset({State.ABSENT, State.EMPTY})


@dataclass(frozen=True)
class _Way:
    """A way into the network: the properties of which one says that it is taken, and the one that says how much."""

    names: tuple[Expectation, ...]
    egress: Expectation

    def look(self, resource: Resource, context: Context) -> list[Outcome]:
        """Give what is to say of the way; nothing where it is not taken."""
        given = [each for each in self.names if any(one.state not in _NOTHING for one in each.path.read(resource))]
        return [each(resource, context) for each in (*given, self.egress)] if given else []


@dataclass(frozen=True)
class _Ways:
    """A check: at least one way is taken, and everything goes through each that is. The usual one comes first."""

    ways: tuple[_Way, ...]

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        found = [outcome for way in self.ways for outcome in way.look(resource, context)]
        none = fail("is absent, and so is every other way into the network", self.ways[0].names[0].path.text)
        return all_of(found or [none])

    def reads(self, type_: str) -> tuple[Read, ...]:
        """Give the documentation for a resource that takes the first name of each way."""
        first = self.ways[0].names[0]
        names = [each for way in self.ways for each in way.names if each is not first or len(self.ways) > 1]
        alone = () if first in names else (first.reads(type_),)
        egress = [way.egress.reads(type_) for way in self.ways]
        return (*alone, *(other_way(each.reads(type_)) for each in names), *egress)


def _connector(path: str) -> Expectation:
    return is_set(path, "vpcaccess.Connector", expected="a connector")


def _interfaces(path: str) -> tuple[Expectation, ...]:
    return tuple(
        is_set(f"{path}.{each}", *NETWORKS, expected="a network of your own") for each in ("subnetwork", "network")
    )


def _run(at: str) -> _Ways:
    names = (_connector(f"{at}.connector"), *_interfaces(f"{at}.networkInterfaces"))
    return _Ways((_Way(names, is_one_of(f"{at}.egress", "ALL_TRAFFIC")),))


def _function(at: str) -> _Way:
    egress = is_one_of(f"{at}vpcConnectorEgressSettings", "ALL_TRAFFIC")
    return _Way((_connector(f"{at}vpcConnector"),), egress)


_DIRECT: Final = _Way(
    _interfaces("serviceConfig.directVpcNetworkInterfaces"),
    is_one_of("serviceConfig.directVpcEgress", "VPC_EGRESS_ALL_TRAFFIC"),
)


def _interfaces_as_text(reading: Reading) -> Outcome:
    """Judge interfaces that are written as JSON: each names a network or a subnet, and none the default one."""
    missing = unreadable(reading, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    unread = indeterminate("is no list of interfaces that can be read", reading.path)
    try:
        interfaces = json.loads(reading.text)
    except (ValueError, RecursionError):
        return unread
    if not isinstance(interfaces, list) or not interfaces or not all(isinstance(each, dict) for each in interfaces):
        return unread
    return all_of([_interface(each, reading.path) for each in interfaces])


def _interface(interface: Mapping[str, object], path: str) -> Outcome:
    names = [interface[key] for key in ("network", "subnetwork") if interface.get(key) is not None]
    if not names or not all(isinstance(each, str) and last_part(each) for each in names):
        return indeterminate("is no list of interfaces that can be read", path)
    if any(last_part(str(each)) == "default" for each in names):
        return fail("is in the network that Google puts into new projects", path)
    return PASS


def _first_run(resource: Resource, context: Context) -> Outcome:
    """Judge Cloud Run in its first form, which says in annotations what later forms have properties for."""
    connector, interfaces = _FIRST_CONNECTOR.path.one(resource), _FIRST_INTERFACES.one(resource)
    ways = [_FIRST_CONNECTOR(resource, context)] if connector.state not in _NOTHING else []
    ways += [_interfaces_as_text(interfaces)] if interfaces.state not in _NOTHING else []
    none = fail("is absent, and so is every other way into the network", connector.path)
    return all_of([_FIRST_INGRESS(resource, context), *(ways or [none]), _FIRST_EGRESS(resource, context)])


_FIRST_CONNECTOR: Final = replace(_connector(""), path=annotations.of_revision("vpc-access-connector"))
_FIRST_INTERFACES: Final = annotations.of_revision("network-interfaces")
_FIRST_EGRESS: Final = replace(is_one_of("", "all-traffic"), path=annotations.of_revision("vpc-access-egress"))
_FIRST_INGRESS: Final = replace(
    is_one_of("", "internal", "internal-and-cloud-load-balancing"), path=annotations.of_service("ingress")
)
_INTERNAL: Final = ("ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB")
_INGRESS: Final = {
    "cloudrunv2.Service": is_one_of(
        "ingress", "INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
    ),
    "cloudfunctionsv2.Function": is_one_of("serviceConfig.ingressSettings", *_INTERNAL),
    "cloudfunctions.Function": is_one_of("ingressSettings", *_INTERNAL),
}
_EGRESS: Final = {
    "cloudrunv2.Service": _run("template.vpcAccess"),
    "cloudrunv2.Job": _run("template.template.vpcAccess"),
    "cloudrunv2.WorkerPool": _run("template.vpcAccess"),
    "cloudfunctionsv2.Function": _Ways((_function("serviceConfig."), _DIRECT)),
    "cloudfunctions.Function": _Ways((_function(""),)),
}

CONTROL = Control(
    id="NET-25",
    title="Serverless code answers inside only, and sends everything through the network",
    why=(
        "A service answers the whole internet unless told otherwise, and its own calls leave from Google's addresses, "
        "past the firewall and the perimeter's networks. So ingress must be internal, or by a load balancer, and a "
        "connector or an interface in a network must carry all traffic: by default it carries that to private ranges "
        "only. Where a function has both, each must carry everything. Jobs and worker pools answer nobody and are "
        "judged by their egress. Cloud Run in its first form says these things in annotations: its interfaces are a "
        "text, and one that is no list of named networks is indeterminate."
    ),
    remedy="Set `ingress`, `vpc_access` and its `egress` as the message says.",
    severity=Severity.HIGH,
    objectives=("5.1.d",),
    clauses=(partial("google-ai", "CF-CO-4.4", "The organisation policy that demands it of everybody."),),
    reads=(
        *(each.reads(type_) for type_, each in _INGRESS.items()),
        *(read for type_, each in _EGRESS.items() for read in each.reads(type_)),
        annotations.read(_FIRST_INGRESS.path),
        annotations.read(_FIRST_EGRESS.path),
    ),
    checks={
        **{type_: every(_INGRESS[type_], each) if type_ in _INGRESS else each for type_, each in _EGRESS.items()},
        annotations.SERVICE: _first_run,
    },
)
