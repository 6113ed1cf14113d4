"""References to network attachments."""

from __future__ import annotations

from typing import Any

import pulumi

from groundplan.core.environment import Project
from groundplan.core.references.base import Exported, Reference, export_project, import_project


class NetworkAttachmentRef(Reference):
    """A place in a subnetwork at which a service of Google's gets an interface, and so a way into the network."""

    attachment_id: pulumi.Input[str]
    """``projects/…/regions/…/networkAttachments/…``."""
    region: str
    """Region of the attachment, that of whatever connects to it."""

    def exported(self) -> dict[str, Any]:
        """Return the attachment as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "attachment_id": self.attachment_id,
            "region": self.region,
        }

    @staticmethod
    def imported(exported: Exported) -> NetworkAttachmentRef:
        """Return the attachment that another stack exported."""
        return ExistingNetworkAttachment(**{**exported, "project": import_project(exported["project"])})


class ExistingNetworkAttachment(NetworkAttachmentRef):
    """A network attachment that was there before."""

    def __init__(self, *, label: str, project: Project, attachment_id: pulumi.Input[str], region: str) -> None:
        """Take the attributes of ``NetworkAttachmentRef``."""
        self.label = label
        self.project = project
        self.attachment_id = attachment_id
        self.region = region
