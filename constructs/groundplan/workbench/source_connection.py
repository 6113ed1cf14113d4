"""A way to source code for builds and notebooks: a connection to its host, or a host of Google's."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pulumi

from groundplan.core.component import Component
from groundplan.core.environment import Project
from groundplan.core.references.repositories import ExistingSourceRepository, SourceConnector, SourceRepositoryRef
from groundplan.core.validation import Checks
from groundplan.workbench.source_arguments import SourceConnectionArgs, slug
from groundplan.workbench.source_hosting import host_repositories
from groundplan.workbench.source_hosts import HostedSource
from groundplan.workbench.source_links import link_by_cloud_build, link_by_developer_connect

_REPOSITORY_ID = re.compile(
    r"projects/(?P<project>[a-z0-9.:-]+)/locations/(?P<region>[a-z0-9-]+)/"
    r"(?:connections/(?P<connection>[A-Za-z0-9._-]+)/(?P<kind>repositories|gitRepositoryLinks)|repositories)/"
    r"(?P<name>[A-Za-z0-9._-]+)"
)
_KINDS = {"repositories": SourceConnector.CLOUD_BUILD, "gitRepositoryLinks": SourceConnector.DEVELOPER_CONNECT}


class SourceConnection(Component):
    """A connection with its repositories, in the environment's build project.

    Children: ``connection`` and ``repository-…`` for GitHub and GitLab, with secrets for tokens that are given by
    value; ``host``, ``repository-…`` and ``branch-…`` for a host of Google's. The agent that reads a token is let read
    that one secret first. ``repositories`` are the references that builds take, by the names that were given.
    """

    kind = "groundplan:workbench:SourceConnection"
    objectives = ("2.2.d", "5.2.b")

    def __init__(self, name: str, args: SourceConnectionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the connection; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.env.projects.build
        self.repositories: Mapping[str, SourceRepositoryRef]
        outputs: dict[str, object] = {}
        if isinstance(args.source, HostedSource):
            self.repositories, outputs = host_repositories(self, args, args.source)
        elif args.connector is SourceConnector.CLOUD_BUILD:
            self.repositories = link_by_cloud_build(self, args, args.source)
        else:
            self.repositories = link_by_developer_connect(self, args, args.source)
        self.finish(
            {
                "repositories": {path: repository.repository_id for path, repository in self.repositories.items()},
                "urls": {path: repository.url for path, repository in self.repositories.items()},
                **outputs,
            }
        )

    @staticmethod
    def from_existing(
        repository_id: str, *, url: str, project: Project, host: str | None = None, label: str | None = None
    ) -> SourceRepositoryRef:
        """Return a repository that was there before, in a connection or in Secure Source Manager.

        ``repository_id`` is its full name: ``projects/…/locations/…/connections/…/repositories/…`` of Cloud Build,
        ``…/connections/…/gitRepositoryLinks/…`` of Developer Connect, or ``projects/…/locations/…/repositories/…`` of
        Secure Source Manager, which needs ``host``, the short name of its instance. ``project`` is the repository's,
        and its ``managed`` says whether grants on it are ours to make; ``label`` begins the names of grants.
        """
        parts = _REPOSITORY_ID.fullmatch(str(repository_id))
        found = parts.groupdict() if parts else {}
        checks = Checks("SourceConnection.from_existing")
        home = f"projects/{project.id}/locations/…"
        checks.that(
            found.get("project") == project.id,
            "repository_id",
            "is no repository of the project",
            given=repository_id,
            allowed=f"{home}/connections/…/repositories/…, {home}/connections/…/gitRepositoryLinks/… or "
            f"{home}/repositories/…",
            do="give the full name, with the project's id",
        )
        checks.that(
            not found or (host is None) == (found["connection"] is not None),
            "host",
            "does not go with the repository",
            given=host,
            allowed="the instance's short name for Secure Source Manager, nothing for a connection",
            do="give it for a repository of Secure Source Manager only",
        )
        checks.matches("url", url, r"https://\S+", "the https address that it is cloned from", "give that address")
        checks.finish()
        return ExistingSourceRepository(
            label=label or slug(found["name"]),
            project=project,
            connector=_KINDS.get(found["kind"], SourceConnector.SECURE_SOURCE_MANAGER),
            region=found["region"],
            parent_name=found["connection"] or str(host),
            repository_name=found["name"],
            url=url,
        )
