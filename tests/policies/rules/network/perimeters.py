"""Service perimeters for the tests."""

from typing import Any

from groundplan_policies.rules.network.perimeters import PERIMETER, PERIMETERS
from tests.policies.rules.harness import R

NAME = "accessPolicies/1/servicePerimeters/main"
SERVICES = ["bigquery.googleapis.com", "storage.googleapis.com"]

STATUS: dict[str, Any] = {
    "resources": ["projects/1"],
    "restrictedServices": SERVICES,
    "vpcAccessibleServices": {"enableRestriction": True, "allowedServices": ["RESTRICTED-SERVICES"]},
    "ingressPolicies": [
        {
            "ingressFrom": {"identities": ["user:a@acme.test"], "sources": [{"resource": "projects/2"}]},
            "ingressTo": {"resources": ["*"], "operations": [{"serviceName": "storage.googleapis.com"}]},
        }
    ],
    "egressPolicies": [
        {
            "egressFrom": {"identities": ["user:a@acme.test"]},
            "egressTo": {"resources": ["projects/2"], "operations": [{"serviceName": "storage.googleapis.com"}]},
        }
    ],
}


def block(status: object = STATUS, **inputs: Any) -> dict[str, Any]:
    return {"name": NAME, "perimeterType": "PERIMETER_TYPE_REGULAR", "status": status, **inputs}


def perimeter(status: object = STATUS, **inputs: Any) -> R:
    return R(PERIMETER, block(status, **inputs))


def both(status: object = STATUS, **inputs: Any) -> tuple[R, R]:
    """Give the same perimeter in its two forms."""
    return perimeter(status, **inputs), R(PERIMETERS, {"servicePerimeters": [block(status, **inputs)]})
