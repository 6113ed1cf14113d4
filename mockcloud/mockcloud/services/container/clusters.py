"""Clusters: made with what GKE fills in, shown with their node pools, deleted."""

import base64
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid
from mockcloud.cloud.masks import merged
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.acting import settled
from mockcloud.services.catalogues.tables import table
from mockcloud.services.compute.schemas import fingerprint
from mockcloud.services.container import pools
from mockcloud.services.container.service import API, ROOT, SERVICE, both, start, zones
from mockcloud.services.reading import found

_USUAL: Final[dict[str, Any]] = {
    "network": "default",
    "subnetwork": "default",
    "loggingService": "logging.googleapis.com/kubernetes",
    "monitoringService": "monitoring.googleapis.com/kubernetes",
    "loggingConfig": {"componentConfig": {"enableComponents": ["SYSTEM_COMPONENTS", "WORKLOADS"]}},
    "monitoringConfig": {
        "componentConfig": {"enableComponents": ["SYSTEM_COMPONENTS"]},
        "managedPrometheusConfig": {"enabled": True},
    },
    "addonsConfig": {"networkPolicyConfig": {"disabled": True}, "gcePersistentDiskCsiDriverConfig": {"enabled": True}},
    "autoscaling": {"autoscalingProfile": "BALANCED"},
    "databaseEncryption": {"state": "DECRYPTED"},
    "defaultMaxPodsConstraint": {"maxPodsPerNode": "110"},
    "ipAllocationPolicy": {"stackType": "IPV4", "podCidrOverprovisionConfig": {}},
    "legacyAbac": {},
    "maintenancePolicy": {"resourceVersion": "e3b0c442"},
    "masterAuthorizedNetworksConfig": {"gcpPublicCidrsAccessEnabled": True},
    "networkConfig": {"datapathProvider": "LEGACY_DATAPATH", "serviceExternalIpsConfig": {}},
    "releaseChannel": {"channel": "REGULAR"},
    "securityPostureConfig": {"mode": "BASIC", "vulnerabilityMode": "VULNERABILITY_MODE_UNSPECIFIED"},
    "shieldedNodes": {"enabled": True},
}
"""What a cluster has where a client says nothing (answers in cloud.google.com/kubernetes-engine/docs, 2026-11)."""


@SERVICE.method(*both("clusters.create"))
def create(call: Call) -> Answer | Body:
    """Make a cluster with its node pools."""
    sent = call.body.get("cluster", {})
    identifier = sent.get("name", "")
    if not identifier:
        raise invalid("Cluster.name is required.", Violation("cluster.name", "It must be set."))
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Cluster")
    autopilot = sent.get("autopilot", {}).get("enabled", False)
    if not sent.get("nodePools") and not sent.get("initialNodeCount") and not autopilot:
        raise invalid(
            "A cluster needs nodes.", Violation("cluster.initial_node_count", "It must be greater than zero.")
        )
    if sent.get("nodePools") and (sent.get("initialNodeCount") or sent.get("nodeConfig")):
        why = "It cannot be set together with node_pools."
        raise invalid("Node pools are stated twice.", Violation("cluster.initial_node_count", why))
    record = call.cloud.create(Record(API, name, _completed(call, name, sent)))
    for each in _first_pools(sent):
        pools.make(call, record, each)
    return start(call, record, "CREATE_CLUSTER", finish={"status": "RUNNING"}, seconds=180.0)


def _first_pools(sent: dict[str, Any]) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = sent.get("nodePools", [])
    if given:
        return given
    count = sent.get("initialNodeCount", 1)
    return [{"name": "default-pool", "initialNodeCount": count, "config": sent.get("nodeConfig", {})}]


def _completed(call: Call, name: str, sent: dict[str, Any]) -> dict[str, Any]:
    cloud = call.cloud
    location = name.split("/")[3]
    body = merged(_USUAL, {key: each for key, each in sent.items() if key not in {"nodePools", "nodeConfig"}})
    network, subnet = body["network"], body["subnetwork"]
    region = location if zones(location) != [location] else location.rpartition("-")[0]
    of_network = network if "/" in network else f"projects/{call.project}/global/networks/{network}"
    of_subnet = subnet if "/" in subnet else f"projects/{call.project}/regions/{region}/subnetworks/{subnet}"
    version = _version(body)
    number = cloud.ids.numeric("container/address")
    address = f"34.{90 + int(number) % 60}.{int(number) // 60 % 250}.{1 + int(number) // 15000 % 250}"
    certificate = base64.b64encode(f"-----MOCK CERTIFICATE AUTHORITY OF {name}-----".encode()).decode()
    body |= {
        "network": network.rpartition("/")[2],
        "subnetwork": subnet.rpartition("/")[2],
        "networkConfig": {**body["networkConfig"], "network": of_network, "subnetwork": of_subnet},
        "id": cloud.ids.hexadecimal("container/id", 64),
        "etag": cloud.ids.uuid("container/etag"),
        "selfLink": ROOT + name,
        "location": location,
        "zone": location,
        "locations": sent.get("locations") or zones(location),
        "endpoint": address,
        "masterAuth": {**body.get("masterAuth", {}), "clusterCaCertificate": certificate},
        "initialClusterVersion": version,
        "currentMasterVersion": version,
        "currentNodeVersion": version,
        "clusterIpv4Cidr": sent.get("clusterIpv4Cidr", "10.4.0.0/14"),
        "servicesIpv4Cidr": body["ipAllocationPolicy"].get("servicesIpv4CidrBlock", "10.8.0.0/20"),
        "labelFingerprint": fingerprint(sent.get("resourceLabels")),
        "createTime": cloud.clock.tick(),
        "status": "PROVISIONING",
    }
    if "privateClusterConfig" in sent:
        private = {"privateEndpoint": "172.16.0.2", "publicEndpoint": address}
        body["privateClusterConfig"] = {**private, **sent["privateClusterConfig"]}
        if sent["privateClusterConfig"].get("enablePrivateEndpoint"):
            body["endpoint"] = "172.16.0.2"
    return body


def _version(body: dict[str, Any]) -> str:
    """Give the version that a client asks for (`1.33`, `latest`, a whole one, or none) as a whole one."""
    known = table("gke")
    channel = known["channels"].get(body.get("releaseChannel", {}).get("channel", ""), known)
    wanted: str = body.get("initialClusterVersion", "")
    if wanted in {"", "-"}:
        return str(channel["default"])
    if wanted == "latest":
        return str(channel["versions"][0])
    versions: list[str] = known["versions"]
    return next((each for each in versions if each == wanted or each.startswith(f"{wanted}.")), wanted)


def shown(call: Call, record: Record) -> Body:
    """Give a cluster with its node pools."""
    own = [pools.shown(call, each) for each in call.cloud.store.page(API, f"{record.name}/nodePools")]
    count = sum(int(each.get("initialNodeCount", 0)) * len(each["locations"]) for each in own)
    first = {"nodeConfig": own[0]["config"]} if own else {}
    body = {key: each for key, each in record.body.items() if not key.startswith("_")}
    return {**body, **first, **({"nodePools": own} if own else {}), "currentNodeCount": count}


for _collection in both("clusters"):
    SERVICE.collection(_collection, shown=shown, items="clusters", state=None)


@SERVICE.method(*both("clusters.delete"))
def delete(call: Call) -> Answer | Body:
    """Delete a cluster with its node pools."""
    record = settled(call, found(call), {"PROVISIONING", "STOPPING"}, "status")
    if record.body.get("deletionProtection"):
        raise failed_precondition(f"'{record.name}' is protected from deletion.")
    answer = start(call, record, "DELETE_CLUSTER", seconds=120.0)
    call.cloud.delete(record)
    return answer
