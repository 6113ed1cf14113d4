"""What a notebook's machine starts from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

import pulumi_gcp as gcp

from groundplan.core.environment import Environment, Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.references import AccountRef
from groundplan.core.validation import Checks

_FAMILY = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
_REGISTRY = "-docker.pkg.dev"
_REPOSITORY = (
    rf"[a-z]+(?:-[a-z]+[0-9]+)?{re.escape(_REGISTRY)}"
    r"/[a-z][a-z0-9-]{4,28}[a-z0-9]/[a-z](?:[a-z0-9-]*[a-z0-9])?(?:/[a-z0-9._-]+)+"
)
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_PULL_ROLE = "roles/artifactregistry.reader"


@dataclass(frozen=True, kw_only=True)
class StockImage:
    """A family of virtual-machine images; the newest of it is used.

    The default is Google's own, which the Workbench documentation names ("Create an instance", 2026-10).
    """

    project: str = "cloud-notebooks-managed"
    """Project that holds the images."""
    family: str = "workbench-instances"
    """Family of images."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the image."""
        checks.project_id(f"{field}.project", self.project)
        checks.matches(f"{field}.family", self.family, _FAMILY, "the name of an image family", "name the family")


@dataclass(frozen=True, kw_only=True)
class ContainerImage:
    """A container that runs on a stock machine, from Artifact Registry: a notebook reaches no other registry."""

    repository: str
    """The image's path without tag, such as ``europe-west4-docker.pkg.dev/acme-ml/images/notebook``."""
    tag: str
    """The image's tag, best one that the registry never lets anybody move; ``latest`` is refused, since nobody could
    say what ran. Workbench takes no digest."""

    def check(self, checks: Checks, field: str) -> None:
        """Record what is wrong with the image."""
        checks.matches(
            f"{field}.repository",
            self.repository,
            _REPOSITORY,
            "<location>-docker.pkg.dev/<project>/<repository>/<image> in Artifact Registry, without tag or digest",
            "mirror the image into a repository of your own, and name it there",
        )
        if checks.matches(f"{field}.tag", self.tag, _TAG, "a tag", "name the tag that was built and tested"):
            checks.that(
                self.tag != "latest",
                f"{field}.tag",
                "moves with every build, so that nobody could say what ran",
                given=self.tag,
                allowed="a tag that stays, such as a version",
                do="name the version",
            )

    def grant_pull(self, account: AccountRef, env: Environment) -> Grant:
        """Let the notebook's account pull images from the image's repository, and no other.

        In a project that is none of the environment's it becomes an entry of ``requests``.
        """
        host, project_id, name = self.repository.split("/")[:3]
        location = host.removesuffix(_REGISTRY)
        ours = {project.id: project for project in env.projects.distinct()}
        args = gcp.artifactregistry.RepositoryIamMemberArgs(
            project=project_id, location=location, repository=name, role=_PULL_ROLE, member=account.member
        )
        target = Target(
            label=f"{project_id}-{name}",
            project=ours.get(project_id) or Project(id=project_id, managed=False),
            parent=None,
            command="gcloud artifacts repositories add-iam-policy-binding",
            place=f"projects/{project_id}/locations/{location}/repositories/{name}",
        )
        return grant(target, _PULL_ROLE, account.identity, gcp.artifactregistry.RepositoryIamMember, args)


Image: TypeAlias = StockImage | ContainerImage


def check_image(checks: Checks, field: str, image: object) -> None:
    """Record what is wrong with an image of either kind."""
    if checks.instance(field, image, (StockImage, ContainerImage), "a StockImage or a ContainerImage") and isinstance(
        image, StockImage | ContainerImage
    ):
        image.check(checks, field)


def vm_image(image: Image) -> gcp.workbench.InstanceGceSetupVmImageArgs | None:
    """Return the machine image that Workbench is asked for, if it is one."""
    if isinstance(image, ContainerImage):
        return None
    return gcp.workbench.InstanceGceSetupVmImageArgs(project=image.project, family=image.family)


def container_image(image: Image) -> gcp.workbench.InstanceGceSetupContainerImageArgs | None:
    """Return the container image that Workbench is asked for, if it is one."""
    if isinstance(image, StockImage):
        return None
    return gcp.workbench.InstanceGceSetupContainerImageArgs(repository=image.repository, tag=image.tag)
