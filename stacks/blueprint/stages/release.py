"""Release: the builds that test, make, sign, publish and deploy, each with what it may do and no more."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings.delivery import DeliverySettings, InfrastructureSettings
from blueprint.stages import lookup
from groundplan.core.validation import Checks


def build(context: Context) -> None:
    """Build the set of delivery, where the settings ask for it."""
    settings = context.settings.delivery
    if settings is None:
        return
    gp.MlDelivery("delivery", delivery_args(context, settings, _endpoint(context, settings)))


def delivery_args(
    context: Context, settings: DeliverySettings, endpoint: gp.OnlineEndpoint | None
) -> gp.MlDeliveryArgs:
    """Return the arguments of the set of delivery, which deploys to an endpoint, where there is one."""
    pool = lookup.build_pool(context)
    return gp.MlDeliveryArgs(
        env=context.env,
        repository=lookup.code(context, settings.code, settings.repository),
        builders=gp.Builders(images=settings.builders),
        commands=gp.Commands(**settings.commands.model_dump()),
        images=lookup.repository(context, settings.images),
        image_directories=settings.image_directories,
        templates=lookup.repository(context, settings.templates),
        packages=lookup.repository(context, settings.packages) if settings.packages else None,
        approvers=tuple(settings.approvers),
        review=gp.BranchReview(approvals=settings.review.approvals, declared_by=settings.review.declared_by)
        if settings.review
        else None,
        endpoint=endpoint,
        contract=endpoint.contract if endpoint else None,
        runs_as=(endpoint.args.account,) if endpoint else (),
        infrastructure=_infrastructure(context, settings.infrastructure) if settings.infrastructure else None,
        attestor=lookup.attestor(context),
        pool=pool,
        # Google's own workers are in no network of ours, and reach no proxy in one.
        network=lookup.network(context) if pool else None,
        builder_repositories=tuple(lookup.repository(context, name) for name in settings.builder_repositories),
    )


def _infrastructure(context: Context, settings: InfrastructureSettings) -> gp.Infrastructure:
    """Return the stack that is planned and applied."""
    secrets = settings.secrets_key
    return gp.Infrastructure(
        stack=settings.stack,
        state=lookup.bucket(context, settings.state),
        secrets_key=_key(context, secrets) if secrets else None,
    )


def _key(context: Context, data_class: str) -> gp.KeyRef:
    """Return the key of a class of data; ``ArgumentError`` where there is none."""
    ring = lookup.keys(context)
    known = ring.keys if ring is not None else {}
    checks = Checks("delivery")
    checks.that(
        data_class in known,
        "infrastructure.secrets_key",
        "names a class of data that has no key here",
        given=data_class,
        allowed=", ".join(known) or "nothing, since the keys are Google's",
        do="name a class that has a key, or leave it out" if known else "set keys: {own: true}, or leave it out",
    )
    checks.finish()
    return known[gp.DataClass(data_class)]


def _endpoint(context: Context, settings: DeliverySettings) -> gp.OnlineEndpoint | None:
    """Return the endpoint of this stage whose contract deployments obey."""
    if settings.endpoint is None:
        return None
    found = context.made()[f"endpoint-{settings.endpoint}"]
    if not isinstance(found, gp.OnlineEndpoint):
        raise TypeError(f"endpoint {settings.endpoint} is a {type(found).__name__}")
    return found
