"""What a ``BuildTrigger`` takes, and what of it Google would refuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pulumi

from groundplan.cicd.build_file import BuildFile
from groundplan.cicd.build_lint import check_secrets
from groundplan.cicd.duties import Duties
from groundplan.cicd.events import Event, OnDemand, OnSchedule, Started
from groundplan.cicd.secret_versions import check_version
from groundplan.core.component import Args
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import check_keys
from groundplan.core.environment import Project
from groundplan.core.references import (
    AccountRef,
    BucketRef,
    BuildPoolRef,
    KeyRef,
    KeyRingRef,
    SourceConnector,
    SourceRepositoryRef,
)
from groundplan.core.validation import Checks

_PATH: Final = r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*\.(?:ya?ml|json)"
_VARIABLE: Final = r"[A-Z][A-Z0-9_]{0,99}"
_NAME: Final = r"_[A-Z][A-Z0-9_]{0,98}"
_TAG: Final = r"[A-Za-z0-9._-]{1,128}"
_MOST_MINUTES: Final = 1440  # Cloud Build ends a build after 24 hours.
_LONGEST_DESCRIPTION: Final = 100


@dataclass(frozen=True, kw_only=True)
class BuildTriggerArgs(Args):
    """What a ``BuildTrigger`` takes."""

    event: Event
    """What starts a build: ``OnPush``, ``OnTag``, ``OnPullRequest``, ``OnDemand``, ``OnMessage``, ``OnWebhook`` or
    ``OnSchedule``."""
    repository: SourceRepositoryRef | None = None
    """Where the source is, and where pushes, tags and pull requests happen; the trigger is in its region."""
    build: BuildFile | None = None
    """The build file, written into the trigger, so that a reviewer of the platform sees what runs; or ``filename``."""
    filename: str | None = None
    """Path of a build file in the repository instead. Then whoever may push, or open a pull request that is built,
    decides what runs as the trigger's account; and the file itself must name pool and log bucket."""
    account: AccountRef | None = None
    """The account that builds act as; by default one of the trigger's own, which may do nothing but write logs."""
    pool: BuildPoolRef | None = None
    """The private pool that builds run in; required where the tier asks for one."""
    logs: BucketRef | None = None
    """A bucket for the builds' logs, best for nothing else and without a retention, which Cloud Build cannot write to;
    by default logs go to Cloud Logging alone."""
    approval: bool = False
    """Whether each build waits until somebody with ``grant_approve`` approves it."""
    substitutions: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Values for the names that the build file leaves open, instead of its defaults."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """Variables that steps read with ``secretEnv`` -> secret version, ``projects/…/secrets/…/versions/…``."""
    variables: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Environment variables of every step; seen by everybody who may read the trigger."""
    included_files: tuple[str, ...] = ()
    """Paths, with ``**``, of which a change must touch one."""
    ignored_files: tuple[str, ...] = ()
    """Paths, with ``**``, whose changes alone start nothing."""
    timeout_minutes: int = 60
    """Minutes after which a build is ended, 1 to 1,440."""
    tags: tuple[str, ...] = ()
    """Tags of the trigger and its builds, such as ``production``."""
    description: str = ""
    """What the trigger is for, at most 100 characters."""
    keys: KeyRingRef | None = None
    """Keys by data class, for the topic of a schedule; this or ``key`` is required there where the tier asks for it."""
    key: KeyRef | None = None
    """One key to use instead of the one that ``keys`` has for internal data."""
    project: Project | None = None
    """Project that the trigger is in; by default the environment's build project."""
    duties: Duties | None = None
    """Who runs and who approves, shared by triggers whose duties must stay apart; by default the trigger's own."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        self.check(checks)
        hosted = self.repository is not None and self._connector() is SourceConnector.SECURE_SOURCE_MANAGER
        checks.that(
            not hosted,
            "repository",
            "is in Secure Source Manager, which knows no trigger but the file in the repository",
            given=getattr(self.repository, "label", None),
            allowed="a repository connected through Cloud Build or Developer Connect",
            do="write what triggers_file(…) returns to .cloudbuild/triggers.yaml on the default branch",
        )

    def check(self, checks: Checks) -> None:
        """Record what is wrong wherever the repository is."""
        if checks.instance("event", self.event, Event, "an event, such as OnPush()"):
            self.event.check(checks, "event")
            self._check_repository(checks)
        self._check_types(checks)
        self._check_build(checks)
        self._check_pool(checks)
        self._check_values(checks)
        self._check_limits(checks)
        if isinstance(self.event, OnSchedule):
            check_keys(checks, self.env, DataClass.INTERNAL, self.keys, self.key)

    def _connector(self) -> SourceConnector | None:
        return getattr(self.repository, "connector", None)

    def _check_types(self, checks: Checks) -> None:
        kinds: tuple[tuple[str, type, str], ...] = (
            ("account", AccountRef, "a ServiceIdentity, or ServiceIdentity.from_existing(…)"),
            ("logs", BucketRef, "a DataBucket, or DataBucket.from_existing(…)"),
            ("project", Project, "a Project"),
            ("duties", Duties, "a Duties"),
        )
        for name, kind, words in kinds:
            if getattr(self, name) is not None:
                checks.instance(name, getattr(self, name), kind, words)
        checks.instance("approval", self.approval, bool, "true or false")

    def _check_repository(self, checks: Checks) -> None:
        if self.repository is None:
            checks.that(
                not self.event.of_repository and not isinstance(self.event, OnDemand),
                "repository",
                f"is missing, and Cloud Build wants one for {type(self.event).__name__}",
                given="nothing",
                allowed="a repository of a SourceConnection, or SourceConnection.from_existing(…)",
                do="connect the repository and pass it",
            )
        elif checks.instance("repository", self.repository, SourceRepositoryRef, "a repository of a SourceConnection"):
            checks.that(
                self._connector() is SourceConnector.CLOUD_BUILD or not isinstance(self.event, Started),
                "repository",
                f"cannot be read on {type(self.event).__name__}: there Cloud Build reads its own connections only",
                given=str(self._connector()),
                allowed=f"{SourceConnector.CLOUD_BUILD}, or an event of the repository",
                do="connect it through Cloud Build, or trigger on a push, a tag or a pull request",
            )

    def _check_build(self, checks: Checks) -> None:
        checks.that(
            (self.build is None) != (self.filename is None),
            "build",
            "and filename are two ways to say what runs, and a trigger has exactly one",
            given="both" if self.build is not None else "neither",
            allowed="build (seen by reviewers) or filename (whatever the branch says)",
            do="pass build=BuildFile.parse(…)",
        )
        if self.build is not None:
            checks.instance("build", self.build, BuildFile, "a BuildFile")
        if self.filename is not None:
            checks.matches(
                "filename", self.filename, _PATH, "a path in the repository, ending in .yaml or .json", "correct it"
            )
            checks.that(
                self.repository is not None,
                "filename",
                "names a file of no repository",
                given=self.filename,
                allowed="filename with repository",
                do="pass the repository, or the build itself",
            )

    def _check_pool(self, checks: Checks) -> None:
        inside = self.pool is None or checks.instance("pool", self.pool, BuildPoolRef, "a BuildPool")
        checks.that(
            self.pool is not None or not self.env.defaults.builds_private,
            "pool",
            f"is missing, and tier {self.env.tier.name} builds in a private pool",
            given="nothing",
            allowed="a BuildPool, or BuildPool.from_existing(…)",
            do="pass the environment's build pool",
        )
        if self.pool is not None and inside:
            place = self.region
            checks.that(
                self.pool.location == place,
                "pool",
                "is in another region than the trigger, which Google refuses",
                given=self.pool.location,
                allowed=place,
                do="make the pool where the repository is connected",
            )

    def _check_values(self, checks: Checks) -> None:
        known = self.build.substitutions if isinstance(self.build, BuildFile) else None
        for name, value in self.substitutions.items():
            checks.matches(f"substitutions[{name!r}]", name, _NAME, "an underscore, then capitals and digits", "rename")
            if known is not None:
                checks.one_of(f"substitutions[{name!r}]", name, known)
            if isinstance(value, str):
                check_secrets(checks, f"substitutions[{name!r}]", f"{name}={value}")
        for name, version in self.secrets.items():
            checks.matches(f"secrets[{name!r}]", name, _VARIABLE, "capitals, digits and underscores", "rename it")
            check_version(checks, f"secrets[{name!r}]", version)
        for name, value in self.variables.items():
            checks.matches(f"variables[{name!r}]", name, _VARIABLE, "capitals, digits and underscores", "rename it")
            if isinstance(value, str):
                check_secrets(checks, f"variables[{name!r}]", f"{name}={value}")
        checks.that(
            self.build is not None or not self.variables,
            "variables",
            "go into a build that is written into the trigger",
            given=", ".join(self.variables),
            allowed="with build",
            do="set them in the build file of the repository",
        )
        self._check_secret_names(checks)

    def _check_limits(self, checks: Checks) -> None:
        checks.within("timeout_minutes", self.timeout_minutes, 1, _MOST_MINUTES, "minutes")
        for index, tag in enumerate(self.tags):
            checks.matches(f"tags[{index}]", tag, _TAG, "1 to 128 letters, digits, dots, _ and -", "rename the tag")
        for name in ("included_files", "ignored_files"):
            for index, path in enumerate(getattr(self, name)):
                checks.matches(
                    f"{name}[{index}]", path, r"[^\s/][^\n]*", "a path without a slash in front", "correct it"
                )
            checks.that(
                self.event_of_repository or not getattr(self, name),
                name,
                "look at changed files, and this event changes none",
                given=", ".join(map(str, getattr(self, name))),
                allowed="with OnPush, OnTag or OnPullRequest",
                do="leave it out",
            )
        checks.that(
            isinstance(self.description, str) and len(self.description) <= _LONGEST_DESCRIPTION,
            "description",
            "is too long",
            given=self.description,
            allowed=f"at most {_LONGEST_DESCRIPTION} characters",
            do="shorten it",
        )

    def _check_secret_names(self, checks: Checks) -> None:
        if not isinstance(self.build, BuildFile):
            return
        asked, given = self.build.secrets, set(self.secrets)
        checks.that(
            asked == given,
            "secrets",
            "are not those that the build file reads",
            given=", ".join(sorted(given)) or "nothing",
            allowed=", ".join(sorted(asked)) or "nothing",
            do="name each variable of the file's secretEnv, and no other",
        )

    @property
    def event_of_repository(self) -> bool:
        """Whether the event happens in a repository."""
        return isinstance(self.event, Event) and self.event.of_repository

    @property
    def region(self) -> str:
        """Region of the trigger: that of the repository, else of the environment."""
        return self.repository.region if isinstance(self.repository, SourceRepositoryRef) else self.env.region
