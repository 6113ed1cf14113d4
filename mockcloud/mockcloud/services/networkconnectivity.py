"""Network Connectivity: service connection policies, internal ranges, hubs and spokes."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, invalid, not_found
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.acting import act
from mockcloud.services.compute import ranges
from mockcloud.services.reading import found
from mockcloud.services.references import resolve
from mockcloud.services.service import Service

API: Final = "networkconnectivity"
SERVICE: Final = Service(API)
HUBS: Final = "projects.locations.global.hubs"


def _hold_network(call: Call, text: str) -> None:
    """Hold a network to what exists, as far as its project is one of this cloud."""
    name = text[text.find("projects/") :]
    parts = name.split("/")
    if not name.startswith("projects/") or not call.cloud.rules.on(Rule.REFERENCES):
        return
    project = call.cloud.projects.id_of(parts[1])
    if call.cloud.projects.get(project) is None:
        return
    from mockcloud.services.compute.default_network import ensure

    ensure(call.cloud, project)
    if resolve(call.cloud, name, "compute") is None:
        raise not_found(name, what="Network")


def _policy(call: Call, name: str, body: dict[str, Any]) -> Body:
    if not body.get("network") or not body.get("serviceClass"):
        raise invalid(
            "Network and service class must be set.", Violation("service_connection_policy.network", "Not set.")
        )
    _hold_network(call, body["network"])
    for each in call.cloud.store.page(API, name.rpartition("/")[0]):
        if (each.body["network"], each.body["serviceClass"]) == (body["network"], body["serviceClass"]):
            raise failed_precondition(f"'{each.name}' is for this network and service class already.")
    return {**body, "infrastructure": "PSC"}


SERVICE.collection(
    "projects.locations.serviceConnectionPolicies", created=_policy, immutable=("network", "serviceClass"), state=None
)


def _range(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    if not body.get("network"):
        raise invalid("A range needs a network.", Violation("internal_range.network", "It must be set."))
    _hold_network(call, body["network"])
    if not body.get("ipCidrRange"):
        length = int(body.get("prefixLength", 24))
        body["ipCidrRange"] = f"{ranges.peering_range(call.cloud, length)}/{length}"
    return {"usage": "FOR_VPC", "peering": "FOR_SELF", "overlaps": [], "users": [], **body}


SERVICE.collection("projects.locations.internalRanges", created=_range, state=None)


# Hubs
# ---------------------------------------------------------------------------------------------------------------------


def _hub(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    table = f"{call.name.rpartition('/')[0]}/hubs/{call.text('hubId')}/routeTables/default"
    return {"policyMode": "PRESET", "presetTopology": "MESH", **body, "routeTables": [table], "routingVpcs": []}


def _with_group(call: Call, record: Record) -> None:
    group = f"{record.name}/groups/default"
    now = call.cloud.clock.tick()
    body = {
        "name": group,
        "createTime": now,
        "updateTime": now,
        "uid": call.cloud.ids.uuid("networkconnectivity/uid"),
        "state": "ACTIVE",
    }
    call.cloud.create(Record(API, group, body))


def _without_spokes(call: Call, record: Record) -> None:
    spoke = next((each for each in call.cloud.store.of(API) if each.body.get("hub") == record.name), None)
    if spoke is not None:
        raise failed_precondition(f"'{record.name}' has the spoke '{spoke.name}'. Delete that first.")


SERVICE.collection(HUBS, created=_hub, after_create=_with_group, deleting=_without_spokes)


def _spoke(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    hub = body.get("hub", "")
    record = resolve(call.cloud, hub, API)
    if record is None and call.cloud.rules.on(Rule.REFERENCES):
        raise not_found(hub or "(none)", what="Hub")
    kinds = {
        "linkedVpcNetwork": "VPC_NETWORK",
        "linkedVpnTunnels": "VPN_TUNNEL",
        "linkedInterconnectAttachments": "INTERCONNECT_ATTACHMENT",
        "linkedRouterApplianceInstances": "ROUTER_APPLIANCE",
        "linkedProducerVpcNetwork": "PRODUCER_VPC_NETWORK",
        "gateway": "GATEWAY",
    }
    kind = next((value for key, value in kinds.items() if key in body), "")
    if not kind:
        raise invalid(
            "A spoke needs something that it links.", Violation("spoke.linked_vpc_network", "It must be set.")
        )
    if "linkedVpcNetwork" in body:
        _hold_network(call, body["linkedVpcNetwork"].get("uri", ""))
    group = f"{record.name if record is not None else hub}/groups/default"
    return {"group": group, **body, "spokeType": kind}


SERVICE.collection("projects.locations.spokes", created=_spoke, immutable=("hub",))


@SERVICE.method(f"{HUBS}.listSpokes")
def list_spokes(call: Call) -> Answer | Body:
    """Give the spokes of a hub."""
    hub = found(call)
    rows = [each.body for each in call.cloud.store.of(API) if each.body.get("hub") == hub.name]
    return {"spokes": rows} if rows else {}


@SERVICE.method(f"{HUBS}.acceptSpoke", f"{HUBS}.rejectSpoke")
def judge(call: Call) -> Answer | Body:
    """Accept a spoke of another project, or reject it."""
    found(call)
    spoke = found(call, call.body.get("spokeUri", ""))
    state = "ACTIVE" if call.method.verb == "acceptSpoke" else "INACTIVE"
    reasons = [] if state == "ACTIVE" else [{"code": "REJECTED", "userDetails": call.body.get("details", "")}]
    return act(call, spoke, {"state": state, "reasons": reasons}, response={})
