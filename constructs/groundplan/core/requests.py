"""What a run cannot do itself, because a project is not ours to change, for whoever may."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeAlias

import pulumi

from groundplan.core import scope
from groundplan.core.environment import Project

LEDGER: Final = "requests"
"""Name of the run's list of requests, those for grants among them."""
AT_END: Final = "requests-at-end"
"""Name of the run's list of what tells its requests when all else is made."""

Request: TypeAlias = Mapping[str, pulumi.Input[str]]
"""What is asked for, in whose favour, where, and the command that does it."""


def ask(project: Project, *, need: pulumi.Input[str], command: pulumi.Input[str]) -> None:
    """Ask for something that a project needs: what it is, and the command that does it or shows what is there."""
    scope.ledger(LEDGER).append(
        {"need": need, "on": f"projects/{project.id}", "project": project.id, "command": command}
    )


def ask_at_end(requests: Callable[[], Iterable[Request]]) -> None:
    """Ask for what is known only when the program has made everything: ``requests`` is called when they are read."""
    scope.ledger(AT_END).append(requests)


def requested() -> list[Request]:
    """Return what this run has asked for until now."""
    return [*scope.ledger(LEDGER), *(request for asked in scope.ledger(AT_END) for request in asked())]
