"""What a run makes and looks up, by type and project, for whoever says at its end what that takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from groundplan.core import scope
from groundplan.core.environment import Project

_LEDGER: Final = "footprint"


@dataclass(frozen=True, kw_only=True)
class Made:
    """One resource of the cloud that the run makes, or one look-up."""

    kind: str
    """Its Pulumi type, or the token of the look-up."""
    project: Project
    """The project whose provider does it."""
    args: object
    """What it is made with."""


def note(kind: str, project: Project, args: object) -> None:
    """Write down that this run makes, or looks up, something in a project."""
    scope.ledger(_LEDGER).append(Made(kind=kind, project=project, args=args))


def of_run() -> list[Made]:
    """Return what this run has made and looked up until now."""
    return list(scope.ledger(_LEDGER))
