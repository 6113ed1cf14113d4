"""A network of one's own that denies by default, and the one subnetwork that workloads join."""

from __future__ import annotations

import re
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.environment import Project
from groundplan.core.references import ExistingNetwork, NetworkRef
from groundplan.core.validation import Checks
from groundplan.network import egress, firewall, google_domains, shared_vpc
from groundplan.network.arguments import NetworkArgs
from groundplan.network.private_service_connect import (
    GoogleApis,
    PrivateServiceConnect,
    PrivateServiceConnectArgs,
)

_NAME: Final = "[a-z][a-z0-9-]*"
_IAP_RANGE: Final = "35.235.240.0/20"  # Identity-Aware Proxy's TCP forwarding; cloud.google.com/iap/docs
_HEALTH_CHECK_RANGES: Final = ("35.191.0.0/16", "130.211.0.0/22")  # cloud.google.com/load-balancing/docs/health-checks
_ENDPOINT_ROLE: Final = "google-apis-"


class Network(Component, NetworkRef):
    """A VPC network in the environment's network project, with one subnetwork in its region.

    The firewall policy is in the network before the subnetwork is, so that no machine ever stands there unguarded;
    it is evaluated before VPC firewall rules, so that a rule added later cannot undo it. Names of Google's services
    lead to the restricted range, or to a Private Service Connect endpoint where the tier has one.

    Children: ``vpc``, ``subnetwork``, ``dns-policy``, ``firewall…``, ``allow-…``, ``deny-…``; by tier
    ``route-google-apis`` or ``google-apis`` (a ``PrivateServiceConnect``), ``route-internet``, ``router``, ``nat``,
    ``proxy…``; for each domain of Google's ``zone-…``, ``address-…``, ``names-…``; where projects are attached
    ``shared-vpc-…``. The endpoint's children are overridden as ``google-apis-address`` and ``google-apis-endpoint``.
    """

    kind = "groundplan:network:Network"
    objectives = ("2.2.b", "4.2.b", "6.1.a")

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the network; wrong arguments raise ``ArgumentError``."""
        super().__init__(name, args, opts)
        self.args = args
        self.project = args.env.projects.network
        self.region = args.env.region
        self.plan = args.plan()
        pods, services = (self.cloud_name("secondary_range", use) for use in ("pods", "services"))
        self.pods_range, self.services_range = pods, services
        self.secondary_ranges = {pods: self.plan.pods, services: self.plan.services}
        self.proxy_url = f"{args.proxy_scheme}://{self.plan.gateway}:{egress.PROXY_PORT}" if args.has_proxy else None
        self.vpc = self._vpc()
        self.network_id = self.vpc.id
        guard = firewall.deny_by_default(self, self.vpc, self._exceptions())
        self.subnetwork = self._subnetwork(guard)
        self.subnetwork_id = self.subnetwork.id
        self.subnetwork_name = self.subnetwork.name
        self.google_apis = self._google_apis()
        self._names()
        self._ways_out(guard)
        shared_vpc.attach(self, args.service_projects)
        self.finish(self._outputs())

    def _vpc(self) -> gcp.compute.Network:
        return self.make(
            "vpc",
            gcp.compute.Network,
            gcp.compute.NetworkArgs(
                project=self.project.id,
                name=self.cloud_name("network", generation=True),
                auto_create_subnetworks=False,
                routing_mode="REGIONAL",
                # A default route would be there whatever the tier says; the route that is wanted is made by name.
                delete_default_routes_on_create=True,
                network_firewall_policy_enforcement_order="BEFORE_CLASSIC_FIREWALL",
            ),
        )

    def _exceptions(self) -> list[firewall.Rule]:
        args, plan = self.args, self.plan
        google = [google_domains.restricted_range()] if plan.google_apis is None else [f"{plan.google_apis}/32"]
        rules = [
            firewall.built_in("allow-google-apis", 1000, "EGRESS", google, "tcp", (443,)),
            # Private endpoints of services, and the proxy, have addresses in the subnetwork.
            firewall.built_in("allow-private-endpoints", 1010, "EGRESS", [plan.nodes], "tcp", (443,)),
        ]
        if args.egress_domains and self.env.defaults.nat:
            rules.append(firewall.to_domains("allow-domains", 1020, args.egress_domains))
        if args.internal_traffic:
            inside = [plan.nodes, plan.pods]
            rules.append(firewall.built_in("allow-internal-egress", 1100, "EGRESS", [*inside, plan.services], "all"))
            rules.append(firewall.built_in("allow-internal-ingress", 1110, "INGRESS", inside, "all"))
        if args.iap_ssh:
            rules.append(firewall.built_in("allow-iap-ssh", 1200, "INGRESS", [_IAP_RANGE], "tcp", (22,)))
        if args.health_check_ports:
            rules.append(
                firewall.built_in(
                    "allow-health-checks", 1210, "INGRESS", _HEALTH_CHECK_RANGES, "tcp", args.health_check_ports
                )
            )
        return [*rules, *map(firewall.named, args.firewall_rules)]

    def _subnetwork(self, guard: pulumi.Resource) -> gcp.compute.Subnetwork:
        return self.make(
            "subnetwork",
            gcp.compute.Subnetwork,
            gcp.compute.SubnetworkArgs(
                project=self.project.id,
                region=self.region,
                name=self.cloud_name("subnetwork", self.region, generation=True),
                network=self.vpc.id,
                ip_cidr_range=self.plan.nodes,
                stack_type="IPV4_ONLY",
                private_ip_google_access=True,
                secondary_ip_ranges=[
                    gcp.compute.SubnetworkSecondaryIpRangeArgs(range_name=name, ip_cidr_range=cidr)
                    for name, cidr in self.secondary_ranges.items()
                ],
                log_config=gcp.compute.SubnetworkLogConfigArgs(
                    aggregation_interval="INTERVAL_5_SEC",
                    flow_sampling=self.env.defaults.flow_log_sampling,
                    metadata="INCLUDE_ALL_METADATA",
                ),
            ),
            depends_on=[guard],
        )

    def _google_apis(self) -> PrivateServiceConnect | None:
        if self.plan.google_apis is None:
            egress.route_to_google(self, self.vpc)
            return None
        changes = {role: c for role, c in self.args.overrides.items() if role.startswith(_ENDPOINT_ROLE)}
        endpoint = PrivateServiceConnect(
            f"{self.label}-google-apis",
            PrivateServiceConnectArgs(
                env=self.env,
                labels=self.args.labels,
                network=self,
                target=GoogleApis(address=self.plan.google_apis),
                domains=(),
                overrides={role.removeprefix(_ENDPOINT_ROLE): c for role, c in changes.items()},
            ),
            pulumi.ResourceOptions(parent=self),
        )
        self._roles.update(changes)  # the endpoint has refused those that are no children of its own
        return endpoint

    def _names(self) -> None:
        addresses = google_domains.restricted_addresses() if self.google_apis is None else [self.google_apis.address]
        domains = (*google_domains.base_domains(), *self.args.google_domains)
        google_domains.private_zones(self, self.vpc.id, domains, addresses, project=self.project)
        self.make(
            "dns-policy",
            gcp.dns.Policy,
            gcp.dns.PolicyArgs(
                project=self.project.id,
                name=self.cloud_name("dns_policy"),
                enable_logging=True,
                enable_inbound_forwarding=False,
                networks=[gcp.dns.PolicyNetworkArgs(network_url=self.vpc.id)],
            ),
        )

    def _ways_out(self, guard: pulumi.Resource) -> None:
        if self.env.defaults.nat:
            egress.translation(self, self.vpc, self.subnetwork, after=[guard])
        if self.plan.proxy is not None and self.args.has_proxy:
            proxies = self._proxy_subnetwork(self.plan.proxy, guard)
            egress.secure_web_proxy(
                self,
                self.vpc,
                self.subnetwork,
                address=self.plan.gateway,
                domains=self.args.egress_domains,
                certificate=self.args.proxy_certificate,
                after=[proxies],
            )

    def _proxy_subnetwork(self, cidr: str, guard: pulumi.Resource) -> gcp.compute.Subnetwork:
        return self.make(
            "proxy-subnetwork",
            gcp.compute.Subnetwork,
            gcp.compute.SubnetworkArgs(
                project=self.project.id,
                region=self.region,
                name=self.cloud_name("subnetwork", "proxies", generation=True),
                network=self.vpc.id,
                ip_cidr_range=cidr,
                purpose="REGIONAL_MANAGED_PROXY",
                role="ACTIVE",
            ),
            depends_on=[guard],
        )

    def _outputs(self) -> dict[str, object]:
        return {
            "networkId": self.vpc.id,
            "subnetworkId": self.subnetwork.id,
            "subnetworkName": self.subnetwork.name,
            "range": self.plan.nodes,
            "secondaryRanges": self.secondary_ranges,
            "googleApis": self.plan.google_apis or google_domains.restricted_range(),
            "proxyUrl": self.proxy_url,
            "egressDomains": list(self.args.egress_domains),
        }

    @staticmethod
    def from_existing(
        *,
        network: str,
        subnetwork: str,
        project: Project,
        pods_range: str | None = None,
        services_range: str | None = None,
        proxy_url: pulumi.Input[str] | None = None,
    ) -> NetworkRef:
        """Return a network that was there before, such as a Shared VPC host's.

        ``network`` and ``subnetwork`` are full names, ``projects/…/global/networks/…`` and
        ``projects/…/regions/…/subnetworks/…``, both in ``project``, whose ``managed`` says whether grants on the
        subnetwork are ours to make. ``pods_range`` and ``services_range`` name its secondary ranges. What the network
        lets through is not known here and not changed.
        """
        checks = Checks("Network.from_existing")
        home = f"projects/{project.id}"
        for field, value, parts in (
            ("network", network, ("global", "networks")),
            ("subnetwork", subnetwork, ("regions", _NAME, "subnetworks")),
        ):
            checks.matches(
                field,
                value,
                "/".join((re.escape(home), *parts, _NAME)),
                "/".join((home, *("…" if part == _NAME else part for part in parts), "…")),
                "give the full name, in the project that is given",
            )
        if isinstance(proxy_url, str):
            checks.matches(
                "proxy_url",
                proxy_url,
                r"https?://[a-z0-9.-]+:[0-9]{1,5}",
                "http:// or https://, a host, and a port",
                "write it as http://10.0.0.5:443",
            )
        checks.finish()
        return ExistingNetwork(
            label=subnetwork.rsplit("/", 1)[-1],
            project=project,
            region=subnetwork.split("/")[3],
            network_id=network,
            subnetwork_id=subnetwork,
            subnetwork_name=subnetwork.rsplit("/", 1)[-1],
            pods_range=pods_range,
            services_range=services_range,
            proxy_url=proxy_url,
        )
