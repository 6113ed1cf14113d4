"""Settings of delivery: repositories of images and packages, and the pool that builds run in."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from blueprint.settings.base import Section


class RepositorySettings(Section):
    """A repository of images or packages."""

    format: Literal["docker", "python"] = "docker"
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
