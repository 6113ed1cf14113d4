"""Node pools of a TrainingCluster: accelerators, capacity, sharing, slices, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

import groundplan as gp
from tests.constructs.plan import environment, plan
from tests.constructs.training.brownfield import keys, network
from tests.constructs.training.brownfield import reservation as kept

POOL = "gcp:container/nodePool:NodePool"
CLUSTER = "gcp:container/cluster:Cluster"
QUOTA_CALL = "gcp:cloudquota/getSQuotaInfo:getSQuotaInfo"
ENOUGH = gp.Quota(limit=256)
L4: dict[str, Any] = {"machine_type": "g2-standard-8", "accelerator": "nvidia-l4", "quota": ENOUGH}
A100: dict[str, Any] = {"machine_type": "a2-highgpu-1g", "accelerator": "nvidia-tesla-a100", "quota": ENOUGH}


def args(tier: gp.Tier, data_class: gp.DataClass, **more: Any) -> gp.TrainingClusterArgs:
    return gp.TrainingClusterArgs(
        env=environment(tier),
        network=network(),
        keys=keys() if tier.defaults.customer_managed_keys else None,
        data_class=data_class,
        node_pools=(gp.NodePool(**{"name": "jobs", **more}),),
    )


def pool(
    tier: gp.Tier = gp.Tier.TEAM,
    data_class: gp.DataClass = gp.DataClass.CONFIDENTIAL,
    *,
    invokes: Any = None,
    **more: Any,
) -> Any:
    found = plan(lambda: gp.TrainingCluster("gke", args(tier, data_class, **more)), invokes=invokes)
    return found.one(POOL, "gke-pool-jobs").inputs


def refused(tier: gp.Tier = gp.Tier.TEAM, data_class: gp.DataClass = gp.DataClass.CONFIDENTIAL, **more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        pool(tier, data_class, **more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    assert "node_pools[0]." in str(caught.value)
    return str(caught.value)


def test_gpus_have_drivers_and_keep_others_off() -> None:
    made = pool(**L4, max_nodes=2)
    node = made["nodeConfig"]
    assert node["guestAccelerators"] == [
        {"type": "nvidia-l4", "count": 1, "gpuDriverInstallationConfig": {"gpuDriverVersion": "DEFAULT"}}
    ]
    assert node["taints"] == [{"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}]
    assert made["autoscaling"]["locationPolicy"] == "ANY"
    assert made["upgradeSettings"] == {"maxSurge": 0, "maxUnavailable": 1}
    assert made["nodeLocations"] == ["europe-west4-a", "europe-west4-b", "europe-west4-c"]


def test_gpus_that_come_with_the_machine_are_named_for_google() -> None:
    node = pool(machine_type="a2-highgpu-2g", quota=ENOUGH)["nodeConfig"]
    assert node["guestAccelerators"][0]["type"] == "nvidia-tesla-a100"
    assert node["guestAccelerators"][0]["count"] == 2


def test_nodes_stand_where_such_machines_are() -> None:
    made = pool(machine_type="a2-ultragpu-1g", accelerator="nvidia-a100-80gb", quota=ENOUGH)
    assert made["nodeLocations"] == ["europe-west4-a"]
    assert pool(**L4, zones=("europe-west4-b",))["nodeLocations"] == ["europe-west4-b"]


@pytest.mark.parametrize(
    ("tier", "more", "keys_of_node"),
    [
        (gp.Tier.LEARNER, {}, {"spot": True}),
        (gp.Tier.TEAM, {}, {}),
        (gp.Tier.TEAM, {"consumption": "spot"}, {"spot": True}),
        (
            gp.Tier.TEAM,
            {"consumption": "flex_start", "max_run_hours": 2},
            {
                "flexStart": True,
                "maxRunDuration": "7200s",
                "reservationAffinity": {"consumeReservationType": "NO_RESERVATION"},
            },
        ),
        (
            gp.Tier.REGULATED,
            {"reservation": kept()},
            {
                "reservationAffinity": {
                    "consumeReservationType": "SPECIFIC_RESERVATION",
                    "key": "compute.googleapis.com/reservation-name",
                    "values": ["projects/acme-shared/reservations/kept"],
                }
            },
        ),
    ],
)
def test_capacity_is_had_as_the_tier_or_the_pool_says(
    tier: gp.Tier, more: dict[str, Any], keys_of_node: dict[str, Any]
) -> None:
    node = pool(tier, **L4, **more)["nodeConfig"]
    names = ("spot", "flexStart", "maxRunDuration", "reservationAffinity")
    assert {name: node[name] for name in names if name in node} == keys_of_node


def test_queued_nodes_are_not_repaired_under_a_job() -> None:
    made = pool(**L4, consumption="flex_start", queued=True)
    assert made["queuedProvisioning"] == {"enabled": True}
    assert made["management"] == {"autoRepair": False, "autoUpgrade": True}
    assert "upgradeSettings" not in made
    assert "queuedProvisioning" not in pool(**L4)


def test_gpus_are_divided_or_shared() -> None:
    divided = pool(**A100, partition="1g.5gb")["nodeConfig"]["guestAccelerators"][0]
    assert divided["gpuPartitionSize"] == "1g.5gb"
    shared = pool(**L4, shared_clients=4)["nodeConfig"]["guestAccelerators"][0]
    assert shared["gpuSharingConfig"] == {"gpuSharingStrategy": "TIME_SHARING", "maxSharedClientsPerGpu": 4}


def test_a_slice_of_one_host_is_a_node() -> None:
    made = pool(machine_type="ct5lp-hightpu-4t", topology="2x2", quota=ENOUGH, max_nodes=3, zones=("europe-west4-b",))
    assert "placementPolicy" not in made
    assert made["autoscaling"]["totalMaxNodeCount"] == 3
    assert made["nodeConfig"]["taints"][0]["key"] == "google.com/tpu"
    assert "guestAccelerators" not in made["nodeConfig"]


def test_a_slice_of_several_hosts_is_a_pool() -> None:
    made = pool(machine_type="ct5lp-hightpu-4t", topology="4x4", quota=ENOUGH)
    assert made["placementPolicy"] == {"type": "COMPACT", "tpuTopology": "4x4"}
    assert made["autoscaling"]["totalMaxNodeCount"] == 4
    assert made["nodeLocations"] == ["europe-west4-b"]


def test_compact_nodes_stand_in_one_zone() -> None:
    made = pool(**L4, compact=True, max_nodes=2)
    assert made["placementPolicy"] == {"type": "COMPACT"}
    assert made["nodeLocations"] == ["europe-west4-a"]


@pytest.mark.parametrize(
    ("machine_type", "disk"), [("n4-standard-8", "hyperdisk-balanced"), ("n2-standard-8", "pd-balanced")]
)
def test_disks_are_those_that_the_machine_takes(machine_type: str, disk: str) -> None:
    assert pool(machine_type=machine_type)["nodeConfig"]["diskType"] == disk


def test_dcgm_is_measured_where_there_are_gpus() -> None:
    def components(**more: Any) -> list[str]:
        found = plan(lambda: gp.TrainingCluster("gke", args(gp.Tier.TEAM, gp.DataClass.CONFIDENTIAL, **more)))
        listed: list[str] = found.one(CLUSTER).inputs["monitoringConfig"]["enableComponents"]
        return listed

    assert "DCGM" in components(**L4)
    assert "DCGM" not in components(machine_type="n2-standard-8")


def test_confidential_gpus_are_asked_for_by_name() -> None:
    h100: dict[str, Any] = {"machine_type": "a3-highgpu-1g", "accelerator": "nvidia-h100-80gb", "consumption": "spot"}
    node = pool(gp.Tier.REGULATED, **h100, quota=ENOUGH, confidential=True)["nodeConfig"]
    assert node["confidentialNodes"] == {"enabled": True, "confidentialInstanceType": "TDX"}
    assert "confidentialNodes" not in pool(gp.Tier.REGULATED, **h100, quota=ENOUGH)["nodeConfig"]


def test_restricted_data_has_confidential_gpus_without_asking_where_the_tier_does() -> None:
    h100: dict[str, Any] = {"machine_type": "a3-highgpu-1g", "accelerator": "nvidia-h100-80gb", "consumption": "spot"}
    node = pool(gp.Tier.REGULATED, gp.DataClass.PERSONAL, **h100, quota=ENOUGH)["nodeConfig"]
    assert node["confidentialNodes"] == {"enabled": True, "confidentialInstanceType": "TDX"}
    assert "confidentialNodes" not in pool(gp.Tier.TEAM, gp.DataClass.PERSONAL, **h100, quota=ENOUGH)["nodeConfig"]


@pytest.mark.parametrize(
    "more",
    [
        {**L4, "consumption": "spot"},
        {"machine_type": "ct5lp-hightpu-4t", "topology": "2x2", "quota": ENOUGH, "consumption": "spot"},
    ],
)
def test_accelerators_that_cannot_be_confidential_are_refused_for_restricted_data(more: dict[str, Any]) -> None:
    message = refused(gp.Tier.REGULATED, gp.DataClass.PERSONAL, **more)
    assert "cannot be a Confidential VM" in message
    assert "for personal data" in message
    assert "a3-highgpu-1g" in message
    made = pool(gp.Tier.REGULATED, gp.DataClass.PERSONAL, **more, confidential=False)
    assert "confidentialNodes" not in made["nodeConfig"]
    assert "confidentialNodes" not in pool(gp.Tier.REGULATED, **more)["nodeConfig"]


def test_quota_that_is_too_small_fails() -> None:
    info = {"dimensions": {"region": "europe-west4"}, "applicableLocations": [], "details": [{"value": "1"}]}
    with pytest.raises(gp.ArgumentError, match="does not allow"):
        pool(**{**L4, "quota": gp.Quota(quota_id="L4")}, max_nodes=2, invokes={QUOTA_CALL: {"dimensionsInfos": [info]}})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({**L4, "name": "A"}, "shorten the name"),
        ({**L4, "name": "a-name-that-is-too-long"}, "shorten the name"),
        ({**L4, "machine_type": "n2-standard-8"}, "use g2-standard-8 with 1 × nvidia-l4"),
        ({**L4, "accelerator": "NVIDIA_L4"}, "write nvidia-l4"),
        ({**L4, "accelerator": "nvidia-l5"}, "did you mean nvidia-l4"),
        ({**L4, "zones": ("us-east1-b",)}, "europe-west4-a"),
        ({**A100, "zones": ("europe-west4-c",)}, "zone: has no a2-highgpu-1g"),
        ({**A100, "zones": ("europe-west4-a", "europe-west4-c")}, "are not all zones with such machines"),
        ({**L4, "max_nodes": 0}, "max_nodes"),
        ({**L4, "max_nodes": 65}, "comes to more accelerators"),
        ({**L4, "min_nodes": 2}, "does not go with the most nodes"),
        ({**L4, "boot_disk_gb": 9}, "10 to 64000"),
        ({**L4, "account": "x@y"}, "ServiceIdentity.from_existing"),
        ({**L4, "quota": None}, "guards accelerators by the project's quota"),
        ({**L4, "quota": gp.Quota(limit=1), "max_nodes": 2}, "at most 1"),
        ({**L4, "consumption": "teleport"}, "is not one of the allowed values"),
        ({**L4, "queued": True}, "capacity that is not queued"),
        ({**L4, "consumption": "flex_start", "min_nodes": 1}, "for a job only"),
        ({**L4, "consumption": "flex_start", "max_run_hours": 169}, "1 to 168"),
        ({"machine_type": "n2-standard-8", "consumption": "flex_start"}, "is a queue for accelerators"),
        ({**L4, "consumption": "reserved"}, "capacity is to be had from one"),
        ({**L4, "consumption": "reserved", "reservation": kept("g2-standard-16")}, "does not match the reservation"),
        ({**L4, "partition": "1g.5gb"}, "is no part of nvidia-l4"),
        ({**A100, "partition": "1g.10gb"}, "1g.5gb, 2g.10gb"),
        ({"machine_type": "n2-standard-8", "partition": "1g.5gb"}, "cannot be divided"),
        ({**L4, "shared_clients": 49}, "2 to 48"),
        ({"machine_type": "n2-standard-8", "shared_clients": 2}, "share a GPU, and there is none"),
        ({**L4, "confidential": True}, "cannot be a Confidential VM"),
        ({**L4, "topology": "2x2"}, "it is no TPU"),
        ({"machine_type": "n2-standard-8", "topology": "2x2"}, "only TPUs have one"),
        ({"machine_type": "ct5lp-hightpu-4t", "quota": ENOUGH}, "slices of a shape"),
        ({"machine_type": "ct5lp-hightpu-4t", "topology": "3x3", "quota": ENOUGH}, "is no slice of v5e"),
        (
            {"machine_type": "ct5lp-hightpu-4t", "topology": "4x4", "quota": ENOUGH, "max_nodes": 3},
            "a pool is one slice",
        ),
        ({"machine_type": "ct5lp-hightpu-4t", "topology": "4x4", "quota": ENOUGH, "min_nodes": 1}, "splits a slice"),
        ({**L4, "compact": True, "zones": ("europe-west4-a", "europe-west4-b")}, "stand close together"),
    ],
)
def test_bad_input_is_refused(more: dict[str, Any], words: str) -> None:
    assert words in refused(**more)


def test_gpus_are_not_shared_for_restricted_data() -> None:
    assert "see one another's memory" in refused(data_class=gp.DataClass.PERSONAL, **L4, shared_clients=2)


def test_the_tier_has_a_say() -> None:
    assert "is not on the list of tier learner" in refused(gp.Tier.LEARNER, **A100)
    assert "capacity is to be had from one" in refused(gp.Tier.REGULATED, **L4)
