"""Repositories of GitHub and GitLab, linked by Cloud Build or by Developer Connect."""

from __future__ import annotations

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.component import Component
from groundplan.core.encryption import key_in
from groundplan.core.references import KeyRef
from groundplan.core.references.repositories import ExistingSourceRepository, SourceConnector, SourceRepositoryRef
from groundplan.workbench.source_arguments import SourceConnectionArgs, slug
from groundplan.workbench.source_hosts import GitHubSource, GitLabSource, Versions

_BUILD = "cloudbuild.googleapis.com"
_CONNECT = "developerconnect.googleapis.com"


def link_by_cloud_build(
    owner: Component, args: SourceConnectionArgs, source: GitHubSource | GitLabSource
) -> dict[str, SourceRepositoryRef]:
    """Make a connection of Cloud Build (2nd generation) with its repositories.

    Source: "Connect to a GitHub host", "Connect to a GitLab host", Cloud Build documentation, 2026-10.
    """
    versions, first = _tokens(owner, args, source, _BUILD)
    name, region = owner.cloud_name("connection"), args.env.region
    made = owner.make(
        "connection",
        gcp.cloudbuildv2.Connection,
        gcp.cloudbuildv2.ConnectionArgs(
            project=owner.project.id,
            location=region,
            name=name,
            github_config=source.by_cloud_build(versions) if isinstance(source, GitHubSource) else None,
            gitlab_config=source.by_cloud_build(versions) if isinstance(source, GitLabSource) else None,
        ),
        depends_on=first,
    )
    found: dict[str, SourceRepositoryRef] = {}
    for path in args.repositories:
        short = owner.cloud_name("connection_repository", slug(path))
        link = owner.make(
            f"repository-{slug(path)}",
            gcp.cloudbuildv2.Repository,
            gcp.cloudbuildv2.RepositoryArgs(
                project=owner.project.id,
                location=region,
                name=short,
                parent_connection=made.name,
                remote_uri=source.url(path),
            ),
        )
        found[path] = reference(owner, SourceConnector.CLOUD_BUILD, path, name, short, source.url(path), link)
    return found


def link_by_developer_connect(
    owner: Component, args: SourceConnectionArgs, source: GitHubSource | GitLabSource
) -> dict[str, SourceRepositoryRef]:
    """Make a connection of Developer Connect with its repositories.

    Source: "Connect to GitHub", "Connect to GitLab", Developer Connect documentation, 2026-10.
    """
    versions, first = _tokens(owner, args, source, _CONNECT)
    name, region = owner.cloud_name("developer_connection"), args.env.region
    made = owner.make(
        "connection",
        gcp.developerconnect.Connection,
        _connection(owner, args, source, versions, name),
        depends_on=[*first, *agent_with_key(owner, args.chosen_key, _CONNECT)],
    )
    found: dict[str, SourceRepositoryRef] = {}
    for path in args.repositories:
        short = owner.cloud_name("repository_link", slug(path))
        link = owner.make(
            f"repository-{slug(path)}",
            gcp.developerconnect.GitRepositoryLink,
            gcp.developerconnect.GitRepositoryLinkArgs(
                project=owner.project.id,
                location=region,
                git_repository_link_id=short,
                parent_connection=made.connection_id,
                clone_uri=source.url(path),
                labels=owner.labels(classification=args.data_class.value),
            ),
        )
        found[path] = reference(owner, SourceConnector.DEVELOPER_CONNECT, path, name, short, source.url(path), link)
    return found


def _connection(
    owner: Component,
    args: SourceConnectionArgs,
    source: GitHubSource | GitLabSource,
    versions: Versions,
    name: str,
) -> gcp.developerconnect.ConnectionArgs:
    key, region = args.chosen_key, args.env.region
    config = None
    if key is not None:
        config = gcp.developerconnect.ConnectionCryptoKeyConfigArgs(key_reference=key_in(key, region, owner.where))
    made = gcp.developerconnect.ConnectionArgs(
        project=owner.project.id,
        location=region,
        connection_id=name,
        crypto_key_config=config,
        labels=owner.labels(classification=args.data_class.value),
    )
    if isinstance(source, GitHubSource):
        made.github_config = source.by_developer_connect(versions)
    elif source.is_public:
        made.gitlab_config = source.by_developer_connect(versions)
    else:
        made.gitlab_enterprise_config = source.by_developer_connect_to_own(versions)
    return made


def _tokens(
    owner: Component, args: SourceConnectionArgs, source: GitHubSource | GitLabSource, service: str
) -> tuple[Versions, list[pulumi.Resource]]:
    """Return the versions that hold the source's tokens, readable for the service's agent."""
    reader = service_agent(owner.project, service)
    versions: dict[str, pulumi.Input[str]] = {}
    first: list[pulumi.Resource] = []
    for field, token in source.tokens.items():
        versions[field], needed = token.place(owner, field.replace("_", "-"), args.chosen_key, reader)
        first += needed
    return versions, first


def agent_with_key(owner: Component, key: KeyRef | None, service: str) -> list[pulumi.Resource]:
    """Return a service's agent with its role and the key, without which Google refuses what is made."""
    granted = key.grant_agent(owner.project, service).resources if key is not None else ()
    return [*service_agent(owner.project, service).resources, *granted]


def reference(
    owner: Component,
    connector: SourceConnector,
    path: str,
    parent: str,
    short: str,
    url: pulumi.Input[str],
    *made: pulumi.Resource,
) -> SourceRepositoryRef:
    """Return a repository as its users take it."""
    return ExistingSourceRepository(
        label=f"{owner.label}-{slug(path)}",
        project=owner.project,
        connector=connector,
        region=owner.env.region,
        parent_name=parent,
        repository_name=short,
        url=url,
        made=made,
        owner=owner,
    )
