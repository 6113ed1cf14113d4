"""Cloud TPU: nodes, queued resources that become nodes, and what a zone offers."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import failed_precondition, invalid, not_found
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.acting import act, settled
from mockcloud.services.catalogues.tables import table
from mockcloud.services.reading import found
from mockcloud.services.service import Service

API: Final = "tpu"
SERVICE: Final = Service(API)
_PLACE: Final = re.compile(r"projects/[^/]+/locations/[^/]+")
NODES: Final = "projects.locations.nodes"
QUEUE: Final = "projects.locations.queuedResources"


def _types(zone: str) -> list[dict[str, Any]]:
    rows = [row for row in table("tpus")["types"] if zone in row["zones"]]
    return [{"type": f"{row['prefix']}-{size}", "kind": row["kind"]} for row in rows for size in row["sizes"]]


def _node(call: Call, name: str, body: dict[str, Any]) -> Body:
    zone = name.split("/")[3]
    config = body.get("acceleratorConfig", {})
    kind = body.get("acceleratorType", "")
    if not kind and not config:
        kind = body["acceleratorType"] = "v2-8"
    if call.cloud.rules.on(Rule.OFFERS) and kind and kind not in {each["type"] for each in _types(zone)}:
        raise invalid(
            f"The accelerator type {kind} is not to be had in {zone}.", Violation("node.accelerator_type", "Unknown.")
        )
    if not body.get("runtimeVersion"):
        raise invalid("A node needs a runtime version.", Violation("node.runtime_version", "It must be set."))
    return complete(call.cloud, name, body)


def complete(cloud: Cloud, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Give the body of a node with what the service fills in."""
    _, project, _, zone, *_ = name.split("/")
    number = cloud.projects.number_of(project)
    region = zone.rpartition("-")[0]
    network = {
        "network": f"projects/{project}/global/networks/default",
        "subnetwork": f"projects/{project}/regions/{region}/subnetworks/default",
        "enableExternalIps": False,
        **body.get("networkConfig", {}),
    }
    account = {"email": f"{number}-compute@developer.gserviceaccount.com"}
    count = cloud.ids.counts["tpu/id"]
    address = f"10.128.{count // 250 % 250}.{2 + count % 250}"
    found: dict[str, Any] = {
        "schedulingConfig": {},
        "shieldedInstanceConfig": {},
        **body,
        "name": name,
        "id": cloud.ids.numeric("tpu/id"),
        "apiVersion": "V2",
        "health": "HEALTHY",
        "networkConfig": network,
        "serviceAccount": {
            **account,
            "scope": ["https://www.googleapis.com/auth/cloud-platform"],
            **body.get("serviceAccount", {}),
        },
        "networkEndpoints": [{"ipAddress": address, "port": 8470}],
    }
    if "acceleratorConfig" not in found and "acceleratorType" in found:
        kind = next(
            (row["kind"] for row in table("tpus")["types"] if found["acceleratorType"].startswith(f"{row['prefix']}-")),
            "",
        )
        found |= {"acceleratorConfig": {"type": kind}} if kind else {}
    return found


SERVICE.collection(NODES, created=_node, state=("state", "READY"), seconds=60.0)


@SERVICE.method(f"{NODES}.start", f"{NODES}.stop")
def move(call: Call) -> Answer | Body:
    """Start or stop a node."""
    record = found(call)
    going, after, before = {"start": ("STARTING", "READY", "STOPPED"), "stop": ("STOPPING", "STOPPED", "READY")}[
        call.method.verb
    ]
    record = settled(call, record, {"STARTING", "STOPPING"})
    if record.body["state"] != before:
        raise failed_precondition(f"'{record.name}' is {record.body['state']}, and must be {before}.")
    return act(call, record, {"state": after}, going={"state": going}, seconds=30.0)


@SERVICE.method(f"{NODES}.getGuestAttributes")
def guest_attributes(call: Call) -> Answer | Body:
    """Give what the guests of a node wrote: nothing, as no guest runs."""
    found(call)
    return {"guestAttributes": []}


@SERVICE.method("projects.locations.generateServiceIdentity")
def identity(call: Call) -> Answer | Body:
    """Give the service agent of TPUs in a project."""
    number = call.cloud.projects.number_of(call.project)
    return {"identity": {"email": f"service-{number}@gcp-sa-tpu.iam.gserviceaccount.com"}}


# Queued resources
# ---------------------------------------------------------------------------------------------------------------------


def _queued(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    specs = body.get("tpu", {}).get("nodeSpec", [])
    if not specs:
        raise invalid("Nothing is asked for.", Violation("queued_resource.tpu.node_spec", "It must be set."))
    parent = name.rpartition("/queuedResources/")[0]
    specs = [{"parent": parent, **each} for each in specs]
    for each in specs:
        if not _PLACE.fullmatch(each["parent"]):
            raise invalid(
                f"'{each['parent']}' is no place of nodes.", Violation("node_spec.parent", "It has another form.")
            )
    return {
        **body,
        "tpu": {**body["tpu"], "nodeSpec": specs},
        "state": {"state": "WAITING_FOR_RESOURCES", "stateInitiator": "SERVICE"},
    }


def _plan(call: Call, record: Record) -> None:
    call.cloud.plan(60, record, "queue.active")


@SERVICE.on_event("queue.active")
def _active(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Make the nodes that were asked for. There are always enough of them, unless a fault says otherwise."""
    del data
    for spec in record.body["tpu"]["nodeSpec"]:
        for identifier in _ids(record, spec):
            name = f"{spec['parent']}/nodes/{identifier}"
            if cloud.store.get(API, name) is None:
                body = {**complete(cloud, name, spec.get("node", {})), "state": "READY", "queuedResource": record.name}
                cloud.create(Record(API, name, body))
    cloud.change(record, {**record.body, "state": {"state": "ACTIVE", "stateInitiator": "SERVICE", "activeData": {}}})


def _ids(record: Record, spec: Mapping[str, Any]) -> list[str]:
    several = spec.get("multisliceParams", spec.get("multiNodeParams", {}))
    if several:
        prefix = several.get("nodeIdPrefix", record.id)
        return [f"{prefix}-{at}" for at in range(int(several.get("nodeCount", 1)))]
    return [spec.get("nodeId", record.id)]


def _still_active(call: Call, record: Record) -> None:
    nodes = [
        f"{spec['parent']}/nodes/{identifier}"
        for spec in record.body["tpu"]["nodeSpec"]
        for identifier in _ids(record, spec)
    ]
    there = [each for each in nodes if call.cloud.store.get(API, each) is not None]
    if there and not call.flag("force"):
        raise failed_precondition(f"'{record.name}' has nodes. Delete them first, or set force.")
    for each in there:
        call.cloud.delete(found(call, each))


SERVICE.collection(
    QUEUE, created=_queued, after_create=_plan, deleting=_still_active, state=None, seconds=5.0, children="cascade"
)


@SERVICE.method(f"{QUEUE}.reset")
def reset(call: Call) -> Answer | Body:
    """Put a suspended request back into the queue."""
    record = found(call)
    answer = act(call, record, {"state": {"state": "WAITING_FOR_RESOURCES", "stateInitiator": "USER"}})
    call.cloud.plan(60, record, "queue.active")
    return answer


# What a zone offers
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("projects.locations.acceleratorTypes.list", "projects.locations.runtimeVersions.list")
def offers(call: Call) -> Answer | Body:
    """Give the accelerator types or the runtime versions of a zone."""
    rows = [_offer(call, each) for each in _names(call)]
    chosen, token = slice_page(call, rows)
    field = "acceleratorTypes" if call.method.resource == "acceleratorTypes" else "runtimeVersions"
    return {**({field: chosen} if chosen else {}), **({"nextPageToken": token} if token else {})}


@SERVICE.method("projects.locations.acceleratorTypes.get", "projects.locations.runtimeVersions.get")
def offer(call: Call) -> Answer | Body:
    """Give an accelerator type or a runtime version."""
    name = call.name.rpartition("/")[2]
    if name not in _names(call):
        raise not_found(call.name)
    return _offer(call, name)


def _names(call: Call) -> list[str]:
    if call.method.resource == "runtimeVersions":
        return list(table("tpus")["runtimes"])
    return [each["type"] for each in _types(call.location)]


def _offer(call: Call, name: str) -> dict[str, Any]:
    parent = "/".join(call.name.split("/")[:4])
    if call.method.resource == "runtimeVersions":
        return {"name": f"{parent}/runtimeVersions/{name}", "version": name}
    kind = next(each["kind"] for each in _types(call.location) if each["type"] == name)
    return {"name": f"{parent}/acceleratorTypes/{name}", "type": name, "acceleratorConfigs": [{"type": kind}]}
