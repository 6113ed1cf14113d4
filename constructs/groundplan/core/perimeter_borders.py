"""What is inside a service perimeter, and what may not be, in one run, whichever of the two is made first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from groundplan.core import scope
from groundplan.core.environment import Project
from groundplan.core.validation import Checks

_INSIDE: Final = "inside-perimeter"
_OUTSIDE: Final = "outside-perimeter"


def enclose(where: str, projects: Iterable[Project]) -> None:
    """Record that a perimeter has projects inside; what a project has that may not be there is an ``ArgumentError``."""
    checks = Checks(where)
    for project in projects:
        scope.ledger((_INSIDE, project.id)).append(where)
        for other, what, remedy in scope.ledger((_OUTSIDE, project.id)):
            _refuse(checks, f"project {project.id} has {other}, {what}", remedy)
    checks.finish()


def keep_outside(where: str, project: Project, what: str, remedy: str) -> None:
    """Record that a thing in a project may not be inside a perimeter; ``ArgumentError`` where the project is."""
    scope.ledger((_OUTSIDE, project.id)).append((where, what, remedy))
    checks = Checks(where)
    for perimeter in scope.ledger((_INSIDE, project.id)):
        _refuse(checks, f"{what}, in project {project.id} inside {perimeter}", remedy)
    checks.finish()


def _refuse(checks: Checks, given: str, remedy: str) -> None:
    checks.that(
        holds=False,
        field="project",
        fault="is inside a service perimeter, where Google does not support what it has",
        given=given,
        allowed="one of the two",
        do=remedy,
    )
