"""The ways out of a network: routes, address translation, and a proxy with a list of domains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_gcp as gcp

from groundplan.core.component import Component
from groundplan.core.validation import Checks
from groundplan.network.google_domains import restricted_range

_GATEWAY: Final = "default-internet-gateway"
_DOMAIN: Final = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
_MAX_DOMAINS: Final = 100  # Google takes this many names in a firewall rule.
PROXY_PORT: Final = 443
"""Port of the proxy."""


def check_domains(checks: Checks, field: str, domains: Sequence[str], *, nat: bool, proxy: bool) -> None:
    """Record domains that the way out, which the tier chooses, cannot let through."""
    checks.that(
        not domains or nat or proxy,
        field,
        "is given, and the tier has no way out",
        given=", ".join(map(str, domains)),
        allowed="no domains where there is neither Cloud NAT nor a Secure Web Proxy",
        do="leave the domains out, or choose a tier with one of the two",
    )
    checks.that(
        len(domains) <= _MAX_DOMAINS,
        field,
        "names too many domains",
        given=len(domains),
        allowed=f"at most {_MAX_DOMAINS}",
        do="mirror what many hosts serve in a repository of one's own",
    )
    for index, domain in enumerate(domains):
        # The firewall resolves names, so it must be told each; the proxy compares the name that a client asks for.
        checks.matches(
            f"{field}[{index}]",
            domain,
            _DOMAIN if nat else rf"(?:\*\.)?{_DOMAIN}",
            "a host's full name in lower case"
            + ("; no wildcard, since the firewall looks each name up" if nat else ", or *. and a domain"),
            "name each host, without scheme, port or path",
        )
    checks.unique(field, domains, "domain")


def route_to_google(component: Component, network: gcp.compute.Network) -> gcp.compute.Route:
    """Make the route to the restricted range of Google's APIs: packets on it stay within Google's network."""
    return _route(component, network, "route-google-apis", restricted_range(), "Google's APIs, and nothing else")


def translation(
    component: Component,
    network: gcp.compute.Network,
    subnetwork: gcp.compute.Subnetwork,
    *,
    after: Sequence[pulumi.Resource],
) -> gcp.compute.RouterNat:
    """Make a route to the internet and Cloud NAT for one subnetwork; the firewall decides what may use it."""
    project, region = component.project, component.env.region
    _route(component, network, "route-internet", "0.0.0.0/0", "Destinations that the firewall allows", after=after)
    router = component.make(
        "router",
        gcp.compute.Router,
        gcp.compute.RouterArgs(
            project=project.id,
            region=region,
            name=component.cloud_name("router", region),
            network=network.id,
        ),
    )
    return component.make(
        "nat",
        gcp.compute.RouterNat,
        gcp.compute.RouterNatArgs(
            project=project.id,
            region=region,
            name=component.cloud_name("router_nat", region),
            router=router.name,
            nat_ip_allocate_option="AUTO_ONLY",
            source_subnetwork_ip_ranges_to_nat="LIST_OF_SUBNETWORKS",
            subnetworks=[
                gcp.compute.RouterNatSubnetworkArgs(name=subnetwork.id, source_ip_ranges_to_nats=["ALL_IP_RANGES"])
            ],
            log_config=gcp.compute.RouterNatLogConfigArgs(enable=component.env.defaults.nat_logging, filter="ALL"),
        ),
        depends_on=after,
    )


def secure_web_proxy(
    component: Component,
    network: gcp.compute.Network,
    subnetwork: gcp.compute.Subnetwork,
    *,
    address: str,
    domains: Sequence[str],
    certificate: pulumi.Input[str] | None,
    after: Sequence[pulumi.Resource],
) -> gcp.networkservices.Gateway:
    """Make a proxy that clients name explicitly and that lets through HTTPS to the domains only.

    It reads the host from the client's CONNECT request; TLS goes on end to end, uninspected. What no rule allows, it
    denies. Google makes a router and address translation for it by itself, which serve nothing else.
    """
    project, region = component.project, component.env.region
    list_name = component.cloud_name("url_list", "domains", generation=True)
    url_list = component.make(
        "proxy-domains",
        gcp.networksecurity.UrlList,
        gcp.networksecurity.UrlListArgs(
            project=project.id,
            location=region,
            name=list_name,
            values=list(domains),
        ),
    )
    policy = component.make(
        "proxy-policy",
        gcp.networksecurity.GatewaySecurityPolicy,
        gcp.networksecurity.GatewaySecurityPolicyArgs(
            project=project.id,
            location=region,
            name=component.cloud_name("gateway_security_policy", "proxy", generation=True),
        ),
    )
    rule = component.make(
        "proxy-rule",
        gcp.networksecurity.GatewaySecurityPolicyRule,
        gcp.networksecurity.GatewaySecurityPolicyRuleArgs(
            project=project.id,
            location=region,
            name=component.cloud_name("gateway_security_policy_rule", "domains"),
            gateway_security_policy=policy.name,
            priority=1,
            enabled=True,
            basic_profile="ALLOW",
            # The list's id is written out, so that a preview shows the whole condition.
            session_matcher=f"inUrlList(host(), 'projects/{project.id}/locations/{region}/urlLists/{list_name}')"
            " && destination.port == 443",
        ),
        depends_on=[url_list],
    )
    return component.make(
        "proxy",
        gcp.networkservices.Gateway,
        gcp.networkservices.GatewayArgs(
            project=project.id,
            location=region,
            name=component.cloud_name("gateway", "proxy"),
            type="SECURE_WEB_GATEWAY",
            routing_mode="EXPLICIT_ROUTING_MODE",
            network=network.id,
            subnetwork=subnetwork.id,
            addresses=[address],
            ports=[PROXY_PORT],
            certificate_urls=None if certificate is None else [certificate],
            gateway_security_policy=policy.id,
            labels=component.labels(),
        ),
        depends_on=[rule, *after],
    )


def _route(
    component: Component,
    network: gcp.compute.Network,
    role: str,
    destination: str,
    description: str,
    *,
    after: Sequence[pulumi.Resource] = (),
) -> gcp.compute.Route:
    return component.make(
        role,
        gcp.compute.Route,
        gcp.compute.RouteArgs(
            project=component.project.id,
            name=component.cloud_name("route", role.removeprefix("route-")),
            network=network.id,
            dest_range=destination,
            next_hop_gateway=_GATEWAY,
            priority=1000,
            description=description,
        ),
        depends_on=after,
    )
