"""Firewalls, routes and routers with their NATs."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.errors import invalid
from mockcloud.services.compute.links import link, normalised, short
from mockcloud.services.compute.lists import answer
from mockcloud.services.compute.standard import found


def _firewall(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    if bool(body.get("allowed")) == bool(body.get("denied")):
        raise invalid("resource.allowed", "", "Exactly one of allowed and denied must be set.")
    sources = ("sourceRanges", "sourceTags", "sourceServiceAccounts")
    if body["direction"] == "INGRESS" and not any(body.get(each) for each in sources):
        body["sourceRanges"] = ["0.0.0.0/0"]
    if body["direction"] == "EGRESS" and not body.get("destinationRanges"):
        body["destinationRanges"] = ["0.0.0.0/0"]
    return {"network": link(f"projects/{call.project}/global/networks/default"), **body}


SERVICE.collection("projects.global.firewalls", created=_firewall)
SERVICE.collection("projects.global.routes", required=("network",))


def _router(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    return _with_nats(call, body)


def _changed_router(call: Call, record: Record, body: dict[str, Any]) -> Body:
    del record
    return _with_nats(call, body)


def _with_nats(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    del call
    if "nats" not in body:
        return body
    usual = {"type": "PUBLIC", "enableEndpointIndependentMapping": False, "endpointTypes": ["ENDPOINT_TYPE_VM"]}
    nats = [{**usual, **each} for each in body["nats"]]
    for each in nats:
        if each["type"] == "PUBLIC":
            each.setdefault("autoNetworkTier", "PREMIUM")
    return {**body, "nats": nats}


SERVICE.collection("projects.regions.routers", created=_router, changed=_changed_router, required=("network",))


@SERVICE.method("routers.getRouterStatus")
def router_status(call: Call) -> Answer | Body:
    """Give the state of a router and its NATs."""
    record = found(call)
    nats = [
        {"name": each["name"], "autoAllocatedNatIps": [], "userAllocatedNatIps": [], "numVmEndpointsWithNatMappings": 0}
        for each in record.body.get("nats", [])
    ]
    result = {"network": record.body["network"], **({"natStatus": nats} if nats else {})}
    return {"kind": "compute#routerStatusResponse", "result": result}


@SERVICE.method("routers.getNatMappingInfo", "routers.getNatIpInfo")
def nat_mapping(call: Call) -> Answer | Body:
    """Give which instances use which addresses of a NAT: none, as nothing sends packets here."""
    found(call)
    return {} if call.method.id.endswith("getNatIpInfo") else answer(call, [])


@SERVICE.method("routers.preview")
def router_preview(call: Call) -> Answer | Body:
    """Give a router as a patch would make it."""
    record = found(call)
    return {"resource": {**record.body, **normalised(call.cloud, call.body, call.project), "name": short(record.name)}}
