"""Stage organisation: the policies that Google enforces in the environment's projects, whatever anybody declares."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings.foundation import PerimeterSettings
from blueprint.stages import foundation


def build(context: Context) -> None:
    """Set organisation policies, where an organisation is given."""
    if context.env.organization is None:
        return
    gp.OrganizationPolicies("guardrails", policies_args(context))


def policies_args(context: Context) -> gp.OrganizationPoliciesArgs:
    """Return the arguments of the organisation policies."""
    settings = context.settings
    return gp.OrganizationPoliciesArgs(
        env=context.env, customer_ids=tuple(settings.customer_ids), purposes=foundation.purposes(settings)
    )


def enclose(context: Context) -> None:
    """Put the perimeter around the projects, last, since grants across it become its rules."""
    settings = context.settings.perimeter
    if settings is not None:
        gp.ServicePerimeter("platform", perimeter_args(context, settings))


def perimeter_args(context: Context, settings: PerimeterSettings) -> gp.ServicePerimeterArgs:
    """Return the arguments of the perimeter."""
    env = context.env
    policy = gp.AccessPolicyRef.from_existing(settings.access_policy, project=env.projects.workload)
    return gp.ServicePerimeterArgs(
        env=env,
        access_policy=policy,
        access_levels=tuple(settings.access_levels),
        enforced=settings.enforced,
    )
