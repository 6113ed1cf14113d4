"""ENC-08: GKE secrets, disks and traffic are encrypted."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.encryption.enc_08 import CONTROL
from tests.policies.rules.encryption.samples import FOREIGN, NAME
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, verdict

CLUSTER = R(
    "container.Cluster",
    {
        "databaseEncryption": {"state": "ENCRYPTED", "keyName": NAME},
        "inTransitEncryptionConfig": "IN_TRANSIT_ENCRYPTION_INTER_NODE_TRANSPARENT",
        "nodeConfig": {"bootDiskKmsKey": NAME},
    },
)
POOL = R("container.NodePool", {"nodeConfig": {"bootDiskKmsKey": NAME}})
DISK = "nodeConfig.bootDiskKmsKey"
NEW_DISK = "clusterAutoscaling.autoProvisioningDefaults.bootDiskKmsKey"

test_stated_verdicts = stated_verdicts(CONTROL, [CLUSTER, POOL])


def of(path: str, value: object, **more: Any) -> Outcome:
    return outcome(CONTROL, replace(CLUSTER, inputs=put({**CLUSTER.inputs, **more}, path, value)))


def without_disk(**more: Any) -> Outcome:
    return of("nodeConfig", ..., **more)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("databaseEncryption.state", "DECRYPTED"),
        ("databaseEncryption.state", "encrypted"),
        ("inTransitEncryptionConfig", "IN_TRANSIT_ENCRYPTION_DISABLED"),
    ],
)
def test_what_is_off_fails(path: str, value: str) -> None:
    found = of(path, value)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(path, value)]


@pytest.mark.parametrize("path", ["databaseEncryption.keyName", DISK])
def test_keys_are_held_to_what_keys_are(path: str) -> None:
    found = of(path, FOREIGN)
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, path)
    pool = outcome(CONTROL, replace(POOL, inputs=put({}, DISK, FOREIGN)))
    assert (pool.verdict, pool.reasons[0].path) == (Verdict.FAIL, DISK)


def test_all_objects_may_be_encrypted() -> None:
    assert of("databaseEncryption.state", "ALL_OBJECTS_ENCRYPTION_ENABLED").verdict is Verdict.PASS


def test_a_default_pool_that_is_removed_needs_no_key() -> None:
    assert without_disk().verdict is Verdict.FAIL
    assert without_disk(removeDefaultNodePool=True).verdict is Verdict.PASS
    for value in (False, "true", UNKNOWN, None):
        assert without_disk(removeDefaultNodePool=value).verdict is Verdict.FAIL, value


def test_pools_inside_of_the_cluster_are_read() -> None:
    good: dict[str, Any] = {"nodeConfig": {"bootDiskKmsKey": NAME}}
    bad: dict[str, Any] = {"nodeConfig": {}}
    assert without_disk(nodePools=[good]).verdict is Verdict.PASS
    found = without_disk(nodePools=[good, bad], removeDefaultNodePool=True)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [f"nodePools[1].{DISK}"]
    assert without_disk(nodePools=[]).verdict is Verdict.FAIL


def test_pools_that_the_cluster_makes_by_itself_are_read() -> None:
    on: dict[str, Any] = {"enabled": True, "autoProvisioningDefaults": {"bootDiskKmsKey": NAME}}
    assert of("clusterAutoscaling", on).verdict is Verdict.PASS
    found = of("clusterAutoscaling", {"enabled": True})
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [NEW_DISK])
    assert of("clusterAutoscaling", {"enabled": UNKNOWN}).verdict is Verdict.FAIL
    assert of("clusterAutoscaling", {"enabled": False}).verdict is Verdict.PASS
    assert of("clusterAutoscaling", {}).verdict is Verdict.PASS
    assert without_disk(clusterAutoscaling=on).verdict is Verdict.FAIL


def test_on_autopilot_every_node_is_made_by_itself() -> None:
    assert of("enableAutopilot", value=True).verdict is Verdict.FAIL
    assert of(NEW_DISK, NAME, enableAutopilot=True).verdict is Verdict.PASS
    assert (
        without_disk(
            enableAutopilot=True, clusterAutoscaling={"autoProvisioningDefaults": {"bootDiskKmsKey": NAME}}
        ).verdict
        is Verdict.PASS
    )
    assert of("enableAutopilot", value=False).verdict is Verdict.PASS
    assert verdict(CONTROL, R("container.Cluster", {"enableAutopilot": True})) is Verdict.FAIL
