"""Who can do what on which data, through which grants: on the data itself, on its project, and by acting as an account.

It is what the grants of the document give. What else gives or takes access is in `UNSEEN`, which stands beside it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.grants import Grant, Level, place
from groundplan_policies.engine.paths import State
from groundplan_policies.engine.principals import Kind, Principal
from groundplan_policies.engine.resource import Resource
from groundplan_policies.evidence.facts import (
    HIDDEN,
    LATER,
    LONGEST_WHOLE,
    name_of,
    project_of,
    shown,
    told,
    type_name,
)
from groundplan_policies.evidence.model import Access
from groundplan_policies.flow.rights import rights
from groundplan_policies.rules.identity.members import is_workforce
from groundplan_policies.rules.identity.roles import decrypts, is_basic, role_name, takes_over, uses_keys

UNSEEN: Final = (
    "What projects inherit from the organisation and from folders, where that is granted elsewhere.",
    "Grants that were made past this program.",
    "Who is in a group or a domain: a group stands here as one principal, and its members are kept elsewhere.",
    "Deny policies and principal access boundaries, which take away what a grant gives.",
    "Conditions are shown and not judged: a grant with one counts whole.",
    "Access approval, perimeters and access levels, which stop a call that a grant would allow.",
    "What Google’s own service agents do for somebody who may use a service.",
    "What custom roles of elsewhere allow: they count as if they gave the data, and say that this is not known.",
)
"""What gives or takes access and is not in the list of it."""

_WHO: Final[Mapping[Kind, str]] = {
    Kind.USER: "person",
    Kind.GROUP: "group",
    Kind.DOMAIN: "everybody of a domain",
    Kind.SERVICE_ACCOUNT: "service account",
    Kind.PRINCIPAL: "program elsewhere",
    Kind.PRINCIPAL_SET: "programs elsewhere",
    Kind.ALL_USERS: "everybody on the internet",
    Kind.ALL_AUTHENTICATED_USERS: "everybody with a Google account",
    Kind.PROJECT_OWNER: "owners of the project",
    Kind.PROJECT_EDITOR: "editors of the project",
    Kind.PROJECT_VIEWER: "viewers of the project",
    Kind.DELETED: "a principal that was deleted",
    Kind.UNKNOWN: "not known",
}
_AGENT: Final = "Google’s agent"


class _Can(NamedTuple):
    """What a grant lets its holder do; "" for nothing."""

    what: str
    sure: bool = True


_NOTHING: Final = _Can("")


def _data(service: str) -> "Callable[[Grant, Context], _Can]":
    def can(grant: Grant, context: Context) -> _Can:
        found = rights(grant, service, context)
        words = " and ".join(word for word, holds in (("read", found.reads), ("write", found.writes)) if holds)
        return _Can(words, found.sure)

    return can


def _key(grant: Grant, context: Context) -> _Can:
    found = decrypts(grant, context)
    if found is None:
        return _Can("decrypt", sure=False)
    return _Can("decrypt") if found else _Can("encrypt") if uses_keys(grant.role) else _NOTHING


def _named(what: str, *roles: str) -> "Callable[[Grant, Context], _Can]":
    """Judge by the name of a role: some by their whole name, the roles of a service by how it begins."""
    exact = {each for each in roles if not each.endswith(".")}
    begins = tuple(each for each in roles if each.endswith("."))

    def can(grant: Grant, _: Context) -> _Can:
        if grant.role.state is not State.KNOWN:
            return _Can(what, sure=False)
        name = role_name(grant.role)
        return _Can(what) if name in exact or (begins and name.startswith(begins)) else _NOTHING

    return can


_DATA: Final[Mapping[str, Callable[[Grant, Context], _Can]]] = {
    "storage.Bucket": _data("storage"),
    "bigquery.Dataset": _data("bigquery"),
    "bigquery.Table": _data("bigquery"),
    "datacatalog.PolicyTag": _named("read unmasked", "roles/datacatalog.categoryfinegrainedreader"),
    "logging.LogView": _named("read", "roles/logging.viewaccessor"),
    "vertex.AiFeatureOnlineStoreFeatureview": _named("read", "roles/aiplatform."),
    "vertex.AiFeatureOnlineStore": _named("read", "roles/aiplatform."),
    "vertex.AiEndpoint": _named("call", "roles/aiplatform."),
    "secretmanager.Secret": _named("read", "roles/secretmanager.secretaccessor", "roles/secretmanager.admin"),
    "kms.CryptoKey": _key,
}
"""What counts as data, and what a role lets its holder do with it; in the order in which it is listed."""


class _Data(NamedTuple):
    """Some data: its URN, "" where the document does not hold it, its name and its type."""

    urn: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class _Actor:
    """Somebody who may act as an account, and the grant by which."""

    who: Principal
    member: str
    grant: Grant


def access(context: Context) -> tuple[Access, ...]:
    """List who can do what on which data: what keeps data first, then keys and what serves; Google's agents last."""
    actors = _actors(context)
    held = [each for each in context.graph.document if each.custom and type_name(each) in _DATA]
    found = [entry for data in held for entry in _on(data, context, actors)]
    for grant in context.graph.grants:
        if grant.on in _DATA and place(context.graph, grant) is None:
            found += _from(_Data("", told(grant.target) or LATER, grant.on), "it", grant, context, actors)
    order = list(_DATA)
    places = {data: number for number, data in enumerate(dict.fromkeys((each.urn, each.data) for each in found))}

    def rank(entry: Access) -> tuple[int, int, bool]:
        return order.index(entry.type), places[entry.urn, entry.data], entry.kind == _AGENT

    return tuple(sorted(dict.fromkeys(found), key=rank))


def _on(resource: Resource, context: Context, actors: Mapping[str, list[_Actor]]) -> Iterator[Access]:
    data = _Data(resource.urn, name_of(resource), type_name(resource))
    for where, grant in _grants(resource, context):
        yield from _from(data, where, grant, context, actors)


def _from(
    data: _Data, where: str, grant: Grant, context: Context, actors: Mapping[str, list[_Actor]]
) -> Iterator[Access]:
    """Give what one grant gives: to its member, and to whoever may act as that."""
    can = _DATA[data.type](grant, context)
    if not can.what and where != "it" and is_basic(grant.role):
        can = _Can("whatever the basic role allows", sure=False)
    if can.what:
        first = _entry(data, where, grant, can)
        yield first
        yield from _by_way(first, grant, actors)


def _grants(data: Resource, context: Context) -> Iterator[tuple[str, Grant]]:
    """Give the grants on some data, and those on what it belongs to."""
    for grant in context.graph.grants_on(data):
        yield "it", grant
    project = project_of(data, context.graph)
    for grant in context.graph.grants:
        if grant.level is Level.PROJECT and project and told(grant.target) == project:
            yield f"the project {project}", grant
        elif grant.level in {Level.FOLDER, Level.ORGANIZATION}:
            yield f"the {grant.level.value} above", grant


def _entry(data: _Data, where: str, grant: Grant, can: _Can) -> Access:
    known = grant.role.state is State.KNOWN and grant.principal.kind is not Kind.UNKNOWN
    return Access(
        urn=data.urn,
        data=data.name,
        type=data.type,
        who=_who(grant.principal, told(grant.member)),
        kind=_kind(grant.principal),
        can=can.what,
        role=told(grant.role) or LATER,
        where=where,
        through=(grant.resource.urn,),
        source=grant.resource.source,
        as_whom=(),
        condition=(told(grant.condition, LONGEST_WHOLE) or HIDDEN) if grant.condition is not None else "",
        sure=can.sure and known,
    )


def _by_way(last: Access, grant: Grant, actors: Mapping[str, list[_Actor]]) -> Iterator[Access]:
    """Give whoever has the same access by acting as an account, and as another one before that."""
    seen = {grant.principal.identity}
    waiting = [(grant.principal.identity, last)]
    while waiting:
        identity, entry = waiting.pop(0)
        for actor in actors.get(identity, []) if identity else []:
            if actor.who.identity and actor.who.identity in seen:
                continue
            seen.add(actor.who.identity)
            through = (actor.grant.resource.urn, *entry.through)
            changes = _Chain(_who(actor.who, actor.member), _kind(actor.who), (entry.who, *entry.as_whom), through)
            found = changes.on(last)
            yield found
            waiting.append((actor.who.identity, found))


class _Chain(NamedTuple):
    """How somebody comes to an access by acting as others."""

    who: str
    kind: str
    as_whom: tuple[str, ...]
    through: tuple[str, ...]

    def on(self, last: Access) -> Access:
        """Give the access that the chain ends in, for whoever begins it."""
        return Access(
            urn=last.urn,
            data=last.data,
            type=last.type,
            who=self.who,
            kind=self.kind,
            can=last.can,
            role=last.role,
            where=last.where,
            through=self.through,
            source=last.source,
            as_whom=self.as_whom,
            condition=last.condition,
            sure=last.sure,
        )


def _actors(context: Context) -> Mapping[str, list[_Actor]]:
    """Give who may act as each account of the document, by the account's identity."""
    found: dict[str, list[_Actor]] = {}
    for account in context.graph.of("serviceaccount.Account"):
        for where, grant in _grants(account, context):
            taken = takes_over(grant, context)
            # On a whole project, a role of which nobody knows what it allows is said with the data itself.
            if taken or (taken is None and where == "it"):
                found.setdefault(account.urn, []).append(_Actor(grant.principal, told(grant.member), grant))
    return found


def _who(who: Principal, member: str) -> str:
    if who.source is not None:
        return name_of(who.source)
    return shown(who.name, LONGEST_WHOLE) or member or _WHO[who.kind]


def _kind(who: Principal) -> str:
    if who.agent:
        return _AGENT
    if is_workforce(who):
        return "people of an identity pool"
    return _WHO[who.kind]
