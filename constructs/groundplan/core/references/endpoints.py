"""References to endpoints of Private Service Connect."""

from __future__ import annotations

from typing import Any

import pulumi

from groundplan.core.environment import Project
from groundplan.core.references.base import Exported, Reference, export_project, import_project


class EndpointRef(Reference):
    """A private address inside a network behind which a service of Google's or of another network stands."""

    network_id: pulumi.Input[str]
    """The network that reaches it, ``projects/…/global/networks/…``."""
    address: str
    """Its IPv4 address."""
    forwarding_rule_id: pulumi.Input[str]
    """``projects/…/forwardingRules/…``, by which service perimeters know it."""

    def exported(self) -> dict[str, Any]:
        """Return the endpoint as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "network_id": self.network_id,
            "address": self.address,
            "forwarding_rule_id": self.forwarding_rule_id,
        }

    @staticmethod
    def imported(exported: Exported) -> EndpointRef:
        """Return the endpoint that another stack exported."""
        return ExistingEndpoint(**{**exported, "project": import_project(exported["project"])})


class ExistingEndpoint(EndpointRef):
    """An endpoint that was there before."""

    def __init__(
        self,
        *,
        label: str,
        project: Project,
        network_id: pulumi.Input[str],
        address: str,
        forwarding_rule_id: pulumi.Input[str],
    ) -> None:
        """Take the attributes of ``EndpointRef``."""
        self.label = label
        self.project = project
        self.network_id = network_id
        self.address = address
        self.forwarding_rule_id = forwarding_rule_id
