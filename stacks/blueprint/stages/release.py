"""Release: the builds that test, make, sign, publish and deploy, each with what it may do and no more."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings.delivery import DeliverySettings
from blueprint.stages import lookup


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
        infrastructure=gp.Infrastructure(
            stack=settings.infrastructure.stack, state=lookup.bucket(context, settings.infrastructure.state)
        )
        if settings.infrastructure
        else None,
        attestor=lookup.attestor(context),
        pool=pool,
        # Google's own workers are in no network of ours, and reach no proxy in one.
        network=lookup.network(context) if pool else None,
        builder_repositories=tuple(lookup.repository(context, name) for name in settings.builder_repositories),
    )


def _endpoint(context: Context, settings: DeliverySettings) -> gp.OnlineEndpoint | None:
    """Return the endpoint of this stage whose contract deployments obey."""
    if settings.endpoint is None:
        return None
    found = context.made()[f"endpoint-{settings.endpoint}"]
    if not isinstance(found, gp.OnlineEndpoint):
        raise TypeError(f"endpoint {settings.endpoint} is a {type(found).__name__}")
    return found
