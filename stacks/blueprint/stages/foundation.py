"""Stage foundation: APIs, audit, budget, keys, the log archive."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings import Settings


def build(context: Context) -> None:
    """Prepare the projects."""
    settings, env = context.settings, context.env
    budget = settings.budget
    gp.ProjectFoundation(
        "projects",
        gp.ProjectFoundationArgs(
            env=env,
            organization_policies=False,
            purposes=purposes(settings),
            billing_account=budget.billing_account if budget else None,
            budget_amount=budget.amount if budget else None,
            budget_currency=budget.currency if budget else None,
            budget_contacts=tuple(budget.contacts) if budget else (),
            security_contacts=tuple(settings.security_contacts),
        ),
    )
    keys = _keys(context)
    if settings.logs.existing:
        there = gp.LogArchive.from_existing(settings.logs.existing, project=env.projects.logs)
        gp.LogRouting("archive", gp.LogRoutingArgs(env=env, archive=context.keep("log_archive", there)))
    else:
        args = gp.LogArchiveArgs(
            env=env, keys=keys, key_account=settings.logs.key_account, readers=tuple(settings.logs.readers)
        )
        context.keep("log_archive", gp.LogArchive("archive", args))


def purposes(settings: Settings) -> tuple[gp.Purpose, ...]:
    """Return what the platform is for: the usual, and what the settings add."""
    extra = (gp.Purpose(name) for name in settings.extra_purposes)
    return tuple(dict.fromkeys((*gp.Purpose.usual(), *extra)))


def _keys(context: Context) -> gp.KeyRingRef | None:
    """Return keys of one's own, made or there already, where the tier asks for them or the settings name them."""
    settings, env = context.settings, context.env
    existing = settings.keys.existing
    if existing is not None:
        named = {gp.DataClass(name): key for name, key in existing.keys.items()}
        return context.keep("keys", gp.KeyRing.from_existing(named, project=existing.project.make()))
    if not env.defaults.customer_managed_keys:
        return None
    ring = gp.KeyRing("main", gp.KeyRingArgs(env=env, admins=tuple(settings.keys.admins)))
    if env.defaults.signed_images:
        context.keep("attestor", gp.ImageAttestor("built", gp.ImageAttestorArgs(env=env, ring=ring.ring_id)))
    return context.keep("keys", ring)
