"""References to notebooks."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_gcp as gcp

from groundplan.core.environment import Project
from groundplan.core.grants import Grant, grant
from groundplan.core.principals import identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project

_COMMAND = "gcloud workbench instances add-iam-policy-binding"


class WorkbenchRef(Reference):
    """A Workbench instance."""

    instance_name: pulumi.Input[str]
    """The instance's id inside its zone."""
    zone: str
    """The instance's zone."""

    def grant_operate(self, principal: object) -> Grant:
        """Let a principal start, stop and reset this instance, without opening it."""
        return self._grant("roles/notebooks.runner", principal)

    def grant_view(self, principal: object) -> Grant:
        """Let a principal see this instance's settings and state, without opening it."""
        return self._grant("roles/notebooks.viewer", principal)

    def _grant(self, role: str, principal: object) -> Grant:
        identity = identity_of(principal, self.site)
        args = gcp.workbench.InstanceIamMemberArgs(
            project=self.project.id, location=self.zone, name=self.instance_name, role=role, member=identity.member
        )
        target = self.target(f"{_COMMAND} --project={self.project.id} --location={self.zone}", self.instance_name)
        return grant(target, role, identity, gcp.workbench.InstanceIamMember, args)

    def exported(self) -> dict[str, Any]:
        """Return the notebook as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "instance_name": self.instance_name,
            "zone": self.zone,
        }

    @staticmethod
    def imported(exported: Exported) -> WorkbenchRef:
        """Return the notebook that another stack exported."""
        return ExistingWorkbench(**{**exported, "project": import_project(exported["project"])})


class ExistingWorkbench(WorkbenchRef):
    """A notebook that was there before."""

    def __init__(self, *, label: str, project: Project, instance_name: pulumi.Input[str], zone: str) -> None:
        """Take the attributes of ``WorkbenchRef``."""
        self.label = label
        self.project = project
        self.instance_name = instance_name
        self.zone = zone
