"""Settings of notebooks."""

from __future__ import annotations

from pydantic import Field, field_validator

from blueprint.settings.base import Section, verify
from blueprint.settings.data import DataClassName

FLEET = "notebooks"
"""Name of the fleet, with which those of its notebooks begin."""


def check_person(value: str) -> str:
    """Return an owner who is one person."""
    person = r"user:[^@\s:]+@[^@\s:]+"
    verify(
        lambda checks: checks.matches("owner", value, person, "one person, as user:alice@acme.test", "name a person")
    )
    return value


class MemberSettings(Section):
    """A person's notebook in a fleet."""

    owner: str
    """The one person who may open it, as user:alice@acme.test."""
    leaving: bool = False
    """Whether the person has left: access ends and the machine stops, the disks stay until the row is taken out."""
    machine_type: str | None = None
    """Compute Engine machine type, where it differs from the fleet's."""
    accelerator: str | None = None
    """GPU type, where it differs from the fleet's."""

    @field_validator("owner")
    @classmethod
    def _person(cls, value: str) -> str:
        return check_person(value)


class NotebookSettings(Section):
    """A notebook for one person."""

    owner: str
    """The one person who may open it, as user:alice@acme.test."""
    data_class: DataClassName = "confidential"
    """How sensitive the data on its disks is."""
    reads: list[str] = Field(default_factory=list)
    """Names of warehouses and buckets whose data the notebook's account may read; personal columns read masked."""
    pulls: list[str] = Field(default_factory=list)
    """Names of repositories that the notebook's account pulls packages or images from."""
    zone: str | None = None
    """Zone of the machine; by default the first of the environment's."""
    machine_type: str | None = None
    """Compute Engine machine type; by default 4 vCPUs with 16 GB."""
    accelerator: str | None = None
    """GPU type, such as NVIDIA_TESLA_T4."""
    accelerator_count: int = 1
    """GPUs, where there is an accelerator."""
    data_disk_gb: int = 100
    """Size of the data disk in GB."""

    @field_validator("owner")
    @classmethod
    def _person(cls, value: str) -> str:
        return check_person(value)


class FleetSettings(Section):
    """Notebooks of a team, one a member."""

    data_class: DataClassName = "confidential"
    """How sensitive the data on the disks is."""
    reads: list[str] = Field(default_factory=list)
    """Names of warehouses and buckets whose data the notebooks' accounts may read; personal columns read masked."""
    pulls: list[str] = Field(default_factory=list)
    """Names of repositories that the notebooks' accounts pull packages or images from."""
    members: dict[str, MemberSettings] = Field(min_length=1)
    """The people, by the name of their notebook."""


class ColabSettings(Section):
    """A template for runtimes of Colab Enterprise."""

    users: list[str] = Field(min_length=1)
    """Principals who may make runtimes from it."""
    end_user_credentials: bool
    """Whether code acts as the person who runs it, with all that this person may do, or as an agent that all share."""
    data_class: DataClassName = "confidential"
    """How sensitive the data in the runtimes is."""
    machine_type: str = "e2-standard-4"
    """Compute Engine machine type of the runtimes."""
    accelerator: str | None = None
    """GPU type, such as NVIDIA_L4."""
