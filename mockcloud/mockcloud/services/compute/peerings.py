"""Peerings of networks, and what holds for a network."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services.compute import operations, ranges
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.errors import invalid, missing
from mockcloud.services.compute.links import V1, link, normalised
from mockcloud.services.compute.lists import answer
from mockcloud.services.compute.standard import found

API: Final = "compute"


def peered(network: Body, name: str, other: str, **settings: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Give a network's body with a peering."""
    usual = {
        "autoCreateRoutes": True,
        "exchangeSubnetRoutes": True,
        "exportCustomRoutes": False,
        "importCustomRoutes": False,
        "exportSubnetRoutesWithPublicIp": True,
        "importSubnetRoutesWithPublicIp": False,
        "stackType": "IPV4_ONLY",
        "state": "ACTIVE",
        "stateDetails": "Connected.",
    }
    others = [each for each in network.get("peerings", []) if each["name"] != name]
    return {**network, "peerings": [*others, {"name": name, "network": other, **usual, **settings}]}


@SERVICE.method("networks.addPeering")
def add_peering(call: Call) -> Answer | Body:
    """Peer a network with another one. It is active once the other side has done the same."""
    record, body = found(call), normalised(call.cloud, call.body, call.project)
    sent = body.get("networkPeering", {})
    name = sent.get("name") or body.get("name", "")
    other = sent.get("network") or body.get("peerNetwork", "")
    if not name or not other:
        raise invalid("networkPeering", sent, "Name and network must be set.")
    if any(each["name"] == name for each in record.body.get("peerings", [])):
        raise invalid("networkPeering.name", name, "There is a peering of that name already.")
    there = call.cloud.store.get(API, other[len(V1) :])
    mutual = there is not None and any(each["network"] == link(record.name) for each in there.body.get("peerings", []))
    state = {
        "state": "ACTIVE" if mutual else "INACTIVE",
        "stateDetails": "Connected." if mutual else "Waiting for peer.",
    }
    rest = {key: each for key, each in sent.items() if key not in {"name", "network"}}
    call.cloud.change(record, peered(record.body, name, other, **rest, **state))
    if there is not None and mutual:
        both = [
            {**each, "state": "ACTIVE", "stateDetails": "Connected."} if each["network"] == link(record.name) else each
            for each in there.body["peerings"]
        ]
        call.cloud.change(there, {**there.body, "peerings": both})
    return operations.start(call, record.name, "addPeering")


@SERVICE.method("networks.updatePeering")
def update_peering(call: Call) -> Answer | Body:
    """Change what a peering exchanges."""
    record = found(call)
    sent = normalised(call.cloud, call.body, call.project).get("networkPeering", {})
    _hold_peering(record, sent.get("name", ""))
    changed = [{**each, **sent} if each["name"] == sent["name"] else each for each in record.body["peerings"]]
    call.cloud.change(record, {**record.body, "peerings": changed})
    return operations.start(call, record.name, "updatePeering")


@SERVICE.method("networks.removePeering", "networks.requestRemovePeering", "networks.cancelRequestRemovePeering")
def remove_peering(call: Call) -> Answer | Body:
    """End a peering. What only asks the other side for it changes nothing yet."""
    record = found(call)
    verb = call.method.id.rpartition(".")[2]
    name = call.body.get("name") or call.body.get("networkPeering", {}).get("name", "")
    _hold_peering(record, name)
    if verb == "removePeering":
        kept = [each for each in record.body["peerings"] if each["name"] != name]
        call.cloud.change(record, {**record.body, "peerings": kept})
    return operations.start(call, record.name, verb)


def _hold_peering(record: Record, name: str) -> None:
    if not any(each["name"] == name for each in record.body.get("peerings", [])):
        raise missing(f"{record.name}/peerings/{name}")


@SERVICE.method("networks.switchToCustomMode")
def to_custom_mode(call: Call) -> Answer | Body:
    """Let an auto mode network keep its subnets, and get no new ones."""
    record = found(call)
    call.cloud.change(record, {**record.body, "autoCreateSubnetworks": False})
    return operations.start(call, record.name, "switchToCustomMode")


@SERVICE.method("networks.listPeeringRoutes")
def peering_routes(call: Call) -> Answer | Body:
    """Give the routes that a peering exchanges: the ranges of the other side's subnets."""
    record, wanted = found(call), call.text("peeringName")
    items = [
        {"destRange": subnet.body["ipCidrRange"], "type": "SUBNET_PEERING_ROUTE", "imported": True, "priority": 0}
        for each in record.body.get("peerings", [])
        if not wanted or each["name"] == wanted
        for subnet in ranges.subnets_of(call.cloud, str(each["network"])[len(V1) :])
    ]
    return answer(call, items)


@SERVICE.method("networks.getEffectiveFirewalls", "instances.getEffectiveFirewalls")
def effective_firewalls(call: Call) -> Answer | Body:
    """Give the firewall rules that hold for a network, or for an interface of an instance."""
    record = found(call)
    network = link(record.name)
    if call.method.id.startswith("instances"):
        network = next((each["network"] for each in record.body["networkInterfaces"]), "")
    rules = call.cloud.store.page(API, f"projects/{call.project}/global/firewalls")
    return {"firewalls": [each.body for each in rules if each.body.get("network") == network]}
