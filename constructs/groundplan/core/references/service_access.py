"""References to private services access."""

from __future__ import annotations

from typing import Any

import pulumi

from groundplan.core.environment import Project
from groundplan.core.references.base import Exported, Reference, export_project, import_project


class ServiceAccessRef(Reference):
    """A network's peering with the networks in which Google runs managed services, and the range that they live in."""

    network_id: pulumi.Input[str]
    """The network that is peered, ``projects/…/global/networks/…``."""
    range_name: pulumi.Input[str]
    """Name of the reserved range, which services are told to take their addresses from."""

    @property
    def resources(self) -> tuple[pulumi.Resource, ...]:
        """What a service that lives in the range must depend on, so that it comes later and goes first."""
        return ()

    def exported(self) -> dict[str, Any]:
        """Return the access as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "network_id": self.network_id,
            "range_name": self.range_name,
        }

    @staticmethod
    def imported(exported: Exported) -> ServiceAccessRef:
        """Return the access that another stack exported."""
        return ExistingServiceAccess(**{**exported, "project": import_project(exported["project"])})


class ExistingServiceAccess(ServiceAccessRef):
    """Private services access that was there before."""

    def __init__(
        self, *, label: str, project: Project, network_id: pulumi.Input[str], range_name: pulumi.Input[str]
    ) -> None:
        """Take the attributes of ``ServiceAccessRef``."""
        self.label = label
        self.project = project
        self.network_id = network_id
        self.range_name = range_name
