"""Load balancers: whether the internet reaches what stands behind one."""

from typing import Final

from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource

SCHEME: Final = Path("loadBalancingScheme")
DEFAULTS: Final = {"compute.BackendService": "EXTERNAL_MANAGED", "compute.RegionBackendService": "INTERNAL"}
"""Short name of a type of backend service -> what the provider takes where no scheme is given (pulumi-gcp 10.2)."""
_INTERNAL: Final = frozenset({"INTERNAL", "INTERNAL_MANAGED", "INTERNAL_SELF_MANAGED"})


def says_scheme(service: Resource) -> bool:
    """Whether a backend service says to which kind of load balancer it belongs."""
    return SCHEME.one(service).state not in {State.ABSENT, State.EMPTY}


def is_internal(service: Resource) -> bool:
    """Whether a backend service is for internal load balancers only. One of which nobody can tell is not."""
    said = SCHEME.one(service).text if says_scheme(service) else DEFAULTS[short_name(service.type)]
    return said in _INTERNAL
