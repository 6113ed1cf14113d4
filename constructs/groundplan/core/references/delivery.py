"""References to what delivery uses: build pools, triggers, repositories of images."""

from __future__ import annotations

import dataclasses
import enum
from typing import Any, Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.agents import service_agent
from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import Identity, identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project, joined

RUN_BUILDS: Final = "roles/cloudbuild.builds.editor"
"""What running builds takes, on a whole project."""
_POOL_USER: Final = "roles/cloudbuild.workerPoolUser"
_READER: Final = "roles/artifactregistry.reader"
_JOBS: Final = "aiplatform.googleapis.com"
_PROJECT_COMMAND: Final = "gcloud projects add-iam-policy-binding"


class RepositoryFormat(enum.StrEnum):
    """What a repository of Artifact Registry holds."""

    DOCKER = "DOCKER"
    PYTHON = "PYTHON"
    KFP = "KFP"


class BuildPoolRef(Reference):
    """A private pool of Cloud Build workers."""

    pool_id: pulumi.Input[str]
    """``projects/…/locations/…/workerPools/…``."""
    location: str
    """Region of the pool; the triggers that use it are there too."""

    def grant_use(self, principal: object) -> Grant:
        """Let a principal run builds in the pools of the project: Google has no IAM on one pool."""
        identity = identity_of(principal, self.site)
        args = gcp.projects.IAMMemberArgs(project=self.project.id, role=_POOL_USER, member=identity.member)
        return grant(on_project(self), _POOL_USER, identity, gcp.projects.IAMMember, args)

    def exported(self) -> dict[str, Any]:
        """Return the pool as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "pool_id": self.pool_id,
            "location": self.location,
        }

    @staticmethod
    def imported(exported: Exported) -> BuildPoolRef:
        """Return the pool that another stack exported."""
        return ExistingBuildPool(**{**exported, "project": import_project(exported["project"])})


class ExistingBuildPool(BuildPoolRef):
    """A build pool that was there before."""

    def __init__(self, *, label: str, project: Project, pool_id: pulumi.Input[str], location: str) -> None:
        """Take the attributes of ``BuildPoolRef``."""
        self.label = label
        self.project = project
        self.pool_id = pool_id
        self.location = location


class ImageRepositoryRef(Reference):
    """A repository of Artifact Registry: images, packages or pipeline templates."""

    repository_id: pulumi.Input[str]
    """The repository's id inside its project and location."""
    location: str
    """The repository's location, such as ``europe-west4``."""
    format: RepositoryFormat
    """What it holds."""
    remote: bool
    """Whether it passes on what a repository outside holds; such a one must rank below one's own."""

    @property
    def url(self) -> pulumi.Input[str]:
        """Where images, packages or templates are, as tools name it."""
        if self.format is RepositoryFormat.KFP:
            return joined(f"https://{self.location}-kfp.pkg.dev/{self.project.id}/", self.repository_id)
        if self.format is RepositoryFormat.PYTHON:
            return joined(f"https://{self.location}-python.pkg.dev/{self.project.id}/", self.repository_id)
        return joined(f"{self.location}-docker.pkg.dev/{self.project.id}/", self.repository_id)

    @property
    def full_name(self) -> pulumi.Input[str]:
        """``projects/…/locations/…/repositories/…``."""
        return joined(f"projects/{self.project.id}/locations/{self.location}/repositories/", self.repository_id)

    def grant_read(self, principal: object) -> Grant:
        """Let a principal pull from this repository."""
        return self._grant(_READER, principal)

    def grant_write(self, principal: object) -> Grant:
        """Let a principal pull from this repository and push to it; for builders only."""
        return self._grant("roles/artifactregistry.writer", principal)

    def grant_read_to_jobs(self, project: Project) -> tuple[Grant, ...]:
        """Let training jobs, pipelines and deployed models of a project be started from images of this repository.

        Google pulls their images as agents of its own in that project, whatever account they run as. One of them comes
        to exist with the first job only, and can be granted nothing before. In the repository's own project its role
        covers this one; in another project its grant becomes an entry of ``requests``, for after the first job.
        Source: "Use a custom service account", Vertex AI documentation, 2026-11.
        """
        made = [self.grant_read(service_agent(project, _JOBS))]
        if project.id != self.project.id:
            late = service_agent(project, _JOBS, "custom_code")
            made.append(self._grant(_READER, late, asked=True))
        return tuple(made)

    def _grant(self, role: str, principal: object, *, asked: bool = False) -> Grant:
        identity = identity_of(principal, self.site)
        args = gcp.artifactregistry.RepositoryIamMemberArgs(
            project=self.project.id,
            location=self.location,
            repository=self.repository_id,
            role=role,
            member=identity.member,
        )
        command = (
            "gcloud artifacts repositories add-iam-policy-binding"
            f" --project={self.project.id} --location={self.location}"
        )
        target = self.target(command, self.repository_id)
        if asked:
            target = dataclasses.replace(target, project=dataclasses.replace(self.project, managed=False))
        return grant(target, role, identity, gcp.artifactregistry.RepositoryIamMember, args)

    def exported(self) -> dict[str, Any]:
        """Return the repository as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "repository_id": self.repository_id,
            "location": self.location,
            "format": self.format.value,
            "remote": self.remote,
        }

    @staticmethod
    def imported(exported: Exported) -> ImageRepositoryRef:
        """Return the repository that another stack exported."""
        return ExistingImageRepository(
            **{
                **exported,
                "project": import_project(exported["project"]),
                "format": RepositoryFormat(exported["format"]),
            }
        )


class ExistingImageRepository(ImageRepositoryRef):
    """A repository that was there before."""

    def __init__(
        self,
        *,
        label: str,
        project: Project,
        repository_id: pulumi.Input[str],
        location: str,
        format: RepositoryFormat = RepositoryFormat.DOCKER,  # noqa: A002 - Google's word for it
        remote: bool = False,
    ) -> None:
        """Take the attributes of ``ImageRepositoryRef``."""
        self.label = label
        self.project = project
        self.repository_id = repository_id
        self.location = location
        self.format = format
        self.remote = remote


class BuildTriggerRef(Reference):
    """A trigger of Cloud Build."""

    trigger_id: pulumi.Input[str]
    """``projects/…/locations/…/triggers/…``."""
    location: str
    """Region of the trigger."""

    def grant_run(self, principal: object) -> Grant:
        """Let a principal run triggers of the project by hand: Google has no IAM on one trigger.

        Whoever runs one also needs to act as its account (``account.grant_act_as``), which is what keeps others out.
        """
        return self._grant(RUN_BUILDS, identity_of(principal, self.site))

    def grant_approve(self, principal: object) -> Grant:
        """Let a principal approve builds of the project that wait for approval: Google has no IAM on one trigger."""
        return self._grant("roles/cloudbuild.builds.approver", identity_of(principal, self.site))

    def _grant(self, role: str, identity: Identity) -> Grant:
        return grant_builds(self.project, role, identity)

    def exported(self) -> dict[str, Any]:
        """Return the trigger as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "trigger_id": self.trigger_id,
            "location": self.location,
        }

    @staticmethod
    def imported(exported: Exported) -> BuildTriggerRef:
        """Return the trigger that another stack exported."""
        return ExistingBuildTrigger(**{**exported, "project": import_project(exported["project"])})


class ExistingBuildTrigger(BuildTriggerRef):
    """A trigger that was there before."""

    def __init__(self, *, label: str, project: Project, trigger_id: pulumi.Input[str], location: str) -> None:
        """Take the attributes of ``BuildTriggerRef``."""
        self.label = label
        self.project = project
        self.trigger_id = trigger_id
        self.location = location


def on_project(reference: Reference) -> Target:
    """Return the project of a thing as what a grant is made on, where Google has no IAM on the thing itself."""
    return Target(
        label=reference.label,
        project=reference.project,
        parent=reference.owner,
        command=_PROJECT_COMMAND,
        place=reference.project.id,
        scope="project",
    )


def grant_builds(project: Project, role: str, identity: Identity) -> Grant:
    """Give a role on the builds of a project; asked for by two triggers it is made once, since it holds for both."""
    target = Target(
        label=f"builds-{project.id.replace(':', '-')}",
        project=project,
        parent=None,
        command=_PROJECT_COMMAND,
        place=project.id,
        scope="project",
    )
    args = gcp.projects.IAMMemberArgs(project=project.id, role=role, member=identity.member)
    return grant(target, role, identity, gcp.projects.IAMMember, args)
