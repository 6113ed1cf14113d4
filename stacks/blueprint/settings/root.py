"""All settings of a stack."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pulumi
from pulumi.runtime import config as pulumi_config
from pydantic import Field, field_validator

import groundplan as gp
from blueprint.settings.base import PROJECT_ROOT, Section, verify, verify_each
from blueprint.settings.data import (
    BucketSettings,
    DiscoverySettings,
    IdentitySettings,
    ScanSettings,
    WarehouseSettings,
)
from blueprint.settings.delivery import BuildPoolSettings, DeliverySettings, RepositorySettings
from blueprint.settings.environment import ProjectsSettings, TierSettings, check_alone, check_region
from blueprint.settings.features import FeatureGroupSettings, FeatureViewSettings, OnlineStoreSettings
from blueprint.settings.federation import FederationSettings
from blueprint.settings.foundation import (
    BudgetSettings,
    KeysSettings,
    LogsSettings,
    PerimeterSettings,
    SecurityAlertsSettings,
)
from blueprint.settings.governance import AgreementSettings, ReviewSettings
from blueprint.settings.monitoring import MonitoringSettings
from blueprint.settings.network import NetworkSettings, ServiceEndpointSettings
from blueprint.settings.notebooks import ColabSettings, FleetSettings, NotebookSettings
from blueprint.settings.serving import EndpointSettings
from blueprint.settings.sources import SourceSettings
from blueprint.settings.stages import Stage
from blueprint.settings.training import (
    ClusterSettings,
    PipelinesSettings,
    ReservationSettings,
    TpuSettings,
    TrainingPoolSettings,
)
from groundplan.core.tiers import SHIPPED

NAMESPACE = "groundplan"


class Settings(Section):
    """The settings of a stack, under `config:` with the prefix `groundplan:`."""

    tier: str | TierSettings | None = None
    """How strict the environment is: learner, team, regulated, or a tier of one's own that extends one of them."""
    stages: list[Stage] = Field(default_factory=lambda: list(Stage))
    """The stages that this stack runs; by default all."""
    reads: list[str] = Field(default_factory=list)
    """Stacks that run the stages before, as organization/project/stack, whose exports are used here. Tier, region and
    projects are then those of the first, and need not be given."""
    zones: list[str] = Field(default_factory=list)
    """Zones of the region to use, in order of preference; by default all that it has."""
    region: str | None = None
    """Region of everything regional, such as europe-west4."""
    projects: ProjectsSettings | None = None
    """The Google Cloud projects that share the work."""
    organization: str | None = None
    """Organisation number, where organisation policies are ours to set."""
    customer_ids: list[str] = Field(default_factory=list)
    """Directory customer ids whose members may be given access, for the organisation policy on domains."""
    domains: list[str] = Field(default_factory=list)
    """Domains whose people and groups may be given access."""
    prefix: str = "gp"
    """First part of every cloud name."""
    generation: int = 1
    """Raise it to make anew what cannot be replaced under its own name."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Labels of everything that takes labels."""
    extra_purposes: list[str] = Field(default_factory=list)
    """What the platform is for beyond the usual, so that its APIs are enabled, such as source_hosting."""
    security_contacts: list[str] = Field(default_factory=list)
    """E-mail addresses that Google writes to about security and technical matters of the projects."""
    budget: BudgetSettings | None = None
    """A monthly budget with alerts."""
    keys: KeysSettings = Field(default_factory=KeysSettings)
    """Keys for data at rest."""
    logs: LogsSettings = Field(default_factory=LogsSettings)
    """The log archive."""
    security_alerts: SecurityAlertsSettings | None = None
    """Alerts on critical changes, made where the log archive is."""
    perimeter: PerimeterSettings | None = None
    """A service perimeter around the projects."""
    network: NetworkSettings = Field(default_factory=NetworkSettings)
    """The network."""
    service_endpoints: dict[str, ServiceEndpointSettings] = Field(default_factory=dict)
    """Addresses inside the network for services that others publish, by name."""
    identities: dict[str, IdentitySettings] = Field(default_factory=dict)
    """Service accounts by name."""
    federation: dict[str, FederationSettings] = Field(default_factory=dict)
    """Builders outside Google Cloud that act as one of the identities without a key, by name."""
    reviews: dict[str, ReviewSettings] = Field(default_factory=dict)
    """Reviews that models answer to, by name."""
    agreements: dict[str, AgreementSettings] = Field(default_factory=dict)
    """Agreements on the use of data, by name."""
    buckets: dict[str, BucketSettings] = Field(default_factory=dict)
    """Buckets by name."""
    warehouses: dict[str, WarehouseSettings] = Field(default_factory=dict)
    """BigQuery datasets by name."""
    discovery: DiscoverySettings | None = None
    """Discovery of sensitive data in buckets and datasets."""
    scans: dict[str, ScanSettings] = Field(default_factory=dict)
    """Scans of buckets and tables for sensitive data, by name."""
    repositories: dict[str, RepositorySettings] = Field(default_factory=dict)
    """Repositories of images and packages, by name."""
    build_pool: BuildPoolSettings | None = None
    """Workers for builds, in the network."""
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    """Source code that builds read, by name of the connection."""
    feature_groups: dict[str, FeatureGroupSettings] = Field(default_factory=dict)
    """Features of entities, by name of the group."""
    online_stores: dict[str, OnlineStoreSettings] = Field(default_factory=dict)
    """Stores that serve features online, by name."""
    feature_views: dict[str, FeatureViewSettings] = Field(default_factory=dict)
    """Features that are served together, by name."""
    notebooks: dict[str, NotebookSettings] = Field(default_factory=dict)
    """Notebooks by name."""
    fleet: FleetSettings | None = None
    """Notebooks of a team, one a member."""
    colab: dict[str, ColabSettings] = Field(default_factory=dict)
    """Templates for runtimes of Colab Enterprise, by name."""
    training: dict[str, TrainingPoolSettings] = Field(default_factory=dict)
    """What training jobs use, by name."""
    clusters: dict[str, ClusterSettings] = Field(default_factory=dict)
    """Private clusters for training, by name."""
    reservations: dict[str, ReservationSettings] = Field(default_factory=dict)
    """Machines that are kept for us, by name."""
    tpus: dict[str, TpuSettings] = Field(default_factory=dict)
    """Slices of TPUs, by name."""
    pipelines: dict[str, PipelinesSettings] = Field(default_factory=dict)
    """What pipelines run in, by name."""
    endpoints: dict[str, EndpointSettings] = Field(default_factory=dict)
    """Endpoints, by name."""
    monitoring: dict[str, MonitoringSettings] = Field(default_factory=dict)
    """What is watched of models, by name."""
    delivery: DeliverySettings | None = None
    """From a pull request to what runs."""

    @field_validator("tier")
    @classmethod
    def _tier(cls, value: str | TierSettings | None) -> str | TierSettings | None:
        if isinstance(value, str):
            verify(lambda checks: checks.one_of("tier", value, SHIPPED))
        return value

    @field_validator("extra_purposes")
    @classmethod
    def _purposes(cls, value: list[str]) -> list[str]:
        known = [purpose.value for purpose in gp.Purpose]
        verify_each(value, lambda checks, name: checks.one_of("extra_purposes", name, known))
        return value

    _region = field_validator("region")(check_region)
    _alone = field_validator("organization", "domains", "prefix", "generation", "labels")(check_alone)

    def environment(self, earlier: Sequence[gp.Exports] = ()) -> gp.Environment:
        """Return the environment: that of the settings, or of the first stack that they read."""
        if self.tier is None or self.region is None or self.projects is None:
            return earlier[0].environment
        return gp.Environment(
            region=self.region,
            zones=tuple(self.zones),
            tier=_resolved(self.tier),
            projects=self.projects.make(),
            prefix=self.prefix,
            generation=self.generation,
            labels=self.labels,
            organization=self.organization,
            domains=tuple(self.domains),
        )

    @classmethod
    def load(cls) -> Settings:
        """Return the settings of the running stack, from Pulumi's configuration; all failures are one error."""
        root = pulumi.runtime.get_root_directory() or PROJECT_ROOT
        return cls.read(configured(), pulumi.get_stack(), Path(root))

    def rehearse(self, env: gp.Environment, earlier: Sequence[gp.Exports]) -> None:
        """Raise, as one error, all that the constructs would refuse in the running stack, which reads others.

        Other stacks are gone through by ``read``, with all else that is wrong with their settings.
        """
        from blueprint.settings.reading import rehearse

        rehearse(self, env, earlier, pulumi.get_stack(), Path(pulumi.runtime.get_root_directory() or PROJECT_ROOT))

    @classmethod
    def read(cls, values: Mapping[str, str], stack: str, root: Path) -> Settings:
        """Return settings from a stack's configuration, by key without the prefix; values as Pulumi holds them.

        ``root`` is the Pulumi project's directory, so that a message can name the settings file and the line.
        """
        from blueprint.settings.reading import read

        return read({key: cls._decoded(key, text) for key, text in values.items()}, stack, root)

    @classmethod
    def _decoded(cls, key: str, text: str) -> object:
        """Return a value as it was before Pulumi turned it into text: JSON where it is an object, a list or no text."""
        field = cls.model_fields.get(key)
        is_text = field is not None and "str" in str(field.annotation)
        if text[:1] in "{[" or not is_text:
            with contextlib.suppress(json.JSONDecodeError):
                decoded: object = json.loads(text)
                return decoded
        return text


def _resolved(tier: str | TierSettings) -> gp.Tier:
    if isinstance(tier, str):
        return gp.Tier.named(tier)
    return gp.Tier.extending(tier.extends, name=tier.name, settings=tier.settings)


def configured() -> dict[str, str]:
    """Return the running stack's configuration under the project's name, without the prefix."""
    everything = {**pulumi_config.get_config_env(), **pulumi_config.CONFIG.get()}
    prefix = f"{NAMESPACE}:"
    return {key.removeprefix(prefix): value for key, value in everything.items() if key.startswith(prefix)}
