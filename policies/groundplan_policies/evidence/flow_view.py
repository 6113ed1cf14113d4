"""How data flows, as it is drawn and listed: from what is stored, through accounts and work, to what serves."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.source import Source
from groundplan_policies.evidence.facts import data_class, key_of, name_of, place_of, project_of, shown, type_name
from groundplan_policies.flow import Edge, Flow, Kind, Node, Role, data_flow

LANES: Final = ("Stored", "Features", "Accounts", "Training and other work", "Serving")
"""The columns of the picture, from left to right."""

_LANE: Final[Mapping[Role, int]] = {
    Role.STORE: 0,
    Role.FEATURES: 1,
    Role.IDENTITY: 2,
    Role.WORK: 3,
    Role.TRAINING: 3,
    Role.SCAN: 3,
    Role.INDEX: 4,
    Role.ENDPOINT: 4,
    Role.AGENT: 4,
    Role.SEARCH: 4,
}

_WORDS: Final[Mapping[Kind, str]] = {
    Kind.REFERENCE: "configured so",
    Kind.GRANT: "allowed to, by a grant",
    Kind.RUNS_AS: "runs as it",
    Kind.ACTS_AS: "may act as it",
    Kind.DEIDENTIFY: "a copy without what identifies people",
    Kind.DECLARED: "somebody says so",
}
"""Why data flows along an edge, for people."""

_NETWORKS: Final = tuple(
    map(
        Path,
        (
            "network",
            "gceSetup.networkInterfaces.network",
            "networkInterfaces.network",
            "networkSpec.network",
            "createPipelineJobRequest.pipelineJob.network",
        ),
    )
)
"""Where a resource names the network that it stands in."""
_PRIVATE: Final = Path("privateServiceConnectConfig.enablePrivateServiceConnect")
_NETWORK: Final = "compute.Network"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A node of the picture.

    Attributes:
        key: Its URN; of an account that the document does not hold, its identity.
        name: Its name.
        type: Short name of its type; "" for such an account.
        role: What it does with data.
        lane: Index of its column in `LANES`.
        project: Id of its project; "" if the document does not say.
        place: Its region; "" if it has none.
        key_name: The key that encrypts it; "" if it keeps nothing.
        network: The network that it stands in, or how it is reached; "" if the document does not say.
        data_class: What its label says of its data.
        source: Line of the program.
        idle: Whether no data comes to it or goes from it, as far as the document tells.
    """

    key: str
    name: str
    type: str
    role: str
    lane: int
    project: str
    place: str
    key_name: str
    network: str
    data_class: str
    source: Source | None
    idle: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An edge of the picture.

    Attributes:
        source: Key of the stop that the data comes from.
        target: Key of the stop that it goes to.
        both: Whether data goes the other way as well, for the same reason.
        why: Why data flows.
        through: URN of the resource that makes it so.
        declared: Whether nothing but somebody's word says so.
        masked: Whether personal columns are masked on the way.
        sure: Whether it is known. Where a name or a role is not known yet, data may flow or may not.
    """

    source: str
    target: str
    both: bool
    why: str
    through: str
    declared: bool
    masked: bool
    sure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowView:
    """The picture.

    Attributes:
        stops: Its nodes, in the order of the document.
        links: Its edges.
    """

    stops: tuple[Stop, ...]
    links: tuple[Link, ...]

    @property
    def names(self) -> Mapping[str, str]:
        """The names of the stops by their keys."""
        return {each.key: each.name for each in self.stops}


def flow_view(context: Context) -> FlowView:
    """Make the picture of a deployment."""
    flow = context.graph.once(data_flow)
    busy = _busy(flow)
    stops = tuple(_stop(each, context, idle=each.key not in busy) for each in flow.nodes.values())
    return FlowView(stops=stops, links=tuple(_links(flow.edges)))


def _busy(flow: Flow) -> frozenset[str]:
    """Give the nodes that data comes to or goes from. An account that reads nothing brings its work none."""
    carrying = {Kind.REFERENCE, Kind.GRANT, Kind.DEIDENTIFY, Kind.DECLARED}
    found = {end for edge in flow.edges if edge.kind in carrying for end in (edge.source, edge.target)}
    reached = {key for start in found for key in flow.downstream(start)}
    return frozenset(found | reached)


def _stop(node: Node, context: Context, *, idle: bool) -> Stop:
    resource = node.resource
    if resource is None:
        name = shown(node.key.partition(":")[2] or node.key)
        parts = dict.fromkeys(("type", "project", "place", "key_name", "network", "data_class"), "")
        return Stop(
            key=node.key, name=name, role=node.role.value, lane=_LANE[node.role], source=None, idle=idle, **parts
        )
    return Stop(
        key=node.key,
        name=name_of(resource),
        type=type_name(resource) if resource.custom else shown(resource.type.rpartition(":")[2]),
        role=node.role.value,
        lane=_LANE[node.role],
        project=project_of(resource, context.graph) if resource.custom else "",
        place=place_of(resource, context) if resource.custom else "",
        key_name=key_of(resource, context),
        network=_network_of(resource, context),
        data_class=data_class(resource, context) if node.role in {Role.STORE, Role.FEATURES, Role.ENDPOINT} else "",
        source=resource.source,
        idle=idle,
    )


def _network_of(resource: Resource, context: Context) -> str:
    if _PRIVATE.one(resource).value is True:
        return "Private Service Connect"
    for path in _NETWORKS:
        reading = path.one(resource)
        if reading.state is State.ABSENT:
            continue
        network = context.graph.resolve(resource, reading, _NETWORK)
        if network is not None:
            return name_of(network)
        if reading.state is State.KNOWN and reading.text:
            return shown(reading.text.rpartition("/")[2])
    owner = context.graph.resolve(resource, Path("cluster").one(resource), "container.Cluster")
    if owner is not None and short_name(resource.type) == "container.NodePool":
        return _network_of(owner, context)
    return ""


def _links(edges: Iterable[Edge]) -> Iterator[Link]:
    """Give the edges; two that lead there and back for the same reason are one."""
    listed = tuple(edges)
    found = {(each.source, each.target, each.kind, each.through) for each in listed}
    done: set[tuple[str, str, Kind, str]] = set()
    for each in listed:
        back = (each.target, each.source, each.kind, each.through)
        if back in done:
            continue
        done.add((each.source, each.target, each.kind, each.through))
        yield Link(
            source=each.source,
            target=each.target,
            both=back in found,
            why=_WORDS[each.kind],
            through=each.through,
            declared=each.kind is Kind.DECLARED,
            masked=each.masked,
            sure=each.sure,
        )
