"""Whether Google's own accounts to which a plan gives roles are there."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from groundplan_cli.preflight.model import Finding, Kind, Target, Unasked, told
from groundplan_cli.preflight.rehearsal import Made, Rehearsal
from mockcloud.cloud.agents import agents_of
from mockcloud.discovery.documents import apis
from mockcloud.pulumi.api import Refused

_RESOURCE_MANAGER: Final = "cloudresourcemanager.googleapis.com"


def agents(plan: Rehearsal, target: Target) -> Iterator[Finding | Unasked]:
    """Look for service agents in the policy of their project.

    One that has no role there may be there all the same, which no API tells: such a finding is possible, not certain.
    """
    made_here = {
        (each.project, each.value("service").removesuffix(".googleapis.com"))
        for each in plan.of_type("projects/serviceIdentity:ServiceIdentity", "projects/service:Service")
    }
    wanted: dict[str, dict[str, None]] = {}
    for made in plan.made:
        for member in _members(made):
            wanted.setdefault(member, {})[made.resource.urn] = None
    for project in plan.projects:
        mine = {each: found for each in wanted if (found := _agent(plan, each, project))}
        if not mine or project in plan.creates_projects:
            continue
        try:
            known = _known(target, project)
        except Refused as refused:
            yield Unasked(kind=Kind.AGENT, about=project, reason=told(refused))
            continue
        number = plan.cloud.projects.number_of(project)
        real = _number(target, project)
        for member, api in sorted(mine.items()):
            if member.replace(number, real) in known or (project, api) in made_here:
                continue
            service = f"{api}.googleapis.com"
            yield Finding(
                kind=Kind.AGENT,
                about=member.replace(number, real),
                problem=f"the service agent of {service} may not be there yet, and gets a role",
                remedy=f"gcloud beta services identity create --service={service} --project={project}",
                project=project,
                resources=tuple(wanted[member]),
                sure=False,
            )


def _members(made: Made) -> Iterator[str]:
    if "IAM" not in made.resource.type and "Iam" not in made.resource.type:
        return
    several = made.inputs.get("members")
    for each in [made.inputs.get("member"), *(several if isinstance(several, list) else ())]:
        if isinstance(each, str) and each.startswith("serviceAccount:"):
            yield each


def _agent(plan: Rehearsal, member: str, project: str) -> str:
    """Give the API of which a member is the agent in a project; "" for none."""
    number = plan.cloud.projects.number_of(project)
    address = member.removeprefix("serviceAccount:")
    if number not in address:
        return ""
    return next((api for pattern, api in _addresses() if pattern.fullmatch(address.replace(number, "NUMBER"))), "")


@lru_cache(maxsize=1)
def _addresses() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(re.escape(each.address)), api) for api in apis() for each in agents_of(api).values())


def _known(target: Target, project: str) -> set[str]:
    policy = target.api.call("POST", _RESOURCE_MANAGER, f"v1/projects/{project}:getIamPolicy", {})
    return {member for binding in policy.get("bindings", ()) for member in binding.get("members", ())}


def _number(target: Target, project: str) -> str:
    return str(target.get(_RESOURCE_MANAGER, f"v3/projects/{project}").get("name", "")).partition("/")[2]
