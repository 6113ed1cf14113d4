"""The borders of trust that a plan draws, each in a sentence or two that is computed from it."""

from dataclasses import dataclass

from groundplan_cli.graph.environment import text, texts
from groundplan_cli.graph.reader import Reader, listed, marked, names
from groundplan_cli.text import count
from groundplan_policies.engine import Resource


@dataclass(frozen=True, slots=True)
class Border:
    """A border of trust.

    Attributes:
        id: Short name, for style sheets.
        title: Name for people.
        text: What it keeps apart, and what may cross it.
        cards: Ids of the boxes that make it.
        dry_run: Whether it only writes down what it would stop.
    """

    id: str
    title: str
    text: str
    cards: tuple[str, ...] = ()
    dry_run: bool = False


def borders(reader: Reader) -> list[Border]:
    """Give the borders of a plan, from outside to inside; those that it says nothing of are left out."""
    found = (_internet(reader), _perimeter(reader), _apis(reader), _network(reader), _projects(reader))
    return [border for border in found if border]


def _internet(reader: Reader) -> Border | None:
    gateways, nats = reader.resources("networkservices.Gateway"), reader.resources("compute.RouterNat")
    networks = reader.components("Network")
    doors = reader.components("WorkloadIdentity")
    if not networks and not gateways and not nats:
        return None
    domains = [domain for each in networks for domain in texts(each.outputs.get("egressDomains"))]
    way = "a proxy" if gateways else "address translation (Cloud NAT)" if nats else ""
    out = f"Out: through {way}, to {listed(map(marked, domains))} only." if domains else f"Out: through {way}."
    parts = [out if way else "Out: no way."]
    parts.append(f"In: {_ways_in(reader)}.")
    if doors:
        builds = [run for each in doors for run in texts(each.outputs.get("workloads")) if "@" in run]
        parts.append(f"Builds of {listed(map(marked, builds))} come in as an account, without a key." if builds else "")
    return Border("internet", "Internet", " ".join(filter(None, parts)), reader.card_ids(*gateways, *nats, *doors))


def _ways_in(reader: Reader) -> str:
    rules = reader.resources("compute.GlobalForwardingRule", "compute.ForwardingRule")
    public = [each for each in rules if text(each.inputs.get("loadBalancingScheme")).startswith("EXTERNAL")]
    if public:
        return f"{count(len(public), 'public load balancer')} ({listed(names(public))})"
    return "no public load balancer"


def _perimeter(reader: Reader) -> Border | None:
    found = reader.components("ServicePerimeter")
    if not found:
        return None
    texts_of = []
    for each in found:
        projects = texts(each.outputs.get("projects"))
        total = len(reader.environment.projects)
        whole = f"{marked(each.name)} is drawn around {len(projects)} of {count(total, 'project')}"
        if each.outputs.get("enforced") is True:
            ways = _let_through(reader, each)
            state = f"It is enforced: what crosses it is blocked{f', but for {ways}' if ways else ''}."
        else:
            state = "It is a dry run: it writes down what it would block, and blocks nothing yet."
        texts_of.append(f"{whole}. {state}")
    dry_run = any(each.outputs.get("enforced") is not True for each in found)
    return Border("perimeter", "Service perimeter", " ".join(texts_of), reader.card_ids(*found), dry_run=dry_run)


def _let_through(reader: Reader, perimeter: Resource) -> str:
    """Say what an enforced perimeter lets through: callers who meet an access level, and what its rules name."""
    contents = [
        content
        for each in reader.below(perimeter, "accesscontextmanager.ServicePerimeter")
        if isinstance(content := each.inputs.get("status"), dict)
    ]
    if not contents:
        return "what the owner of the perimeter that it joins lets through"
    levels = [level.rsplit("/", 1)[-1] for content in contents for level in texts(content.get("accessLevels"))]
    ruled = any(content.get(kind) for content in contents for kind in ("ingressPolicies", "egressPolicies"))
    named = "access level" if len(levels) == 1 else "access levels"
    ways = [f"callers who meet the {named} {listed(map(marked, levels))}"] if levels else []
    return " and ".join([*ways, *(["what its rules name"] if ruled else [])])


def _apis(reader: Reader) -> Border | None:
    networks = [each for each in reader.components("Network") if text(each.outputs.get("googleApis"))]
    services = {text(each.inputs.get("service")) for each in reader.resources("projects.Service")} - {""}
    if not networks:
        return None
    address = listed(text(each.outputs.get("googleApis")) for each in networks)
    ends = reader.components("PrivateServiceConnect")
    kind = "a private address in the network" if ends else "addresses that are reachable from inside only"
    sentence = f"Google's services are called at {address}, {kind}, under their usual names."
    switched = f" {count(len(services), 'service')} are switched on." if len(services) > 1 else ""
    return Border("apis", "Google APIs", sentence + switched, reader.card_ids(*ends, *networks))


def _network(reader: Reader) -> Border | None:
    networks = reader.components("Network")
    if not networks:
        return None
    sentences = [f"{marked(each.name)}, {_range(each)}." for each in networks]
    rules = reader.resources("compute.NetworkFirewallPolicyRule")
    allowed = [each for each in rules if each.inputs.get("action") == "allow"]
    if any(each.inputs.get("action") == "deny" for each in rules):
        sentences.append(f"The firewall denies everything but {count(len(allowed), 'named exception')}.")
    return Border("network", "Private network", " ".join(sentences), reader.card_ids(*networks))


def _range(network: Resource) -> str:
    return text(network.outputs.get("range")) or "a range of private addresses"


def _projects(reader: Reader) -> Border | None:
    projects = reader.environment.projects
    if not projects:
        return None
    cards = reader.card_ids(*reader.components("ProjectFoundation"))
    if len(projects) == 1:
        sentence = "One project holds it all: its edge is the border for access and cost."
        return Border("projects", "Project", sentence, cards)
    sentence = f"{len(projects)} projects keep duties apart: a right in one gives none in another."
    return Border("projects", "Projects", sentence, cards)
