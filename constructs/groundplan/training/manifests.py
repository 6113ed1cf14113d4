"""Kubernetes objects of a training cluster, as texts to review and deliver: namespaces, policies, queues, disks.

The construct ends at Google's API, so it applies none of them. Queues are Kueue's, which the cluster's delivery
installs before. The same arguments give the same texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import yaml

from groundplan.core.accelerators import machine_type
from groundplan.core.environment import Environment
from groundplan.training.node_arguments import disk_type
from groundplan.training.node_pool import NodePool

QUEUE: Final = "training"
"""Name of the queue of the cluster, and of the one in each namespace."""
ACCOUNT: Final = "jobs"
"""Name of the account that jobs of a namespace run as."""
_KUEUE: Final = "kueue.x-k8s.io/v1beta1"
_RESOURCES: Final = ("cpu", "memory", "nvidia.com/gpu", "google.com/tpu")
_PERSISTENT: Final = "pd-balanced"
_CHECK: Final = "queued-provisioning"
# The metadata server with Dataplane V2: "Use Workload Identity Federation for GKE", network policies.
_METADATA: Final = (("169.254.169.254/32", 80), ("169.254.169.252/32", 988), ("169.254.169.252/32", 987))

Object = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Queued:
    """A node pool as the queue knows it."""

    pool: NodePool
    """The pool."""
    cloud_name: str
    """Its name in the cluster."""


def manifests(
    env: Environment, *, namespaces: Sequence[str], pools: Sequence[Queued], google_apis_range: str
) -> dict[str, str]:
    """Return the texts by file name, each YAML documents."""
    return {
        "namespaces.yaml": _text(part for name in namespaces for part in _namespace(name)),
        "network-policies.yaml": _text(part for name in namespaces for part in _policies(name, google_apis_range)),
        "queues.yaml": _text(_queues(env, namespaces, pools)),
    }


def storage(key: str, machine_types: Iterable[str]) -> str:
    """Return a class of disks with a key of one's own, as ``storage.yaml``, for each kind of disk that nodes can take.

    Disks of volumes have Google's key whatever the cluster's is, unless their class names one. The first class is the
    default, so that a claim which names none gets the key too: of several defaults Kubernetes takes the newest, and
    those of Google come with the cluster. Source: "Use customer-managed encryption keys", Kubernetes Engine
    documentation, and the parameters of the driver of Compute Engine's disks.
    """
    kinds = sorted({disk_type(machine) for machine in machine_types}, key=lambda kind: kind != _PERSISTENT)
    return _text(_storage_class(kind, key, default=kind == kinds[0]) for kind in kinds)


def _storage_class(kind: str, key: str, *, default: bool) -> Object:
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {
            "name": f"{kind}-own-key",
            "annotations": {"storageclass.kubernetes.io/is-default-class": "true" if default else "false"},
        },
        "provisioner": "pd.csi.storage.gke.io",
        "parameters": {"type": kind, "disk-encryption-kms-key": key},
        "reclaimPolicy": "Delete",
        "allowVolumeExpansion": True,
        # A disk is in one zone: that of the pod which is the first to use it.
        "volumeBindingMode": "WaitForFirstConsumer",
    }


def _text(objects: Iterable[Object]) -> str:
    return yaml.safe_dump_all(list(objects), sort_keys=False, explicit_start=True, width=120)


def _namespace(name: str) -> list[Object]:
    """Return a namespace whose pods run without privileges, and the account that jobs run as."""
    labels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")}
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}},
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": ACCOUNT, "namespace": name},
            # Jobs call Google as their own identity; few of them call the cluster.
            "automountServiceAccountToken": False,
        },
    ]


def _policies(namespace: str, google_apis_range: str) -> list[Object]:
    """Return policies that deny everything, and then allow names, the pod's identity, its peers and Google's APIs."""
    dns = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}
    identity = [_to({"ipBlock": {"cidr": cidr}}, ("TCP", port)) for cidr, port in _METADATA]
    return [
        _policy(namespace, "deny-all", ["Ingress", "Egress"], {}),
        _policy(namespace, "allow-names", ["Egress"], {"egress": [_to(dns, ("UDP", 53), ("TCP", 53))]}),
        _policy(namespace, "allow-identity", ["Egress"], {"egress": identity}),
        _policy(
            namespace,
            "allow-google-apis",
            ["Egress"],
            {"egress": [_to({"ipBlock": {"cidr": google_apis_range}}, ("TCP", 443))]},
        ),
        _policy(
            namespace,
            "allow-peers",
            ["Ingress", "Egress"],
            {"ingress": [{"from": [{"podSelector": {}}]}], "egress": [{"to": [{"podSelector": {}}]}]},
        ),
    ]


def _policy(namespace: str, name: str, types: list[str], rules: Object) -> Object:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"podSelector": {}, "policyTypes": types, **rules},
    }


def _to(peer: Object, *ports: tuple[str, int]) -> Object:
    return {"to": [peer], "ports": [{"protocol": protocol, "port": port} for protocol, port in ports]}


def _queues(env: Environment, namespaces: Sequence[str], pools: Sequence[Queued]) -> list[Object]:
    """Return a flavour a pool, one queue over all of them with what they come to, and its door in each namespace."""
    waiting = [each.pool.name for each in pools if each.pool.queued]
    return [
        *(_flavour(each) for each in pools),
        *(_provisioning() if waiting else ()),
        {
            "apiVersion": _KUEUE,
            "kind": "ClusterQueue",
            "metadata": {"name": QUEUE},
            "spec": {
                "namespaceSelector": {
                    "matchExpressions": [
                        {"key": "kubernetes.io/metadata.name", "operator": "In", "values": [*namespaces]}
                    ]
                },
                "resourceGroups": [
                    {"coveredResources": [*_RESOURCES], "flavors": [_quota(env, each.pool) for each in pools]}
                ],
                **(_admission(waiting) if waiting else {}),
            },
        },
        *(
            {
                "apiVersion": _KUEUE,
                "kind": "LocalQueue",
                "metadata": {"name": QUEUE, "namespace": namespace},
                "spec": {"clusterQueue": QUEUE},
            }
            for namespace in namespaces
        ),
    ]


def _flavour(each: Queued) -> Object:
    resource = each.pool.resource
    tolerations = [{"key": resource, "operator": "Exists", "effect": "NoSchedule"}] if resource else []
    return {
        "apiVersion": _KUEUE,
        "kind": "ResourceFlavor",
        "metadata": {"name": each.pool.name},
        "spec": {
            "nodeLabels": {"cloud.google.com/gke-nodepool": each.cloud_name},
            **({"tolerations": tolerations} if tolerations else {}),
        },
    }


def _quota(env: Environment, pool: NodePool) -> Object:
    machine, nodes = machine_type(pool.machine_type), pool.most_nodes
    amounts: dict[str, object] = dict.fromkeys(_RESOURCES, 0)
    amounts["cpu"] = nodes * machine.vcpus
    amounts["memory"] = f"{int(nodes * machine.memory_gb)}Gi"
    if pool.resource is not None:
        amounts[pool.resource] = pool.schedulable(env)
    return {
        "name": pool.name,
        "resources": [{"name": name, "nominalQuota": amount} for name, amount in amounts.items()],
    }


def _provisioning() -> list[Object]:
    """Return the check that holds a job back until Google has all of its nodes."""
    return [
        {
            "apiVersion": _KUEUE,
            "kind": "ProvisioningRequestConfig",
            "metadata": {"name": _CHECK},
            "spec": {
                "provisioningClassName": "queued-provisioning.gke.io",
                "managedResources": ["nvidia.com/gpu", "google.com/tpu"],
            },
        },
        {
            "apiVersion": _KUEUE,
            "kind": "AdmissionCheck",
            "metadata": {"name": _CHECK},
            "spec": {
                "controllerName": "kueue.x-k8s.io/provisioning-request",
                "parameters": {
                    "apiGroup": "kueue.x-k8s.io",
                    "kind": "ProvisioningRequestConfig",
                    "name": _CHECK,
                },
            },
        },
    ]


def _admission(flavours: list[str]) -> Object:
    return {"admissionChecksStrategy": {"admissionChecks": [{"name": _CHECK, "onFlavors": flavours}]}}
