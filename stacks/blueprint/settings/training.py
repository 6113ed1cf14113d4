"""Settings of training: pools of job defaults, slices of TPUs, pipelines."""

from __future__ import annotations

import copy
import datetime as dt
import functools
from typing import Any, Literal

import yaml
from pydantic import Field, field_validator

from blueprint.settings.base import PROJECT_ROOT, Section, verify
from blueprint.settings.data import DataClassName


class TrainingPoolSettings(Section):
    """What training jobs use: machine, place, account, keys, limits."""

    staging: str
    """Name of the bucket that jobs write to."""
    data_class: DataClassName
    """How sensitive the data that jobs read is."""
    account: str | None = None
    """Name of the identity that jobs run as; by default one of their own, without access to data."""
    machine_type: str = "n2-standard-8"
    """Compute Engine machine type of a worker."""
    accelerator: str | None = None
    """GPU or TPU type, such as NVIDIA_L4."""
    accelerator_count: int = 1
    """Accelerators of a worker."""
    consumption: Literal["on_demand", "spot", "flex_start", "reserved"] | None = None
    """How capacity is had; by default as the tier says."""
    reservation: str | None = None
    """Name of the reservation that capacity is had from."""
    quota_limit: int | None = None
    """Accelerators that the project's quota has in the region, checked before anything is made."""
    workers: int = 1
    """Workers of a job."""
    timeout_hours: int = 24
    """Hours after which a job ends."""
    pulls: list[str] = Field(default_factory=list)
    """Names of repositories that jobs pull packages or images from."""
    review: str | None = None
    """Name of the review that the models answer to."""
    agreements: list[str] = Field(default_factory=list)
    """Names of the agreements on the data that is used."""
    purpose: str | None = None
    """What the models are for: one of the uses that the review and the agreements allow."""
    submitters: list[str] = Field(default_factory=list)
    """Principals, or names of identities, that run jobs."""


class ReservationSettings(Section):
    """Machines with accelerators that are kept for us, and billed, whether they are used or not."""

    machine_type: str
    """Compute Engine machine type."""
    machines: int = 1
    """How many."""
    zone: str
    """Zone of the machines."""
    ends: str | None
    """Day on which Google gives the capacity back, as 2027-03-01, or null to keep it until it is taken out here."""
    quota_limit: int
    """Accelerators that the project's quota has in the region."""

    @field_validator("ends")
    @classmethod
    def _day(cls, value: str | None) -> str | None:
        if value is not None:
            allowed, remedy = "a day as 2027-03-01", "write year, month and day, of a day that there is"
            verify(
                lambda checks: checks.that(_is_day(value), "ends", "is no day", given=value, allowed=allowed, do=remedy)
            )
        return value


def _is_day(value: str) -> bool:
    try:
        dt.date.fromisoformat(value)
    except ValueError:
        return False
    return True


class NodePoolSettings(Section):
    """Nodes of one kind."""

    machine_type: str
    """Compute Engine machine type."""
    accelerator: str | None = None
    """GPU type as Kubernetes Engine spells it, such as nvidia-l4."""
    accelerator_count: int = 1
    """GPUs of a node."""
    topology: str | None = None
    """Shape of a slice of TPUs, such as 4x4."""
    max_nodes: int = 1
    """Nodes that it grows to from none."""
    zones: list[str] = Field(default_factory=list)
    """Zones of the nodes; by default those of the region that have such machines."""
    consumption: Literal["on_demand", "spot", "flex_start", "reserved"] | None = None
    """How capacity is had; by default as the tier says."""
    queued: bool = False
    """Whether all nodes of a job are had at once or not at all, with flex_start."""
    reservation: str | None = None
    """Name of the reservation that capacity is had from."""
    quota_limit: int | None = None
    """Accelerators that the project's quota has in the region."""


class ClusterSettings(Section):
    """A private cluster for training on Kubernetes."""

    data_class: DataClassName
    """How sensitive the data of its jobs is."""
    pools: dict[str, NodePoolSettings] = Field(min_length=1)
    """Nodes by name."""
    developers: list[str] = Field(default_factory=list)
    """Principals who run jobs in its namespaces."""
    pulls: list[str] = Field(default_factory=list)
    """Names of repositories that its nodes pull images from."""


class TpuSettings(Section):
    """A slice of TPUs with an account of its own and no public address."""

    accelerator: str
    """Type, such as V5LITE_POD."""
    topology: str
    """Shape, such as 2x2."""
    zone: str
    """Zone that has it."""
    consumption: Literal["spot", "reserved"]
    """How capacity is had."""
    quota_limit: int | None = None
    """Chips that the project's quota has in the zone."""
    users: list[str] = Field(default_factory=list)
    """Principals who may log in."""
    pulls: list[str] = Field(default_factory=list)
    """Names of repositories that its machines pull packages or images from."""


class ScheduleSettings(Section):
    """When a compiled pipeline runs by itself."""

    cron: str
    """Five fields of cron, with a time zone where it matters: CRON_TZ=Europe/Amsterdam 0 4 * * MON."""
    spec: str
    """File of the compiled pipeline, as a path inside this repository."""
    image: str
    """Image that its tasks run in, by digest, as …-docker.pkg.dev/…@sha256:…; takes the place of the compiled one."""
    parameters: dict[str, str | int | float | bool] = Field(default_factory=dict)
    """What the pipeline is given, by name."""

    @field_validator("image")
    @classmethod
    def _pinned(cls, value: str) -> str:
        form, allowed = r"[a-z0-9.-]+/\S+@sha256:[0-9a-f]{64}", "an image with its digest, …@sha256: and 64 digits"
        verify(lambda checks: checks.matches("image", value, form, allowed, "name the digest that was reviewed"))
        return value

    def pipeline(self) -> dict[str, object]:
        """Return the compiled pipeline with the image that its tasks run in."""
        spec = copy.deepcopy(compiled(self.spec) or {})
        deployment: Any = spec.get("deploymentSpec", {})
        for executor in deployment.get("executors", {}).values():
            if "container" in executor:
                executor["container"]["image"] = self.image
        return spec

    @field_validator("spec")
    @classmethod
    def _compiled(cls, value: str) -> str:
        allowed = "a YAML file of a compiled pipeline inside this repository"
        fault = "is no compiled pipeline"
        good = compiled(value) is not None
        verify(lambda checks: checks.that(good, "spec", fault, given=value, allowed=allowed, do="compile it first"))
        return value


def compiled(path: str) -> dict[str, object] | None:
    """Return the pipeline in a file of this repository, or None where the file is no such thing."""
    file = (PROJECT_ROOT / path).resolve()
    if not file.is_relative_to(PROJECT_ROOT) or not file.is_file():
        return None
    try:
        found = _parsed(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        return None
    return found if isinstance(found, dict) and "pipelineInfo" in found else None


@functools.lru_cache(maxsize=8)
def _parsed(text: str) -> object:
    """Return what a YAML text holds, which nobody changes: reading a pipeline takes a quarter of a second."""
    return yaml.safe_load(text)


class PipelinesSettings(Section):
    """What pipelines run in: root, account, templates, metadata."""

    data_class: DataClassName
    """How sensitive the data that pipelines read is."""
    owner: str
    """Who answers for the pipelines, such as group:ml@acme.test."""
    account: str | None = None
    """Name of the identity that pipelines run as; by default one of their own."""
    templates: str | None = None
    """Name of the repository of compiled pipelines; by default one of its own."""
    review: str | None = None
    """Name of the review that the models answer to."""
    agreements: list[str] = Field(default_factory=list)
    """Names of the agreements on the data that is used."""
    purpose: str | None = None
    """What the models are for: one of the uses that the review and the agreements allow."""
    runners: list[str] = Field(default_factory=list)
    """Principals, or names of identities, that run pipelines."""
    publishers: list[str] = Field(default_factory=list)
    """Principals, or names of identities, that publish compiled pipelines."""
    pulls: list[str] = Field(default_factory=list)
    """Names of repositories that tasks pull packages or images from."""
    schedules: dict[str, ScheduleSettings] = Field(default_factory=dict)
    """Pipelines that run by themselves, by name of the schedule."""
