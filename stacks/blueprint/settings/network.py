"""Settings of the network."""

from __future__ import annotations

import ipaddress

from pydantic import Field, ValidationInfo, field_validator

from blueprint.settings.base import Section, verify, verify_each
from blueprint.settings.environment import ProjectSettings
from groundplan.core.validation import Checks

_RANGES = ("cidr", "pods_cidr", "services_cidr", "service_access_cidr")


class ExistingNetworkSettings(Section):
    """A network that is there already, such as a Shared VPC host's."""

    project: ProjectSettings
    """The network's project; `managed: false` where its administrators make the grants."""
    network: str
    """Name of the network."""
    subnetwork: str
    """Name of the subnetwork in the environment's region."""
    pods_range: str | None = None
    """Name of the secondary range for Kubernetes pods."""
    services_range: str | None = None
    """Name of the secondary range for Kubernetes services."""
    proxy_url: str | None = None
    """Address of the proxy that is the way out."""


class ServiceEndpointSettings(Section):
    """An address inside the network for a service that somebody publishes."""

    service_attachment: str
    """What its producer publishes, as projects/…/regions/…/serviceAttachments/…, in the environment's region."""
    address: str
    """Address of the endpoint, free and in the range of the machines."""
    host: str | None = None
    """A name that leads to the endpoint inside the network, such as scores.partner.test."""
    global_access: bool = False
    """Whether machines of the network's other regions reach it too; the producer must allow it."""


class NetworkSettings(Section):
    """The network that everything joins."""

    cidr: str = "10.0.0.0/20"
    """Addresses of machines, a private IPv4 range."""
    pods_cidr: str | None = None
    """Addresses of Kubernetes pods; by default a free range in 100.64.0.0/10."""
    services_cidr: str | None = None
    """Addresses of Kubernetes services; by default a free range in 100.64.0.0/10."""
    google_apis_address: str | None = None
    """Address of the endpoint for Google's APIs, outside all ranges, where the tier has such an endpoint; by default a
    free one."""
    egress_domains: list[str] = Field(default_factory=list)
    """Domains that machines may reach over HTTPS, such as source hosts; nothing else leaves the network."""
    internal_traffic: bool = False
    """Whether machines of the network may talk to one another, as the nodes of a cluster must."""
    google_domains: list[str] = Field(default_factory=list)
    """Domains of Google beyond the usual that are reached privately, such as gke.goog for clusters."""
    service_access_cidr: str | None = None
    """Addresses for services of Google that are reached by peering, such as Cloud SQL; by default there is none."""
    existing: ExistingNetworkSettings | None = None
    """A network to use instead of making one."""

    @field_validator("cidr", "pods_cidr", "services_cidr", "service_access_cidr")
    @classmethod
    def _range(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        name = str(info.field_name)
        verify(lambda checks: checks.cidr(name, value, shortest=8, longest=28))
        others = [other for other in _RANGES if info.data.get(other) and other != name]
        verify_each(others, lambda checks, other: _apart(checks, {other: info.data[other], name: value}))
        return value

    @field_validator("egress_domains")
    @classmethod
    def _domains(cls, value: list[str]) -> list[str]:
        verify_each(value, _check_domain)
        return value


def _apart(checks: Checks, ranges: dict[str, str]) -> None:
    checks.disjoint({name: ipaddress.IPv4Network(value) for name, value in ranges.items()})


def _check_domain(checks: Checks, domain: str) -> object:
    return checks.matches(
        "egress_domains",
        domain,
        r"(?:\*\.)?(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*",
        "a domain such as example.org or *.example.org",
        "write the domain without scheme or path",
    )
