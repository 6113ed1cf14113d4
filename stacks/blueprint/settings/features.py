"""Settings of features: groups over tables, online stores, views."""

from __future__ import annotations

from pydantic import Field

from blueprint.settings.base import Section
from blueprint.settings.data import DataClassName


class FeatureGroupSettings(Section):
    """Features of one entity, over a table of a warehouse."""

    warehouse: str
    """Name of the warehouse of these settings, or of an earlier stage, that has the table."""
    table: str
    """The table; besides the entity's columns it has a TIMESTAMP column feature_timestamp."""
    entity_id_columns: list[str] = Field(min_length=1)
    """Columns that together name the entity."""
    owner: str
    """Who answers for the features, such as group:data@acme.test."""
    description: str = ""
    """What the entity is."""
    features: dict[str, str] = Field(min_length=1)
    """What each feature means, by the name of its column."""
    readers: list[str] = Field(default_factory=list)
    """Principals, or names of identities, that read the group."""


class OnlineStoreSettings(Section):
    """A store that serves features online."""

    data_class: DataClassName
    """How sensitive the values are; no view in it can be of a stricter class."""
    min_nodes: int = 1
    """Nodes that always run, and bill."""
    max_nodes: int = 3
    """Nodes that it grows to."""
    agreements: list[str] = Field(default_factory=list)
    """Names of the agreements on the data, which say who may be given access."""


class FeatureViewSettings(Section):
    """Features that are served together."""

    store: str
    """Name of the online store."""
    groups: dict[str, list[str]] = Field(min_length=1)
    """Features by the name of their group."""
    sync: str = "0 4 * * *"
    """When values are copied from BigQuery: a cron schedule, continuous, or on_demand."""
    readers: list[str] = Field(default_factory=list)
    """Principals, or names of identities, that read values."""
