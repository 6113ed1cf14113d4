"""Settings of builders outside Google Cloud that act as an identity without a key."""

from __future__ import annotations

import abc
from typing import Annotated, Literal

from pydantic import Field

import groundplan as gp
from blueprint.settings.base import Section


class FederatedSettings(Section, abc.ABC):
    """What all issuers share."""

    acts_as: str
    """Name of the identity of these settings that the workloads act as."""

    @abc.abstractmethod
    def issuer(self) -> gp.Issuer:
        """Return the issuer as the construct takes it."""


class GitHubSettings(FederatedSettings):
    """Workflows of GitHub Actions."""

    kind: Literal["github"]
    """Workflows of GitHub Actions."""
    owner: str
    """The organisation or user that owns the repositories."""
    owner_id: str | None = None
    """The owner's number, which nobody else gets when the owner's name is given up."""
    repositories: list[str] = Field(min_length=1)
    """Repositories, by name without the owner."""
    branches: list[str] = Field(default_factory=list)
    """Branches whose workflows may act."""
    environments: list[str] = Field(default_factory=list)
    """Deployment environments whose jobs may act."""

    def issuer(self) -> gp.Issuer:
        """Return the issuer as the construct takes it."""
        return gp.GitHub(
            owner=self.owner,
            owner_id=self.owner_id,
            repositories=tuple(self.repositories),
            branches=tuple(self.branches),
            environments=tuple(self.environments),
        )


class GitLabSettings(FederatedSettings):
    """Jobs of GitLab CI/CD."""

    kind: Literal["gitlab"]
    """Jobs of GitLab CI/CD."""
    group: str
    """The group that holds the projects."""
    projects: list[str] = Field(min_length=1)
    """Projects, by path without the group."""
    branches: list[str] = Field(default_factory=list)
    """Branches whose jobs may act."""
    host: str = "gitlab.com"
    """Host of the GitLab instance."""

    def issuer(self) -> gp.Issuer:
        """Return the issuer as the construct takes it."""
        return gp.GitLab(group=self.group, projects=tuple(self.projects), branches=tuple(self.branches), host=self.host)


class JenkinsSettings(FederatedSettings):
    """Jobs of Jenkins with its OpenID Connect provider."""

    kind: Literal["jenkins"]
    """Jobs of Jenkins with its OpenID Connect provider."""
    url: str
    """Address of the controller, https://…."""
    jobs: list[str] = Field(min_length=1)
    """Jobs, by full name."""

    def issuer(self) -> gp.Issuer:
        """Return the issuer as the construct takes it."""
        return gp.Jenkins(url=self.url, jobs=tuple(self.jobs))


class OidcSettings(FederatedSettings):
    """Workloads of any other issuer of OpenID Connect tokens."""

    kind: Literal["oidc"]
    """Workloads of any other issuer of OpenID Connect tokens."""
    url: str
    """Address of the issuer, https://…."""
    subjects: list[str] = Field(min_length=1)
    """Subjects of the tokens that may act, each in full."""
    audiences: list[str] = Field(default_factory=list)
    """Audiences of the tokens; by default the provider itself."""

    def issuer(self) -> gp.Issuer:
        """Return the issuer as the construct takes it."""
        return gp.Oidc(issuer=self.url, subjects=tuple(self.subjects), audiences=tuple(self.audiences))


class AwsSettings(FederatedSettings):
    """Workloads on Amazon Web Services."""

    kind: Literal["aws"]
    """Workloads on Amazon Web Services."""
    account_id: str
    """The AWS account, twelve digits."""
    roles: list[str] = Field(min_length=1)
    """Roles that the workloads assume, by name."""

    def issuer(self) -> gp.Issuer:
        """Return the issuer as the construct takes it."""
        return gp.Aws(account_id=self.account_id, roles=tuple(self.roles))


class AzureSettings(FederatedSettings):
    """Workloads on Microsoft Azure."""

    kind: Literal["azure"]
    """Workloads on Microsoft Azure."""
    tenant_id: str
    """The Entra tenant's id."""
    audience: str
    """Application id URI that the tokens are for."""
    identities: list[str] = Field(min_length=1)
    """Object ids of the managed identities that may act."""

    def issuer(self) -> gp.Issuer:
        """Return the issuer as the construct takes it."""
        return gp.Azure(tenant_id=self.tenant_id, audience=self.audience, identities=tuple(self.identities))


FederationSettings = Annotated[
    GitHubSettings | GitLabSettings | JenkinsSettings | OidcSettings | AwsSettings | AzureSettings,
    Field(discriminator="kind"),
]
"""One of the issuers, chosen by `kind`."""
