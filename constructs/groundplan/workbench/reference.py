"""References to notebooks."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_gcp as gcp

from groundplan.core.environment import Project
from groundplan.core.grants import Grant, grant
from groundplan.core.principals import Identity, identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project
from groundplan.core.validation import Checks

_COMMAND = "gcloud workbench instances add-iam-policy-binding"


class WorkbenchRef(Reference):
    """A Workbench instance."""

    instance_name: pulumi.Input[str]
    """The instance's id inside its zone."""
    zone: str
    """The instance's zone."""
    operator_role: str | None
    """Full name of the role that starts and stops a notebook, ``projects/…/roles/…``; None where nobody made one."""
    made: tuple[pulumi.Resource, ...] = ()
    """What must exist before that role can be granted."""

    def grant_operate(self, principal: object) -> Grant:
        """Let a principal start, stop and reset this instance; who opens it is a matter of ``owner`` alone.

        Google has no role for that, so one that was made is given; without one ``ArgumentError`` is raised.
        """
        checks = Checks(self.site)
        checks.that(
            self.operator_role is not None,
            "operator_role",
            "is missing, and Google has no role that starts and stops notebooks and does nothing more",
            given="nothing",
            allowed="the full name of such a role, projects/…/roles/…",
            do="give from_existing the operator_role of a Workbench, or of your organisation",
        )
        checks.finish()
        return self._grant(str(self.operator_role), principal, *self.made)

    def grant_view(self, principal: object) -> Grant:
        """Let a principal see this instance's settings and state, without opening it."""
        return self._grant("roles/notebooks.viewer", principal)

    def _grant(self, role: str, principal: object, *after: pulumi.Resource) -> Grant:
        found = identity_of(principal, self.site)
        identity = Identity(label=found.label, member=found.member, resources=(*found.resources, *after))
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
            "operator_role": self.operator_role,
        }

    @staticmethod
    def imported(exported: Exported) -> WorkbenchRef:
        """Return the notebook that another stack exported."""
        return ExistingWorkbench(**{**exported, "project": import_project(exported["project"])})


class ExistingWorkbench(WorkbenchRef):
    """A notebook that was there before."""

    def __init__(
        self,
        *,
        label: str,
        project: Project,
        instance_name: pulumi.Input[str],
        zone: str,
        operator_role: str | None = None,
    ) -> None:
        """Take the attributes of ``WorkbenchRef``."""
        self.label = label
        self.project = project
        self.instance_name = instance_name
        self.zone = zone
        self.operator_role = operator_role
