"""Google's own service agents: how each comes to exist, and as whom it acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core import footprint, providers, ready, scope
from groundplan.core.environment import Project
from groundplan.core.grants import Target, grant
from groundplan.core.principals import Identity
from groundplan.core.service_agents import MAIN, ServiceAgent, agent_for


def service_agent(project: Project, service: str, agent: str = MAIN) -> Identity:
    """Return an agent of a service in a project, such as that of ``aiplatform.googleapis.com``.

    An agent that Google makes on request is made here, once a run, with the role that it works with, so that a key can
    be granted to it before the first resource needs the key. One whose address nobody can compute is looked up. The
    others are known by their address. An unknown service or agent raises ``LookupFailure``.
    """
    return scope.once(("agent", project.id, service, agent), lambda: _agent(project, agent_for(service, agent)))


def _agent(project: Project, entry: ServiceAgent) -> Identity:
    which = "" if entry.agent == MAIN else f"-{entry.agent.replace('_', '-')}"
    label = f"agent-{entry.service.split('.', 1)[0]}{which}-{project.id}"
    if entry.origin == "identity":
        return _made(project, entry, label)
    if entry.address is None:
        email = _LOOKUPS[str(entry.lookup)](project)
        return Identity(label=label, member=pulumi.Output.concat("serviceAccount:", email), home=project.id, agent=True)
    number = providers.project_number(project)
    if isinstance(number, str):
        return Identity(label=label, member=f"serviceAccount:{entry.email(number)}", home=project.id, agent=True)
    address = pulumi.Output.all(number).apply(lambda known: entry.email(known[0]))
    return Identity(label=label, member=pulumi.Output.concat("serviceAccount:", address), home=project.id, agent=True)


def _agents_of(project: Project) -> pulumi.ComponentResource:
    """Return what holds the agents that are made in a project, which belong to no construct more than to another."""
    return scope.once(
        ("agents", project.id),
        lambda: pulumi.ComponentResource("groundplan:core:ServiceAgents", f"agents-{project.id}"),
    )


def _made(project: Project, entry: ServiceAgent, label: str) -> Identity:
    parent = _agents_of(project)
    wanted = gcp.projects.ServiceIdentityArgs(project=project.id, service=entry.service)
    footprint.note("gcp:projects/serviceIdentity:ServiceIdentity", project, wanted)
    made = gcp.projects.ServiceIdentity(
        label,
        wanted,
        pulumi.ResourceOptions(
            parent=parent, provider=providers.provider_for(project), depends_on=ready.before([project]) or None
        ),
    )
    agent = Identity(label=label, member=made.member, resources=(made,), home=project.id, agent=True)
    if entry.role is None:
        return agent
    # Google gives an agent its role when Google makes it, not when it is made on request.
    place = Target(
        label="project",
        project=project,
        parent=parent,
        command="gcloud projects add-iam-policy-binding",
        place=project.id,
        scope="project",
    )
    args = gcp.projects.IAMMemberArgs(project=project.id, role=entry.role, member=made.member)
    role = grant(place, entry.role, agent, gcp.projects.IAMMember, args)
    return agent.after(*role.resources)


def _logging_keys(project: Project) -> pulumi.Output[str]:
    options = pulumi.InvokeOutputOptions(provider=providers.provider_for(project))
    footprint.note("gcp:logging/getProjectCmekSettings:getProjectCmekSettings", project, None)
    return gcp.logging.get_project_cmek_settings_output(project=project.id, opts=options).service_account_id


_LOOKUPS: Final[Mapping[str, Callable[[Project], pulumi.Output[str]]]] = {
    "gcp:logging/getProjectCmekSettings:getProjectCmekSettings": _logging_keys,
}
