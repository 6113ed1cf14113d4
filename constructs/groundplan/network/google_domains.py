"""Names of Google's services that lead to private addresses."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

import pulumi
import pulumi_gcp as gcp

from groundplan.core import tables
from groundplan.core.component import Component
from groundplan.core.environment import Project
from groundplan.core.validation import Checks

_TABLE = "google_domains"
_TTL_SECONDS = 300


def restricted_range() -> str:
    """Return the public range that serves only what VPC Service Controls supports (restricted.googleapis.com)."""
    return str(tables.load(_TABLE)["restricted_range"])


def restricted_addresses() -> list[str]:
    """Return the addresses of the restricted range, all of which answer."""
    return [str(address) for address in ipaddress.IPv4Network(restricted_range())]


def base_domains() -> tuple[str, ...]:
    """Return the domains that every network has a zone for: what notebooks, jobs and builds need."""
    return tuple(domain for domain, row in tables.load(_TABLE)["domains"].items() if row["base"])


def check_domains(checks: Checks, field: str, domains: Sequence[str]) -> None:
    """Record domains that are not Google's to serve privately, or that stand twice."""
    for index, domain in enumerate(domains):
        checks.one_of(f"{field}[{index}]", domain, list(tables.load(_TABLE)["domains"]))
    checks.unique(field, domains, "domain")


def private_zones(
    component: Component,
    network_id: pulumi.Input[str],
    domains: Sequence[str],
    addresses: Sequence[str],
    *,
    project: Project,
) -> None:
    """Make a private zone for each domain, in which the domain and every name below it lead to the addresses.

    Children: ``zone-…``, ``address-…`` and ``names-…`` for each domain, hyphens for its dots.
    """
    for domain in domains:
        role = domain.replace(".", "-")
        zone = component.make(
            f"zone-{role}",
            gcp.dns.ManagedZone,
            gcp.dns.ManagedZoneArgs(
                project=project.id,
                name=component.cloud_name("dns_zone", role),
                dns_name=f"{domain}.",
                description=f"Names of {domain}, reached privately",
                visibility="private",
                private_visibility_config=gcp.dns.ManagedZonePrivateVisibilityConfigArgs(
                    networks=[gcp.dns.ManagedZonePrivateVisibilityConfigNetworkArgs(network_url=network_id)]
                ),
                labels=component.labels(),
            ),
            project=project,
        )
        records = {"address": (f"{domain}.", "A", list(addresses)), "names": (f"*.{domain}.", "CNAME", [f"{domain}."])}
        for kind, (name, record_type, data) in records.items():
            component.make(
                f"{kind}-{role}",
                gcp.dns.RecordSet,
                gcp.dns.RecordSetArgs(
                    project=project.id,
                    managed_zone=zone.name,
                    name=name,
                    type=record_type,
                    ttl=_TTL_SECONDS,
                    rrdatas=data,
                ),
                project=project,
            )
