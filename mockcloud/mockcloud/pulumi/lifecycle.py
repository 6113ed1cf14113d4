"""The life of a resource, whatever its type: what every way of making one has in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, Final, Protocol

from mockcloud.pulumi.api import Api

ONE_AT_A_TIME: Final = RLock()
"""Held while a list that resources share, as a policy is, is read, changed and sent: of two at a time, one is lost."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the program set on the provider.

    Attributes:
        project: Project of a resource that names none.
        region: Region of one that names none.
        zone: Zone of one that names none.
        labels: Labels of every resource.
        attribution: Whether the provider's own label is put on what it makes.
    """

    project: str = ""
    region: str = ""
    zone: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    attribution: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """A resource as Pulumi keeps it.

    Attributes:
        id: Its id.
        outputs: What the program sees.
    """

    id: str
    outputs: dict[str, Any]


class Partial(Exception):
    """A resource was made, but not as it should be.

    Args:
        state: What there is.
        reasons: What is wrong.
    """

    def __init__(self, state: State, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.state, self.reasons = state, reasons


@dataclass(frozen=True, slots=True)
class Place:
    """Where a provider works: a cloud's APIs, and what the program set on the provider.

    Attributes:
        api: The cloud's APIs.
        settings: The provider's settings.
    """

    api: Api
    settings: Settings

    def project(self, known: Mapping[str, Any]) -> str:
        """Give the project of a resource: its own, or the provider's."""
        return str(known.get("project") or self.settings.project)


class Lifecycle(Protocol):
    """What happens to the resources of a type. Each method may raise `Refused` and `Missing`."""

    def create(self, place: Place, inputs: Mapping[str, Any]) -> State:
        """Make a resource."""

    def read(
        self, place: Place, identifier: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]
    ) -> State | None:
        """Read a resource; None where there is none any more.

        Args:
            place: Where it is.
            identifier: Its id.
            inputs: Its inputs as they were; empty for one that is imported.
            outputs: Its outputs as they were; empty for one that is imported.
        """

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:
        """Change a resource.

        Args:
            place: Where it is.
            old: As it is.
            inputs: The new inputs.
            changed: Names of the properties that differ.
        """

    def delete(self, place: Place, state: State) -> None:
        """Remove a resource. One that is not there is removed."""


class Fixed:
    """What lives without being changed: only what the provider alone keeps of it may change."""

    def update(self, place: Place, old: State, inputs: Mapping[str, Any], changed: frozenset[str]) -> State:  # noqa: ARG002 - the protocol's
        """Keep the new inputs."""
        return State(old.id, {**old.outputs, **inputs})
