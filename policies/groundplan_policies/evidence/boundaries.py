"""The boundaries of trust that a deployment draws, and the ways through them, read from the resources themselves."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.evidence.facts import LATER, LONGEST_WHOLE, name_of, project_of, shown, told
from groundplan_policies.evidence.model import Boundary
from groundplan_policies.reports.safe import count

INTERNET: Final = "Internet"
PERIMETER: Final = "Service perimeter"
NETWORK: Final = "Network"
PROJECTS: Final = "Projects"
IDENTITIES: Final = "Identities from elsewhere"

MOST_NAMED: Final = 6
"""Values that are named before the rest is only counted."""

_FORWARDING: Final = ("compute.GlobalForwardingRule", "compute.ForwardingRule")
_RULES: Final = ("compute.NetworkFirewallPolicyRule", "compute.RegionNetworkFirewallPolicyRule")
_SCHEME, _TARGET, _VALUES = Path("loadBalancingScheme"), Path("target"), Path("values")
_ACTION, _DIRECTION = Path("action"), Path("direction")
_LAYERS: Final = Path("match.layer4Configs")
_TO, _FROM = Path("match.destIpRanges"), Path("match.srcIpRanges")
_EVERYWHERE: Final = frozenset({"0.0.0.0/0", "::/0"})
_SERVICE, _RANGE = Path("service"), Path("ipCidrRange")
_ISSUER, _CONDITION = Path("oidc.issuerUri"), Path("attributeCondition")
_DRY_RUN: Final = Path("useExplicitDryRunSpec")


def boundaries(context: Context) -> tuple[Boundary, ...]:
    """List the boundaries, from the outside to the inside."""
    return (
        *_internet(context),
        *_perimeters(context),
        *_network(context),
        *_projects(context),
        *_identities(context),
    )


def _of(resource: Resource, boundary: str, what: str, says: str, *, watch: bool = False) -> Boundary:
    return Boundary(boundary=boundary, what=what, says=says, urn=resource.urn, source=resource.source, watch=watch)


def _internet(context: Context) -> Iterator[Boundary]:
    graph, found = context.graph, False
    for each in graph.of(*_FORWARDING):
        scheme = _SCHEME.one(each)
        # Google's own default is a load balancer that the internet reaches.
        if scheme.state is State.EMPTY or (scheme.state is State.KNOWN and not scheme.text.startswith("EXTERNAL")):
            continue
        found = True
        yield _of(each, INTERNET, f"In: load balancer {name_of(each)}", "Reachable from the internet.", watch=True)
    for grant in graph.grants:
        if grant.principal.public:
            found = True
            says = f"{told(grant.role)} to everybody, by {told(grant.member)}."
            yield _of(grant.resource, INTERNET, f"In: public grant {name_of(grant.resource)}", says, watch=True)
    if not found:
        says = "No load balancer that the internet reaches, and no grant to everybody."
        yield Boundary(boundary=INTERNET, what="In: no load balancer, no public grant", says=says)
    yield from _ways_out(context)
    says = "Machines, endpoints, clusters and databases may have one: the controls of the family NET look at each."
    yield Boundary(boundary=INTERNET, what="In and out: public addresses", says=says)


def _ways_out(context: Context) -> Iterator[Boundary]:
    graph, found = context.graph, False
    for each in graph.of("networkservices.Gateway"):
        found = True
        names = [
            told(value) for listed in graph.of("networksecurity.UrlList") for value in entries(_VALUES.one(listed))
        ]
        says = f"A proxy; its lists name {_named(names)}." if names else "A proxy; this document has no list of names."
        yield _of(each, INTERNET, f"Out: proxy {name_of(each)}", says, watch=not names)
    for each in graph.of("compute.RouterNat"):
        found = True
        yield _of(each, INTERNET, f"Out: Cloud NAT {name_of(each)}", "What the firewall lets out.", watch=True)
    if not found:
        says = "This document makes neither."
        yield Boundary(boundary=INTERNET, what="Out: no proxy, no address translation", says=says)


def _perimeters(context: Context) -> Iterator[Boundary]:
    for each in context.graph.of("accesscontextmanager.ServicePerimeter"):
        dry = _DRY_RUN.one(each).value is True and _size(each, "status.resources") == 0
        block = "spec" if dry else "status"
        projects, services = _size(each, f"{block}.resources"), _size(each, f"{block}.restrictedServices")
        says = f"Around {count(projects, 'project')} and {count(services, 'service')}."
        ways = [
            count(number, noun)
            for noun, key in (
                ("access level", "accessLevels"),
                ("ingress rule", "ingressPolicies"),
                ("egress rule", "egressPolicies"),
            )
            if (number := _size(each, f"{block}.{key}"))
        ]
        says += " A dry run: it writes down what it would stop, and stops nothing." if dry else " Enforced."
        says += f" Let through: {', '.join(ways)}." if ways else " Nothing is let through."
        yield _of(each, PERIMETER, name_of(each), says, watch=dry)


def _size(resource: Resource, path: str) -> int:
    return sum(each.state is not State.ABSENT for each in entries(Path(path).one(resource)) if _there(each))


def _there(reading: Reading) -> bool:
    return reading.state not in {State.EMPTY, State.WRONG}


def _network(context: Context) -> Iterator[Boundary]:
    graph = context.graph
    for each in graph.of("compute.Network"):
        yield _of(each, NETWORK, f"Network {name_of(each)}", "Private addresses; what crosses it is below.")
    for each in graph.of("compute.Subnetwork"):
        yield _of(each, NETWORK, f"Subnetwork {name_of(each)}", f"{told(_RANGE.one(each)) or LATER}.")
    yield from _firewall(graph)
    for each in graph.of("servicenetworking.Connection"):
        says = f"Peering with {told(_SERVICE.one(each)) or LATER}: services that Google runs get addresses here."
        yield _of(each, NETWORK, f"Peering {name_of(each)}", says)
    for each in graph.of(*_FORWARDING):
        scheme = _SCHEME.one(each)
        if scheme.state is State.EMPTY:
            says = f"A private address for {told(_TARGET.one(each)) or 'a service'}."
            yield _of(each, NETWORK, f"Private Service Connect {name_of(each)}", says)


def _firewall(graph: Graph) -> Iterator[Boundary]:
    for each in graph.of(*_RULES):
        action, inwards = told(_ACTION.one(each)), told(_DIRECTION.one(each)).upper() == "INGRESS"
        ends = (_FROM if inwards else _TO).one(each)
        traffic = _traffic(_LAYERS.one(each), "ipProtocol")
        yield _rule(each, action or "an action that is not known", traffic, ends, inwards=inwards)
    for each in graph.of("compute.Firewall"):
        inwards = told(_DIRECTION.one(each)).upper() != "EGRESS"
        allows = each.inputs.get("allows") is not None
        ends = Path("sourceRanges" if inwards else "destinationRanges").one(each)
        traffic = _traffic(Path("allows" if allows else "denies").one(each), "protocol")
        yield _rule(each, "allow" if allows else "deny", traffic, ends, inwards=inwards)


def _rule(rule: Resource, action: str, traffic: str, ends: Reading, *, inwards: bool) -> Boundary:
    ranges = [told(value) for value in entries(ends) if _there(value)]
    known = _named(list(filter(None, ranges))) or "what its match, tags and accounts say"
    off = rule.inputs.get("disabled") is True
    says = f"{action} {traffic}: {'in from' if inwards else 'out to'} {known}."
    wide = action == "allow" and not off and not _EVERYWHERE.isdisjoint(ranges)
    return _of(rule, NETWORK, f"Firewall rule {name_of(rule)}", f"Switched off: {says}" if off else says, watch=wide)


def _traffic(blocks: Reading, key: str) -> str:
    """Say which protocols and ports a rule is about, by blocks that have the protocol under a key."""
    return _named(_kind(block, key) for block in entries(blocks)) or LATER


def _kind(block: Reading, key: str) -> str:
    if block.state is not State.KNOWN:
        return LATER
    protocol = told(read_value(block.value, block.path, key)[0]) or LATER
    listed = entries(read_value(block.value, block.path, "ports")[0])
    ports = [told(each) or LATER for each in listed if _there(each) and each.state is not State.ABSENT]
    if ports:
        return f"{protocol} {' + '.join(ports)}"
    return "everything" if protocol.lower() == "all" else protocol


def _projects(context: Context) -> Iterator[Boundary]:
    graph = context.graph
    held = Counter(
        project
        for each in graph.document
        if each.custom and not each.is_provider and (project := project_of(each, graph))
    )
    for project, number in sorted(held.items()):
        says = f"Holds {count(number, 'resource')}. A right in one project gives none in another."
        yield Boundary(boundary=PROJECTS, what=f"Project {project}", says=says)


def _identities(context: Context) -> Iterator[Boundary]:
    for each in context.graph.of("iam.WorkloadIdentityPoolProvider"):
        condition = _CONDITION.one(each)
        says = f"Programs that {told(_ISSUER.one(each)) or 'another issuer'} vouches for"
        says += (
            f", where {told(condition, LONGEST_WHOLE)}."
            if condition.state is not State.ABSENT
            else ", without a condition."
        )
        yield _of(each, IDENTITIES, name_of(each), says, watch=condition.state is State.ABSENT)


def _named(names: Iterable[str]) -> str:
    listed = list(dict.fromkeys(map(shown, names)))
    rest = len(listed) - MOST_NAMED
    return ", ".join(listed[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
