"""NET-25: serverless code answers inside only, and sends everything through the network."""

from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import Expectation, every, is_one_of, is_set
from groundplan_policies.engine.paths import State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, all_of, fail
from groundplan_policies.rules.network.named import NETWORKS
from groundplan_policies.rules.network.ways import other_way

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
        "judged by their egress. Cloud Run in its first form says these things in annotations, and is not read."
    ),
    remedy="Set `ingress`, `vpc_access` and its `egress` as the message says.",
    severity=Severity.HIGH,
    objectives=("5.1.d",),
    clauses=(partial("google-ai", "CF-CO-4.4", "The organisation policy that demands it of everybody."),),
    reads=(
        *(each.reads(type_) for type_, each in _INGRESS.items()),
        *(read for type_, each in _EGRESS.items() for read in each.reads(type_)),
    ),
    checks={type_: every(_INGRESS[type_], each) if type_ in _INGRESS else each for type_, each in _EGRESS.items()},
)
