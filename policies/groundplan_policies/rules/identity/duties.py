"""Duties that no principal may have together: read once from all grants of a deployment."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.grants import Grant, Level
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Reading, State
from groundplan_policies.engine.principals import Kind, Principal
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, all_of, fail, indeterminate
from groundplan_policies.rules.identity.forms import unclear, unclear_member

_WIDE: Final = frozenset({Level.ORGANIZATION, Level.FOLDER, Level.PROJECT})


@dataclass(frozen=True)
class Duties:
    """Two duties.

    Attributes:
        first: Whether a role is of the one. Its grants are the ones that are judged.
        second: Whether a role is of the other.
        modules: The modules of types on which their roles can be granted beside projects, folders and organisations.
        conflict: What is wrong with a principal that has both.
    """

    first: Callable[[Reading], bool]
    second: Callable[[Reading], bool]
    modules: tuple[str, ...]
    conflict: str

    def reaches(self, grant: Grant) -> bool:
        """Whether such roles can be granted in this way."""
        return grant.level in _WIDE or short_name(grant.resource.type).partition(".")[0] in self.modules


def separated(duties: Duties, context: Context) -> Iterator[tuple[Resource, Outcome]]:
    """Judge every resource that gives the first duty, or may give it."""
    grants = [grant for grant in context.graph.grants if duties.reaches(grant)]
    firsts: dict[str, tuple[Resource, list[Grant]]] = {}
    for grant in grants:
        if grant.role.state is not State.KNOWN or duties.first(grant.role):
            firsts.setdefault(grant.resource.urn, (grant.resource, []))[1].append(grant)
    if not firsts:
        return
    seconds = _Holders(each for each in grants if each.role.state is not State.KNOWN or duties.second(each.role))
    for resource, held in firsts.values():
        yield resource, all_of([_judge(grant, seconds, duties) for grant in held])


class _Holders:
    """Who has, or may have, a duty."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        self.sure: set[str] = set()
        self.maybe: list[Principal] = []
        for grant in grants:
            if grant.role.state is State.KNOWN and grant.principal.identity:
                self.sure.add(grant.principal.identity)
            else:
                self.maybe.append(grant.principal)


def _judge(grant: Grant, seconds: _Holders, duties: Duties) -> Outcome:
    missing = unclear(grant.role) or unclear_member(grant)
    if missing is not None:
        return missing
    who = grant.principal
    if who.identity and who.identity in seconds.sure:
        return fail(duties.conflict, grant.member.path)
    if any(_may_be(who, each) for each in seconds.maybe):
        return indeterminate("may also have the other duty: who has it is not fully known", grant.member.path)
    return PASS if who.identity or not seconds.sure else _of_kind(grant, seconds)


def _of_kind(grant: Grant, seconds: _Holders) -> Outcome:
    """Judge a member of which only the kind is known: it may be any of that kind."""
    if any(_kind_of(each) is grant.principal.kind for each in seconds.sure):
        return indeterminate("may also have the other duty: who it is, is not known", grant.member.path)
    return PASS


def _kind_of(identity: str) -> Kind:
    """Give the kind of an identity: a URN is a service account of the document."""
    kind = identity.partition(":")[0]
    return Kind.SERVICE_ACCOUNT if kind == "urn" else Kind(kind)


def _may_be(who: Principal, other: Principal) -> bool:
    if who.identity and other.identity:
        return who.identity == other.identity
    if Kind.UNKNOWN in {who.kind, other.kind}:
        return True
    return who.kind is other.kind and who.agent is other.agent
