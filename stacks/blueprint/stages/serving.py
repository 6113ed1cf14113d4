"""Serving: endpoints inside the network, and the contract of what is deployed on them."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings.governance import fields
from blueprint.stages import governance, lookup, pulls


def build(context: Context) -> None:
    """Build the endpoints."""
    for name, settings in context.settings.endpoints.items():
        endpoint = context.keep(f"endpoint-{name}", gp.OnlineEndpoint(name, endpoint_args(context, name)))
        for caller in settings.callers:
            endpoint.grant_predict(lookup.account(context, caller))
        for deployer in settings.deployers:
            endpoint.grant_deploy(lookup.account(context, deployer))
        pulls.let_jobs_pull(context, settings.pulls, endpoint.args.account)


def endpoint_args(context: Context, name: str) -> gp.OnlineEndpointArgs:
    """Return the arguments of an endpoint."""
    settings = context.settings.endpoints[name]
    deployments = tuple(
        gp.ModelDeployment(name=deployed, model=model.model, version=model.version, traffic=model.traffic)
        for deployed, model in settings.deployments.items()
    )
    return gp.OnlineEndpointArgs(
        env=context.env,
        access=gp.PrivateConnect(
            network=lookup.network(context),
            address=settings.address,
            service_attachment=settings.service_attachment,
        ),
        account=lookup.identity(context, settings.account),
        owner=settings.owner,
        data_class=gp.DataClass(settings.data_class),
        keys=lookup.keys(context),
        deployments=deployments,
        review=lookup.review(context, settings.review),
        agreements=governance.agreements(context, settings.agreements),
        purpose=settings.purpose,
        trained_by=tuple(each for name in settings.trained_by for each in lookup.trainings(context, name)),
        alerts=gp.EndpointAlerts(contacts=tuple(settings.contacts)),
        explanation=gp.Explanation(**fields(settings.explanation)) if settings.explanation is not None else None,
        request_log=gp.RequestLog(dataset=lookup.dataset(context, settings.request_log))
        if settings.request_log
        else None,
    )
