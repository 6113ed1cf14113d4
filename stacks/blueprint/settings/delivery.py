"""Settings of delivery: repositories of images and packages, and the pool that builds run in."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

import groundplan as gp
from blueprint.settings.base import Section
from blueprint.settings.data import DataClassName


class RepositorySettings(Section):
    """A repository of images or packages."""

    format: Literal["docker", "python", "kfp"] = "docker"
    """What it holds."""
    remote: bool = False
    """Whether it passes on what the public index of its format has, and keeps it."""
    purpose: str = "Images that the platform builds"
    """What it is for."""
    readers: list[str] = Field(default_factory=list)
    """Principals, or names of identities, that pull."""
    writers: list[str] = Field(default_factory=list)
    """Principals, or names of identities, that push."""


class BuildPoolSettings(Section):
    """Workers for builds, without a public address, in the network."""

    machine_type: str = "e2-standard-4"
    """Compute Engine machine type of a worker."""
    users: list[str] = Field(default_factory=list)
    """Principals, or names of identities, whose builds run there."""


class ReviewSettings(Section):
    """What somebody says of the branch's protection, where the host keeps it and nothing here can see it."""

    approvals: int
    """Approvals that a merge needs."""
    declared_by: str
    """Who says so, such as group:ml-platform@acme.test."""


class InfrastructureSettings(Section):
    """The stack that delivery plans on a pull request and applies after an approval."""

    stack: str
    """Name of the stack."""
    state: str
    """Name of the bucket that keeps Pulumi's state."""
    secrets_key: DataClassName | None = None
    """Class of data whose key encrypts the stack's secrets, such as confidential; whoever applies may use that key."""


class CommandsSettings(Section):
    """The repository's own commands, each a line that builds run in a shell."""

    test: str = gp.Commands.test
    """Tests a pull request."""
    compile_pipeline: str = gp.Commands.compile_pipeline
    """Compiles the training pipeline into `pipeline_file`."""
    pipeline_file: str = gp.Commands.pipeline_file
    """Where the compiled pipeline is, in the repository's directory."""
    deploy: str = gp.Commands.deploy
    """Deploys; it finds the contract of the endpoint, as JSON, in the variable DEPLOY_CONTRACT."""


class DeliverySettings(Section):
    """From a pull request to what runs: tests, images, pipelines, deployments, infrastructure."""

    commands: CommandsSettings = Field(default_factory=CommandsSettings)
    """The commands of the repository that builds run."""
    code: str
    """Name of the connection to the source code."""
    repository: str
    """The repository, as the connection names it."""
    builders: dict[str, str]
    """Images that steps run in, by digest: docker, gcloud, python and pulumi."""
    images: str
    """Name of the repository of images."""
    image_directories: dict[str, str]
    """Directories with a Dockerfile, by name of the image."""
    templates: str
    """Name of the repository of compiled pipelines."""
    packages: str | None = None
    """Name of the repository that steps install packages from, where there is no other way out."""
    builder_repositories: list[str] = Field(default_factory=list)
    """Names of repositories that builds pull from: the images of the steps, and what Dockerfiles begin with."""
    approvers: list[str] = Field(default_factory=list)
    """People or groups who approve deployments, and who build nothing."""
    review: ReviewSettings | None = None
    """What somebody says of the branch's protection."""
    endpoint: str | None = None
    """Name of the endpoint whose contract deployments obey."""
    infrastructure: InfrastructureSettings | None = None
    """The stack that is planned and applied."""
