"""The roles of who calls an endpoint and of who deploys on it; Google's own can do much more.

``roles/aiplatform.user`` also uses every other endpoint, dataset and feature and runs jobs. So two roles are made, and
given on single endpoints.
"""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Component

# Source: the IAM permissions that each method of the Vertex AI API names, 2026-10.
_ROLES: Final = {
    "caller": (
        "Call",
        "Ask an endpoint for predictions; granted on single endpoints.",
        ("aiplatform.endpoints.get", "aiplatform.endpoints.predict"),
    ),
    "deployer": (
        "Deploy on",
        "Deploy and withdraw models, and shift traffic; granted on single endpoints.",
        (
            "aiplatform.endpoints.deploy",
            "aiplatform.endpoints.get",
            "aiplatform.endpoints.undeploy",
            "aiplatform.endpoints.update",
        ),
    ),
}


def make_roles(component: Component) -> tuple[tuple[str, str], tuple[pulumi.Resource, ...]]:
    """Make the children ``caller-role`` and ``deployer-role``; return their full names, and them."""
    made = {role: _make(component, role) for role in _ROLES}
    names = [f"projects/{component.project.id}/roles/{_id(component, role)}" for role in _ROLES]
    return (names[0], names[1]), tuple(made.values())


def _make(component: Component, role: str) -> gcp.projects.IAMCustomRole:
    title, description, permissions = _ROLES[role]
    return component.make(
        f"{role}-role",
        gcp.projects.IAMCustomRole,
        gcp.projects.IAMCustomRoleArgs(
            project=component.project.id,
            role_id=_id(component, role),
            title=f"{title} endpoint {component.label}"[:100],
            description=description,
            permissions=[*permissions],
        ),
    )


def _id(component: Component, role: str) -> str:
    return component.cloud_name("custom_role", role, generation=True)
