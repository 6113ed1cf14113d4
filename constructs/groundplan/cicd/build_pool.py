"""A private pool of build workers: no public address, a network of one's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core import providers
from groundplan.core.component import Args, Component
from groundplan.core.environment import Project
from groundplan.core.references import BuildPoolRef, ExistingBuildPool, NetworkAttachmentRef, ServiceAccessRef
from groundplan.core.references.base import joined
from groundplan.core.regions import REGION_PATTERN
from groundplan.core.validation import Checks
from groundplan.network.network_attachment import NetworkAttachment

_SERVICE: Final = "cloudbuild.googleapis.com"
_MACHINE: Final = r"(?:e2|n1|n2|n2d|c3)-(?:standard|highmem|highcpu|medium)(?:-[0-9]{1,3})?"
_LEAST_DISK_GB: Final = 100
_MOST_DISK_GB: Final = 1000  # Source: pulumi-gcp 10.2, ``diskSizeGb`` of a worker.
_NETWORK: Final = re.compile(r"(?:https://[a-z0-9.]+/compute/[a-z0-9]+/)?projects/([^/]+)/global/networks/([^/]+)")
_POOL: Final = r"projects/[^/\s]+/locations/(?P<location>[a-z0-9-]+)/workerPools/(?P<name>[^/\s]+)"


@dataclass(frozen=True, kw_only=True)
class BuildPoolArgs(Args):
    """What a ``BuildPool`` takes."""

    attachment: NetworkAttachmentRef | None = None
    """Where the workers get an interface in the network (Private Service Connect); this or ``access``. All their
    traffic goes through it, so the network's firewall and way out hold for builds too."""
    access: ServiceAccessRef | None = None
    """The peering that the workers' own network uses; they then take a part of its range. Peering is not passed on:
    what the network itself is peered with, builds do not reach, nor its NAT."""
    prefix_length: int = 24
    """Size of the part of the peering's range that workers take, 20 to 29; a /29 has room for a handful of builds."""
    machine_type: str = "e2-standard-4"
    """Machine type of a worker, such as ``e2-standard-4``; pools have no accelerators."""
    disk_gb: int = 100
    """Disk of a worker in GB, 100 to 1,000."""
    location: str | None = None
    """Region of the pool, that of the triggers and of the attachment; by default the environment's."""
    project: Project | None = None
    """Project that the pool is in; by default the environment's build project."""

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        self._check_way(checks)
        checks.within("prefix_length", self.prefix_length, 20, 29, "bits")
        checks.matches(
            "machine_type",
            self.machine_type,
            _MACHINE,
            "a general machine type, such as e2-standard-4; build workers have no accelerators",
            "choose an e2, n1, n2, n2d or c3 type",
        )
        checks.within("disk_gb", self.disk_gb, _LEAST_DISK_GB, _MOST_DISK_GB, "GB")
        if self.location is not None:
            checks.matches(
                "location", self.location, REGION_PATTERN.pattern, "one region, such as europe-west4", "name a region"
            )
        if self.project is not None:
            checks.instance("project", self.project, Project, "a Project")

    def _check_way(self, checks: Checks) -> None:
        given = [name for name in ("attachment", "access") if getattr(self, name) is not None]
        checks.that(
            len(given) == 1,
            "attachment",
            "and access are two ways into one network, and a pool has exactly one",
            given=" and ".join(given) or "neither",
            allowed="attachment (Private Service Connect) or access (peering)",
            do="pass a NetworkAttachment; a pool without either could be on the internet",
        )
        if self.access is not None:
            checks.instance("access", self.access, ServiceAccessRef, "a PrivateServiceAccess")
        if self.attachment is None or not checks.instance(
            "attachment", self.attachment, NetworkAttachmentRef, "a NetworkAttachment"
        ):
            return
        place = self.location or self.env.region
        checks.that(
            self.attachment.region == place,
            "attachment",
            "is in another region than the pool, which Google refuses",
            given=self.attachment.region,
            allowed=place,
            do="make the attachment in the pool's region, or name its region as location",
        )


class BuildPool(Component, BuildPoolRef):
    """A pool of Cloud Build workers without a public address, in the environment's build project.

    Child: ``pool``. A ``NetworkAttachment`` of this program lets Cloud Build connect, before the pool is made. Builds
    reach what the network reaches, and nothing else.
    """

    kind = "groundplan:cicd:BuildPool"
    objectives = ("5.1.d", "5.2.b", "6.1.a")

    def __init__(self, name: str, args: BuildPoolArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the pool; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.project or args.env.projects.build
        self.location = args.location or args.env.region
        self.pool = self.make(
            "pool",
            gcp.cloudbuild.WorkerPool,
            gcp.cloudbuild.WorkerPoolArgs(
                project=self.project.id,
                location=self.location,
                name=self.cloud_name("worker_pool"),
                worker_config=gcp.cloudbuild.WorkerPoolWorkerConfigArgs(
                    machine_type=args.machine_type, disk_size_gb=args.disk_gb, no_external_ip=True
                ),
                network_config=self._peering(args.access) if args.access is not None else None,
                private_service_connect=gcp.cloudbuild.WorkerPoolPrivateServiceConnectArgs(
                    network_attachment=args.attachment.attachment_id, route_all_traffic=True
                )
                if args.attachment is not None
                else None,
            ),
            depends_on=self._first(),
        )
        # Put together from inputs, which a preview knows; whatever uses it still waits for the pool.
        self.pool_id: pulumi.Input[str] = joined(
            f"projects/{self.project.id}/locations/{self.location}/workerPools/", self.pool.name
        )
        self.finish({"poolId": self.pool_id, "location": self.location})

    def _peering(self, access: ServiceAccessRef) -> gcp.cloudbuild.WorkerPoolNetworkConfigArgs:
        # Cloud Build wants the project's number where all others take its id.
        number = providers.project_number(access.project)
        named = pulumi.Output.all(access.network_id, number).apply(lambda known: _by_number(known[0], known[1]))
        return gcp.cloudbuild.WorkerPoolNetworkConfigArgs(
            peered_network=named, peered_network_ip_range=f"/{self.args.prefix_length}"
        )

    def _first(self) -> tuple[pulumi.Resource, ...]:
        """Return what must be there before the pool, and go after it."""
        if self.args.access is not None:
            return self.args.access.resources
        if isinstance(self.args.attachment, NetworkAttachment):
            return self.args.attachment.grant_connect(self.project, _SERVICE).resources
        return ()

    @staticmethod
    def from_existing(pool: str, *, project: Project, label: str | None = None) -> BuildPoolRef:
        """Return a pool that was there before, ``projects/…/locations/…/workerPools/…``.

        ``project`` is the one that it is in; ``label``, by default the pool's name, begins the names of grants.
        """
        checks = Checks("BuildPool.from_existing")
        checks.matches("pool", pool, _POOL, "projects/…/locations/…/workerPools/…", "give the pool's full name")
        checks.finish()
        parts = pool.split("/")
        return ExistingBuildPool(label=label or parts[-1], project=project, pool_id=pool, location=parts[3])


def _by_number(network_id: str, number: str) -> str:
    match = _NETWORK.fullmatch(network_id)
    return f"projects/{number}/global/networks/{match[2]}" if match else network_id
