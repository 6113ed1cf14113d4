"""Who can put a model behind an endpoint: accounts with the right to deploy, and what runs as them."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.grants import Grant, Level, place
from groundplan_policies.engine.paths import State
from groundplan_policies.engine.principals import Kind
from groundplan_policies.engine.resource import Resource
from groundplan_policies.flow import Kind as Way
from groundplan_policies.flow import Role, data_flow
from groundplan_policies.rules.identity.roles import WRITING, custom_permissions, is_custom, role_name, takes_over

_DEPLOY: Final = "aiplatform.endpoints.deploy"
_ROLES: Final = frozenset({"roles/aiplatform.user", "roles/aiplatform.admin"}) | WRITING
"""Predefined roles with the right to deploy (cloud.google.com/vertex-ai/docs/general/access-control)."""
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
        if grant.principal.agent or not _reaches(grant, endpoint, context):
            continue
        deploys = _deploys(grant, context)
        if deploys is not False:
            yield Deployer(grant, deploys is True, _work(grant, context), _taken_over(grant, context))


def _reaches(grant: Grant, endpoint: Resource, context: Context) -> bool:
    if grant.level in _WIDE:
        if grant.level is not Level.PROJECT or grant.target.state is not State.KNOWN:
            return True
        return grant.target.text == context.graph.effective(endpoint, "project").text
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
    return name in _ROLES


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
