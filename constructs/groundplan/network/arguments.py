"""What a network takes, and what of that cannot be."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from groundplan.core.component import Args
from groundplan.core.environment import Project
from groundplan.core.validation import Checks
from groundplan.network import egress, google_domains, shared_vpc
from groundplan.network.firewall import FirewallRule, check_ports, check_rules
from groundplan.network.ranges import AddressPlan, GivenRanges, address_plan


@dataclass(frozen=True, kw_only=True)
class NetworkArgs(Args):
    """What a ``Network`` takes."""

    cidr: str
    """Range of the machines, /8 to /24, such as ``10.0.0.0/20``."""
    pods_cidr: str | None = None
    """Range of Kubernetes pods, /9 to /24; by default the first free /16 of 100.64.0.0/10."""
    services_cidr: str | None = None
    """Range of Kubernetes services, /16 to /27; by default the next free /20 of 100.64.0.0/10."""
    proxy_cidr: str | None = None
    """Range that Google's proxies work from, /16 to /26, where the tier has a proxy; by default a free /23."""
    google_apis_address: str | None = None
    """Address of the endpoint for Google's APIs, outside the ranges, where the tier has one; by default a free one."""
    egress_domains: tuple[str, ...] = ()
    """Hosts on the internet that may be reached, with HTTPS only; by default none.

    Where the tier has a proxy, ``*.example.com`` stands for all hosts of a domain, and without any host no proxy is
    made. Where it has Cloud NAT, the firewall looks each name up, so wildcards are refused.
    """
    google_domains: tuple[str, ...] = ()
    """Further domains of Google's to reach privately, such as ``run.app``; what notebooks and builds need is there."""
    firewall_rules: tuple[FirewallRule, ...] = ()
    """Further exceptions to the denial of all traffic."""
    internal_traffic: bool = False
    """Whether the network's machines and pods may reach one another on all ports, as Spark, Ray and GKE need.

    It costs that whoever holds one machine can try all others.
    """
    iap_ssh: bool = False
    """Whether machines accept SSH from Identity-Aware Proxy, which asks for a right of its own."""
    health_check_ports: tuple[int, ...] = ()
    """Ports on which machines accept health checks of Google's load balancers; by default none."""
    proxy_certificate: pulumi.Input[str] | None = None
    """Regional certificate (Certificate Manager) that the proxy shows, so that clients speak TLS with it as well."""
    service_projects: tuple[Project, ...] = ()
    """Projects that use the network (Shared VPC): they are attached, and the network's project becomes the host."""

    @property
    def has_proxy(self) -> bool:
        """Whether there is a proxy: the tier has one, and there is somewhere to go. An idle one is paid by the hour."""
        return self.env.defaults.secure_web_proxy and bool(self.egress_domains)

    @property
    def proxy_scheme(self) -> str:
        """How clients speak with the proxy itself; what they fetch through it is TLS in both cases."""
        return "http" if self.proxy_certificate is None else "https"

    def plan(self) -> AddressPlan:
        """Return which addresses are for what; wrong ranges raise ``ArgumentError``."""
        checks = Checks("NetworkArgs")
        given = self._given().check(checks)
        checks.finish()
        return address_plan(given, proxy=self.has_proxy, google_apis=self.env.defaults.google_apis_endpoint)

    def _given(self) -> GivenRanges:
        return GivenRanges(
            cidr=self.cidr,
            pods_cidr=self.pods_cidr,
            services_cidr=self.services_cidr,
            proxy_cidr=self.proxy_cidr,
            google_apis_address=self.google_apis_address,
        )

    def validate(self, checks: Checks) -> None:
        """Record what is wrong with the fields."""
        defaults = self.env.defaults
        self._given().check(checks)
        self._has_use(checks, "proxy_cidr", self.proxy_cidr, "proxy", holds=defaults.secure_web_proxy)
        self._has_use(checks, "proxy_certificate", self.proxy_certificate, "proxy", holds=defaults.secure_web_proxy)
        self._has_use(
            checks, "google_apis_address", self.google_apis_address, "endpoint", holds=defaults.google_apis_endpoint
        )
        egress.check_domains(
            checks, "egress_domains", self.egress_domains, nat=defaults.nat, proxy=defaults.secure_web_proxy
        )
        google_domains.check_domains(checks, "google_domains", self.google_domains)
        checks.that(
            not set(self.google_domains) & set(google_domains.base_domains()),
            "google_domains",
            "names a domain that every network has",
            given=", ".join(self.google_domains),
            allowed=f"domains other than {', '.join(google_domains.base_domains())}",
            do="leave it out",
        )
        check_rules(checks, "firewall_rules", self.firewall_rules)
        check_ports(checks, "health_check_ports", self.health_check_ports)
        shared_vpc.check_service_projects(checks, "service_projects", self.service_projects, self.env.projects.network)

    def _has_use(self, checks: Checks, field: str, value: object, thing: str, *, holds: bool) -> None:
        checks.that(
            value is None or holds,
            field,
            f"is given, and tier {self.env.tier.name} has no {thing}",
            given=value,
            allowed=f"nothing, where there is no {thing}",
            do="leave it out, or choose a tier that has one",
        )
