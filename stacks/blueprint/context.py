"""What the stages of a stack share: settings, environment, and what earlier stages made or exported."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import groundplan as gp
from blueprint.settings import Settings, Stage
from groundplan.core.errors import LookupFailure
from groundplan.core.references import Reference

R = TypeVar("R", bound=Reference | gp.KeyRingRef)


class Context:
    """The state of one run of the blueprint."""

    def __init__(self, settings: Settings, env: gp.Environment, earlier: list[gp.Exports]) -> None:
        """Take the settings, the environment, and the exports of the stacks that ran earlier stages."""
        self.settings = settings
        self.env = env
        self._earlier = earlier
        self._made: dict[str, Reference | gp.KeyRingRef] = {}

    def keep(self, name: str, reference: R) -> R:
        """Remember what a stage made, for later stages and for the exports."""
        self._made[name] = reference
        return reference

    def made(self) -> dict[str, Reference | gp.KeyRingRef]:
        """Return what this run made, by name."""
        return dict(self._made)

    def has(self, name: str) -> bool:
        """Whether an earlier stage made something of that name, in this run or in a stack that this one reads."""
        return name in self._made or any(exports.has(name) for exports in self._earlier)

    def find(self, name: str, kind: type[R], read: Callable[[gp.Exports, str], R], stage: Stage) -> R:
        """Return what an earlier stage made under a name, in this run or in a stack that this one reads."""
        found = self._made.get(name)
        if isinstance(found, kind):
            return found
        for exports in self._earlier:
            if exports.has(name):
                return read(exports, name)
        raise LookupFailure(
            f"{kind.__name__} of stage {stage.value}",
            name,
            self._made,
            f"run stage {stage.value} in this stack, or name the stack that ran it under `reads`",
        )
