"""Grants on a whole project, where Google has no narrower place for a role."""

from __future__ import annotations

import pulumi
import pulumi_gcp as gcp

from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import identity_of


def grant_on_project(principal: object, project: Project, role: str, site: str) -> Grant:
    """Give a principal a role in a project; the grant's ``scope`` is ``project``.

    Args:
        principal: Who gets it.
        project: Where; where grants are not ours to make it becomes an entry of ``requests``.
        role: The role, by its full name.
        site: Who asks, for messages.
    """
    identity = identity_of(principal, site)
    target = Target(
        label=project.id.replace(":", "-"),
        project=project,
        parent=principal if isinstance(principal, pulumi.Resource) else None,
        command="gcloud projects add-iam-policy-binding --condition=None",
        place=project.id,
        scope="project",
    )
    args = gcp.projects.IAMMemberArgs(project=project.id, role=role, member=identity.member)
    return grant(target, role, identity, gcp.projects.IAMMember, args)
