"""Sharing a network with other projects (Shared VPC)."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.environment import Project
from groundplan.core.validation import Checks


def check_service_projects(checks: Checks, field: str, projects: Sequence[Project], host: Project) -> None:
    """Record projects that cannot be attached to the host, or not by us."""
    for index, project in enumerate(projects):
        place = f"{field}[{index}]"
        if not checks.instance(place, project, Project, "a Project"):
            continue
        project.check(checks, place)
        checks.that(
            project.id != host.id,
            place,
            "is the network's own project",
            given=project.id,
            allowed="projects that use the network from outside",
            do="leave it out",
        )
        checks.that(
            project.managed,
            place,
            "is not ours to attach",
            given=f"{project.id}, managed=False",
            allowed="projects that are managed here",
            do=f"ask for: gcloud compute shared-vpc associated-projects add {project.id} --host-project={host.id}",
        )
    checks.unique(field, (project.id for project in projects if isinstance(project, Project)), "project")


def attach(component: Component, projects: Sequence[Project]) -> None:
    """Make the component's project a host and attach each project to it; nothing where there is none.

    Whoever runs this needs the role Compute Shared VPC Admin on the organisation or a folder.
    Children: ``shared-vpc-host``, ``shared-vpc-<project>``.
    """
    if not projects:
        return
    host = component.make(
        "shared-vpc-host",
        gcp.compute.SharedVPCHostProject,
        gcp.compute.SharedVPCHostProjectArgs(project=component.project.id),
    )
    for project in projects:
        component.make(
            f"shared-vpc-{project.id}",
            gcp.compute.SharedVPCServiceProject,
            gcp.compute.SharedVPCServiceProjectArgs(host_project=host.project, service_project=project.id),
        )
