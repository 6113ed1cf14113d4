"""Google's own service agents: how each comes to exist, and as whom it acts."""

from __future__ import annotations

import pulumi
import pulumi_gcp as gcp

from groundplan.core import providers, scope
from groundplan.core.environment import Project
from groundplan.core.principals import Identity
from groundplan.core.service_agents import agent_for


def service_agent(project: Project, service: str) -> Identity:
    """Return the agent of a service in a project, such as ``aiplatform.googleapis.com``.

    An agent that Google makes on request is made here, once a run, so that a key can be granted to it before the
    first resource needs the key. The others are known by their address. An unknown service raises
    ``LookupFailure``.
    """
    return scope.once(("agent", project.id, service), lambda: _agent(project, service))


def _agent(project: Project, service: str) -> Identity:
    entry = agent_for(service)
    label = f"agent-{service.split('.', 1)[0]}-{project.id}"
    if entry.origin == "identity":
        identity = gcp.projects.ServiceIdentity(
            label,
            gcp.projects.ServiceIdentityArgs(project=project.id, service=service),
            pulumi.ResourceOptions(provider=providers.provider_for(project)),
        )
        return Identity(label=label, member=identity.member, resources=(identity,))
    number = providers.project_number(project)
    member = pulumi.Output.from_input(number).apply(lambda known: f"serviceAccount:{entry.email(known)}")
    return Identity(label=label, member=f"serviceAccount:{entry.email(number)}" if isinstance(number, str) else member)
