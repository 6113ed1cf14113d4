"""The data that training reads: which stores, by which way, and which of them are about people."""

from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import token
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS
from groundplan_policies.flow import Edge, Flow, Kind, Role, data_flow
from groundplan_policies.flow.model import Way
from groundplan_policies.flow.places import DATASET, tables_of
from groundplan_policies.rules.data.classes import is_personal
from groundplan_policies.rules.data.jobs import RUNS

_DATASET: Final = token(DATASET)


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

    That is every store which training reads, but for those that it writes itself as its workspace; of those, the ones
    that hold data about people all the same. A dataset of which this document makes tables is spoken of by them.
    """
    graph = context.graph
    found = {read.store.urn: read.store for read in reads(graph)}
    return tuple(
        store
        for store in found.values()
        if not (store.type == _DATASET and tables_of(graph).get(store.urn))
        and (is_personal(store, context) is not False or store.urn not in graph.once(_written))
    )


def _written(graph: Graph) -> frozenset[str]:
    """URNs of the stores that an account of training writes."""
    flow = graph.once(data_flow)
    accounts = {
        edge.source
        for training in flow.of(Role.TRAINING)
        for edge in flow.into(training.key)
        if edge.kind is Kind.RUNS_AS
    }
    return frozenset(edge.target for account in accounts for edge in flow.out(account) if edge.kind is Kind.GRANT)


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
    """Whether everything in a store comes from de-identification: nothing else in this document writes it."""
    into = context.graph.once(data_flow).into(store.urn)
    return bool(into) and all(edge.kind is Kind.DEIDENTIFY and not identifies(edge, context) for edge in into)
