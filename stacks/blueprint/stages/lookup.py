"""What stages find of earlier ones, typed."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings import Stage


def network(context: Context) -> gp.NetworkRef:
    """Return the platform's network."""
    return context.find("network", gp.NetworkRef, gp.Exports.network, Stage.PLATFORM)


def keys(context: Context) -> gp.KeyRingRef | None:
    """Return the foundation's keys; None where neither the tier nor the settings have keys of one's own."""
    if not context.env.defaults.customer_managed_keys and context.settings.keys.existing is None:
        return None
    return context.find("keys", gp.KeyRingRef, gp.Exports.keys, Stage.FOUNDATION)
