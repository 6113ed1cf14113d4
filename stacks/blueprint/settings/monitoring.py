"""Settings of monitoring: what is watched of models, and who hears of it."""

from __future__ import annotations

from pydantic import Field

from blueprint.settings.base import Section
from blueprint.settings.governance import IncidentSettings


class BaselineTableSettings(Section):
    """Training data in a table."""

    warehouse: str
    """Name of the warehouse that has it."""
    table: str
    """The table."""


class BaselineFilesSettings(Section):
    """Training data in files."""

    bucket: str
    """Name of the bucket that they are in."""
    path: str
    """Path inside the bucket, with * for several."""


class MonitoringSettings(Section):
    """Monitoring of the model on an endpoint."""

    endpoint: str
    """Name of the endpoint."""
    baseline: BaselineTableSettings | BaselineFilesSettings
    """The data that the model learned from."""
    skew: dict[str, float]
    """How far requests may be from the baseline, by feature: above 0 and below 1."""
    drift: dict[str, float]
    """How far requests may be from those of the time before, by feature."""
    attribution: dict[str, float] = Field(default_factory=dict)
    """How far the parts that features have in predictions may move."""
    cron: str = "0 6 * * *"
    """When the monitor runs: five fields of cron."""
    incident: IncidentSettings
    """Who is told, how grave it is, and what is done first."""
    contacts: list[str] = Field(default_factory=list)
    """Further e-mail addresses that are told."""
    review: str | None = None
    """Name of the review that the model answers to."""
    purpose: str | None = None
    """What the model is for: one of the uses that the review allows."""
