"""All questions of a preflight, in the order in which their answers help."""

from collections.abc import Iterator

from groundplan_cli.preflight.agents import agents
from groundplan_cli.preflight.constraints import policies
from groundplan_cli.preflight.model import Finding, Report, Target, Unasked
from groundplan_cli.preflight.names import names
from groundplan_cli.preflight.own import Own
from groundplan_cli.preflight.quotas import quotas
from groundplan_cli.preflight.ranges import ranges
from groundplan_cli.preflight.rehearsal import Rehearsal, rehearse
from groundplan_cli.preflight.roles import roles
from groundplan_cli.preflight.services import apis, projects
from groundplan_policies.engine import Document


def check(document: Document, target: Target, *, stack: str, own: Own | None = None) -> Report:
    """Find what would stop a deployment.

    Args:
        document: What is to be deployed, as applied to a mock cloud.
        target: The cloud to which it is to go.
        stack: What messages call it.
        own: What the stack has made before: those names are not taken by others.
    """
    own = own or Own()
    plan = rehearse(document)
    found = [*_all(plan, target, document, own.ids), *own.unasked]
    return Report(
        stack=stack,
        cloud=target.name,
        caller=target.caller,
        resources=len(plan.made),
        projects=plan.projects,
        findings=tuple(each for each in found if isinstance(each, Finding)),
        unasked=tuple(each for each in found if isinstance(each, Unasked)),
    )


def _all(plan: Rehearsal, target: Target, document: Document, own: frozenset[str]) -> Iterator[Finding | Unasked]:
    yield from projects(plan, target)
    yield from apis(plan, target)
    yield from roles(plan, target)
    yield from quotas(plan, target)
    yield from policies(plan, target, document)
    yield from agents(plan, target)
    yield from ranges(plan, target)
    yield from names(plan, target, own)
