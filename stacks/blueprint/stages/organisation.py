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
