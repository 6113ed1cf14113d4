"""Settings of the environment: tier, projects, region."""

from __future__ import annotations

import functools
from typing import Any, TypeVar

from pydantic import Field, ValidationInfo, field_validator

import groundplan as gp
from blueprint.settings.base import InvalidSettingError, Section, verify, verify_each
from groundplan.core.regions import REGION_PATTERN, region_of, regions
from groundplan.core.tiers import SHIPPED
from groundplan.core.validation import Checks

T = TypeVar("T")


class ProjectSettings(Section):
    """A Google Cloud project."""

    id: str
    """Project id, 6 to 30 characters."""
    number: str | None = None
    """Project number, digits in quotes; looked up where it is not given, which an offline preview cannot do."""
    quota_project: str | None = None
    """Project that API calls are charged to; by default the project itself."""
    impersonate: str | None = None
    """E-mail of a service account that the provider acts as in this project."""
    managed: bool = True
    """Whether grants in this project are ours to make; where not, they become entries of the `requests` output."""
    ml_jobs_role: str | None = None
    """Role with which training jobs and pipelines are run in the project; by default the tier's."""

    @field_validator("id")
    @classmethod
    def _id(cls, value: str) -> str:
        verify(lambda checks: checks.project_id("id", value))
        return value

    @field_validator("number")
    @classmethod
    def _number(cls, value: str | None) -> str | None:
        if value is not None:
            verify(
                lambda checks: checks.matches(
                    "number",
                    value,
                    r"[0-9]{6,19}",
                    "the project's number, digits in quotes",
                    "look it up with `gcloud projects describe`",
                )
            )
        return value

    def make(self) -> gp.Project:
        """Return the project as constructs take it."""
        return gp.Project(**self.model_dump())


class ProjectsSettings(Section):
    """Which project does what; each is the workload project unless it is named."""

    workload: ProjectSettings
    """Data, notebooks, training, serving."""
    network: ProjectSettings | None = None
    """The network: a Shared VPC host project."""
    keys: ProjectSettings | None = None
    """Key rings and keys."""
    logs: ProjectSettings | None = None
    """The log archive."""
    build: ProjectSettings | None = None
    """Builds, images and delivery."""

    def make(self) -> gp.Projects:
        """Return the projects as constructs take them; one that is named twice is one object."""
        made: dict[ProjectSettings, gp.Project] = {}

        def project(settings: ProjectSettings | None) -> gp.Project:
            chosen = settings or self.workload
            return made.setdefault(chosen, chosen.make())

        return gp.Projects(
            workload=project(self.workload),
            network=project(self.network),
            keys=project(self.keys),
            logs=project(self.logs),
            build=project(self.build),
        )


class TierSettings(Section):
    """A tier of one's own."""

    name: str
    """The tier's name, lower-case letters, digits and hyphens."""
    extends: str
    """The shipped tier that it starts from: learner, team or regulated."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """Settings that differ from it, by their names in the tier table; what loosens the tier is a finding."""
    author: str
    """Who decided on the differences, as an address."""
    reason: str = Field(min_length=10)
    """Why the tier differs, for the reviewer."""

    @field_validator("extends")
    @classmethod
    def _extends(cls, value: str) -> str:
        verify(lambda checks: checks.one_of("extends", value, SHIPPED))
        return value


def check_region(region: str | None, info: ValidationInfo) -> str | None:
    """Return a region that the table knows, or a newer one whose zones are given; the zones must be in it."""
    if region is None:
        return None
    zones: list[str] = info.data.get("zones", [])
    known = region in regions() or (zones and REGION_PATTERN.fullmatch(region))
    verify(lambda checks: known or checks.one_of("region", region, list(regions())))
    verify_each(zones, functools.partial(_check_zone, region=region))
    return region


def _check_zone(checks: Checks, zone: str, *, region: str) -> object:
    allowed = regions().get(region, ())
    return checks.that(
        zone in allowed if allowed else region_of(zone) == region,
        "zones",
        f"does not have zone {zone}",
        given=f"zone {zone} in region {region}",
        allowed=", ".join(allowed) or f"{region}-<letter>",
        do="choose zones of the region, or change the region",
    )


def check_alone(value: T, info: ValidationInfo) -> T:
    """Return a setting that an environment accepts in itself, whatever the others are."""
    trial: dict[str, Any] = {"project": "acme-ml-dev", "region": "europe-west4", "tier": gp.Tier.LEARNER}
    trial[str(info.field_name)] = tuple(value) if isinstance(value, list) else value
    try:
        gp.Environment(**trial)
    except gp.ArgumentError as error:
        raise InvalidSettingError(error.problems) from None
    return value
