"""Who may see what is in a resource, by its grants, and whether that is more than may see another one."""

from collections.abc import Collection, Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.grants import Grant, Level
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.principals import PROJECT_ROLES, PUBLIC, Kind, Principal
from groundplan_policies.engine.projects import home, is_same
from groundplan_policies.engine.resource import Resource
from groundplan_policies.flow.places import BUCKET, DATASET, TABLE
from groundplan_policies.flow.rights import rights
from groundplan_policies.rules.data.targets import dataset_of

_SERVICES: Final = {BUCKET: "storage", DATASET: "bigquery", TABLE: "bigquery"}
_WIDE: Final = frozenset({Level.PROJECT, Level.FOLDER, Level.ORGANIZATION})
_NOT_COUNTED: Final = frozenset({Kind.SERVICE_ACCOUNT, Kind.DELETED})
"""Accounts carry data on, which the ways of data follow; who is deleted sees nothing."""
_ONE: Final = frozenset({Kind.USER, Kind.PRINCIPAL})
_SEVERAL: Final = frozenset({Kind.GROUP, Kind.PRINCIPAL_SET, *PROJECT_ROLES}) - {Kind.PROJECT_OWNER}
"""Of whom nobody sees here who they are."""
_GOOGLES: Final = frozenset({Kind.USER, Kind.GROUP, Kind.DOMAIN})
"""Who has an account of Google, and so is among all authenticated users."""

_WIDTH: Final = {
    **dict.fromkeys(PUBLIC, 3),
    Kind.DOMAIN: 2,
    **dict.fromkeys((*PROJECT_ROLES, Kind.PRINCIPAL_SET), 1),
}
"""How wide a kind of members is; 0 for names."""


def is_wider_in_kind(resource: Resource, other: Resource, context: Context) -> bool:
    """Whether a wider kind of members may see a resource: everybody, a domain, a set, names.

    For what is no copy of the other's data, such as an endpoint's answers: others may ask it than see the data.
    """
    mine, theirs = (
        max((_WIDTH.get(each.kind, 0) for each in _audience(one, context, sure=True)), default=0)
        for one in (resource, other)
    )
    return mine > theirs


def is_wider(resource: Resource, other: Resource, context: Context) -> bool | None:
    """Whether somebody may see a resource who may not see the other; None if nobody can tell.

    Everybody, domains, groups, sets of identities and people count, and what is granted on the project or above for
    stores. Owners of the other's project may see it in any case, and a group of a domain that may see the other is
    inside of it. Service accounts do not count.
    """
    theirs = (*_audience(other, context, sure=True), _owners(other, context.graph))
    answers = {_is_new(each, theirs) for each in _audience(resource, context, sure=True)}
    if True in answers:
        return True
    maybe = {_is_new(each, theirs) for each in _audience(resource, context, sure=False)}
    return False if maybe <= {False} else None


def readers_by_name(store: Resource, context: Context) -> Iterator[str]:
    """Give the members who may read a store by a grant on it, or on its dataset: people, groups, domains, everybody.

    As far as they are known. Service accounts do not count, nor who holds a basic role of the project.
    """
    service = _SERVICES.get(short_name(store.type), "")
    for grant in _near(store, context.graph):
        who = grant.principal
        counts = not who.agent and who.kind not in _NOT_COUNTED and who.kind not in PROJECT_ROLES
        if counts and who.identity and grant.member.text and _sees(grant, service, context):
            yield grant.member.text


def _near(resource: Resource, graph: Graph) -> tuple[Grant, ...]:
    around = dataset_of(resource, graph)
    return (*graph.grants_on(resource), *(graph.grants_on(around) if around is not None else ()))


def _audience(resource: Resource, context: Context, *, sure: bool) -> Iterator[Principal]:
    """Give who may see a resource: surely, or as far as nobody can rule it out."""
    graph, service = context.graph, _SERVICES.get(short_name(resource.type), "")
    near = _near(resource, graph)
    for grant in (*near, *_above(resource, graph, sure=sure)) if service else near:
        if not grant.principal.agent and grant.principal.kind not in _NOT_COUNTED and _sees(grant, service, context):
            yield _of_project(grant.principal, resource, graph)


def _of_project(who: Principal, resource: Resource, graph: Graph) -> Principal:
    """Say of which project somebody holds a basic role, where that is left to the resource, as in lists of access."""
    if who.kind not in PROJECT_ROLES or who.name:
        return who
    project = home(graph, resource)
    return who._replace(name=project, identity=f"{who.kind}:{project}" if project else "")


def _owners(resource: Resource, graph: Graph) -> Principal:
    """Give the owners of a resource's project: they can let themselves see all that is in it."""
    return _of_project(Principal(Kind.PROJECT_OWNER), resource, graph)


def _above(resource: Resource, graph: Graph, *, sure: bool) -> Iterator[Grant]:
    for grant in graph.grants:
        if grant.level is Level.PROJECT:
            same = is_same(graph, home(graph, grant.resource), home(graph, resource))
            if same or (same is None and not sure):
                yield grant
        elif grant.level in _WIDE:
            yield grant


def _sees(grant: Grant, service: str, context: Context) -> bool:
    return not service or rights(grant, service, context).reads


def _is_new(who: Principal, among: Collection[Principal]) -> bool | None:
    kinds = {each.kind for each in among}
    if Kind.ALL_USERS in kinds or (Kind.ALL_AUTHENTICATED_USERS in kinds and who.kind in _GOOGLES):
        return False
    if who.identity and who.identity in {each.identity for each in among}:
        return False
    if who.kind in {Kind.USER, Kind.GROUP} and who.domain in {
        each.domain for each in among if each.kind is Kind.DOMAIN
    }:
        return False
    untold = not who.identity or Kind.UNKNOWN in kinds or (who.kind in _ONE and not _SEVERAL.isdisjoint(kinds))
    return None if untold and not who.public else True
