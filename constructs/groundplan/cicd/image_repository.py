"""A repository of images, packages or pipeline templates: tags that stay, scanned, cleaned up, encrypted."""

from __future__ import annotations

from dataclasses import dataclass, field

import pulumi
import pulumi_gcp as gcp

from groundplan.cicd.repository_modes import Hosted, Remote, RepositoryMode, Virtual, cleanup
from groundplan.cicd.secret_versions import grant_version
from groundplan.core.agents import service_agent
from groundplan.core.component import Args, Component
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import check_keys, chosen_key, key_in
from groundplan.core.environment import Project
from groundplan.core.perimeter_borders import fetch
from groundplan.core.references import (
    ExistingImageRepository,
    ImageRepositoryRef,
    KeyRef,
    KeyRingRef,
    RepositoryFormat,
)
from groundplan.core.regions import REGION_PATTERN
from groundplan.core.validation import Checks

_MODES = {Hosted: "STANDARD_REPOSITORY", Remote: "REMOTE_REPOSITORY", Virtual: "VIRTUAL_REPOSITORY"}
_AGENT = "artifactregistry.googleapis.com"
_LONGEST_PURPOSE = 256
_NAME = r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"


@dataclass(frozen=True, kw_only=True)
class ImageRepositoryArgs(Args):
    """What an ``ImageRepository`` takes."""

    format: RepositoryFormat = RepositoryFormat.DOCKER
    """What it holds: images, Python packages, or compiled pipelines."""
    mode: RepositoryMode = field(default_factory=Hosted)
    """Where the contents come from: ``Hosted``, ``Remote`` or ``Virtual``."""
    purpose: str = "Images that the platform builds"
    """What it is for, shown as its description."""
    scan: bool = True
    """Whether images are scanned for known vulnerabilities, which Google bills by the image. Without it nobody learns
    that what runs has become dangerous. Images only; the project needs ``containerscanning.googleapis.com``."""
    data_class: DataClass = DataClass.INTERNAL
    """How sensitive the contents are; chooses the key."""
    keys: KeyRingRef | None = None
    """Keys by data class; this or ``key`` is required where the tier asks for keys of one's own."""
    key: KeyRef | None = None
    """One key to use instead of the one that ``keys`` has for the data class."""
    location: str | None = None
    """Region of the repository; by default the environment's."""
    project: Project | None = None
    """Project that it is in; by default the environment's build project."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        mode_ok = checks.instance("mode", self.mode, (Hosted, Remote, Virtual), "Hosted, Remote or Virtual")
        if checks.instance("format", self.format, RepositoryFormat, "a RepositoryFormat") and mode_ok:
            self.mode.check(checks, "mode", self.format)
        # A virtual repository stores nothing, so it has no key.
        stores = not isinstance(self.mode, Virtual)
        if checks.instance("data_class", self.data_class, DataClass, "a DataClass") and stores:
            check_keys(checks, self.env, self.data_class, self.keys, self.key)
        checks.that(
            isinstance(self.purpose, str) and 0 < len(self.purpose) <= _LONGEST_PURPOSE and self.purpose.isprintable(),
            "purpose",
            "cannot be the repository's description",
            given=self.purpose,
            allowed=f"a line of 1 to {_LONGEST_PURPOSE} characters",
            do="say in a line what it is for",
        )
        checks.instance("scan", self.scan, bool, "true or false")
        if self.location is not None:
            checks.matches(
                "location", self.location, REGION_PATTERN.pattern, "one region, such as europe-west4", "name a region"
            )
        if self.project is not None:
            checks.instance("project", self.project, Project, "a Project")
        if isinstance(self.mode, Virtual):
            self._check_places(checks, self.mode)

    def _check_places(self, checks: Checks, mode: Virtual) -> None:
        place = self.location or self.env.region
        for index, upstream in enumerate(mode.upstreams):
            location = getattr(getattr(upstream, "repository", None), "location", place)
            checks.that(
                location == place,
                f"mode.upstreams[{index}].repository",
                "is elsewhere than the virtual repository, which Google refuses",
                given=location,
                allowed=place,
                do="put them into one location",
            )


class ImageRepository(Component, ImageRepositoryRef):
    """A repository of Artifact Registry in the environment's build project.

    Child: ``repository``. Access is granted on it, by ``grant_read`` and, for builders, ``grant_write``. What has no
    tag is deleted after a while; what is newest is kept. Its key is granted to Artifact Registry first, and so is the
    password of a remote one and the reading of repositories in other projects.
    """

    kind = "groundplan:cicd:ImageRepository"
    objectives = ("5.1.d", "5.2.b", "6.1.a")

    def __init__(self, name: str, args: ImageRepositoryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the repository; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.project or args.env.projects.build
        self.location = args.location or args.env.region
        self.format = args.format
        self.remote = isinstance(args.mode, Remote)
        if self.remote:
            fetch(self.where, self.project, self.location)
        self.repository = self.make(
            "repository",
            gcp.artifactregistry.Repository,
            self._repository_args(),
            depends_on=self._granted_first(),
        )
        self.repository_id: pulumi.Output[str] = self.repository.repository_id
        self.finish({"repositoryId": self.repository_id, "url": self.url, "location": self.location})

    @property
    def _key(self) -> KeyRef | None:
        if isinstance(self.args.mode, Virtual):
            return None
        return chosen_key(self.args.data_class, self.args.keys, self.args.key)

    def _repository_args(self) -> gcp.artifactregistry.RepositoryArgs:
        args, mode, key = self.args, self.args.mode, self._key
        docker = args.format is RepositoryFormat.DOCKER
        return gcp.artifactregistry.RepositoryArgs(
            project=self.project.id,
            location=self.location,
            repository_id=self.cloud_name("repository"),
            format=args.format.value,
            mode=_MODES[type(mode)],
            description=args.purpose,
            kms_key_name=key_in(key, self.location, self.where) if key is not None else None,
            docker_config=gcp.artifactregistry.RepositoryDockerConfigArgs(immutable_tags=mode.immutable_tags)
            if docker and isinstance(mode, Hosted)
            else None,
            remote_repository_config=mode.config(args.format) if isinstance(mode, Remote) else None,
            virtual_repository_config=mode.config() if isinstance(mode, Virtual) else None,
            vulnerability_scanning_config=gcp.artifactregistry.RepositoryVulnerabilityScanningConfigArgs(
                enablement_config="INHERITED" if args.scan else "DISABLED"
            )
            if docker and not isinstance(mode, Virtual)
            else None,
            cleanup_policies=cleanup(mode) or None,
            cleanup_policy_dry_run=False if cleanup(mode) else None,
            labels=self.labels(classification=args.data_class.value),
        )

    def _granted_first(self) -> list[pulumi.Resource]:
        """Return the grants without which Google would refuse the repository, or it could not answer."""
        mode, key = self.args.mode, self._key
        made = [key.grant_agent(self.project, _AGENT)] if key is not None else []
        if isinstance(mode, Virtual):
            made += [
                upstream.repository.grant_read(service_agent(self.project, _AGENT))
                for upstream in mode.upstreams
                if upstream.repository.project.id != self.project.id
            ]
        resources = [resource for one in made for resource in one.resources]
        if isinstance(mode, Remote) and mode.password is not None:
            agent = service_agent(self.project, _AGENT)
            read = grant_version(mode.password, agent, parent=self, label=self.label, project=self.project)
            resources += read.resources
        return resources

    @staticmethod
    def from_existing(
        repository_id: str,
        *,
        project: Project,
        location: str,
        format: RepositoryFormat = RepositoryFormat.DOCKER,  # noqa: A002 - Google's word for it
        remote: bool = False,
        label: str | None = None,
    ) -> ImageRepositoryRef:
        """Return a repository that was there before.

        ``repository_id`` is its id alone; ``remote`` says that it caches one outside; ``label``, by default the id,
        begins the names of grants.
        """
        checks = Checks("ImageRepository.from_existing")
        checks.matches(
            "repository_id",
            repository_id,
            _NAME,
            "a repository's id: 1 to 63 lower-case letters, digits and hyphens, first a letter",
            "leave out the host, the project and any path",
        )
        checks.instance("format", format, RepositoryFormat, "a RepositoryFormat")
        checks.finish()
        return ExistingImageRepository(
            label=label or repository_id,
            project=project,
            repository_id=repository_id,
            location=location,
            format=format,
            remote=remote,
        )
