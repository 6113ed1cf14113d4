"""What applies a program: makes what it registers, where a preview leaves it unknown."""

import hashlib
from collections.abc import Mapping
from typing import Any, Protocol

from mockcloud.doors.embedded.goal import Goal
from mockcloud.pulumi.lifecycle import State


class Applier(Protocol):
    """Makes, reads and asks for what a program registers. Each method may raise an EngineError."""

    def create(self, goal: Goal, inputs: Mapping[str, Any], provider: Mapping[str, Any]) -> State:
        """Make a resource, or read one that is imported.

        Args:
            goal: Its registration.
            inputs: Its inputs, secrets with what they hold.
            provider: The inputs of its provider.
        """

    def checked(self, goal: Goal) -> Mapping[str, Any] | None:
        """Give the inputs of a resource that was made, with the defaults that its provider set; None for others."""

    def read(self, goal: Goal, inputs: Mapping[str, Any], provider: Mapping[str, Any]) -> State:
        """Read a resource that exists."""

    def invoke(self, token: str, arguments: Mapping[str, Any], provider: Mapping[str, Any]) -> dict[str, Any] | None:
        """Answer a function; None for one that it does not know."""

    def export(self, outputs: Mapping[str, Any]) -> None:
        """Take what the stack exports, secrets with what they hold."""


def applied_id(urn: str) -> str:
    """Give the id of a provider: the same one in every run."""
    digest = hashlib.sha256(urn.encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}"
