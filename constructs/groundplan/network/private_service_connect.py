"""A private address inside a network for Google's APIs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Args, Component
from groundplan.core.environment import Project
from groundplan.core.references import EndpointRef, ExistingEndpoint, NetworkRef
from groundplan.core.validation import Checks
from groundplan.network import google_domains
from groundplan.network.ranges import check_address


@dataclass(frozen=True, kw_only=True)
class GoogleApis:
    """Google's APIs as what an endpoint leads to."""

    address: str
    """IPv4 address of the endpoint: private, and in no subnetwork of the network nor of its peers."""
    bundle: Literal["vpc-sc", "all-apis"] = "vpc-sc"
    """``vpc-sc`` for the APIs that VPC Service Controls can guard; ``all-apis`` for all, guarded or not."""


@dataclass(frozen=True, kw_only=True)
class PrivateServiceConnectArgs(Args):
    """What a ``PrivateServiceConnect`` takes."""

    network: NetworkRef
    """The network that gets the endpoint, ours or one that was there before."""
    target: GoogleApis
    """What the endpoint leads to, and its address."""
    domains: tuple[str, ...] | None = None
    """Google's domains whose names shall lead to the endpoint; by default those that notebooks, jobs and builds need.

    Empty where the network has zones for them, as a ``Network`` does.
    """

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        checks.instance("network", self.network, NetworkRef, "a Network, or Network.from_existing(…)")
        google_domains.check_domains(checks, "domains", self.domains or ())
        if not checks.instance("target", self.target, GoogleApis, "a GoogleApis"):
            return
        check_address(checks, "target.address", self.target.address)
        checks.one_of("target.bundle", self.target.bundle, ("vpc-sc", "all-apis"))
        checks.that(
            self.target.bundle != "all-apis" or not self.env.defaults.google_apis_endpoint,
            "target.bundle",
            f"opens APIs that no service perimeter guards, in tier {self.env.tier.name}",
            given=self.target.bundle,
            allowed="vpc-sc",
            do="leave the bundle out",
        )


class PrivateServiceConnect(Component, EndpointRef):
    """An endpoint of Private Service Connect for Google's APIs, in the network's project.

    Children: ``address``, ``endpoint``; and for each domain ``zone-…``, ``address-…`` and ``names-…``.
    """

    kind = "groundplan:network:PrivateServiceConnect"
    objectives = ("4.2.b", "6.1.a")

    def __init__(self, name: str, args: PrivateServiceConnectArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the endpoint; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.network.project
        self.network_id = args.network.network_id
        self.address = args.target.address
        self.endpoint = self._endpoint(self._reserve())
        self.forwarding_rule_id = self.endpoint.id
        domains = google_domains.base_domains() if args.domains is None else args.domains
        google_domains.private_zones(self, self.network_id, domains, [self.address], project=self.project)
        self.finish({"address": self.address, "forwardingRuleId": self.endpoint.id, "bundle": args.target.bundle})

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

    def _endpoint(self, address: gcp.compute.GlobalAddress) -> gcp.compute.GlobalForwardingRule:
        return self.make(
            "endpoint",
            gcp.compute.GlobalForwardingRule,
            gcp.compute.GlobalForwardingRuleArgs(
                project=self.project.id,
                name=self.cloud_name("google_apis_forwarding_rule"),
                target=self.args.target.bundle,
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

        ``forwarding_rule`` is its full name, ``projects/…/global/forwardingRules/…``; ``project`` is the one that
        it is in.
        """
        checks = Checks("PrivateServiceConnect.from_existing")
        checks.matches(
            "forwarding_rule",
            forwarding_rule,
            rf"projects/{re.escape(project.id)}/global/forwardingRules/[a-z][a-z0-9-]*",
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
