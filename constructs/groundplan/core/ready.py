"""What this run itself puts into a project before anything else: enabled APIs, agents, policies, audit.

Google refuses a resource whose API is not enabled yet. So whatever prepares a project announces it here, and every
construct made later in the same run waits for it, without a line in the program.
"""

from __future__ import annotations

from collections.abc import Iterable

import pulumi

from groundplan.core import scope
from groundplan.core.environment import Project


def announce(project: Project, resources: Iterable[pulumi.Resource]) -> None:
    """Let everything that is made in the project from here on wait for the resources."""
    scope.ledger(("ready", project.id)).extend(resources)


def before(projects: Iterable[Project]) -> list[pulumi.Resource]:
    """Return what must be there before something is made in the projects; nothing where nobody prepared them here."""
    return [resource for project in projects for resource in scope.ledger(("ready", project.id))]
