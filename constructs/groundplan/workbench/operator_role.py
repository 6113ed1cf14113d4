"""The role of somebody who starts and stops a notebook and opens it, and does nothing else to it.

Google's own roles are too wide or too narrow: ``roles/notebooks.admin`` also deletes notebooks, changes their settings
and their IAM policy, and ``roles/notebooks.runner`` starts none. So a role is made, and given on single notebooks.
"""

from __future__ import annotations

import pulumi_gcp as gcp

from groundplan.core.component import Component

FORM = r"(?:projects/[a-z0-9.:-]+|organizations/[0-9]+)/roles/[A-Za-z0-9_.]{3,64}"
"""Full name of a role that was made, as a regular expression."""

# Source: the IAM permissions that each method of the Notebooks API v2 names, 2026-10.
_PERMISSIONS = (
    "notebooks.instances.checkUpgradability",
    "notebooks.instances.get",
    "notebooks.instances.getHealth",
    "notebooks.instances.reset",
    "notebooks.instances.start",
    "notebooks.instances.stop",
    "notebooks.instances.use",
)


def make_operator_role(component: Component) -> tuple[str, gcp.projects.IAMCustomRole]:
    """Make the role in a construct's project, as its child ``operator-role``; return its full name with it."""
    role_id = component.cloud_name("custom_role", "operator", generation=True)
    made = component.make(
        "operator-role",
        gcp.projects.IAMCustomRole,
        gcp.projects.IAMCustomRoleArgs(
            project=component.project.id,
            role_id=role_id,
            title=f"Operate notebook {component.label}"[:100],
            description="Start, stop and open a notebook; granted on single notebooks.",
            permissions=[*_PERMISSIONS],
        ),
    )
    return f"projects/{component.project.id}/roles/{role_id}", made
