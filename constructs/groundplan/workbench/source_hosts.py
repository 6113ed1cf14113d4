"""Where source code is kept: GitHub, GitLab, or a host of Google's in the environment's own project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

import pulumi
import pulumi_gcp as gcp

from groundplan.core.validation import Checks
from groundplan.workbench.source_token import SourceToken

_HOST = r"https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{2,5})?"
_GITHUB_PATH = r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+"
_GITLAB_PATH = r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9._-]+)+"
_HOSTED_NAME = r"[a-z][a-z0-9-]{2,61}[a-z0-9]"
_BRANCH = r"[A-Za-z0-9][A-Za-z0-9._/-]*"
_CA_POOL = r"projects/[a-z0-9.:-]+/locations/[a-z0-9-]+/caPools/[A-Za-z0-9_-]{1,63}"
_SERVICE = r"projects/[a-z0-9.:-]+/locations/[a-z0-9-]+/namespaces/[a-z0-9-]+/services/[a-z0-9-]+"

Versions: TypeAlias = Mapping[str, pulumi.Input[str]]
"""Full names of the versions that hold a host's tokens, by the token's field."""


@dataclass(frozen=True, kw_only=True)
class GitHubSource:
    """Repositories of an organisation or a person on github.com, by the app that they installed."""

    app_installation: int
    """Number of the app's installation, the last part of its address in GitHub's settings."""
    token: SourceToken
    """OAuth token of the account that authorised the app; best a robot's, not a person's."""

    repository_form: ClassVar[str] = _GITHUB_PATH
    """What the name of a repository looks like there, as a regular expression."""
    repository_example: ClassVar[str] = "acme/churn"
    """Such a name."""

    @property
    def tokens(self) -> dict[str, SourceToken]:
        """The tokens that Google needs, by their field."""
        return {"token": self.token}

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the host."""
        checks.within(f"{field}.app_installation", self.app_installation, 1, 2**63 - 1, "installation")
        _check_tokens(checks, field, self.tokens)

    def url(self, repository: str) -> str:
        """Return the address from which a repository is cloned."""
        return f"https://github.com/{repository}.git"

    def by_cloud_build(self, versions: Versions) -> gcp.cloudbuildv2.ConnectionGithubConfigArgs:
        """Return Cloud Build's configuration."""
        return gcp.cloudbuildv2.ConnectionGithubConfigArgs(
            app_installation_id=self.app_installation,
            authorizer_credential=gcp.cloudbuildv2.ConnectionGithubConfigAuthorizerCredentialArgs(
                oauth_token_secret_version=versions["token"]
            ),
        )

    def by_developer_connect(self, versions: Versions) -> gcp.developerconnect.ConnectionGithubConfigArgs:
        """Return Developer Connect's configuration."""
        return gcp.developerconnect.ConnectionGithubConfigArgs(
            github_app="DEVELOPER_CONNECT",
            app_installation_id=str(self.app_installation),
            authorizer_credential=gcp.developerconnect.ConnectionGithubConfigAuthorizerCredentialArgs(
                oauth_token_secret_version=versions["token"]
            ),
        )


@dataclass(frozen=True, kw_only=True)
class GitLabSource:
    """Projects on gitlab.com or on a GitLab of one's own."""

    api_token: SourceToken
    """Token with scope ``api``: Google registers webhooks with it."""
    read_token: SourceToken
    """Token with scope ``read_api``: builds read code with it."""
    webhook_secret: SourceToken
    """Any long random text: GitLab proves with it that an event is its own. Google never changes it."""
    host: str = "https://gitlab.com"
    """Address of the GitLab."""
    service_directory: str | None = None
    """Service of Service Directory through which a GitLab inside a network is reached,
    ``projects/…/locations/…/namespaces/…/services/…``; by default it is reached over the internet."""
    certificate: str | None = None
    """Certificate of a private authority that the GitLab's own is checked against, in PEM."""

    repository_form: ClassVar[str] = _GITLAB_PATH
    """What the name of a repository looks like there, as a regular expression."""
    repository_example: ClassVar[str] = "acme/ml/churn"
    """Such a name."""

    @property
    def tokens(self) -> dict[str, SourceToken]:
        """The tokens that Google needs, by their field."""
        return {
            "api_token": self.api_token,
            "read_token": self.read_token,
            "webhook_secret": self.webhook_secret,
        }

    @property
    def is_public(self) -> bool:
        """Whether it is gitlab.com."""
        return self.host == "https://gitlab.com"

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the host."""
        checks.matches(f"{field}.host", self.host, _HOST, "an https address without a path", "leave out any path")
        if self.service_directory is not None:
            form = "projects/…/locations/…/namespaces/…/services/…"
            checks.matches(f"{field}.service_directory", self.service_directory, _SERVICE, form, "give its full name")
        checks.that(
            not self.is_public or (self.service_directory is None and self.certificate is None),
            field,
            "gives gitlab.com a private way or a certificate",
            given=self.service_directory or "a certificate",
            allowed="these two with a `host` of one's own",
            do="name the host, or leave them out",
        )
        _check_tokens(checks, field, self.tokens)

    def url(self, repository: str) -> str:
        """Return the address from which a repository is cloned."""
        return f"{self.host}/{repository}.git"

    def by_cloud_build(self, versions: Versions) -> gcp.cloudbuildv2.ConnectionGitlabConfigArgs:
        """Return Cloud Build's configuration."""
        build = gcp.cloudbuildv2
        return build.ConnectionGitlabConfigArgs(
            host_uri=None if self.is_public else self.host,
            authorizer_credential=build.ConnectionGitlabConfigAuthorizerCredentialArgs(
                user_token_secret_version=versions["api_token"]
            ),
            read_authorizer_credential=build.ConnectionGitlabConfigReadAuthorizerCredentialArgs(
                user_token_secret_version=versions["read_token"]
            ),
            webhook_secret_secret_version=versions["webhook_secret"],
            service_directory_config=build.ConnectionGitlabConfigServiceDirectoryConfigArgs(
                service=self.service_directory
            )
            if self.service_directory is not None
            else None,
            ssl_ca=self.certificate,
        )

    def by_developer_connect(self, versions: Versions) -> gcp.developerconnect.ConnectionGitlabConfigArgs:
        """Return Developer Connect's configuration for gitlab.com."""
        connect = gcp.developerconnect
        return connect.ConnectionGitlabConfigArgs(
            authorizer_credential=connect.ConnectionGitlabConfigAuthorizerCredentialArgs(
                user_token_secret_version=versions["api_token"]
            ),
            read_authorizer_credential=connect.ConnectionGitlabConfigReadAuthorizerCredentialArgs(
                user_token_secret_version=versions["read_token"]
            ),
            webhook_secret_secret_version=versions["webhook_secret"],
        )

    def by_developer_connect_to_own(
        self, versions: Versions
    ) -> gcp.developerconnect.ConnectionGitlabEnterpriseConfigArgs:
        """Return Developer Connect's configuration for a GitLab of one's own."""
        connect = gcp.developerconnect
        return connect.ConnectionGitlabEnterpriseConfigArgs(
            host_uri=self.host,
            authorizer_credential=connect.ConnectionGitlabEnterpriseConfigAuthorizerCredentialArgs(
                user_token_secret_version=versions["api_token"]
            ),
            read_authorizer_credential=connect.ConnectionGitlabEnterpriseConfigReadAuthorizerCredentialArgs(
                user_token_secret_version=versions["read_token"]
            ),
            webhook_secret_secret_version=versions["webhook_secret"],
            service_directory_config=connect.ConnectionGitlabEnterpriseConfigServiceDirectoryConfigArgs(
                service=self.service_directory
            )
            if self.service_directory is not None
            else None,
            ssl_ca_certificate=self.certificate,
        )


@dataclass(frozen=True, kw_only=True)
class HostedSource:
    """A Git host of Google's, for this environment alone: Secure Source Manager."""

    public: bool = False
    """Whether the host has an address on the internet; by default it is reached through endpoints of Private Service
    Connect only, to the service attachments in the outputs. Google never changes it."""
    ca_pool: str | None = None
    """Pool of one's own certificate authority for a private host, ``projects/…/locations/…/caPools/…``; by default the
    authority is Google's."""
    consumer_projects: tuple[str, ...] = ()
    """Ids of other projects whose networks may have endpoints to a private host."""
    default_branch: str = "main"
    """The branch that changes reach only by a reviewed pull request."""
    approvals: int | None = None
    """Approvals that a pull request into that branch needs, 0 to 10; by default as the tier says."""

    repository_form: ClassVar[str] = _HOSTED_NAME
    """What the name of a repository looks like there, as a regular expression."""
    repository_example: ClassVar[str] = "churn"
    """Such a name."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the host."""
        checks.matches(f"{field}.default_branch", self.default_branch, _BRANCH, "the name of a branch", "as in main")
        if self.approvals is not None:
            checks.within(f"{field}.approvals", self.approvals, 0, 10, "approvals")
        if self.ca_pool is not None:
            form = "projects/…/locations/…/caPools/…"
            checks.matches(f"{field}.ca_pool", self.ca_pool, _CA_POOL, form, "give the pool's full name")
        for index, project in enumerate(self.consumer_projects):
            checks.project_id(f"{field}.consumer_projects[{index}]", project)
        checks.that(
            not self.public or (self.ca_pool is None and not self.consumer_projects),
            field,
            "gives a public host what a private one needs",
            given="ca_pool or consumer_projects, with public=True",
            allowed="these two with public=False",
            do="leave them out, or leave out public",
        )


Source: TypeAlias = GitHubSource | GitLabSource | HostedSource


def _check_tokens(checks: Checks, field: str, tokens: Mapping[str, SourceToken]) -> None:
    for name, token in tokens.items():
        if checks.instance(f"{field}.{name}", token, SourceToken, "a SourceToken"):
            token.check(checks, f"{field}.{name}")
