"""Who builds: the accounts that triggers and services of this document build as, and those that the settings list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.principals import Kind
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, fail, indeterminate
from groundplan_policies.rules.identity.accounts import identity
from groundplan_policies.rules.identity.forms import unclear_member
from groundplan_policies.rules.identity.members import is_people
from groundplan_policies.rules.supply.builds import TRIGGER

_ACCOUNTS: Final = {
    TRIGGER: Path("serviceAccount"),
    "cloudfunctions.Function": Path("buildServiceAccount"),
    "cloudfunctionsv2.Function": Path("buildConfig.serviceAccount"),
    "cloudrunv2.Service": Path("buildConfig.serviceAccount"),
    "vertex.AiReasoningEngine": Path("spec.buildSpec.serviceAccount"),
}
"""Short name of the type -> where it names the account that it builds as."""
_REQUESTS: Final = tuple(
    Path(f"{event}.pullRequest")
    for event in ("github", "repositoryEventConfig", "developerConnectEventConfig", "bitbucketServerTriggerConfig")
)
_AGENTS: Final = "gcp-sa-cloudbuild.iam.gserviceaccount.com"


@dataclass(frozen=True, slots=True)
class Builders:
    """The accounts that build, as identities.

    Attributes:
        trusted: Those of builds that people with a right to write start.
        open: Those that also run code of pull requests, before anybody has read it.
    """

    trusted: frozenset[str]
    open: frozenset[str]


def builders(graph: Graph) -> Builders:
    """Give the accounts that build in a deployment."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for type_, path in _ACCOUNTS.items():
        for each in graph.of(type_):
            name = identity(each, path.one(each), graph)
            if name:
                found[_by_request(each)].add(name)
    return Builders(trusted=frozenset(found[False] - found[True]), open=frozenset(found[True]))


def _by_request(resource: Resource) -> bool:
    return any(path.one(resource).state is not State.ABSENT for path in _REQUESTS)


def judge_builder(grant: Grant, context: Context, does: str) -> Outcome:
    """Say whether a member of a grant builds, where only what builds may have its role.

    Args:
        grant: The grant.
        context: What checks are given.
        does: What its role lets do, for messages: "writes images".
    """
    missing = unclear_member(grant)
    if missing is not None:
        return missing
    who, path = grant.principal, grant.member.path
    if who.public:
        return NOT_APPLICABLE  # IAM-01 judges these
    if is_people(who):
        return fail(f"{does}, which only builds may, and is people", path)
    if _listed(grant, context):
        return PASS
    fault = _fault(grant, context) if who.kind is Kind.SERVICE_ACCOUNT else ""
    return fail(f"{does}, and {fault}", path) if fault else _elsewhere(grant, context, does)


def _listed(grant: Grant, context: Context) -> bool:
    listed = {each.lower() for each in context.parameters.build_accounts or ()}
    return grant.member.state is State.KNOWN and grant.member.text.lower() in listed


def _fault(grant: Grant, context: Context) -> str:
    """Say why a service account that the settings do not list is no builder; "" where nothing says so."""
    who, known = grant.principal, context.graph.once(builders)
    if who.default:
        return "is an account that everything else in its project may use too"
    if who.identity in known.open:
        return "runs the code of pull requests before anybody has read it"
    ours = who.source is not None and not who.agent and who.identity not in known.trusted
    return "is no account that builds" if ours else ""


def _elsewhere(grant: Grant, context: Context, does: str) -> Outcome:
    """Judge whoever is not known to be no builder."""
    who, path = grant.principal, grant.member.path
    if who.identity and who.identity in context.graph.once(builders).trusted:
        return PASS
    if who.agent:
        unsure = indeterminate(f"{does}, and is an agent of Google that may build or not", path)
        return PASS if who.domain == _AGENTS else unsure
    if context.parameters.build_accounts is None or not who.identity:
        return indeterminate(f"{does}, and nothing says whether it builds", path)
    return fail(f"{does}, and is none of those that build", path)
