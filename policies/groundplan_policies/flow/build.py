"""Makes the graph of a deployment's data from its resources, references and grants."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.grants import Grant, Level, place
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name, token
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.principals import Kind as Member
from groundplan_policies.engine.principals import Principal
from groundplan_policies.engine.projects import home, is_same
from groundplan_policies.engine.resource import Resource
from groundplan_policies.flow.declared import declared_edges
from groundplan_policies.flow.masking import is_masked
from groundplan_policies.flow.model import Edge, Flow, Kind, Node, Role
from groundplan_policies.flow.places import BUCKET, DATASET, TABLE, tables_of
from groundplan_policies.flow.references import reference_edges
from groundplan_policies.flow.rights import NOTHING, Rights, rights
from groundplan_policies.flow.work import work
from groundplan_policies.rules.data.targets import bucket
from groundplan_policies.rules.identity.roles import IMPERSONATION, role_name, takes_over

_ROLES: Final = {
    **dict.fromkeys((BUCKET, DATASET, TABLE), Role.STORE),
    "vertex.AiFeatureGroup": Role.FEATURES,
    "vertex.AiFeatureOnlineStoreFeatureview": Role.FEATURES,
    "vertex.AiFeatureOnlineStore": Role.FEATURES,
    "dataloss.PreventionJobTrigger": Role.SCAN,
    "vertex.AiIndex": Role.INDEX,
    "vertex.AiIndexEndpoint": Role.INDEX,
    "vertex.AiEndpoint": Role.ENDPOINT,
    "vertex.AiEndpointWithModelGardenDeployment": Role.ENDPOINT,
    "vertex.AiRagCorpus": Role.SEARCH,
    "discoveryengine.DataStore": Role.SEARCH,
}
_SERVICES: Final = {BUCKET: "storage", DATASET: "bigquery", TABLE: "bigquery"}
_WIDE: Final = frozenset({Level.ORGANIZATION, Level.FOLDER, Level.PROJECT})
_ACCOUNT: Final = "serviceaccount.Account"
_FOLDER: Final = "storage.ManagedFolder"
_IN_BUCKET: Final = Path("bucket")
_ALL_ACCOUNTS: Final = "/type/serviceaccount"
"""What ends the name of the set of all service accounts of a project, a folder or an organisation, in lower case."""


def data_flow(graph: Graph) -> Flow:
    """Give the graph of a deployment's data; made once, `graph.once(data_flow)`.

    It holds what the document tells: Cloud Storage and BigQuery, the feature store, indexes, endpoints, agents, and
    what runs as service accounts. What everybody may read every account may; a member that cannot be told may be any
    of the accounts. It does not see people and the members of groups, grants made elsewhere, deny policies,
    conditions, and what programs do with the data that they may read.
    """
    making = _Making(graph)
    making.stores()
    making.work()
    making.grants()
    making.edges += [*reference_edges(graph), *declared_edges(graph)]
    kept = [each for each in making.edges if each.source in making.nodes and each.target in making.nodes]
    return Flow(making.nodes, kept)


class _Making:
    """A graph in the making."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.context = Context(graph=graph)  # what roles allow hangs on no setting
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self._by_project: dict[tuple[str, str], tuple[tuple[Resource, bool], ...]] = {}

    def stores(self) -> None:
        for short, role in _ROLES.items():
            for resource in self.graph.of(short):
                self.nodes[resource.urn] = Node(resource.urn, role, resource)

    def work(self) -> None:
        for resource, role, accounts in work(self.graph):
            self.nodes[resource.urn] = Node(resource.urn, role, resource)
            for account in accounts:
                if account.identity:
                    self._account(account)
                    self.edges.append(Edge(account.identity, resource.urn, Kind.RUNS_AS, resource.urn))

    def grants(self) -> None:
        for grant in self.graph.grants:
            holders = self._holders(grant.principal)
            if holders:
                self._data(grant, holders)
                self._impersonation(grant, holders)

    def _holders(self, who: Principal) -> tuple[tuple[str, bool], ...]:
        """Give the keys of the accounts that hold what is granted to a member, and whether that is sure."""
        if who.agent:
            return ()
        if who.kind is Member.SERVICE_ACCOUNT and who.identity:
            self._account(who)
            return ((who.identity, True),)
        every = who.kind is Member.PRINCIPAL_SET and who.name.lower().endswith(_ALL_ACCOUNTS)
        if not (who.public or every or who.kind in {Member.SERVICE_ACCOUNT, Member.UNKNOWN}):
            return ()
        accounts = [each for each in self.nodes.values() if each.role is Role.IDENTITY]
        return tuple((each.key, who.public) for each in accounts)

    def _account(self, account: Principal) -> None:
        if account.identity not in self.nodes:
            self.nodes[account.identity] = Node(account.identity, Role.IDENTITY, account.source)

    def _data(self, grant: Grant, holders: tuple[tuple[str, bool], ...]) -> None:
        for service in dict.fromkeys(_SERVICES.values()):
            allowed = rights(grant, service, self.context)
            if allowed == NOTHING:
                continue
            for store, reached in self._stores_of(grant, service):
                for who, told in holders:
                    self._connect(grant, store, who, allowed, sure=reached and told and allowed.sure)

    def _connect(self, grant: Grant, store: Resource, who: str, allowed: Rights, *, sure: bool) -> None:
        by = grant.resource.urn
        if allowed.reads:
            self.edges.append(Edge(store.urn, who, Kind.GRANT, by, sure, self._masked(store, who)))
        if allowed.writes:
            self.edges.append(Edge(who, store.urn, Kind.GRANT, by, sure))

    def _masked(self, store: Resource, identity: str) -> bool:
        short = short_name(store.type)
        if short == TABLE:
            return is_masked(self.graph, store, identity)
        tables = tables_of(self.graph).get(store.urn, ()) if short == DATASET else ()
        return bool(tables) and all(is_masked(self.graph, each, identity) for each in tables)

    def _stores_of(self, grant: Grant, service: str) -> Iterator[tuple[Resource, bool]]:
        """Give the stores that a grant reaches, and whether that is sure."""
        types = tuple(short for short, of in _SERVICES.items() if of == service)
        if grant.level in _WIDE:
            yield from self._below(grant, service, types)
        elif grant.on == _FOLDER and BUCKET in types:
            # What is in a folder is in its bucket.
            named = _IN_BUCKET.one(grant.resource)
            found = bucket(self.graph, grant.resource, named)
            if found is not None:
                yield found, True
            elif named.state is not State.KNOWN:
                yield from ((each, False) for each in self.graph.of(BUCKET))
        elif grant.on in types:
            target = place(self.graph, grant)
            if target is not None:
                yield target, True
                yield from ((each, True) for each in tables_of(self.graph).get(target.urn, ()))
            elif grant.target.state is not State.KNOWN:
                yield from ((each, False) for each in self.graph.of(grant.on))

    def _below(self, grant: Grant, key: str, types: tuple[str, ...]) -> tuple[tuple[Resource, bool], ...]:
        """Give what is in the project of a grant, or may be; for one above projects, all that there is."""
        project = home(self.graph, grant.resource) if grant.level is Level.PROJECT else "*"
        found = self._by_project.get((key, project))
        if found is None:
            there = [(each, self._is_in(each, project)) for each in self.graph.of(*types)]
            found = tuple((each, answer is True) for each, answer in there if answer is not False)
            self._by_project[key, project] = found
        return found

    def _is_in(self, resource: Resource, project: str) -> bool | None:
        return True if project == "*" else is_same(self.graph, project, home(self.graph, resource))

    def _impersonation(self, grant: Grant, holders: tuple[tuple[str, bool], ...]) -> None:
        """What an account may read, whoever can become it may read."""
        if grant.level is Level.SERVICE_ACCOUNT:
            taken = takes_over(grant, self.context) if grant.role.state is State.KNOWN else None
            account = place(self.graph, grant)
            if taken is False:
                return
            if account is not None:
                self._becomes(grant, holders, account, sure=taken is True)
            elif grant.target.state is not State.KNOWN:
                for each in self.graph.of(_ACCOUNT):
                    self._becomes(grant, holders, each, sure=False)
        elif grant.level in _WIDE and role_name(grant.role) in IMPERSONATION:
            for each, reached in self._below(grant, _ACCOUNT, (_ACCOUNT,)):
                self._becomes(grant, holders, each, sure=reached)

    def _becomes(self, grant: Grant, holders: tuple[tuple[str, bool], ...], account: Resource, *, sure: bool) -> None:
        if account.type != token(_ACCOUNT):
            return
        self.nodes.setdefault(account.urn, Node(account.urn, Role.IDENTITY, account))
        for who, told in holders:
            if account.urn != who:
                self.edges.append(Edge(account.urn, who, Kind.ACTS_AS, grant.resource.urn, sure and told))
