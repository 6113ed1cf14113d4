"""A private address inside a network for Google's APIs, or for a service that somebody publishes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Args, Component
from groundplan.core.environment import Project
from groundplan.core.references import EndpointRef, ExistingEndpoint, NetworkRef
from groundplan.core.validation import Checks
from groundplan.network import google_domains, published_service
from groundplan.network.placement import consumer_project
from groundplan.network.published_service import PublishedService
from groundplan.network.ranges import check_address


@dataclass(frozen=True, kw_only=True)
class GoogleApis:
    """Google's APIs as what an endpoint leads to."""

    address: str
    """IPv4 address of the endpoint: private, and in no subnetwork of the network nor of its peers."""
    bundle: Literal["vpc-sc", "all-apis"] = "vpc-sc"
    """``vpc-sc`` for the APIs that VPC Service Controls can guard; ``all-apis`` for all, guarded or not."""

    def check(self, checks: Checks, field: str, *, guarded: str | None) -> None:
        """Record what is wrong; ``guarded`` names the tier that lets only guarded APIs be reached, if one does."""
        check_address(checks, f"{field}.address", self.address)
        checks.one_of(f"{field}.bundle", self.bundle, ("vpc-sc", "all-apis"))
        checks.that(
            self.bundle != "all-apis" or guarded is None,
            f"{field}.bundle",
            f"opens APIs that no service perimeter guards, in tier {guarded}",
            given=self.bundle,
            allowed="vpc-sc",
            do="leave the bundle out",
        )


Target: TypeAlias = GoogleApis | PublishedService
"""What an endpoint can lead to."""


@dataclass(frozen=True, kw_only=True)
class PrivateServiceConnectArgs(Args):
    """What a ``PrivateServiceConnect`` takes."""

    network: NetworkRef
    """The network that gets the endpoint, ours or one that was there before."""
    target: Target
    """What the endpoint leads to, and its address: ``GoogleApis``, or a ``PublishedService``."""
    domains: tuple[str, ...] | None = None
    """Google's domains whose names shall lead to the endpoint; by default those that notebooks, jobs and builds need.

    Empty where the network has zones for them, as a ``Network`` does. Not given for a published service.
    """

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        reached = checks.instance("network", self.network, NetworkRef, "a Network, or Network.from_existing(…)")
        google_domains.check_domains(checks, "domains", self.domains or ())
        if isinstance(self.target, PublishedService):
            if reached:
                self.target.check(checks, "target", self.network.region)
            checks.that(
                not self.domains,
                "domains",
                "are Google's, and lead to Google's APIs only",
                given=", ".join(self.domains or ()),
                allowed="target.host, for the name of a published service",
                do="leave domains out",
            )
        elif checks.instance("target", self.target, GoogleApis, "a GoogleApis or a PublishedService"):
            guarded = self.env.tier.name if self.env.defaults.google_apis_endpoint else None
            self.target.check(checks, "target", guarded=guarded)


class PrivateServiceConnect(Component, EndpointRef):
    """An endpoint of Private Service Connect, for Google's APIs or for a published service.

    It stands in the network's project; that for a published service stands in the workload's where the network
    belongs to somebody else. Children: ``address``, ``endpoint``; for each domain of Google's ``zone-…``,
    ``address-…`` and ``names-…``; for the name of a published service ``zone-name`` and ``address-name``.
    """

    kind = "groundplan:network:PrivateServiceConnect"
    objectives = ("4.2.b", "6.1.a")

    def __init__(self, name: str, args: PrivateServiceConnectArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the endpoint; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.network_id = args.network.network_id
        self.address = args.target.address
        if isinstance(args.target, GoogleApis):
            self.project = args.network.project
            self.forwarding_rule_id = self._to_google(args.target)
            bundle: str | None = args.target.bundle
        else:
            self.project = consumer_project(args.env, args.network)
            self.forwarding_rule_id = self._to_service(args.target)
            bundle = None
        self.finish({"address": self.address, "forwardingRuleId": self.forwarding_rule_id, "bundle": bundle})

    def _to_google(self, target: GoogleApis) -> pulumi.Output[str]:
        endpoint = self._endpoint(target, self._reserve())
        domains = google_domains.base_domains() if self.args.domains is None else self.args.domains
        google_domains.private_zones(self, self.network_id, domains, [self.address], project=self.project)
        return endpoint.id

    def _to_service(self, target: PublishedService) -> pulumi.Output[str]:
        network = self.args.network
        address = published_service.reserve(self, "address", network, self.project, self.address)
        endpoint = published_service.connect(
            self,
            "endpoint",
            network,
            address,
            target.attachment,
            project=self.project,
            global_access=target.global_access,
        )
        if target.host is not None:
            published_service.private_name(self, "name", target.host, self.address, network=network)
        return endpoint.id

    def _reserve(self) -> gcp.compute.GlobalAddress:
        return self.make(
            "address",
            gcp.compute.GlobalAddress,
            gcp.compute.GlobalAddressArgs(
                project=self.project.id,
                name=self.cloud_name("global_address", generation=True),
                address=self.address,
                address_type="INTERNAL",
                purpose="PRIVATE_SERVICE_CONNECT",
                network=self.network_id,
                labels=self.labels(),
            ),
        )

    def _endpoint(self, target: GoogleApis, address: gcp.compute.GlobalAddress) -> gcp.compute.GlobalForwardingRule:
        return self.make(
            "endpoint",
            gcp.compute.GlobalForwardingRule,
            gcp.compute.GlobalForwardingRuleArgs(
                project=self.project.id,
                name=self.cloud_name("google_apis_forwarding_rule"),
                target=target.bundle,
                network=self.network_id,
                ip_address=address.id,
                # Empty on purpose: the default scheme, EXTERNAL, is refused for this target.
                load_balancing_scheme="",
                # Where nothing is said, Google registers the endpoint in a region of the United States.
                service_directory_registrations=gcp.compute.GlobalForwardingRuleServiceDirectoryRegistrationsArgs(
                    service_directory_region=self.env.region
                ),
                labels=self.labels(),
            ),
        )

    @staticmethod
    def from_existing(*, forwarding_rule: str, address: str, network: NetworkRef, project: Project) -> EndpointRef:
        """Return an endpoint that was there before.

        ``forwarding_rule`` is its full name, ``projects/…/global/forwardingRules/…``, or ``…/regions/…/…`` for that of
        a published service; ``project`` is the one that it is in.
        """
        checks = Checks("PrivateServiceConnect.from_existing")
        checks.matches(
            "forwarding_rule",
            forwarding_rule,
            rf"projects/{re.escape(project.id)}/(?:global|regions/[a-z0-9-]+)/forwardingRules/[a-z][a-z0-9-]*",
            f"projects/{project.id}/global/forwardingRules/…",
            "give the forwarding rule's full name, in the project that is given",
        )
        check_address(checks, "address", address)
        checks.instance("network", network, NetworkRef, "a Network, or Network.from_existing(…)")
        checks.finish()
        return ExistingEndpoint(
            label=forwarding_rule.rsplit("/", 1)[-1],
            project=project,
            network_id=network.network_id,
            address=address,
            forwarding_rule_id=forwarding_rule,
        )
