"""References to TPU slices."""

from __future__ import annotations

from typing import Any, Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.principals import identity_of
from groundplan.core.references import AccountRef
from groundplan.core.references.base import Exported, Reference, export_project, import_project

_VIEW: Final = "roles/tpu.viewer"
# "Connect to a TPU VM" and "Use OS Login", Cloud TPU and Compute Engine documentation, 2026-10.
_LOG_IN: Final = (_VIEW, "roles/compute.osLogin", "roles/iap.tunnelResourceAccessor")


class TpuSliceRef(Reference):
    """A slice of TPUs with the machines that drive it. Google has no IAM on it: grants are made in its project."""

    slice_name: pulumi.Input[str]
    """Name of the slice."""
    zone: str
    """Zone of the slice."""
    account: AccountRef | None
    """The service account that its machines act as; None where that is the project's default account."""

    def grant_view(self, principal: object) -> Grant:
        """Let a principal see the slices of the project (``scope`` ``project``)."""
        return self._grant(_VIEW, principal)

    def grant_log_in(self, principal: object) -> tuple[Grant, ...]:
        """Let a principal log in to the machines through Google's tunnel, without a public address or a key.

        Roles are given in the project (``scope`` ``project``), so they hold for its other machines too, as far as the
        principal may act as their accounts: acting as this slice's is given on the account.
        """
        acting = () if self.account is None else (self.account.grant_act_as(principal),)
        return (*acting, *(self._grant(role, principal) for role in _LOG_IN))

    def _grant(self, role: str, principal: object) -> Grant:
        identity = identity_of(principal, self.site)
        target = Target(
            label=self.project.id.replace(":", "-"),
            project=self.project,
            parent=principal if isinstance(principal, pulumi.Resource) else None,
            command="gcloud projects add-iam-policy-binding --condition=None",
            place=self.project.id,
            scope="project",
        )
        args = gcp.projects.IAMMemberArgs(project=self.project.id, role=role, member=identity.member)
        return grant(target, role, identity, gcp.projects.IAMMember, args)

    def exported(self) -> dict[str, Any]:
        """Return the slice as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "slice_name": self.slice_name,
            "zone": self.zone,
            "account": self.account.exported() if self.account else None,
        }

    @staticmethod
    def imported(exported: Exported) -> TpuSliceRef:
        """Return the slice that another stack exported."""
        account = exported.get("account")  # an engine drops what is None from a stack's outputs
        return ExistingTpuSlice(
            label=exported["label"],
            project=import_project(exported["project"]),
            slice_name=exported["slice_name"],
            zone=exported["zone"],
            account=AccountRef.imported(account) if account else None,
        )


class ExistingTpuSlice(TpuSliceRef):
    """A slice that was there before."""

    def __init__(
        self, *, label: str, project: Project, slice_name: pulumi.Input[str], zone: str, account: AccountRef | None
    ) -> None:
        """Take the attributes of ``TpuSliceRef``."""
        self.label = label
        self.project = project
        self.slice_name = slice_name
        self.zone = zone
        self.account = account
