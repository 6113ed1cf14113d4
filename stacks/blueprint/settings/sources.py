"""Settings of source code: where it is, and which repositories builds may read."""

from __future__ import annotations

import abc
from typing import Annotated, Literal

from pydantic import Field

import groundplan as gp
from blueprint.settings.base import Section

Source = gp.GitHubSource | gp.GitLabSource | gp.HostedSource


class CodeSettings(Section, abc.ABC):
    """What all hosts share."""

    repositories: list[str] = Field(min_length=1)
    """The repositories to link, as the host names them."""
    readers: list[str] = Field(default_factory=list)
    """Principals, or names of identities, that read the code; for repositories that Google keeps."""

    @abc.abstractmethod
    def source(self) -> Source:
        """Return the host as the construct takes it."""


class GitHubCodeSettings(CodeSettings):
    """Repositories on github.com."""

    kind: Literal["github"]
    """Repositories on github.com."""
    app_installation: int
    """Number of the installation of Google's app."""
    token_version: str
    """Secret version with the OAuth token, as projects/…/secrets/…/versions/…."""

    def source(self) -> Source:
        """Return the host as the construct takes it."""
        return gp.GitHubSource(app_installation=self.app_installation, token=gp.SourceToken(version=self.token_version))


class GitLabCodeSettings(CodeSettings):
    """Projects on gitlab.com or on a GitLab of one's own."""

    kind: Literal["gitlab"]
    """Projects on gitlab.com or on a GitLab of one's own."""
    host: str = "https://gitlab.com"
    """Address of the GitLab."""
    service_directory: str | None = None
    """Service of Service Directory through which a GitLab inside a network is reached."""
    api_token_version: str
    """Secret version with a token of scope api, as projects/…/secrets/…/versions/…."""
    read_token_version: str
    """Secret version with a token of scope read_api."""
    webhook_secret_version: str
    """Secret version with the webhook's secret."""

    def source(self) -> Source:
        """Return the host as the construct takes it."""
        return gp.GitLabSource(
            host=self.host,
            service_directory=self.service_directory,
            api_token=gp.SourceToken(version=self.api_token_version),
            read_token=gp.SourceToken(version=self.read_token_version),
            webhook_secret=gp.SourceToken(version=self.webhook_secret_version),
        )


class HostedCodeSettings(CodeSettings):
    """Repositories that Google keeps, in Secure Source Manager."""

    kind: Literal["hosted"]
    """Repositories that Google keeps, in Secure Source Manager."""

    def source(self) -> Source:
        """Return the host as the construct takes it."""
        return gp.HostedSource()


SourceSettings = Annotated[GitHubCodeSettings | GitLabCodeSettings | HostedCodeSettings, Field(discriminator="kind")]
"""One of the hosts, chosen by `kind`."""
