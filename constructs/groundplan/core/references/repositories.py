"""References to repositories of source code."""

from __future__ import annotations

import enum
from typing import Any, Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.environment import Project
from groundplan.core.errors import ArgumentError, Problem
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import Identity, identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project


class SourceConnector(enum.StrEnum):
    """Which of Google's services knows the repository."""

    CLOUD_BUILD = "cloud_build"
    """Cloud Build's own connection (2nd generation) to another host."""
    DEVELOPER_CONNECT = "developer_connect"
    """Developer Connect's connection to another host."""
    SECURE_SOURCE_MANAGER = "secure_source_manager"
    """Google's own host."""


_BUILD_READER: Final = "roles/cloudbuild.readTokenAccessor"
_CONNECT_READER: Final = "roles/developerconnect.readTokenAccessor"
_ENTER: Final = "roles/securesourcemanager.instanceAccessor"
_READER: Final = "roles/securesourcemanager.repoReader"
_WRITER: Final = "roles/securesourcemanager.repoWriter"
_APPROVER: Final = "roles/securesourcemanager.repoPullRequestApprover"


class SourceRepositoryRef(Reference):
    """A repository that builds read: of another host, by a connection, or of Secure Source Manager."""

    connector: SourceConnector
    """Which of Google's services knows it."""
    region: str
    """Region of the connection or of the host."""
    parent_name: str
    """Short name of the connection, or of Google's host, that it belongs to."""
    repository_name: str
    """Its short name there."""
    url: pulumi.Input[str]
    """The address that it is cloned from, by HTTPS."""
    made: tuple[pulumi.Resource, ...] = ()
    """What must exist before it can be used."""

    @property
    def repository_id(self) -> pulumi.Input[str]:
        """Full name, as a trigger names it."""
        place = f"projects/{self.project.id}/locations/{self.region}"
        if self.connector is SourceConnector.SECURE_SOURCE_MANAGER:
            name = f"{place}/repositories/{self.repository_name}"
        else:
            kind = "repositories" if self.connector is SourceConnector.CLOUD_BUILD else "gitRepositoryLinks"
            name = f"{place}/connections/{self.parent_name}/{kind}/{self.repository_name}"
        # Known at preview, and whatever uses it still waits for the repository.
        return pulumi.Output.all(*(made.urn for made in self.made)).apply(lambda _: name) if self.made else name

    def grant_read(self, principal: object) -> Grant:
        """Let a principal read the code.

        On Google's own host the role holds on the repository, with the right to enter the host. Cloud Build grants on
        the connection, with all of its repositories. Developer Connect has no IAM of its own, so the grant is on the
        project, and its ``scope`` is ``project``. Sources: "IAM roles and permissions" of each, 2026-10.
        """
        identity = self._after(principal)
        if self.connector is SourceConnector.SECURE_SOURCE_MANAGER:
            return self._on_repository(_READER, identity)
        if self.connector is SourceConnector.CLOUD_BUILD:
            return self._on_connection(_BUILD_READER, identity)
        return self._on_project(_CONNECT_READER, identity)

    def grant_write(self, principal: object) -> Grant:
        """Let a principal push and open pull requests; on Google's own host only, else ``ArgumentError``."""
        return self._hosted(_WRITER, principal)

    def grant_approve(self, principal: object) -> Grant:
        """Let a principal approve pull requests, beside ``grant_write``; on Google's own host only."""
        return self._hosted(_APPROVER, principal)

    def _hosted(self, role: str, principal: object) -> Grant:
        if self.connector is not SourceConnector.SECURE_SOURCE_MANAGER:
            problem = Problem(
                "principal",
                "cannot be given this by Google: another host keeps the repository",
                str(self.connector),
                f"repositories of {SourceConnector.SECURE_SOURCE_MANAGER}",
                "give access where the repository is",
            )
            raise ArgumentError(self.site, [problem])
        return self._on_repository(role, self._after(principal))

    def _after(self, principal: object) -> Identity:
        found = identity_of(principal, self.site)
        return Identity(label=found.label, member=found.member, resources=(*found.resources, *self.made))

    def _on_repository(self, role: str, identity: Identity) -> Grant:
        enter = gcp.securesourcemanager.InstanceIamMemberArgs(
            project=self.project.id,
            location=self.region,
            instance_id=self.parent_name,
            role=_ENTER,
            member=identity.member,
        )
        host = Target(
            label=self.parent_name,
            project=self.project,
            parent=None,
            command=f"gcloud source-manager instances add-iam-policy-binding {self._where}",
            place=self.parent_name,
        )
        grant(host, _ENTER, identity, gcp.securesourcemanager.InstanceIamMember, enter)
        args = gcp.securesourcemanager.RepositoryIamMemberArgs(
            project=self.project.id,
            location=self.region,
            repository_id=self.repository_name,
            role=role,
            member=identity.member,
        )
        command = f"gcloud source-manager repos add-iam-policy-binding {self._where}"
        target = self.target(command, self.repository_name)
        return grant(target, role, identity, gcp.securesourcemanager.RepositoryIamMember, args)

    def _on_connection(self, role: str, identity: Identity) -> Grant:
        args = gcp.cloudbuildv2.ConnectionIAMMemberArgs(
            project=self.project.id, location=self.region, name=self.parent_name, role=role, member=identity.member
        )
        target = Target(
            label=self.parent_name,
            project=self.project,
            parent=None,
            command=f"gcloud builds connections add-iam-policy-binding {self._where}",
            place=self.parent_name,
        )
        return grant(target, role, identity, gcp.cloudbuildv2.ConnectionIAMMember, args)

    def _on_project(self, role: str, identity: Identity) -> Grant:
        target = Target(
            label=f"{self.project.id.replace(':', '-')}-sources",
            project=self.project,
            parent=None,
            command="gcloud projects add-iam-policy-binding --condition=None",
            place=self.project.id,
            scope="project",
        )
        args = gcp.projects.IAMMemberArgs(project=self.project.id, role=role, member=identity.member)
        return grant(target, role, identity, gcp.projects.IAMMember, args)

    @property
    def _where(self) -> str:
        return f"--project={self.project.id} --region={self.region}"

    def exported(self) -> dict[str, Any]:
        """Return the repository as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "connector": self.connector.value,
            "region": self.region,
            "parent_name": self.parent_name,
            "repository_name": self.repository_name,
            "url": self.url,
        }

    @staticmethod
    def imported(exported: Exported) -> SourceRepositoryRef:
        """Return the repository that another stack exported."""
        return ExistingSourceRepository(
            **{
                **exported,
                "project": import_project(exported["project"]),
                "connector": SourceConnector(exported["connector"]),
            }
        )


class ExistingSourceRepository(SourceRepositoryRef):
    """A repository that was there before, or that a connection construct linked."""

    def __init__(  # noqa: PLR0913 - one keyword an attribute
        self,
        *,
        label: str,
        project: Project,
        connector: SourceConnector,
        region: str,
        parent_name: str,
        repository_name: str,
        url: pulumi.Input[str],
        made: tuple[pulumi.Resource, ...] = (),
        owner: pulumi.Resource | None = None,
    ) -> None:
        """Take the attributes of ``SourceRepositoryRef``."""
        self.label = label
        self.project = project
        self.connector = connector
        self.region = region
        self.parent_name = parent_name
        self.repository_name = repository_name
        self.url = url
        self.made = made
        self._owner = owner

    @property
    def owner(self) -> pulumi.Resource | None:
        """The construct that linked it, or None where it was there before."""
        return self._owner
