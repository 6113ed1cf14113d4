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
from blueprint.settings.data import BucketSettings, IdentitySettings, WarehouseSettings
from blueprint.settings.delivery import BuildPoolSettings, DeliverySettings, RepositorySettings
from blueprint.settings.environment import ProjectsSettings, TierSettings, check_alone, check_region
from blueprint.settings.features import FeatureGroupSettings, FeatureViewSettings, OnlineStoreSettings
from blueprint.settings.federation import FederationSettings
from blueprint.settings.foundation import BudgetSettings, KeysSettings, LogsSettings, PerimeterSettings
from blueprint.settings.network import NetworkSettings, ServiceEndpointSettings
from blueprint.settings.notebooks import FLEET, ColabSettings, FleetSettings, NotebookSettings
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
from groundplan.core.grants import check_domain
from groundplan.core.names import LOGICAL_NAME
from groundplan.core.tiers import SHIPPED
from groundplan.core.validation import Checks

NAMESPACE = "groundplan"
_NAMED = (
    "identities",
    "federation",
    "service_endpoints",
    "online_stores",
    "notebooks",
    "colab",
    "reservations",
    "tpus",
)
_OWN = ("tier", "region", "projects")
_GIVING_ACCESS = (
    "buckets",
    "warehouses",
    "sources",
    "repositories",
    "feature_groups",
    "feature_views",
    "clusters",
    "training",
    "pipelines",
    "endpoints",
)
# Section, its setting that names something, and the section that defines it.
_USES = (
    ("feature_groups", "warehouse", "warehouses"),
    ("feature_views", "store", "online_stores"),
    ("feature_views", "groups", "feature_groups"),
    ("training", "staging", "buckets"),
    ("training", "reservation", "reservations"),
    ("training", "account", "identities"),
    ("pipelines", "account", "identities"),
    ("pipelines", "templates", "repositories"),
    ("endpoints", "account", "identities"),
    ("endpoints", "request_log", "warehouses"),
)
_PULLING = ("notebooks", "clusters", "training", "tpus", "pipelines", "endpoints")
_RECEIVERS = ("readers", "writers", "submitters", "runners", "publishers", "callers", "deployers", "developers")


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
    buckets: dict[str, BucketSettings] = Field(default_factory=dict)
    """Buckets by name."""
    warehouses: dict[str, WarehouseSettings] = Field(default_factory=dict)
    """BigQuery datasets by name."""
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

    def check(self, checks: Checks) -> None:
        """Record what takes several sections to see: names that refer to one another, and what is left out."""
        for field in _OWN:
            checks.that(
                self.reads or getattr(self, field) is not None,
                field,
                "is missing",
                given="nothing",
                allowed=str(type(self).model_fields[field].description),
                do=f"add {field}, or name under `reads` the stack whose environment this one shares",
            )
        self._check_keys(checks)
        self._check_names(checks)
        self._check_delivery(checks)
        self._check_reads(checks)
        self._check_pulls(checks)
        self._check_notebooks(checks)

    def _check_keys(self, checks: Checks) -> None:
        """Check the names that become those of constructs."""
        for section in (*_NAMED, *_GIVING_ACCESS):
            for name in getattr(self, section):
                form = "lower-case words joined by hyphens"
                checks.matches(f"{section}.{name}", name, LOGICAL_NAME, form, "rename it, as in team-data")

    def _check_names(self, checks: Checks) -> None:
        for name, federation in self.federation.items():
            checks.one_of(f"federation.{name}.acts_as", federation.acts_as, self.identities)
        for kind in _GIVING_ACCESS:
            for name, holder in getattr(self, kind).items():
                for field in _RECEIVERS:
                    for who in getattr(holder, field, ()):
                        self._check_access(checks, f"{kind}.{name}.{field}", who)
        for kind, field, made in _USES:
            for name, user in getattr(self, kind).items():
                used = getattr(user, field)
                for one in used if isinstance(used, dict) else filter(None, [used]):
                    self._check_made(checks, f"{kind}.{name}.{field}", one, getattr(self, made))

        self._check_reservations(checks)

    def _check_reservations(self, checks: Checks) -> None:
        for name, cluster in self.clusters.items():
            for pool, nodes in cluster.pools.items():
                if nodes.reservation is not None:
                    field = f"clusters.{name}.pools.{pool}.reservation"
                    self._check_made(checks, field, nodes.reservation, self.reservations)

    def _check_delivery(self, checks: Checks) -> None:
        delivery = self.delivery
        if delivery is None:
            return
        self._check_made(checks, "delivery.code", delivery.code, self.sources)
        if delivery.code in self.sources:
            linked = self.sources[delivery.code].repositories
            checks.one_of("delivery.repository", delivery.repository, linked)
        self._check_made(checks, "delivery.images", delivery.images, self.repositories)
        self._check_made(checks, "delivery.templates", delivery.templates, self.repositories)
        if delivery.packages is not None:
            self._check_made(checks, "delivery.packages", delivery.packages, self.repositories)
        for name in delivery.builder_repositories:
            self._check_made(checks, "delivery.builder_repositories", name, self.repositories)
        if delivery.infrastructure is not None:
            self._check_made(checks, "delivery.infrastructure.state", delivery.infrastructure.state, self.buckets)
        if delivery.endpoint is not None:
            checks.one_of("delivery.endpoint", delivery.endpoint, self.endpoints)

    def _check_reads(self, checks: Checks) -> None:
        readers = {f"notebooks.{name}": notebook.reads for name, notebook in self.notebooks.items()}
        if self.fleet is not None:
            readers["fleet"] = self.fleet.reads
        for place, names in readers.items():
            for name in names:
                self._check_made(checks, f"{place}.reads", name, {**self.warehouses, **self.buckets})

    def _check_pulls(self, checks: Checks) -> None:
        pulling = {f"{kind}.{name}": one.pulls for kind in _PULLING for name, one in getattr(self, kind).items()}
        if self.fleet is not None:
            pulling["fleet"] = self.fleet.pulls
        for place, names in pulling.items():
            for name in names:
                self._check_made(checks, f"{place}.pulls", name, self.repositories)

    def _check_access(self, checks: Checks, field: str, who: str) -> None:
        """Check who is given access: a principal, or the name of an identity, here or of an earlier stage."""
        if ":" in who:
            if checks.principal(field, who):
                check_domain(checks, field, who, self.domains)
        elif not self.reads:
            checks.that(
                who in self.identities,
                field,
                "is neither a principal nor an identity",
                given=who,
                allowed=", ".join(["a principal such as group:ml@acme.test", *self.identities]),
                do="write the kind before an address, or define it under identities",
            )

    def _check_made(self, checks: Checks, field: str, name: str, made: Mapping[str, object]) -> None:
        """Check a name that another section defines; what earlier stages have made is known only when they are read."""
        if not self.reads:
            checks.one_of(field, name, made)

    def _check_notebooks(self, checks: Checks) -> None:
        for member in self.fleet.members if self.fleet is not None else ():
            name = f"{FLEET}-{member}"
            checks.that(
                name not in self.notebooks,
                f"notebooks.{name}",
                "has the name of a notebook of the fleet",
                given=name,
                allowed="a notebook name of its own for each person",
                do=f"rename it, or the fleet's {member}",
            )

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
