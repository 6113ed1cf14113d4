"""The Kubernetes objects of a training cluster: namespaces, network policies and queues, as texts."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

import groundplan as gp
from groundplan.training.manifests import Queued, manifests, storage
from tests.constructs.plan import environment

L4 = gp.NodePool(name="l4", machine_type="g2-standard-8", accelerator="nvidia-l4", max_nodes=3)
TPU = gp.NodePool(name="tpu", machine_type="ct5lp-hightpu-4t", topology="4x4")
CPU = gp.NodePool(name="cpu", machine_type="n2-standard-8", max_nodes=2)


def texts(*pools: gp.NodePool, namespaces: tuple[str, ...] = ("training",)) -> dict[str, str]:
    return manifests(
        environment(),
        namespaces=namespaces,
        pools=[Queued(pool=pool, cloud_name=f"gp-gke-{pool.name}") for pool in pools],
        google_apis_range="199.36.153.4/30",
    )


def objects(file: str, *pools: gp.NodePool, namespaces: tuple[str, ...] = ("training",)) -> list[Any]:
    return list(yaml.safe_load_all(texts(*pools, namespaces=namespaces)[file]))


def of(kind: str, *pools: gp.NodePool) -> list[Any]:
    return [each for each in objects("queues.yaml", *pools) if each["kind"] == kind]


def quotas(pool: gp.NodePool) -> dict[str, Any]:
    (queue,) = of("ClusterQueue", pool)
    (flavour,) = queue["spec"]["resourceGroups"][0]["flavors"]
    return {each["name"]: each["nominalQuota"] for each in flavour["resources"]}


def test_the_same_arguments_give_the_same_texts() -> None:
    assert texts(L4, TPU, CPU) == texts(L4, TPU, CPU)
    assert list(texts(CPU)) == ["namespaces.yaml", "network-policies.yaml", "queues.yaml"]


def test_disks_have_the_key_and_are_what_claims_get_that_name_no_class() -> None:
    key = "projects/acme-keys/locations/europe-west4/keyRings/main/cryptoKeys/confidential"
    first, second = yaml.safe_load_all(storage(key, ["a3-ultragpu-8g", "n2-standard-8", "g2-standard-8"]))
    for each, kind, default in ((first, "pd-balanced", "true"), (second, "hyperdisk-balanced", "false")):
        assert each["metadata"] == {
            "name": f"{kind}-own-key",
            "annotations": {"storageclass.kubernetes.io/is-default-class": default},
        }
        assert (each["provisioner"], each["volumeBindingMode"]) == ("pd.csi.storage.gke.io", "WaitForFirstConsumer")
        assert each["parameters"] == {"type": kind, "disk-encryption-kms-key": key}


def test_where_nodes_take_hyperdisks_alone_that_is_the_default() -> None:
    (only,) = yaml.safe_load_all(storage("key", ["a3-ultragpu-8g"]))
    assert only["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}


def test_namespaces_run_pods_without_privileges() -> None:
    first, jobs, *_ = objects("namespaces.yaml", CPU, namespaces=("training", "research"))
    assert first["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert (jobs["kind"], jobs["metadata"]) == ("ServiceAccount", {"name": "jobs", "namespace": "training"})
    assert jobs["automountServiceAccountToken"] is False
    assert len(objects("namespaces.yaml", CPU, namespaces=("training", "research"))) == 4


def test_everything_is_denied_and_four_things_are_allowed() -> None:
    policies = objects("network-policies.yaml", CPU)
    assert [each["metadata"]["name"] for each in policies] == [
        "deny-all",
        "allow-names",
        "allow-identity",
        "allow-google-apis",
        "allow-peers",
    ]
    assert policies[0]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    apis = policies[3]["spec"]["egress"][0]
    assert apis == {"to": [{"ipBlock": {"cidr": "199.36.153.4/30"}}], "ports": [{"protocol": "TCP", "port": 443}]}
    blocks = [peer for each in policies for rule in each["spec"].get("egress", ()) for peer in rule["to"]]
    assert not [b for b in blocks if b.get("ipBlock", {}).get("cidr", "").endswith("/0")]


def test_the_queue_holds_what_the_pools_come_to() -> None:
    assert quotas(L4) == {"cpu": 24, "memory": "96Gi", "nvidia.com/gpu": 3, "google.com/tpu": 0}
    assert quotas(TPU) == {"cpu": 448, "memory": "768Gi", "nvidia.com/gpu": 0, "google.com/tpu": 16}
    assert quotas(CPU) == {"cpu": 16, "memory": "64Gi", "nvidia.com/gpu": 0, "google.com/tpu": 0}


def test_flavours_find_their_nodes_and_bear_their_taints() -> None:
    flavours = of("ResourceFlavor", L4, CPU)
    assert flavours[0]["spec"] == {
        "nodeLabels": {"cloud.google.com/gke-nodepool": "gp-gke-l4"},
        "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}],
    }
    assert "tolerations" not in flavours[1]["spec"]


def test_each_namespace_has_a_door() -> None:
    doors = [
        each["metadata"] for each in objects("queues.yaml", CPU, namespaces=("a", "b")) if each["kind"] == "LocalQueue"
    ]
    assert doors == [{"name": "training", "namespace": "a"}, {"name": "training", "namespace": "b"}]


def test_queued_pools_are_admitted_when_google_has_all_nodes() -> None:
    queued = gp.NodePool(
        name="h100", machine_type="a3-highgpu-8g", accelerator="nvidia-h100-80gb", accelerator_count=8, queued=True
    )
    (queue,) = of("ClusterQueue", queued, CPU)
    assert queue["spec"]["admissionChecksStrategy"] == {
        "admissionChecks": [{"name": "queued-provisioning", "onFlavors": ["h100"]}]
    }
    (config,) = of("ProvisioningRequestConfig", queued)
    assert config["spec"]["provisioningClassName"] == "queued-provisioning.gke.io"
    assert of("AdmissionCheck", CPU) == []


@pytest.mark.parametrize(
    ("machine_type", "partition", "count"),
    [
        ("a2-highgpu-1g", "1g.5gb", 7),
        ("a2-highgpu-1g", "3g.20gb", 2),
        ("a2-highgpu-2g", "2g.10gb", 6),
        ("a3-highgpu-1g", "1g.20gb", 4),
        ("a3-highgpu-1g", "7g.80gb", 1),
        ("a3-ultragpu-8g", "3g.71gb", 16),
        ("a3-ultragpu-8g", "1g.18gb", 56),
        ("a4-highgpu-8g", "1g.45gb", 32),
        ("a4-highgpu-8g", "4g.90gb", 8),
    ],
)
def test_parts_of_gpus_are_counted(machine_type: str, partition: str, count: int) -> None:
    assert quotas(gp.NodePool(name="mig", machine_type=machine_type, partition=partition))["nvidia.com/gpu"] == count


def test_shared_gpus_are_counted_once_a_client() -> None:
    pool = gp.NodePool(name="s", machine_type="g2-standard-8", accelerator="nvidia-l4", max_nodes=2, shared_clients=4)
    assert quotas(pool)["nvidia.com/gpu"] == 8
