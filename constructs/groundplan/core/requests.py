"""What a run cannot do itself, because a project is not ours to change, for whoever may."""

from __future__ import annotations

from typing import Final

import pulumi

from groundplan.core import scope
from groundplan.core.environment import Project

LEDGER: Final = "requests"
"""Name of the run's list of requests, those for grants among them."""


def ask(project: Project, *, need: pulumi.Input[str], command: pulumi.Input[str]) -> None:
    """Ask for something that a project needs: what it is, and the command that does it or shows what is there."""
    scope.ledger(LEDGER).append(
        {"need": need, "on": f"projects/{project.id}", "project": project.id, "command": command}
    )
