"""References to Kubernetes clusters."""

from __future__ import annotations

from typing import Any, Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.environment import Project
from groundplan.core.grants import Grant, Target, grant
from groundplan.core.names import digest
from groundplan.core.principals import Identity, identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project, joined
from groundplan.core.references.identities import AccountRef
from groundplan.core.validation import Checks

_LABEL: Final = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_OBJECT: Final = r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"


class ClusterRef(Reference):
    """A cluster of Google Kubernetes Engine."""

    cluster_name: pulumi.Input[str]
    """The cluster's name."""
    location: str
    """Region or zone of the control plane."""

    @property
    def cluster_id(self) -> pulumi.Input[str]:
        """Full name, ``projects/…/locations/…/clusters/…``."""
        return joined(f"projects/{self.project.id}/locations/{self.location}/clusters/", self.cluster_name)

    @property
    def workload_pool(self) -> str:
        """The pool of identities of the project's Kubernetes accounts: all clusters of a project share it."""
        return f"{self.project.id}.svc.id.goog"

    @property
    def resources(self) -> tuple[pulumi.Resource, ...]:
        """What must be there before an account of the cluster can be given access."""
        return ()

    def identity_of(self, namespace: str, account: str) -> Identity:
        """Return a Kubernetes account as the receiver of grants; what Kubernetes cannot name is an ``ArgumentError``.

        An account of that name and namespace in any cluster of the project is the same identity to Google, so give
        namespaces that mean different things different names.
        """
        checks = Checks(self.site)
        words = "lower-case letters, digits and hyphens"
        checks.matches("namespace", namespace, _LABEL, f"a namespace of 1 to 63 {words}", "correct the name")
        checks.matches("account", account, _OBJECT, f"an account of 1 to 253 {words}", "correct the name")
        checks.finish()
        name = f"{namespace}/{account}"
        return Identity(
            label=f"{self.label}-{name.replace('/', '-').replace('.', '-')[-40:].strip('-')}-{digest(name, 4)}",
            member=f"serviceAccount:{self.workload_pool}[{name}]",
            resources=self.resources,
        )

    def grant_act_as(self, account: AccountRef, namespace: str, kubernetes_account: str) -> Grant:
        """Let a Kubernetes account act as a service account, without a key."""
        return account.grant_federated(self.identity_of(namespace, kubernetes_account))

    def grant_view(self, principal: object) -> Grant:
        """Let a principal see clusters and get their addresses; the grant's ``scope`` is ``project``.

        Clusters have no IAM of their own. What the principal may do inside is a matter of the cluster's own roles.
        """
        return self._grant("roles/container.clusterViewer", principal)

    def grant_develop(self, principal: object) -> Grant:
        """Let a principal connect and work with workloads, in every cluster of the project (``scope`` ``project``)."""
        return self._grant("roles/container.developer", principal)

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
        """Return the cluster as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "cluster_name": self.cluster_name,
            "location": self.location,
        }

    @staticmethod
    def imported(exported: Exported) -> ClusterRef:
        """Return the cluster that another stack exported."""
        return ExistingCluster(**{**exported, "project": import_project(exported["project"])})


class ExistingCluster(ClusterRef):
    """A cluster that was there before."""

    def __init__(self, *, label: str, project: Project, cluster_name: pulumi.Input[str], location: str) -> None:
        """Take the attributes of ``ClusterRef``."""
        self.label = label
        self.project = project
        self.cluster_name = cluster_name
        self.location = location
