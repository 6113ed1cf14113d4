"""References to workload identity pools."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pulumi

from groundplan.core.environment import Project
from groundplan.core.grants import Grant
from groundplan.core.names import digest
from groundplan.core.principals import Identity
from groundplan.core.references.base import Exported, Reference, export_project, import_project, joined
from groundplan.core.references.identities import AccountRef
from groundplan.core.validation import Checks

_SUBJECT = "subject/"


class FederationRef(Reference):
    """A pool of identities that another system vouches for: repositories, jobs, roles of another cloud.

    Only single workloads of the pool can be given access, never the pool as a whole.
    """

    pool_name: pulumi.Input[str]
    """``projects/<number>/locations/global/workloadIdentityPools/<id>``."""
    provider_name: pulumi.Input[str]
    """The pool's provider, ``…/providers/<id>``; whoever federates names it as audience or in its configuration."""
    workloads: Mapping[str, str]
    """Each workload that the pool admits, as the issuer writes it, with its place below the pool in IAM's words:
    ``subject/<subject>`` or ``attribute.<name>/<value>``."""

    @property
    def resources(self) -> tuple[pulumi.Resource, ...]:
        """What must exist before a workload can be given access."""
        return ()

    def identity_of(self, workload: str) -> Identity:
        """Return one workload as the receiver of grants; one that the pool does not admit raises ``ArgumentError``."""
        checks = Checks(self.site)
        if "*" in workload:
            checks.that(
                holds=False,
                field="workload",
                fault="stands for more than one workload",
                given=workload,
                allowed=", ".join(sorted(self.workloads)),
                do="name one repository, job or role a grant; a whole pool is never given access",
            )
        else:
            checks.one_of("workload", workload, self.workloads)
        checks.finish()
        below = self.workloads[workload]
        kind = "principal" if below.startswith(_SUBJECT) else "principalSet"
        words = re.sub(r"[^a-z0-9]+", "-", workload.lower()).strip("-")[-40:].strip("-")
        return Identity(
            label=f"{self.label}-{words}-{digest(below, 4)}",
            member=joined(f"{kind}://iam.googleapis.com/", self.pool_name, f"/{below}"),
            resources=self.resources,
        )

    def grant_act_as(self, account: AccountRef, workload: str) -> Grant:
        """Let one workload act as a service account, with tokens that live for an hour and without any key."""
        return account.grant_federated(self.identity_of(workload))

    def exported(self) -> dict[str, Any]:
        """Return the pool as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "pool_name": self.pool_name,
            "provider_name": self.provider_name,
            "workloads": dict(self.workloads),
        }

    @staticmethod
    def imported(exported: Exported) -> FederationRef:
        """Return the pool that another stack exported."""
        return ExistingFederation(**{**exported, "project": import_project(exported["project"])})


class ExistingFederation(FederationRef):
    """A pool that was there before."""

    def __init__(
        self,
        *,
        label: str,
        project: Project,
        pool_name: pulumi.Input[str],
        provider_name: pulumi.Input[str],
        workloads: Mapping[str, str],
    ) -> None:
        """Take the attributes of ``FederationRef``."""
        self.label = label
        self.project = project
        self.pool_name = pool_name
        self.provider_name = provider_name
        self.workloads = dict(workloads)
