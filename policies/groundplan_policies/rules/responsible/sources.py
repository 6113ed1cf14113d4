"""The data that training reads: which stores, by which way, and which of them are about people."""

from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name, token
from groundplan_policies.engine.principals import Kind as Member
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS
from groundplan_policies.flow import Edge, Flow, Kind, Role, data_flow
from groundplan_policies.flow.model import Way
from groundplan_policies.flow.places import BUCKET, DATASET, TABLE, tables_of
from groundplan_policies.flow.rights import rights
from groundplan_policies.rules.data.classes import is_personal
from groundplan_policies.rules.data.jobs import RUNS
from groundplan_policies.rules.data.targets import dataset_of

_DATASET: Final = token(DATASET)
_SERVICES: Final = {BUCKET: "storage", DATASET: "bigquery", TABLE: "bigquery"}


@dataclass(frozen=True, slots=True)
class Read:
    """A store that a training reads.

    Attributes:
        store: The store.
        training: What trains.
        way: The edges from the store to the training.
    """

    store: Resource
    training: Resource
    way: Way


def reads(graph: Graph) -> tuple[Read, ...]:
    """Give every store from which data comes to training, whatever is done to it on the way."""
    return graph.once(_reads)


def _reads(graph: Graph) -> tuple[Read, ...]:
    flow = graph.once(data_flow)
    return tuple(
        Read(store, training.resource, way)
        for training in flow.of(Role.TRAINING)
        if training.resource is not None
        for key, way in flow.upstream(training.key).items()
        if (store := _store(flow, key)) is not None
    )


def _store(flow: Flow, key: str) -> Resource | None:
    node = flow.nodes[key]
    return node.resource if node.role is Role.STORE else None


def sources(context: Context) -> tuple[Resource, ...]:
    """Give the stores where the data of training begins.

    That is every store which training reads, but for those that it alone writes as its workspace; of those, the ones
    that hold data about people all the same. A dataset of which this document makes tables is spoken of by them.
    """
    graph = context.graph
    found = {read.store.urn: read.store for read in reads(graph)}
    return tuple(
        store
        for store in found.values()
        if not (store.type == _DATASET and tables_of(graph).get(store.urn))
        and (is_personal(store, context) is not False or store.urn not in graph.once(_workspaces))
    )


def _workspaces(graph: Graph) -> frozenset[str]:
    """URNs of the stores that accounts of training write, and nobody else who can be told."""
    flow = graph.once(data_flow)
    accounts = {
        edge.source
        for training in flow.of(Role.TRAINING)
        for edge in flow.into(training.key)
        if edge.kind is Kind.RUNS_AS
    }
    written = {edge.target for each in accounts for edge in flow.out(each) if edge.kind is Kind.GRANT and edge.sure}
    return frozenset(
        key
        for key in written
        if all(edge.source in accounts for edge in flow.into(key))
        and not _people_write(flow.nodes[key].resource, graph)
    )


def _people_write(store: Resource | None, graph: Graph) -> bool:
    """Whether people, or members that nobody can tell, may write a store, by a grant on it."""
    service = _SERVICES.get(short_name(store.type)) if store is not None else None
    if store is None or service is None:
        return False
    around = dataset_of(store, graph)
    granted = (*graph.grants_on(store), *(graph.grants_on(around) if around is not None else ()))
    context = Context(graph)  # what roles allow hangs on no setting
    return any(
        rights(each, service, context).writes
        for each in granted
        if each.principal.kind is not Member.SERVICE_ACCOUNT and not each.principal.agent
    )


def personal_sources(context: Context) -> tuple[tuple[Resource, bool | None], ...]:
    """Give the sources that are about people, or may be; None where nobody says which classes are."""
    judged = ((store, is_personal(store, context)) for store in sources(context))
    return tuple((store, personal) for store, personal in judged if personal is not False)


def identifies(edge: Edge, context: Context) -> bool:
    """Whether data that goes along an edge still tells who people are.

    It does not where personal columns are masked for the reader, or a job that runs again and again writes a copy from
    which what identifies people was taken; what its templates do is a matter of DAT-15.
    """
    if edge.kind is Kind.DEIDENTIFY and edge.sure:
        job = context.graph.document.get(edge.through)
        return job is None or RUNS(job, context) is not PASS
    return not (edge.masked and edge.sure)


def is_copy(store: Resource, context: Context) -> bool:
    """Whether all in a store comes from de-identification: nothing and nobody else in this document writes it."""
    into = context.graph.once(data_flow).into(store.urn)
    safe = bool(into) and all(edge.kind is Kind.DEIDENTIFY and not identifies(edge, context) for edge in into)
    return safe and not _people_write(store, context.graph)
