"""In whose project the things stand that a workload puts into a network."""

from __future__ import annotations

from groundplan.core.environment import Environment, Project
from groundplan.core.references import NetworkRef


def consumer_project(env: Environment, network: NetworkRef) -> Project:
    """Return the network's project, or the workload's where the network belongs to somebody else.

    Addresses, endpoints and attachments may stand in a service project and use a subnetwork of its Shared VPC host, so
    that nothing is made in a host project that is not ours; the use of the subnetwork is then granted, or asked for.
    """
    return network.project if network.project.managed else env.projects.workload
