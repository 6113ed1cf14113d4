"""Who can put a model behind an endpoint: accounts with the right to deploy, and what runs as them."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.grants import Grant, Level, place
from groundplan_policies.engine.paths import State
from groundplan_policies.engine.principals import Kind
from groundplan_policies.engine.projects import home, is_same
from groundplan_policies.engine.resource import Resource
from groundplan_policies.flow import Kind as Way
from groundplan_policies.flow import Role, data_flow
from groundplan_policies.rules.identity.roles import WRITING, custom_permissions, is_custom, role_name, takes_over

_DEPLOY: Final = "aiplatform.endpoints.deploy"
_ROLES: Final = frozenset({"roles/aiplatform.user", "roles/aiplatform.admin"}) | WRITING
"""Predefined roles with the right to deploy (cloud.google.com/vertex-ai/docs/general/access-control)."""
_OF_AGENTS: Final = re.compile(r"roles/[a-z0-9]+\.\w*serviceagent")
"""Roles for Google's service agents: some deploy, and Google changes what they allow."""
_WIDE: Final = frozenset({Level.PROJECT, Level.FOLDER, Level.ORGANIZATION})


class Deployer(NamedTuple):
    """A grant with which somebody can deploy to an endpoint.

    Attributes:
        grant: The grant.
        sure: Whether it is known to allow that.
        work: What runs as its account, for accounts.
        taken_over: Whether others can become its account, by a grant on it; None where that cannot be told.
    """

    grant: Grant
    sure: bool
    work: tuple[Resource, ...]
    taken_over: bool | None = False


def deployers(endpoint: Resource, context: Context) -> Iterator[Deployer]:
    """Give who can deploy to an endpoint, by grants on it, on its project and above. Google's agents do not count."""
    for grant in context.graph.grants:
        reached = False if grant.principal.agent else _reaches(grant, endpoint, context)
        deploys = False if reached is False else _deploys(grant, context)
        if deploys is not False:
            sure = deploys is True and reached is True
            yield Deployer(grant, sure, _work(grant, context), _taken_over(grant, context))


def _reaches(grant: Grant, endpoint: Resource, context: Context) -> bool | None:
    if grant.level is Level.PROJECT:
        return is_same(context.graph, home(context.graph, grant.resource), home(context.graph, endpoint))
    if grant.level in _WIDE:
        return True
    if grant.on != "vertex.AiEndpoint":
        return False
    on = place(context.graph, grant)
    return on is endpoint or (on is None and grant.target.state is not State.KNOWN)


def _deploys(grant: Grant, context: Context) -> bool | None:
    if grant.role.state is not State.KNOWN:
        return None
    name = role_name(grant.role)
    if is_custom(name):
        held = custom_permissions(name, context)
        return None if held is None else _DEPLOY in held
    return None if _OF_AGENTS.fullmatch(name) else name in _ROLES


def _work(grant: Grant, context: Context) -> tuple[Resource, ...]:
    if grant.principal.kind is not Kind.SERVICE_ACCOUNT:
        return ()
    flow = context.graph.once(data_flow)
    nodes = (flow.nodes[each.target] for each in flow.out(grant.principal.identity) if each.kind is Way.RUNS_AS)
    running = (each.resource for each in nodes if each.role in {Role.WORK, Role.TRAINING, Role.AGENT})
    return tuple(each for each in running if each is not None)


def _taken_over(grant: Grant, context: Context) -> bool | None:
    """Whether anybody but Google's agents can become the account of a grant."""
    account = grant.principal.source
    if grant.principal.kind is not Kind.SERVICE_ACCOUNT or account is None:
        return False
    answers = [
        takes_over(each, context)
        for each in context.graph.grants_on(account)
        if not each.principal.agent and each.principal.identity != grant.principal.identity
    ]
    return True if True in answers else None if None in answers else False
