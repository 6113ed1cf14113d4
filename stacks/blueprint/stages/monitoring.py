"""Monitoring: what is watched of the models on endpoints, and who hears of it."""

from __future__ import annotations

import groundplan as gp
from blueprint.context import Context
from blueprint.settings.governance import fields
from blueprint.settings.monitoring import BaselineFilesSettings, BaselineTableSettings
from blueprint.stages import lookup


def build(context: Context) -> None:
    """Watch models."""
    for name in context.settings.monitoring:
        gp.ModelMonitoring(name, monitoring_args(context, name))


def monitoring_args(context: Context, name: str) -> gp.ModelMonitoringArgs:
    """Return the arguments of what watches a model."""
    settings = context.settings.monitoring[name]
    return gp.ModelMonitoringArgs(
        env=context.env,
        endpoint=lookup.endpoint(context, settings.endpoint),
        baseline=_baseline(context, settings.baseline),
        skew=settings.skew,
        drift=settings.drift,
        attribution=settings.attribution,
        cron=settings.cron,
        incident=gp.IncidentContact(**fields(settings.incident)),
        contacts=tuple(settings.contacts),
        keys=lookup.keys(context),
        review=lookup.review(context, settings.review),
        purpose=settings.purpose,
    )


def _baseline(
    context: Context, settings: BaselineTableSettings | BaselineFilesSettings
) -> gp.BaselineTable | gp.BaselineFiles:
    if isinstance(settings, BaselineTableSettings):
        return gp.BaselineTable(dataset=lookup.dataset(context, settings.warehouse), table=settings.table)
    return gp.BaselineFiles(bucket=lookup.bucket(context, settings.bucket), path=settings.path)
