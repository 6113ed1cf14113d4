"""Changes of which somebody must be told at once: how each looks in the audit logs.

The changes are those of the CIS Google Cloud Foundation Benchmark 5.0, 2.5 to 2.12. A filter is held to entries, and
not to its wording: it has to match every one of a change's, each in the versions of the API that clients use.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.rules.monitoring.entries import AUDIT, entry
from groundplan_policies.rules.monitoring.matching import Entry

_COMPUTE: Final = "compute.googleapis.com"
_VERSIONS: Final = ("v1", "beta")
"""Versions of Compute Engine's API: programs use v1, the Google provider beta."""

_POLICY_RULES: Final = (
    "compute.FirewallPolicyRule",
    "compute.NetworkFirewallPolicy",
    "compute.NetworkFirewallPolicyRule",
    "compute.NetworkFirewallPolicyWithRules",
    "compute.RegionNetworkFirewallPolicyRule",
    "compute.RegionNetworkFirewallPolicyWithRules",
)


@dataclass(frozen=True)
class Change:
    """A kind of change.

    Attributes:
        clause: Number of the benchmark's recommendation.
        what: What changed, for messages.
        entries: What is known of the entries that Google writes of it.
    """

    clause: str
    what: str
    entries: tuple[Entry, ...]


def changes(graph: Graph, project: str) -> tuple[Change, ...]:
    """Give the changes of a project. Firewall policies count where this document has some.

    Args:
        graph: The deployment.
        project: Id of the project; "" where that is not known.
    """
    policies = any(True for _ in graph.of(*_POLICY_RULES))
    log = entry(f"{AUDIT}/activity", project)
    return tuple(
        Change(clause, what, tuple({**log, "severity": "NOTICE", **each} for each in found))
        for clause, what, found in _all(policies=policies)
    )


def _all(*, policies: bool) -> Iterator[tuple[str, str, list[Entry]]]:
    manager = "cloudresourcemanager.googleapis.com"
    owners: list[Entry] = [{"action": action, "role": "roles/owner"} for action in ("ADD", "REMOVE")]
    deltas: list[Entry] = [{"bindingDeltas": (each,), "auditConfigDeltas": None} for each in owners]
    yield "2.5", "owners of a project", [_policy(manager, each) for each in deltas]
    audit: Entry = {"action": "ADD", "service": "allServices", "logType": "DATA_READ"}
    yield "2.6", "audit settings", [_policy(manager, {"auditConfigDeltas": (audit,), "bindingDeltas": None})]
    roles = [f"google.iam.admin.v1.{each}Role" for each in ("Create", "Update", "Delete")]
    yield "2.7", "custom roles", [_entry("iam.googleapis.com", each, "iam_role") for each in roles]
    firewalls = list(_compute("firewalls", "gce_firewall_rule", "insert", "patch", "delete"))
    if policies:
        firewalls += _compute("networkFirewallPolicies", "", "addRule", "patchRule", "removeRule")
    yield "2.8", "firewall rules", firewalls
    yield "2.9", "routes", list(_compute("routes", "gce_route", "insert", "delete"))
    verbs = ("insert", "patch", "delete", "addPeering", "removePeering")
    yield "2.10", "networks", list(_compute("networks", "gce_network", *verbs))
    yield "2.11", "access to buckets", [_entry("storage.googleapis.com", "storage.setIamPermissions", "gcs_bucket")]
    databases = _entry("cloudsql.googleapis.com", "cloudsql.instances.update", "cloudsql_database")
    yield "2.12", "database instances", [databases]


def _compute(collection: str, type_: str, *verbs: str) -> Iterator[Entry]:
    for version in _VERSIONS:
        for verb in verbs:
            yield _entry(_COMPUTE, f"{version}.compute.{collection}.{verb}", type_)


def _policy(service: str, delta: Entry) -> Entry:
    """Give the entry of a change of a project's IAM policy."""
    return _entry(service, "SetIamPolicy", "project", serviceData={"policyDelta": delta})


def _entry(service: str, method: str, type_: str, **more: Entry) -> Entry:
    payload: Entry = {
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
        "serviceName": service,
        "methodName": method,
        **more,
    }
    return {"protoPayload": payload, **({"resource": {"type": type_}} if type_ else {})}
