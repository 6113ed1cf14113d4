"""Google's own service agents, from one table: how each comes to exist, as whom it acts, what it needs.

An agent that does not exist yet cannot be granted anything, which is what breaks many a first apply; and one that is
made on request, unlike one that Google makes by itself, is given no role. ``data/service_agents.yaml`` states both.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from groundplan.core import tables
from groundplan.core.errors import ArgumentError, LookupFailure, Problem

Origin: TypeAlias = Literal["identity", "lookup", "first_use"]
"""How an agent comes to exist: on request, by asking for its address, or when its API is enabled or first used."""

MAIN: Final = "main"
"""The agent that does a service's work."""


@dataclass(frozen=True, kw_only=True)
class ServiceAgent:
    """One of Google's service agents, as it is in every project."""

    service: str
    """The API that it acts for, such as ``aiplatform.googleapis.com``."""
    agent: str
    """Which of the service's agents it is; ``main`` for most."""
    origin: Origin
    """How it comes to exist."""
    address: str | None = None
    """Its e-mail with ``{project_number}`` to be filled in; None where Google puts an identifier in it."""
    lookup: str | None = None
    """Token of the Pulumi function that answers the address, where the origin is a look-up."""
    role: str | None = None
    """The role on the project that it works with; whoever makes the agent on request must grant it."""
    uses_keys: bool = False
    """Whether it encrypts with a customer-managed key, and so must be granted its use."""
    note: str | None = None
    """What else one must know."""

    def email(self, project_number: str) -> str:
        """Return the agent's e-mail in a project.

        ``project_number`` is the number, as text, not the id. Another value, or an agent whose address cannot be
        computed, raises ``ArgumentError``.
        """
        where = f"service agent {self.agent} of {self.service}"
        if self.address is None:
            remedy = f"ask for it with {self.lookup}"
            raise ArgumentError(
                where,
                [Problem("email", "the address cannot be computed", project_number, "a look-up", remedy)],
            )
        if not re.fullmatch("[0-9]+", project_number):
            remedy = "give the number that `gcloud projects describe` prints as projectNumber"
            raise ArgumentError(
                where,
                [Problem("project_number", "it is no project number", project_number, "digits only", remedy)],
            )
        return self.address.format(project_number=project_number)


def agent_for(service: str, agent: str = MAIN) -> ServiceAgent:
    """Return an agent of a service, by default the one that does its work.

    An unknown service or agent raises ``LookupFailure``, which names the nearest.
    """
    table = _agents()
    if service not in table:
        raise LookupFailure("service with a known agent", service, table, "add it to data/service_agents.yaml")
    if agent not in table[service]:
        raise LookupFailure(f"agent of {service}", agent, table[service], "name one of them, or leave it out")
    return table[service][agent]


def is_made_early(service: str) -> bool:
    """Whether a service has an agent that uses keys and that exists only once somebody has asked for it."""
    main = _agents().get(service, {}).get(MAIN)
    return main is not None and main.uses_keys and main.origin == "identity"


@functools.cache
def _agents() -> dict[str, dict[str, ServiceAgent]]:
    # The schema of the table, which the tests hold it to, has the fields of the class.
    return {
        service: {name: ServiceAgent(service=service, agent=name, **row) for name, row in rows.items()}
        for service, rows in tables.load("service_agents")["services"].items()
    }
