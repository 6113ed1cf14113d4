"""What an import tells is what a program can set: the lives of all types show it, and here is why."""

from typing import Any

import pytest

from mockcloud.pulumi.checks import check
from mockcloud.pulumi.exclusions import superfluous
from mockcloud.pulumi.importable import importable
from mockcloud.pulumi.naming import Naming
from mockcloud.pulumi.properties import Properties, properties_of

BUCKET = "gcp:storage/bucket:Bucket"
CLUSTER = "gcp:container/cluster:Cluster"


def of(token: str) -> Properties:
    found = properties_of(token)
    assert found is not None
    return found


def imported(token: str, outputs: dict[str, Any]) -> dict[str, Any]:
    found = importable(token, of(token), outputs)
    assert check(token, of(token), found, {}, Naming("it")).failures == []
    return found


def test_all_that_can_be_set_and_is_no_default_is_told() -> None:
    outputs = {"name": "a", "url": "gs://a", "storageClass": "STANDARD", "location": "EU", "labels": {}, "cors": []}

    assert imported(BUCKET, outputs) == {"name": "a", "location": "EU"}


def test_what_only_the_cloud_sets_inside_of_it_is_not() -> None:
    policy = {"retentionDurationSeconds": 86400, "effectiveTime": "2026-01-01T00:00:00Z"}

    found = imported(BUCKET, {"name": "a", "location": "EU", "labels": {"b": "c"}, "softDeletePolicy": policy})

    assert found["softDeletePolicy"] == {"retentionDurationSeconds": 86400}
    assert found["labels"] == {"b": "c"}


def test_an_object_that_lacks_what_it_must_have_is_not() -> None:
    found = imported(CLUSTER, {"name": "a", "masterAuth": {"clusterCaCertificate": "x"}, "ipAllocationPolicy": {}})

    assert found == {"name": "a", "ipAllocationPolicy": {}}


def test_nor_is_such_an_item_of_a_list() -> None:
    rules = [{"action": {"type": "Delete"}, "condition": {"age": 3}}, {"action": {"type": "Delete"}}]

    found = imported(BUCKET, {"name": "a", "location": "EU", "lifecycleRules": rules})

    assert found["lifecycleRules"] == rules[:1]


def test_an_empty_object_says_something() -> None:
    token = "gcp:bigquery/connection:Connection"

    assert imported(token, {"connectionId": "a", "cloudResource": {}}) == {"connectionId": "a", "cloudResource": {}}
    assert imported(token, {"connectionId": "a", "cloudResource": {"serviceAccountId": "b"}})["cloudResource"] == {}


def test_what_is_written_only_is_not_told() -> None:
    sql = {"instanceId": "a", "database": "b", "type": "POSTGRES"}
    credential = {"username": "c", "password": "d", "passwordWo": "d"}

    found = imported("gcp:bigquery/connection:Connection", {"cloudSql": {**sql, "credential": credential}})

    assert set(found["cloudSql"]["credential"]) == {"username", "password"}


@pytest.mark.parametrize(
    ("given", "gone"),
    [
        ({"clusterIpv4Cidr": "10.4.0.0/14", "ipAllocationPolicy": {"stackType": "IPV4"}}, ["clusterIpv4Cidr"]),
        ({"defaultMaxPodsPerNode": 110, "enableAutopilot": True}, ["defaultMaxPodsPerNode"]),
        (
            {"addonsConfig": {"networkPolicyConfig": {"disabled": True}}, "enableAutopilot": True},
            ["addonsConfig.networkPolicyConfig"],
        ),
    ],
)
def test_of_what_excludes_another_the_one_that_says_most_stays(given: dict[str, Any], gone: list[str]) -> None:
    assert superfluous(CLUSTER, of(CLUSTER), given) == gone
    assert superfluous(CLUSTER, of(CLUSTER), {name: given[name] for name in sorted(given)[:1]}) == []

    imported(CLUSTER, {"name": "a", **given})


def test_it_goes_inside_of_lists_as_well() -> None:
    token = "gcp:compute/instance:Instance"
    disk = {"source": "a", "kmsKeySelfLink": "b", "diskEncryptionKeyRaw": "c"}

    gone = superfluous(token, of(token), {"attachedDisks": [{"source": "a"}, disk]})

    assert [each.partition(".")[0] for each in gone] == ["attachedDisks[1]"] * len(gone)
    assert gone
    found = importable(token, of(token), {"attachedDisks": [{"source": "a"}, disk]})
    assert len(found["attachedDisks"][1]) == len(disk) - len(gone)


def test_what_needs_another_goes_where_that_is_not_there() -> None:
    token = "gcp:alloydb/user:User"

    assert superfluous(token, of(token), {"passwordWo": "a", "passwordWoVersion": "1"}) == []
    assert superfluous(token, of(token), {"passwordWoVersion": "1"}) == ["passwordWoVersion"]
