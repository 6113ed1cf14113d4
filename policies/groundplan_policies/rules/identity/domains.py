"""Whose a member is: of the domains, projects and pools that may get access, or somebody else's."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import State
from groundplan_policies.engine.principals import Kind, Principal
from groundplan_policies.engine.values import split_unknown
from groundplan_policies.engine.verdicts import PASS, Outcome, fail, indeterminate

_POOLS: Final = {"iam.WorkloadIdentityPool": "workloadIdentityPoolId", "iam.WorkforcePool": "workforcePoolId"}
_LATER: Final = "is of a project that is known only after the deployment"
_FOREIGN: Final = "is of a project that may not get access"
_POOL_HOST: Final = "iam.googleapis.com/"
_POOL_ID: Final = re.compile(
    r"iam\.googleapis\.com/(?:projects/[^/]+/)?locations/global/(?:workloadIdentityPools|workforcePools)/([^/]+)/"
)


def _unsaid(what: str, path: str) -> Outcome:
    return indeterminate(f"cannot be judged: the settings do not say {what} may get access", path)


def in_domains(grant: Grant, context: Context) -> Outcome:
    """Ask for a person's, a group's or a whole domain among the allowed ones. A domain below another is another."""
    path, allowed = grant.member.path, context.parameters.allowed_domains
    domain = grant.principal.domain
    if allowed is None:
        return _unsaid("which domains", path)
    if domain in {each.lower() for each in allowed}:
        return PASS
    if not domain and grant.member.state is not State.KNOWN:
        return indeterminate("is of a domain that is known only after the deployment", path)
    return fail("is of a domain that may not get access", path)


def in_projects(grant: Grant, context: Context) -> Outcome:
    """Ask for a service account of this document or of the allowed projects, or an agent of an allowed project."""
    who, path = grant.principal, grant.member.path
    if who.source is not None or who.project in context.graph.once(own_projects):
        return PASS
    if who.agent:
        return _agent(who, path, context)
    allowed, numbers = context.parameters.allowed_projects, context.parameters.service_agent_projects
    if not who.project:
        later = grant.member.state is not State.KNOWN
        return indeterminate(_LATER, path) if later else fail("is no service account of a project", path)
    if who.project in {*(allowed or ()), *((numbers or ()) if who.default else ())}:
        return PASS
    unsaid = allowed is None or (who.default and numbers is None)
    return _unsaid("which projects", path) if unsaid else fail(_FOREIGN, path)


def _agent(who: Principal, path: str, context: Context) -> Outcome:
    head, tail = split_unknown(who.name)
    if head == tail and not who.project:  # one for all customers of Google
        return PASS
    numbers = context.parameters.service_agent_projects
    if numbers is None:
        return _unsaid("which projects' service agents", path)
    if who.project in numbers:
        return PASS
    if not who.project:
        return indeterminate(_LATER, path)
    return fail("is a service agent of a project that may not get access", path)


def in_pools(grant: Grant, context: Context) -> Outcome:
    """Ask for a federated identity of a pool of this document, or of the allowed ones."""
    path, allowed = grant.member.path, context.parameters.allowed_pools
    if _of_own_pool(grant, context.graph):
        return PASS
    if allowed is None:
        return _unsaid("which identity pools", path)
    known, _ = split_unknown(grant.principal.name)
    rest = known.removeprefix(_POOL_HOST)
    if any(rest.startswith(f"{each.removeprefix(_POOL_HOST).rstrip('/')}/") for each in allowed):
        return PASS
    if grant.member.state is not State.KNOWN and not grant.principal.pool:
        return indeterminate("is of a pool that is known only after the deployment", path)
    return fail("is of an identity pool that may not get access", path)


def _of_own_pool(grant: Grant, graph: Graph) -> bool:
    """Whether a member was made of outputs of one pool of this document, and names no other.

    The name holds the project's number, which no resource of a preview has, so a known name alone is not enough.
    """
    origins = [each for each in graph.origins(grant.resource, grant.member) if short_name(each.type) in _POOLS]
    if len(origins) != 1 or origins[0].external:
        return False
    found = _POOL_ID.match(grant.principal.name)
    if found is not None:
        return found[1] == origins[0].inputs.get(_POOLS[short_name(origins[0].type)])
    head, tail = split_unknown(grant.principal.name)
    return head == _POOL_HOST and tail.startswith("/")


def in_project_roles(grant: Grant, context: Context) -> Outcome:
    """Ask that holders of basic roles are those of an own or allowed project. Without a name it is the own one."""
    name, path = grant.principal.name, grant.member.path
    if not name or name in context.graph.once(own_projects):
        return PASS
    if grant.member.state is not State.KNOWN:
        return indeterminate(_LATER, path)
    allowed, numbers = context.parameters.allowed_projects, context.parameters.service_agent_projects
    if name in {*(allowed or ()), *(numbers or ())}:
        return PASS
    if allowed is None or numbers is None:
        return _unsaid("which projects", path)
    return fail(_FOREIGN, path)


def own_projects(graph: Graph) -> frozenset[str]:
    """Give the ids, and known numbers, of projects that this document makes or that its providers are set to.

    What merely names a project in a property, as a grant does, or only reads one, makes it no own one.
    """
    made = [each for each in graph.of("organizations.Project") if not each.external]
    values = [
        *(each.inputs.get("projectId") for each in made),
        *(each.outputs.get("number") for each in made),
        *(each.inputs.get("project") for each in graph.of("Provider")),
    ]
    return frozenset(each for each in values if isinstance(each, str) and each)


def allowed_member(grant: Grant, context: Context) -> Outcome | None:
    """Judge whose a member is, by its kind; None for kinds that belong to nobody."""
    judge = _JUDGES.get(grant.principal.kind)
    return judge(grant, context) if judge else None


_JUDGES: Final[Mapping[Kind, Callable[[Grant, Context], Outcome]]] = {
    Kind.USER: in_domains,
    Kind.GROUP: in_domains,
    Kind.DOMAIN: in_domains,
    Kind.SERVICE_ACCOUNT: in_projects,
    Kind.PRINCIPAL: in_pools,
    Kind.PRINCIPAL_SET: in_pools,
    Kind.PROJECT_OWNER: in_project_roles,
    Kind.PROJECT_EDITOR: in_project_roles,
    Kind.PROJECT_VIEWER: in_project_roles,
}
"""Who judges members of a kind."""
