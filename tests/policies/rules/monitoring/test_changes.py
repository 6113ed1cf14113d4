"""Changes of which somebody must be told: what Google writes of each."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from groundplan_policies.rules.monitoring.changes import changes
from tests.policies.rules.harness import R, context

COMPUTE = ("v1.compute", "beta.compute")
EXPECTED: Mapping[str, tuple[str, str, str, set[str]]] = {
    "2.5": ("owners of a project", "cloudresourcemanager.googleapis.com", "project", {"SetIamPolicy"}),
    "2.6": ("audit settings", "cloudresourcemanager.googleapis.com", "project", {"SetIamPolicy"}),
    "2.7": (
        "custom roles",
        "iam.googleapis.com",
        "iam_role",
        {f"google.iam.admin.v1.{each}Role" for each in ("Create", "Update", "Delete")},
    ),
    "2.8": (
        "firewall rules",
        "compute.googleapis.com",
        "gce_firewall_rule",
        {f"{api}.firewalls.{each}" for api in COMPUTE for each in ("insert", "patch", "delete")},
    ),
    "2.9": (
        "routes",
        "compute.googleapis.com",
        "gce_route",
        {f"{api}.routes.{each}" for api in COMPUTE for each in ("insert", "delete")},
    ),
    "2.10": (
        "networks",
        "compute.googleapis.com",
        "gce_network",
        {
            f"{api}.networks.{each}"
            for api in COMPUTE
            for each in ("insert", "patch", "delete", "addPeering", "removePeering")
        },
    ),
    "2.11": ("access to buckets", "storage.googleapis.com", "gcs_bucket", {"storage.setIamPermissions"}),
    "2.12": ("database instances", "cloudsql.googleapis.com", "cloudsql_database", {"cloudsql.instances.update"}),
}
POLICIES = (
    *("compute.FirewallPolicyRule", "compute.NetworkFirewallPolicy", "compute.NetworkFirewallPolicyRule"),
    *("compute.NetworkFirewallPolicyWithRules", "compute.RegionNetworkFirewallPolicyRule"),
    "compute.RegionNetworkFirewallPolicyWithRules",
)


def methods(entries: tuple[Any, ...]) -> Iterator[str]:
    yield from (each["protoPayload"]["methodName"] for each in entries)


def test_each_change_is_what_the_benchmark_asks_for() -> None:
    found = changes(context().graph, "acme")
    assert [each.clause for each in found] == list(EXPECTED)
    for change in found:
        what, service, type_, names = EXPECTED[change.clause]
        entries: tuple[Any, ...] = change.entries
        assert (change.what, set(methods(entries))) == (what, names)
        for entry in entries:
            assert entry["log_id"] == "cloudaudit.googleapis.com/activity"
            assert entry["logName"] == "projects/acme/logs/cloudaudit.googleapis.com%2Factivity"
            assert (entry["severity"], entry["resource"]) == ("NOTICE", {"type": type_})
            assert entry["protoPayload"]["serviceName"] == service
            assert entry["protoPayload"]["@type"] == "type.googleapis.com/google.cloud.audit.AuditLog"


def test_policies_say_what_changed_in_them() -> None:
    owners, audit = changes(context().graph, "")[:2]
    deltas: list[Any] = [each["protoPayload"] for each in (*owners.entries, *audit.entries)]
    assert [each["serviceData"]["policyDelta"] for each in deltas] == [
        {"bindingDeltas": ({"action": "ADD", "role": "roles/owner"},), "auditConfigDeltas": None},
        {"bindingDeltas": ({"action": "REMOVE", "role": "roles/owner"},), "auditConfigDeltas": None},
        {
            "auditConfigDeltas": ({"action": "ADD", "service": "allServices", "logType": "DATA_READ"},),
            "bindingDeltas": None,
        },
    ]


@pytest.mark.parametrize("type_", POLICIES)
def test_firewall_policies_count_where_there_are_some(type_: str) -> None:
    found = {each.clause: each for each in changes(context(R(type_)).graph, "acme")}["2.8"]
    more = set(methods(found.entries)) - EXPECTED["2.8"][3]
    verbs = ("addRule", "patchRule", "removeRule")
    assert more == {f"{api}.networkFirewallPolicies.{each}" for api in COMPUTE for each in verbs}
    kinds = {str(each.get("resource")) for each in found.entries}
    assert kinds == {"None", "{'type': 'gce_firewall_rule'}"}
