"""One explicit provider a project, made when the first resource needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pulumi_gcp as gcp

from groundplan.core import scope
from groundplan.core.errors import ArgumentError, Problem

if TYPE_CHECKING:
    from groundplan.core.environment import Project


def provider_for(project: Project) -> gcp.Provider:
    """Return this run's provider of a project.

    Two descriptions of one project that differ raise ``ArgumentError``: a resource cannot have two providers.
    """
    described = scope.once(("project", project.id), lambda: project)
    if described != project:
        problem = Problem(
            "project",
            f"describes project {project.id} a second time, differently",
            str(project),
            str(described),
            "share one Project object between the environments of a program",
        )
        raise ArgumentError(f'Provider "gcp-{project.id}"', [problem])
    return scope.once(
        ("provider", project.id),
        lambda: gcp.Provider(
            f"gcp-{project.id}",
            project=project.id,
            user_project_override=True,
            # Resources that name no project (budgets, organisation policies) have no quota without it.
            billing_project=project.quota_project or project.id,
            impersonate_service_account=project.impersonate,
        ),
    )


def project_number(project: Project) -> pulumi.Input[str]:
    """Return the project's number: as given in the settings, else looked up once a run."""
    if project.number is not None:
        return project.number
    return scope.once(
        ("number", project.id),
        lambda: (
            gcp.organizations.get_project_output(
                project_id=project.id, opts=pulumi.InvokeOutputOptions(provider=provider_for(project))
            ).number
        ),
    )
