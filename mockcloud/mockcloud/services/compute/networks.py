"""Networks and their subnets."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services import catalogues
from mockcloud.services.compute import operations, ranges
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.default_network import auto_subnet, forget
from mockcloud.services.compute.errors import invalid
from mockcloud.services.compute.links import V1, link
from mockcloud.services.compute.lists import answer
from mockcloud.services.compute.schemas import of_resource
from mockcloud.services.compute.standard import found

API: Final = "compute"


def _network(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    if "autoCreateSubnetworks" not in body and "IPv4Range" not in body:
        body["autoCreateSubnetworks"] = True
    return {**body, "selfLinkWithId": f"{link(name).rpartition('/')[0]}/{body['id']}"}


def _after_network(call: Call, record: Record) -> None:
    cloud, project = call.cloud, call.project
    gateway = f"projects/{project}/global/gateways/default-internet-gateway"
    route = f"projects/{project}/global/routes/default-route-{cloud.ids.hexadecimal('compute/route')}"
    body = {
        "kind": "compute#route",
        "id": cloud.ids.numeric("compute/id"),
        "name": route.rpartition("/")[2],
        "creationTimestamp": record.body["creationTimestamp"],
        "description": "Default route to the Internet.",
        "network": link(record.name),
        "destRange": "0.0.0.0/0",
        "priority": 1000,
        "nextHopGateway": link(gateway),
        "selfLink": link(route),
    }
    cloud.create(Record(API, route, body, {"companionOf": record.name}))
    if record.body.get("autoCreateSubnetworks"):
        subnets = []
        for region in catalogues.regions():
            name = f"projects/{project}/regions/{region}/subnetworks/{record.id}"
            subnets.append(link(name))
            subnet = auto_subnet(cloud, project, region, record.name)
            cloud.create(Record(API, name, subnet, {"companionOf": record.name}))
        cloud.change(record, {**record.body, "subnetworks": subnets})


def _deleted(call: Call, record: Record) -> None:
    forget(call.cloud, record.name)


SERVICE.collection("projects.global.networks", created=_network, after_create=_after_network, after_delete=_deleted)


# Subnets
# ---------------------------------------------------------------------------------------------------------------------


def _subnet(call: Call, name: str, body: dict[str, Any]) -> Body:
    if not body.get("network"):
        raise invalid("resource.network", "", "The field must be set.")
    if not body.get("ipCidrRange"):
        body = {**body, **_range_of(call, body)}
    ranges.hold_apart(call.cloud, name, body)
    return {**body, **_gateway(body), **_flow_logs(body)}


def _range_of(call: Call, body: dict[str, Any]) -> dict[str, str]:
    """Give the range where an internal range of Network Connectivity holds it."""
    reserved = body.get("reservedInternalRange", "")
    if not reserved:
        if body.get("stackType") == "IPV6_ONLY" or body.get("ipCollection"):
            return {}
        raise invalid("resource.ipCidrRange", "", "The field must be set.")
    kept = call.cloud.store.get("networkconnectivity", reserved[reserved.find("projects/") :])
    return {"ipCidrRange": kept.body["ipCidrRange"]} if kept is not None and kept.body.get("ipCidrRange") else {}


def _gateway(body: dict[str, Any]) -> dict[str, str]:
    if not body.get("ipCidrRange"):
        return {}
    return {"gatewayAddress": str(ranges.subnet_range("resource.ipCidrRange", body["ipCidrRange"])[1])}


def _flow_logs(body: dict[str, Any]) -> dict[str, Any]:
    log = body.get("logConfig", {})
    if not log.get("enable", body.get("enableFlowLogs", False)):
        return {"enableFlowLogs": False}
    usual = {"aggregationInterval": "INTERVAL_5_SEC", "flowSampling": 0.5, "metadata": "INCLUDE_ALL_METADATA"}
    return {"enableFlowLogs": True, "logConfig": {**usual, **log, "enable": True}}


def _changed_subnet(call: Call, record: Record, body: dict[str, Any]) -> Body:
    ranges.hold_apart(call.cloud, record.name, body)
    return {**body, **_gateway(body), **_flow_logs(body)}


def _listed(call: Call, record: Record) -> None:
    """Keep the list of subnets that a network shows."""
    network = call.cloud.store.get(API, str(record.body.get("network", ""))[len(V1) :])
    if network is not None:
        there = call.cloud.store.get(API, record.name) is not None
        others = [each for each in network.body.get("subnetworks", []) if each != link(record.name)]
        call.cloud.change(network, {**network.body, "subnetworks": [*others, *([link(record.name)] if there else [])]})


SERVICE.collection(
    "projects.regions.subnetworks",
    created=_subnet,
    changed=_changed_subnet,
    after_create=_listed,
    after_delete=_listed,
)


@SERVICE.method("subnetworks.expandIpCidrRange")
def expand(call: Call) -> Answer | Body:
    """Widen the range of a subnet."""
    record = found(call)
    new = ranges.subnet_range("ipCidrRange", str(call.body.get("ipCidrRange", "")))
    old = ranges.subnet_range("ipCidrRange", record.body["ipCidrRange"])
    if not old.subnet_of(new):
        raise invalid("ipCidrRange", new, f"It must hold the range that is: {old}.")
    body = {**record.body, "ipCidrRange": str(new)}
    ranges.hold_apart(call.cloud, record.name, body)
    body |= _gateway(body)
    call.cloud.change(record, {**body, "fingerprint": of_resource(body)})
    return operations.start(call, record.name, "expandIpCidrRange")


@SERVICE.method("subnetworks.listUsable")
def usable(call: Call) -> Answer | Body:
    """Give the subnets that the project may use: its own."""
    items: list[Body] = []
    for collection in call.cloud.store.collections(API):
        if collection.startswith(f"projects/{call.project}/regions/") and collection.endswith("/subnetworks"):
            items += [
                {"subnetwork": each.body["selfLink"], **{key: each.body[key] for key in _USABLE if key in each.body}}
                for each in call.cloud.store.page(API, collection)
            ]
    return answer(call, items)


_USABLE: Final = ("network", "ipCidrRange", "purpose", "role", "secondaryIpRanges", "stackType")
