"""Stage foundation: APIs, audit, budget, keys, the log archive."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings import Settings
from blueprint.settings.foundation import ExistingKeysSettings, SecurityAlertsSettings
from blueprint.stages import lookup


def build(context: Context) -> None:
    """Prepare the projects."""
    settings = context.settings
    gp.ProjectFoundation("projects", project_args(context))
    _keys(context)
    archive = _archive(context)
    if settings.security_alerts is not None:
        alerts = gp.SecurityAlerts("watch", alert_args(context, settings.security_alerts, archive))
        for reader in settings.security_alerts.readers:
            alerts.grant_read(reader)


def _archive(context: Context) -> gp.LogArchiveRef:
    """Make the log archive, or send all entries to one that is there."""
    settings, env = context.settings, context.env
    if settings.logs.existing is None:
        return context.keep("log_archive", gp.LogArchive("archive", archive_args(context)))
    there = context.keep("log_archive", existing_archive(env, settings.logs.existing))
    gp.LogRouting("archive", gp.LogRoutingArgs(env=env, archive=there))
    return there


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


def existing_archive(env: gp.Environment, log_bucket: str) -> gp.LogArchiveRef:
    """Return a log archive that is there already."""
    return gp.LogArchive.from_existing(log_bucket, project=env.projects.logs)


def alert_args(context: Context, settings: SecurityAlertsSettings, archive: gp.LogArchiveRef) -> gp.SecurityAlertsArgs:
    """Return the arguments of the alerts on critical changes."""
    return gp.SecurityAlertsArgs(
        env=context.env,
        archive=archive,
        contacts=tuple(settings.contacts),
        feeds=settings.feeds,
        keys=lookup.keys(context),
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
