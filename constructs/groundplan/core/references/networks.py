"""References to networks."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_gcp as gcp

from groundplan.core.environment import Project
from groundplan.core.grants import Grant, grant
from groundplan.core.principals import identity_of
from groundplan.core.references.base import Exported, Reference, export_project, import_project

_USER_ROLE = "roles/compute.networkUser"
_COMMAND = "gcloud compute networks subnets add-iam-policy-binding"


class NetworkRef(Reference):
    """A VPC network and the subnetwork in the environment's region that workloads join."""

    region: str
    """Region of the subnetwork."""
    network_id: pulumi.Input[str]
    """``projects/…/global/networks/…``."""
    subnetwork_id: pulumi.Input[str]
    """``projects/…/regions/…/subnetworks/…``."""
    subnetwork_name: pulumi.Input[str]
    """Last part of ``subnetwork_id``."""
    pods_range: str | None
    """Name of the secondary range for Kubernetes pods, if there is one."""
    services_range: str | None
    """Name of the secondary range for Kubernetes services, if there is one."""
    proxy_url: pulumi.Input[str] | None
    """Address of the Secure Web Proxy that is the way out, if there is one."""

    def grant_use(self, principal: object) -> Grant:
        """Let a principal put machines into the subnetwork, and no other."""
        identity = identity_of(principal, self.site)
        args = gcp.compute.SubnetworkIAMMemberArgs(
            project=self.project.id,
            region=self.region,
            subnetwork=self.subnetwork_name,
            role=_USER_ROLE,
            member=identity.member,
        )
        target = self.target(f"{_COMMAND} --project={self.project.id} --region={self.region}", self.subnetwork_name)
        return grant(target, _USER_ROLE, identity, gcp.compute.SubnetworkIAMMember, args)

    def exported(self) -> dict[str, Any]:
        """Return the network as another stack reads it."""
        return {
            "label": self.label,
            "project": export_project(self.project),
            "region": self.region,
            "network_id": self.network_id,
            "subnetwork_id": self.subnetwork_id,
            "subnetwork_name": self.subnetwork_name,
            "pods_range": self.pods_range,
            "services_range": self.services_range,
            "proxy_url": self.proxy_url,
        }

    @staticmethod
    def imported(exported: Exported) -> NetworkRef:
        """Return the network that another stack exported."""
        return ExistingNetwork(**{**exported, "project": import_project(exported["project"])})


class ExistingNetwork(NetworkRef):
    """A network that was there before, such as a Shared VPC host's."""

    def __init__(  # noqa: PLR0913 - one keyword an attribute
        self,
        *,
        label: str,
        project: Project,
        region: str,
        network_id: pulumi.Input[str],
        subnetwork_id: pulumi.Input[str],
        subnetwork_name: pulumi.Input[str],
        pods_range: str | None = None,
        services_range: str | None = None,
        proxy_url: pulumi.Input[str] | None = None,
    ) -> None:
        """Take the attributes of ``NetworkRef``."""
        self.label = label
        self.project = project
        self.region = region
        self.network_id = network_id
        self.subnetwork_id = subnetwork_id
        self.subnetwork_name = subnetwork_name
        self.pods_range = pods_range
        self.services_range = services_range
        self.proxy_url = proxy_url
