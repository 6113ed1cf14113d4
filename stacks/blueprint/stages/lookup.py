"""What stages find of earlier ones, typed."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings import Stage


def network(context: Context) -> gp.NetworkRef:
    """Return the platform's network."""
    return context.find("network", gp.NetworkRef, gp.Exports.network, Stage.PLATFORM)


def keys(context: Context) -> gp.KeyRingRef | None:
    """Return the foundation's keys; None where the tier leaves them to Google and nobody named any."""
    if not context.has("keys") and not context.env.defaults.customer_managed_keys:
        return None
    return context.find("keys", gp.KeyRingRef, gp.Exports.keys, Stage.FOUNDATION)
