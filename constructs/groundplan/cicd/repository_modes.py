"""Where an image repository's contents come from: builders, a repository outside, or other repositories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import pulumi_gcp as gcp

from groundplan.cicd.secret_versions import check_version
from groundplan.core.references import ImageRepositoryRef, RepositoryFormat
from groundplan.core.validation import Checks

_MOST_DAYS: Final = 3650
_MOST_VERSIONS: Final = 1000
_MOST_PRIORITY: Final = 1000
_PRESETS: Final[Mapping[RepositoryFormat, str]] = {
    RepositoryFormat.DOCKER: "DOCKER_HUB",
    RepositoryFormat.PYTHON: "PYPI",
}
_URI: Final = r"https://[a-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?"
_Config = gcp.artifactregistry.RepositoryRemoteRepositoryConfigArgs


@dataclass(frozen=True, kw_only=True)
class Hosted:
    """Contents that one's own builders push."""

    immutable_tags: bool = True
    """Whether a tag stays with the image that it was first given. Without it, what a tag named yesterday can be another
    image today, so nothing that was reviewed under a tag stays reviewed. Images only."""
    untagged_days: int = 30
    """Days after which versions without a tag are deleted, 1 to 3,650."""
    keep_versions: int = 10
    """Newest versions of each image that are kept whatever their age, 1 to 1,000."""

    def check(self, checks: Checks, field: str, kind: RepositoryFormat) -> None:
        """Record what is wrong with the values."""
        checks.within(f"{field}.untagged_days", self.untagged_days, 1, _MOST_DAYS, "days")
        checks.within(f"{field}.keep_versions", self.keep_versions, 1, _MOST_VERSIONS, "versions")
        if checks.instance(f"{field}.immutable_tags", self.immutable_tags, bool, "true or false"):
            checks.that(
                self.immutable_tags or kind is RepositoryFormat.DOCKER,
                f"{field}.immutable_tags",
                "is a setting of images, and this repository holds none",
                given=f"{self.immutable_tags} for {kind.value}",
                allowed="with format DOCKER",
                do="leave it out",
            )


@dataclass(frozen=True, kw_only=True)
class Remote:
    """A cache of a repository outside, so that builds and notebooks need no way out of the network."""

    uri: str | None = None
    """Address of the repository outside; by default the public one of the format (Docker Hub, the Python index)."""
    username: str | None = None
    """User name at the repository outside, where it wants one; with ``password``."""
    password: str | None = None
    """Secret version that holds the password, ``projects/…/secrets/…/versions/…``; never the password itself."""
    keep_days: int = 90
    """Days after which what was cached is deleted, to be fetched anew when asked for; 1 to 3,650."""
    keep_versions: int = 3
    """Newest versions of each package that are kept whatever their age, 1 to 1,000."""

    def check(self, checks: Checks, field: str, kind: RepositoryFormat) -> None:
        """Record what is wrong with the values."""
        checks.within(f"{field}.keep_days", self.keep_days, 1, _MOST_DAYS, "days")
        checks.within(f"{field}.keep_versions", self.keep_versions, 1, _MOST_VERSIONS, "versions")
        _check_shared(checks, field, kind)
        if self.uri is not None:
            checks.matches(
                f"{field}.uri", self.uri, _URI, "an https:// address in lower case, without user or query", "correct it"
            )
        checks.that(
            (self.username is None) == (self.password is None),
            f"{field}.password",
            "comes without its other half",
            given="one of username and password",
            allowed="both or neither",
            do="give both, or leave both out",
        )
        if self.password is not None:
            check_version(checks, f"{field}.password", self.password)

    def config(self, kind: RepositoryFormat) -> gcp.artifactregistry.RepositoryRemoteRepositoryConfigArgs:
        """Return the repository's remote configuration; the values must have been checked."""
        config = self._upstream(kind)
        config.disable_upstream_validation = False
        if self.username is not None:
            config.upstream_credentials = gcp.artifactregistry.RepositoryRemoteRepositoryConfigUpstreamCredentialsArgs(
                username_password_credentials=gcp.artifactregistry.RepositoryRemoteRepositoryConfigUpstreamCredentialsUsernamePasswordCredentialsArgs(
                    username=self.username, password_secret_version=self.password
                )
            )
        return config

    def _upstream(self, kind: RepositoryFormat) -> gcp.artifactregistry.RepositoryRemoteRepositoryConfigArgs:
        if self.uri is not None:
            common = gcp.artifactregistry.RepositoryRemoteRepositoryConfigCommonRepositoryArgs(uri=self.uri)
            return _Config(description=f"Caches {self.uri}", common_repository=common)
        preset = _PRESETS[kind]
        if kind is RepositoryFormat.PYTHON:
            python = gcp.artifactregistry.RepositoryRemoteRepositoryConfigPythonRepositoryArgs(public_repository=preset)
            return _Config(description="Caches the public Python index", python_repository=python)
        docker = gcp.artifactregistry.RepositoryRemoteRepositoryConfigDockerRepositoryArgs(public_repository=preset)
        return _Config(description="Caches Docker Hub", docker_repository=docker)


@dataclass(frozen=True, kw_only=True)
class Upstream:
    """One repository behind a virtual one."""

    repository: ImageRepositoryRef
    """The repository, hosted or remote, of the same format and place."""
    priority: int
    """The higher, the earlier it is asked, 1 to 1,000; one's own must stand above every remote one, or a stranger's
    package of the same name would be taken."""


@dataclass(frozen=True, kw_only=True)
class Virtual:
    """One address for several repositories, in a stated order."""

    upstreams: tuple[Upstream, ...]
    """The repositories behind it."""

    def check(self, checks: Checks, field: str, kind: RepositoryFormat) -> None:
        """Record what is wrong with the values."""
        _check_shared(checks, field, kind)
        checks.that(
            self.upstreams,
            f"{field}.upstreams",
            "names no repository",
            given="nothing",
            allowed="at least one Upstream",
            do="name the repositories behind the virtual one",
        )
        for index, upstream in enumerate(self.upstreams):
            if checks.instance(f"{field}.upstreams[{index}]", upstream, Upstream, "an Upstream"):
                self._check_one(checks, f"{field}.upstreams[{index}]", upstream, kind)
        if all(isinstance(upstream, Upstream) for upstream in self.upstreams):
            self._check_order(checks, field)

    def _check_one(self, checks: Checks, field: str, upstream: Upstream, kind: RepositoryFormat) -> None:
        checks.within(f"{field}.priority", upstream.priority, 1, _MOST_PRIORITY, "steps")
        repository = upstream.repository
        if checks.instance(f"{field}.repository", repository, ImageRepositoryRef, "an ImageRepository"):
            checks.that(
                repository.format is kind,
                f"{field}.repository",
                "holds something else than the virtual repository",
                given=repository.format.value,
                allowed=kind.value,
                do="put only repositories of one format together",
            )

    def _check_order(self, checks: Checks, field: str) -> None:
        labels = [u.repository.label for u in self.upstreams if isinstance(u.repository, ImageRepositoryRef)]
        checks.unique(f"{field}.upstreams", labels, "repository")
        checks.unique(f"{field}.upstreams", (str(u.priority) for u in self.upstreams), "priority")
        own = [u.priority for u in self.upstreams if not getattr(u.repository, "remote", True)]
        outside = [u.priority for u in self.upstreams if getattr(u.repository, "remote", False)]
        checks.that(
            not own or not outside or min(own) > max(outside),
            f"{field}.upstreams",
            "lets a repository outside answer before one's own",
            given=f"own at {min(own, default=0)}, outside at {max(outside, default=0)}",
            allowed="every repository of one's own above every remote one",
            do="raise the priority of one's own: a stranger can publish a package under its name",
        )

    def config(self) -> gcp.artifactregistry.RepositoryVirtualRepositoryConfigArgs:
        """Return the repository's virtual configuration; the values must have been checked."""
        return gcp.artifactregistry.RepositoryVirtualRepositoryConfigArgs(
            upstream_policies=[
                gcp.artifactregistry.RepositoryVirtualRepositoryConfigUpstreamPolicyArgs(
                    id=upstream.repository.label,
                    repository=upstream.repository.full_name,
                    priority=upstream.priority,
                )
                for upstream in self.upstreams
            ]
        )


RepositoryMode: TypeAlias = Hosted | Remote | Virtual
"""Where a repository's contents come from."""


def cleanup(mode: RepositoryMode) -> list[gcp.artifactregistry.RepositoryCleanupPolicyArgs]:
    """Return the clean-up policies of a repository; what one of them keeps, none deletes.

    Source: "Cleanup policies", Artifact Registry documentation, 2026-10. A tag that is immutable also holds its image.
    """
    if isinstance(mode, Virtual):
        return []
    if isinstance(mode, Hosted):
        id_, days, state = "delete-untagged", mode.untagged_days, "UNTAGGED"
    else:
        id_, days, state = "delete-old", mode.keep_days, "ANY"
    return [
        gcp.artifactregistry.RepositoryCleanupPolicyArgs(
            id=id_,
            action="DELETE",
            condition=gcp.artifactregistry.RepositoryCleanupPolicyConditionArgs(
                tag_state=state, older_than=f"{days * 86_400}s"
            ),
        ),
        gcp.artifactregistry.RepositoryCleanupPolicyArgs(
            id="keep-newest",
            action="KEEP",
            most_recent_versions=gcp.artifactregistry.RepositoryCleanupPolicyMostRecentVersionsArgs(
                keep_count=mode.keep_versions
            ),
        ),
    ]


def _check_shared(checks: Checks, field: str, kind: RepositoryFormat) -> None:
    checks.that(
        kind in _PRESETS,
        field,
        "is a mode that Artifact Registry has not for this format",
        given=kind.value,
        allowed=", ".join(sorted(_PRESETS)),
        do="use Hosted()",
    )
