"""Stage foundation: APIs, audit, budget, keys, the log archive."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings import Settings
from blueprint.settings.foundation import ExistingKeysSettings
from blueprint.stages import lookup


def build(context: Context) -> None:
    """Prepare the projects."""
    settings, env = context.settings, context.env
    gp.ProjectFoundation("projects", project_args(context))
    _keys(context)
    if settings.logs.existing:
        there = gp.LogArchive.from_existing(settings.logs.existing, project=env.projects.logs)
        gp.LogRouting("archive", gp.LogRoutingArgs(env=env, archive=context.keep("log_archive", there)))
    else:
        context.keep("log_archive", gp.LogArchive("archive", archive_args(context)))


def project_args(context: Context) -> gp.ProjectFoundationArgs:
    """Return the arguments of what prepares the projects."""
    settings, budget = context.settings, context.settings.budget
    return gp.ProjectFoundationArgs(
        env=context.env,
        organization_policies=False,
        purposes=purposes(settings),
        billing_account=budget.billing_account if budget else None,
        budget_amount=budget.amount if budget else None,
        budget_currency=budget.currency if budget else None,
        budget_contacts=tuple(budget.contacts) if budget else (),
        security_contacts=tuple(settings.security_contacts),
    )


def key_args(context: Context) -> gp.KeyRingArgs:
    """Return the arguments of the key ring."""
    return gp.KeyRingArgs(env=context.env, admins=tuple(context.settings.keys.admins))


def archive_args(context: Context) -> gp.LogArchiveArgs:
    """Return the arguments of the log archive."""
    settings = context.settings.logs
    return gp.LogArchiveArgs(
        env=context.env,
        keys=lookup.keys(context),
        key_account=settings.key_account,
        readers=tuple(settings.readers),
    )


def purposes(settings: Settings) -> tuple[gp.Purpose, ...]:
    """Return what the platform is for: the usual, and what the settings add."""
    extra = (gp.Purpose(name) for name in settings.extra_purposes)
    return tuple(dict.fromkeys((*gp.Purpose.usual(), *extra)))


def existing_keys(settings: ExistingKeysSettings) -> gp.KeyRingRef:
    """Return keys that are there already."""
    named = {gp.DataClass(name): key for name, key in settings.keys.items()}
    return gp.KeyRing.from_existing(named, project=settings.project.make())


def makes_keys(context: Context) -> bool:
    """Whether keys of one's own are made: the tier or the settings ask for them, and nobody names any."""
    keys = context.settings.keys
    asked = context.env.defaults.customer_managed_keys or keys.own or keys.sign_images
    return asked and keys.existing is None


def signs_images(context: Context) -> bool:
    """Whether images are signed, with a key that is made here."""
    return makes_keys(context) and (context.env.defaults.signed_images or context.settings.keys.sign_images)


def _keys(context: Context) -> None:
    """Keep keys of one's own, made or there already, where the tier asks for them or the settings name them."""
    settings, env = context.settings, context.env
    if settings.keys.existing is not None:
        context.keep("keys", existing_keys(settings.keys.existing))
    elif makes_keys(context):
        ring = gp.KeyRing("main", key_args(context))
        if signs_images(context):
            context.keep("attestor", gp.ImageAttestor("built", gp.ImageAttestorArgs(env=env, ring=ring.ring_id)))
        context.keep("keys", ring)
