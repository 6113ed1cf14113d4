"""Stage organisation: the policies that Google enforces in the environment's projects, whatever anybody declares."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.stages import foundation


def build(context: Context) -> None:
    """Set organisation policies, where an organisation is given."""
    settings, env = context.settings, context.env
    if env.organization is None:
        return
    args = gp.OrganizationPoliciesArgs(
        env=env, customer_ids=tuple(settings.customer_ids), purposes=foundation.purposes(settings)
    )
    gp.OrganizationPolicies("guardrails", args)


def enclose(context: Context) -> None:
    """Put the perimeter around the projects, last, since grants across it become its rules."""
    settings, env = context.settings.perimeter, context.env
    if settings is None:
        return
    policy = gp.AccessPolicyRef.from_existing(settings.access_policy, project=env.projects.workload)
    args = gp.ServicePerimeterArgs(
        env=env,
        access_policy=policy,
        access_levels=tuple(settings.access_levels),
        enforced=settings.enforced,
    )
    gp.ServicePerimeter("platform", args)
