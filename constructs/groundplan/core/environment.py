"""Where a platform stands: tier, region, zones, naming, labels and the projects that share the work."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from groundplan.core import regions as region_table
from groundplan.core.labels import check_labels
from groundplan.core.names import cloud_name
from groundplan.core.sequences import check_several
from groundplan.core.tiers import Tier, TierDefaults
from groundplan.core.validation import PROJECT_NUMBER, Checks

if TYPE_CHECKING:
    import pulumi

ML_JOBS_ROLE: Final = "roles/aiplatform.user"
"""Google's narrowest predefined role for running training jobs and pipelines; it deploys models to endpoints, too."""


@dataclass(frozen=True, kw_only=True)
class Project:
    """A Google Cloud project as the environment uses it."""

    id: str
    """Project id, 6 to 30 characters."""
    number: str | None = None
    """Project number, digits; where it is not given it is looked up when first needed."""
    quota_project: str | None = None
    """Project that API calls are charged to; by default the project itself."""
    impersonate: str | None = None
    """E-mail of a service account that the provider acts as in this project."""
    managed: bool = True
    """Whether grants in this project are ours to make; where not, they become entries of the ``requests`` output."""
    # No part of which project it is: the tier may name it later.
    ml_jobs_role: str | None = field(default=None, compare=False)
    """Role with which training jobs and pipelines are run in the project. By default the tier's: Google's
    ``roles/aiplatform.user``, which deploys models to endpoints too, or a narrower one of the project's own, which
    ``ProjectFoundation`` makes."""

    @property
    def runs_ml_jobs(self) -> str:
        """The role with which training jobs and pipelines are run in the project."""
        return self.ml_jobs_role or ML_JOBS_ROLE

    def check(self, checks: Checks, field_name: str) -> None:
        """Record what is wrong with the project's own values."""
        checks.project_id(f"{field_name}.id", self.id)
        if self.number is not None:
            checks.matches(
                f"{field_name}.number",
                self.number,
                PROJECT_NUMBER.pattern,
                "the project's number, digits as a string",
                "look it up with `gcloud projects describe`",
            )
        if self.quota_project is not None:
            checks.project_id(f"{field_name}.quota_project", self.quota_project)
        if self.impersonate is not None:
            checks.matches(
                f"{field_name}.impersonate",
                self.impersonate,
                r"[^@\s]+@[^@\s]+\.iam\.gserviceaccount\.com",
                "the e-mail of a service account",
                "give the account's full e-mail",
            )
        if self.ml_jobs_role is not None:
            checks.matches(
                f"{field_name}.ml_jobs_role",
                self.ml_jobs_role,
                r"(?:(?:projects|organizations)/[a-z0-9.:-]+/)?roles/[A-Za-z0-9_.]{3,64}",
                "the full name of a role",
                "write it as roles/…, projects/…/roles/… or organizations/…/roles/…",
            )


@dataclass(frozen=True, kw_only=True)
class Projects:
    """Which project does what; each is the workload project unless said otherwise."""

    workload: Project
    """Data, notebooks, training, serving."""
    network: Project
    """The network: a Shared VPC host project, or the workload project."""
    keys: Project
    """Key rings and keys."""
    logs: Project
    """The log archive."""
    build: Project
    """Builds, images and delivery."""

    @classmethod
    def single(cls, project: Project) -> Projects:
        """Return one project in all roles."""
        return cls(workload=project, network=project, keys=project, logs=project, build=project)

    def roles(self) -> dict[str, Project]:
        """Return the project of each role, by the role's name."""
        return {role: getattr(self, role) for role in ("workload", "network", "keys", "logs", "build")}

    def distinct(self) -> list[Project]:
        """Return each project once, in the order of the roles."""
        return list({project.id: project for project in self.roles().values()}.values())


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Plain data that every construct is given; it holds no resource and no provider.

    ``Environment(project="acme-ml-dev", region="europe-west4", tier=Tier.TEAM)`` is one project for everything;
    ``projects`` spreads the work. All that is wrong is raised as one ``ArgumentError``.
    """

    region: str
    """Region of everything regional, such as ``europe-west4``."""
    tier: Tier
    """How strict the environment is."""
    project: str = ""
    """Id of the one project; empty where ``projects`` is given."""
    projects: Projects = field(default=None)  # type: ignore[assignment] # filled in below, so that readers need not check
    """The projects by role; by default ``project`` in every role."""
    zones: tuple[str, ...] = ()
    """Zones of the region to use, in order of preference; by default all that the region has."""
    prefix: str = "gp"
    """First part of every cloud name, 1 to 8 lower-case letters and digits, first a letter."""
    generation: int = 1
    """Enters the names of what cannot be replaced under its own name; raise it to make such things anew."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Labels of every resource that takes labels."""
    organization: str | None = None
    """Organisation number, where organisation policies and perimeters are ours to set."""
    domains: tuple[str, ...] = ()
    """Domains whose people and groups may be given access, such as ``acme.test``."""

    def __post_init__(self) -> None:
        """Fill in what follows from the rest, and check everything."""
        checks = Checks("Environment")
        for name in ("zones", "domains"):
            if not check_several(checks, name, getattr(self, name)):
                object.__setattr__(self, name, (getattr(self, name),))
        self._fill_projects(checks)
        self._fill_zones(checks)
        checks.instance("tier", self.tier, Tier, "a Tier, such as Tier.TEAM")
        checks.matches(
            "prefix",
            self.prefix,
            r"[a-z][a-z0-9]{0,7}",
            "1 to 8 lower-case letters and digits, first a letter",
            "shorten the prefix",
        )
        checks.within("generation", self.generation, 1, 999, "generations")
        if self.organization is not None:
            checks.matches(
                "organization",
                self.organization,
                r"[0-9]{6,19}",
                "the organisation's number, digits as a string",
                "look it up with `gcloud organizations list`",
            )
        for index, domain in enumerate(self.domains):
            checks.matches(
                f"domains[{index}]",
                domain,
                r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*",
                "a domain name such as acme.test",
                "write the domain without @ or *",
            )
        check_labels(checks, "labels", self.labels)
        checks.finish()
        self._fill_ml_jobs_role()

    def _fill_ml_jobs_role(self) -> None:
        """Name the workload project's own role for running jobs, where the tier has one and nobody named another."""
        workload = self.projects.workload
        if not self.tier.defaults.ml_jobs_role_of_own or workload.ml_jobs_role is not None:
            return
        role = f"projects/{workload.id}/roles/{cloud_name('custom_role', self.prefix, 'ml-jobs')}"
        named = dataclasses.replace(workload, ml_jobs_role=role)
        roles = {key: named if each == workload else each for key, each in self.projects.roles().items()}
        object.__setattr__(self, "projects", Projects(**roles))

    def _fill_projects(self, checks: Checks) -> None:
        if self.projects is None:
            object.__setattr__(self, "projects", Projects.single(Project(id=self.project)))
        if not checks.instance("projects", self.projects, Projects, "a Projects"):
            return
        workload = self.projects.workload.id
        checks.that(
            self.project in {"", workload},
            "project",
            "disagrees with projects.workload",
            given=f"project {self.project}, projects.workload {workload}",
            allowed="one of the two",
            do="leave `project` out",
        )
        object.__setattr__(self, "project", workload)
        self._check_projects(checks)

    def _check_projects(self, checks: Checks) -> None:
        seen: dict[str, Project] = {}
        for role, project in self.projects.roles().items():
            if project.id not in seen:
                seen[project.id] = project
                project.check(checks, "project" if role == "workload" else f"projects.{role}")
            checks.that(
                seen[project.id] == project,
                f"projects.{role}",
                f"describes project {project.id} a second time, differently",
                given=project,
                allowed="one description a project",
                do="use the same Project object in both roles",
            )

    def _fill_zones(self, checks: Checks) -> None:
        known = region_table.regions()
        form_ok = isinstance(self.region, str) and region_table.REGION_PATTERN.fullmatch(self.region) is not None
        if not form_ok or (self.region not in known and not self.zones):
            checks.one_of("region", self.region, list(known))
            return
        if not self.zones:
            object.__setattr__(self, "zones", known[self.region])
            return
        allowed = known.get(self.region)
        for index, zone in enumerate(self.zones):
            inside = zone in allowed if allowed else region_table.region_of(zone) == self.region
            checks.that(
                inside,
                f"zones[{index}]",
                f"is not in region {self.region}",
                given=zone,
                allowed=", ".join(allowed or (f"{self.region}-<letter>",)),
                do="choose zones of the region, or change the region",
            )

    @property
    def defaults(self) -> TierDefaults:
        """The tier's defaults: the one place where a tier turns into values."""
        return self.tier.defaults

    @property
    def zone(self) -> str:
        """The zone to use where only one can be."""
        return self.zones[0]

    def labels_with(self, own: Mapping[str, str]) -> dict[str, str]:
        """Return the labels of a thing that has some of its own: they win over the environment's.

        Who manages the thing, in which tier, is always told and cannot be set.
        """
        return {**self.labels, **own, "managed-by": "groundplan", "tier": self.tier.name}

    @classmethod
    def from_stack(cls, stack: str, opts: pulumi.ResourceOptions | None = None) -> Environment:
        """Return the environment that another stack exported; see ``groundplan.core.exports``."""
        from groundplan.core.exports import Exports

        return Exports.read(stack, opts).environment
