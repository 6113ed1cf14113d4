"""Node pools: in their cluster, and by themselves."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid
from mockcloud.cloud.masks import merged
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.compute.links import link
from mockcloud.services.container.service import API, ROOT, SERVICE, both, start
from mockcloud.services.reading import found

_SCOPES: Final = (
    "https://www.googleapis.com/auth/devstorage.read_only",
    "https://www.googleapis.com/auth/logging.write",
    "https://www.googleapis.com/auth/monitoring",
    "https://www.googleapis.com/auth/service.management.readonly",
    "https://www.googleapis.com/auth/servicecontrol",
    "https://www.googleapis.com/auth/trace.append",
)
_USUAL: Final[dict[str, Any]] = {
    "config": {
        "machineType": "e2-medium",
        "diskSizeGb": 100,
        "diskType": "pd-balanced",
        "imageType": "COS_CONTAINERD",
        "serviceAccount": "default",
        "metadata": {"disable-legacy-endpoints": "true"},
        "shieldedInstanceConfig": {"enableIntegrityMonitoring": True},
    },
    "management": {"autoUpgrade": True, "autoRepair": True},
    "maxPodsConstraint": {"maxPodsPerNode": "110"},
    "upgradeSettings": {"maxSurge": 1, "strategy": "SURGE"},
    "podIpv4CidrSize": 24,
}


def make(call: Call, cluster: Record, sent: dict[str, Any]) -> Record:
    """Make a node pool of a cluster, with what GKE fills in."""
    name = f"{cluster.name}/nodePools/{sent.get('name', 'default-pool')}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Node pool")
    body = merged(_USUAL, sent)
    body["config"] = {"oauthScopes": list(_SCOPES), **body["config"]}
    _, project, *_ = name.split("/")
    locations = sent.get("locations") or list(cluster.body["locations"])
    stem = f"gke-{cluster.id}-{name.rpartition('/')[2]}-{call.cloud.ids.hexadecimal('container/group', 8)}-grp"
    body |= {
        "name": name.rpartition("/")[2],
        "initialNodeCount": int(sent.get("initialNodeCount", 0)),
        "locations": locations,
        "version": sent.get("version") or cluster.body["currentMasterVersion"],
        "selfLink": ROOT + name,
        "status": "RUNNING",
        "etag": call.cloud.ids.uuid("container/etag"),
        "instanceGroupUrls": [
            link(f"projects/{project}/zones/{each}/instanceGroupManagers/{stem}") for each in locations
        ],
    }
    return call.cloud.create(Record(API, name, body))


def shown(call: Call, record: Record) -> Body:
    """Give a node pool."""
    del call
    return record.body


for _collection in both("clusters.nodePools"):
    SERVICE.collection(_collection, items="nodePools", state=None)


@SERVICE.method(*both("clusters.nodePools.create"))
def create(call: Call) -> Answer | Body:
    """Add a node pool to a cluster."""
    cluster = found(call, call.name.rpartition("/")[0])
    sent = call.body.get("nodePool", {})
    if not sent.get("name"):
        raise invalid("NodePool.name is required.", Violation("node_pool.name", "It must be set."))
    if cluster.body.get("autopilot", {}).get("enabled"):
        raise failed_precondition(f"'{cluster.name}' is an Autopilot cluster: its node pools are GKE's.")
    record = make(call, cluster, sent)
    return start(call, record, "CREATE_NODE_POOL", seconds=60.0)


@SERVICE.method(*both("clusters.nodePools.delete"))
def delete(call: Call) -> Answer | Body:
    """Take a node pool from a cluster."""
    record = found(call)
    answer = start(call, record, "DELETE_NODE_POOL", seconds=60.0)
    call.cloud.delete(record)
    return answer


_LISTED: Final = {"labels": "labels", "resourceLabels": "labels", "tags": "tags", "taints": "taints"}
"""Fields of an update that are wrapped once more -> the field inside."""


@SERVICE.method(*both("clusters.nodePools.update"))
def update(call: Call) -> Answer | Body:
    """Change a node pool. The request names fields of the pool and of its nodes beside one another."""
    record = found(call)
    body: dict[str, Any] = dict(record.body)
    config = dict(body["config"])
    of_pool, of_nodes = call.schemas.fields("NodePool"), call.schemas.fields("NodeConfig")
    for field, value in call.body.items():
        if field in _NAMES or value in ("", {}, []):
            continue
        if field == "nodeVersion":
            body["version"] = body["version"] if value == "-" else value
        elif field in _LISTED:
            config[field] = value.get(_LISTED[field], {})
        elif field == "nodeNetworkConfig":
            body["networkConfig"] = {**body.get("networkConfig", {}), **value}
        elif field in of_pool and field != "config":
            body[field] = merged(body[field], value) if isinstance(body.get(field), dict) else value
        elif field in of_nodes:
            config[field] = value
    changed = call.cloud.change(record, {**body, "config": config})
    return start(call, changed, "UPGRADE_NODES" if "nodeVersion" in call.body else "UPDATE_CLUSTER")


_NAMES: Final = frozenset({"name", "projectId", "zone", "clusterId", "nodePoolId", "etag", "parent"})


@SERVICE.method(
    "projects.locations.clusters.nodePools.setAutoscaling",
    "projects.locations.clusters.nodePools.setManagement",
    "projects.locations.clusters.nodePools.setSize",
    "projects.zones.clusters.nodePools.autoscaling",
    "projects.zones.clusters.nodePools.setManagement",
    "projects.zones.clusters.nodePools.setSize",
)
def set_field(call: Call) -> Answer | Body:
    """Set how a node pool scales, who repairs it, or how large it is."""
    record = found(call)
    body: dict[str, Any] = dict(record.body)
    for field in ("autoscaling", "management"):
        if field in call.body:
            body[field] = call.body[field]
    if call.method.id.endswith("setSize"):
        body["initialNodeCount"] = int(call.body.get("nodeCount", 0))
    changed = call.cloud.change(record, body)
    kind = "SET_NODE_POOL_SIZE" if call.method.id.endswith("setSize") else "SET_NODE_POOL_MANAGEMENT"
    return start(call, changed, kind)


@SERVICE.method(*both("clusters.nodePools.rollback", "clusters.nodePools.completeUpgrade"))
def end_upgrade(call: Call) -> Answer | Body:
    """Roll an upgrade back, or let it end. None is under way, so nothing changes."""
    record = found(call)
    return {} if call.method.id.endswith("completeUpgrade") else start(call, record, "UPGRADE_NODES")
