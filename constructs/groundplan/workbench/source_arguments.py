"""What a ``SourceConnection`` takes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from groundplan.core.component import Args
from groundplan.core.data_class import DataClass
from groundplan.core.encryption import check_keys, chosen_key
from groundplan.core.references import KeyRef, KeyRingRef
from groundplan.core.references.repositories import SourceConnector
from groundplan.core.validation import Checks
from groundplan.workbench.source_hosts import GitHubSource, GitLabSource, HostedSource, Source


@dataclass(frozen=True, kw_only=True)
class SourceConnectionArgs(Args):
    """What a ``SourceConnection`` takes."""

    source: Source
    """Where the code is: a ``GitHubSource``, a ``GitLabSource`` or a ``HostedSource``."""
    repositories: tuple[str, ...]
    """The repositories to link, as the host names them: ``acme/churn``, ``acme/ml/churn``, ``churn``."""
    connector: SourceConnector = SourceConnector.CLOUD_BUILD
    """Which of Google's services connects to GitHub or GitLab."""
    keys: KeyRingRef | None = None
    """Keys for what Google stores here: a hosted repository, a token given by value, a connection of Developer
    Connect; required for these where the tier asks for keys of one's own."""
    key: KeyRef | None = None
    """One key, in place of one of ``keys``."""
    data_class: DataClass = DataClass.CONFIDENTIAL
    """How sensitive the code is; chooses the key."""

    @property
    def is_hosted(self) -> bool:
        """Whether Google keeps the code."""
        return isinstance(self.source, HostedSource)

    @property
    def stores(self) -> bool:
        """Whether something is stored here that a key of one's own can encrypt."""
        if isinstance(self.source, HostedSource) or self.connector is SourceConnector.DEVELOPER_CONNECT:
            return True
        return any(token.value is not None for token in self.source.tokens.values())

    @property
    def chosen_key(self) -> KeyRef | None:
        """The key, or None where Google manages it or nothing is stored."""
        return chosen_key(self.data_class, self.keys, self.key) if self.stores else None

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        classed = checks.instance("data_class", self.data_class, DataClass, "a DataClass")
        kinds = "a GitHubSource, a GitLabSource or a HostedSource"
        if not checks.instance("source", self.source, (GitHubSource, GitLabSource, HostedSource), kinds):
            return
        before = len(checks.problems)
        self.source.check(checks, "source")
        if classed and len(checks.problems) == before and self.stores:
            check_keys(checks, self.env, self.data_class, self.keys, self.key)
        checks.that(
            self.connector in {SourceConnector.CLOUD_BUILD, SourceConnector.DEVELOPER_CONNECT},
            "connector",
            "connects to no other host",
            given=self.connector,
            allowed="SourceConnector.CLOUD_BUILD or SourceConnector.DEVELOPER_CONNECT",
            do="leave it out; a HostedSource needs no connector",
        )
        self._check_repositories(checks)

    def _check_repositories(self, checks: Checks) -> None:
        checks.that(
            self.repositories,
            "repositories",
            "names none",
            given="nothing",
            allowed="at least one repository",
            do=f"name it as in {self.source.repository_example}",
        )
        for index, name in enumerate(self.repositories):
            checks.matches(
                f"repositories[{index}]",
                name,
                self.source.repository_form,
                f"a repository as its host names it, such as {self.source.repository_example}",
                "leave out the host's address and .git",
            )
            checks.that(
                not str(name).endswith(".git"),
                f"repositories[{index}]",
                "is an address, not a name",
                given=name,
                allowed=f"such as {self.source.repository_example}",
                do="leave out .git",
            )
        checks.unique("repositories", (slug(str(name)) for name in self.repositories), "repository")


def slug(path: str) -> str:
    """Return a repository's name as a part of names: lower case, with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")
