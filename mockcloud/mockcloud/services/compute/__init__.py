"""Compute Engine: names by scope, operations of its own, links, fingerprints, and what resources need of others."""

from mockcloud.services.compute import (
    addresses,
    balancing,
    bulk,
    disks,
    endpoints,
    extensions,
    further,
    groups,
    instances,
    machines,
    networks,
    offers,
    peerings,
    policies,
    projects,
    routing,
    settings,
)
from mockcloud.services.compute.api import SERVICE

__all__ = [
    "SERVICE",
    "addresses",
    "balancing",
    "bulk",
    "disks",
    "endpoints",
    "extensions",
    "further",
    "groups",
    "instances",
    "machines",
    "networks",
    "offers",
    "peerings",
    "policies",
    "projects",
    "routing",
    "settings",
]
