"""References to templates of Colab Enterprise runtimes."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_gcp as gcp

from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project

_USE_ROLE = "roles/aiplatform.notebookRuntimeUser"
_ENTER_ROLE = "roles/aiplatform.colabEnterpriseUser"


class ColabRuntimeRef(Reference):
    """A template from which people make runtimes for their Colab Enterprise notebooks."""

    template_name: pulumi.Input[str]
    """The template's id inside its region."""
    region: str
    """The template's region."""

    def grant_use(self, principal: object) -> Grant:
        """Let a principal make runtimes from this template, and no other; ``grant_enter`` is needed as well."""
        identity = identity_of(principal, self.site)
        args = gcp.colab.RuntimeTemplateIamMemberArgs(
            project=self.project.id,
            location=self.region,
            runtime_template=self.template_name,
            role=_USE_ROLE,
            member=identity.member,
        )
        command = (
            f"gcloud colab runtime-templates add-iam-policy-binding --project={self.project.id} --region={self.region}"
        )
        target = self.target(command, self.template_name)
        return grant(target, _USE_ROLE, identity, gcp.colab.RuntimeTemplateIamMember, args)

    def grant_enter(self, principal: object) -> Grant:
        """Let a principal keep notebooks in Colab Enterprise and have runtimes.

        Google grants that on a project only, so the grant's ``scope`` is ``project``: it opens every template of the
        project that is not restricted otherwise.
        """
        identity = identity_of(principal, self.site)
        target = Target(
            label=f"{self.project.id.replace(':', '-')}-colab",
            project=self.project,
            parent=None,
            command="gcloud projects add-iam-policy-binding --condition=None",
            place=self.project.id,
            scope="project",
        )
        args = gcp.projects.IAMMemberArgs(project=self.project.id, role=_ENTER_ROLE, member=identity.member)
        return grant(target, _ENTER_ROLE, identity, gcp.projects.IAMMember, args)

    def exported(self) -> dict[str, Any]:
        """Return the template as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "template_name": self.template_name,
            "region": self.region,
        }

    @staticmethod
    def imported(exported: Exported) -> ColabRuntimeRef:
        """Return the template that another stack exported."""
        return ExistingColabRuntime(**{**exported, "project": import_project(exported["project"])})


class ExistingColabRuntime(ColabRuntimeRef):
    """A template that was there before."""

    def __init__(self, *, label: str, project: Project, template_name: pulumi.Input[str], region: str) -> None:
        """Take the attributes of ``ColabRuntimeRef``."""
        self.label = label
        self.project = project
        self.template_name = template_name
        self.region = region
