"""References to service accounts."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_gcp as gcp

from groundplan.core.environment import Project
from groundplan.core.grants import Grant, grant
from groundplan.core.principals import Identity, identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project, joined

_COMMAND = "gcloud iam service-accounts add-iam-policy-binding"


class AccountRef(Reference):
    """A service account that a workload runs as."""

    email: pulumi.Input[str]
    """The account's address, ``name@project.iam.gserviceaccount.com``."""

    @property
    def member(self) -> pulumi.Input[str]:
        """The account as IAM writes it, ``serviceAccount:`` and the address."""
        return joined("serviceAccount:", self.email)

    @property
    def identity(self) -> Identity:
        """The account as the receiver of grants."""
        return Identity(label=self.label, member=self.member, home=self.project.id)

    @property
    def account_id(self) -> pulumi.Input[str]:
        """Full name, ``projects/…/serviceAccounts/…``."""
        return joined(f"projects/{self.project.id}/serviceAccounts/", self.email)

    def grant_act_as(self, principal: object) -> Grant:
        """Let a principal run workloads as this account."""
        return self._grant("roles/iam.serviceAccountUser", identity_of(principal, self.site))

    def grant_impersonate(self, principal: object) -> Grant:
        """Let a principal mint short-lived tokens of this account."""
        return self._grant("roles/iam.serviceAccountTokenCreator", identity_of(principal, self.site))

    def grant_federated(self, principal: object) -> Grant:
        """Let a federated identity (a repository, a Kubernetes account) act as this account without a key."""
        return self._grant("roles/iam.workloadIdentityUser", identity_of(principal, self.site))

    def _grant(self, role: str, identity: Identity) -> Grant:
        args = gcp.serviceaccount.IAMMemberArgs(service_account_id=self.account_id, role=role, member=identity.member)
        return grant(self.target(_COMMAND, self.email), role, identity, gcp.serviceaccount.IAMMember, args)

    def exported(self) -> dict[str, Any]:
        """Return the account as another stack reads it."""
        return {"label": self.label, "project": export_project(self.project), "email": self.email}

    @staticmethod
    def imported(exported: Exported) -> AccountRef:
        """Return the account that another stack exported."""
        return ExistingAccount(
            email=exported["email"], project=import_project(exported["project"]), label=exported["label"]
        )


class ExistingAccount(AccountRef):
    """A service account that was there before."""

    def __init__(self, *, email: pulumi.Input[str], project: Project, label: str) -> None:
        """Take the account's address, the project that it is in, and a short name for grants."""
        self.email = email
        self.project = project
        self.label = label
