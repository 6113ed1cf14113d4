"""Smaller things: settings of single instances of a group, nodes, reservations, route policies, mirroring."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body
from mockcloud.services.compute import hold, operations
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.errors import invalid, missing
from mockcloud.services.compute.groups import CONFIGS
from mockcloud.services.compute.links import V1, link, normalised, short
from mockcloud.services.compute.lists import answer
from mockcloud.services.compute.schemas import of_resource
from mockcloud.services.compute.standard import change, cleared, found, versioned

API: Final = "compute"
_MANAGERS: Final = ("instanceGroupManagers", "regionInstanceGroupManagers")
_REQUESTERS: Final = ("instanceGroupManager", "regionInstanceGroupManager")


@SERVICE.method(
    *(f"{of}.{verb}{CONFIGS[0].upper()}{CONFIGS[1:]}" for of in _MANAGERS for verb in ("patch", "update", "delete"))
)
def instance_configs(call: Call) -> Answer | Body:
    """Set what is kept of single instances of a managed group, or forget it."""
    record = found(call)
    verb = call.method.id.rpartition(".")[2]
    kept = {each["name"]: each for each in record.hidden.get(CONFIGS, [])}
    if verb.startswith("delete"):
        for name in call.body.get("names", []):
            kept.pop(name, None)
    for each in normalised(call.cloud, call.body, call.project).get(CONFIGS, []):
        kept[each.get("name", "")] = {**each, "status": "EFFECTIVE"}
    call.cloud.change(record, record.body, hidden={**record.hidden, CONFIGS: list(kept.values())})
    return operations.start(call, record.name, verb)


@SERVICE.method(*(f"{of}.listPerInstanceConfigs" for of in _MANAGERS))
def list_instance_configs(call: Call) -> Answer | Body:
    """Give what is kept of single instances of a managed group."""
    rows = found(call).hidden.get(CONFIGS, [])
    return versioned(call, {"items": list(rows)} if rows else {})


@SERVICE.method(*(f"{of}.{verb}Instances" for of in _MANAGERS for verb in ("start", "stop", "suspend", "resume")))
def move_members(call: Call) -> Answer | Body:
    """Start, stop, suspend or resume instances of a managed group, at once."""
    record = found(call)
    verb = call.method.id.rpartition(".")[2]
    state = {"startInstances": "RUNNING", "resumeInstances": "RUNNING", "stopInstances": "TERMINATED"}.get(
        verb, "SUSPENDED"
    )
    for each in normalised(call.cloud, call.body, call.project).get("instances", []):
        member = call.cloud.store.get(API, each.removeprefix(V1))
        if member is not None:
            call.cloud.change(member, {**member.body, "status": state})
    return operations.start(call, record.name, verb)


# Nodes and reservations
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("nodeGroups.addNodes", "nodeGroups.deleteNodes")
def change_nodes(call: Call) -> Answer | Body:
    """Add nodes to a group of sole tenant nodes, or take some away."""
    record = found(call)
    size = int(record.body.get("size", 0))
    more = int(call.body.get("additionalNodeCount", 0)) - len(call.body.get("nodes", []))
    change(call, record, {**record.body, "size": max(size + more, 0)})
    return operations.start(call, record.name, call.method.id.rpartition(".")[2])


@SERVICE.method("nodeGroups.listNodes")
def list_nodes(call: Call) -> Answer | Body:
    """Give the nodes of a group of sole tenant nodes."""
    record = found(call)
    kind = short(str(record.body.get("nodeTemplate", "")))
    rows = [
        {"name": f"{record.id}-{at:04d}", "status": "READY", "nodeType": kind, "instances": []}
        for at in range(int(record.body.get("size", 0)))
    ]
    return answer(call, rows)


def _sized_group(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    count = call.text("initialNodeCount")
    return {**body, "size": int(count) if count.isdigit() else int(body.get("size", 0))}


SERVICE.collection("projects.zones.nodeGroups", created=_sized_group, required=("nodeTemplate",))


@SERVICE.method("reservations.resize")
def resize_reservation(call: Call) -> Answer | Body:
    """Change how many machines are reserved."""
    record = found(call)
    count = str(call.body.get("specificSkuCount", "0"))
    specific = {**record.body.get("specificReservation", {}), "count": count}
    change(call, record, {**record.body, "specificReservation": specific})
    return operations.start(call, record.name, "resize")


def _reservation(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    specific = body.get("specificReservation", {})
    extra = (
        {"specificReservation": {**specific, "inUseCount": "0", "assuredCount": specific.get("count", "0")}}
        if specific
        else {}
    )
    return {**body, **extra}


SERVICE.collection("projects.zones.reservations", created=_reservation)


# Parts of routers
# ---------------------------------------------------------------------------------------------------------------------

_PARTS: Final = {"RoutePolicy": "policy", "NamedSet": "namedSet"}


@SERVICE.method(*(f"routers.{verb}{part}" for part in _PARTS for verb in ("get", "patch", "update", "delete")))
def router_part(call: Call) -> Answer | Body:
    """Give, set or delete a route policy or a named set of a router."""
    record = found(call)
    verb = call.method.id.rpartition(".")[2]
    part = next(each for each in _PARTS if verb.endswith(each))
    parts = dict(record.hidden.get(part, {}))
    name = call.text(_PARTS[part]) or call.body.get("name", "")
    if verb.startswith(("get", "delete")) and name not in parts:
        raise missing(f"{record.name}/{_PARTS[part]}/{name}")
    if verb.startswith("get"):
        return {"resource": parts[name]}
    if verb.startswith("delete"):
        del parts[name]
    else:
        kept = parts.get(name, {}) if verb.startswith("patch") else {}
        new = {**kept, **call.body, "name": name}
        parts[name] = {**new, "fingerprint": of_resource(new)}
    call.cloud.change(record, record.body, hidden={**record.hidden, part: parts})
    return operations.start(call, record.name, verb)


@SERVICE.method("routers.listRoutePolicies", "routers.listNamedSets")
def router_parts(call: Call) -> Answer | Body:
    """Give the route policies or the named sets of a router."""
    part = "RoutePolicy" if call.method.id.endswith("Policies") else "NamedSet"
    rows = list(found(call).hidden.get(part, {}).values())
    return versioned(call, {"result": rows} if rows else {})


# Rules that mirror packets or sort traffic
# ---------------------------------------------------------------------------------------------------------------------

_KINDS: Final = {
    "PacketMirroringRule": "packetMirroringRules",
    "TrafficClassificationRule": "trafficClassificationRules",
}
"""Last words of the methods -> field that holds the rules."""


@SERVICE.method(
    *(
        f"{of}.{verb}{kind}"
        for of, kind in (
            ("networkFirewallPolicies", "PacketMirroringRule"),
            ("firewallPolicies", "PacketMirroringRule"),
            ("regionNetworkPolicies", "TrafficClassificationRule"),
        )
        for verb in ("add", "get", "patch", "remove")
    )
)
def special_rule(call: Call) -> Answer | Body:
    """Add, give, change or remove a rule that mirrors packets or sorts traffic."""
    record = found(call)
    verb = call.method.id.rpartition(".")[2]
    kind = next(each for each in _KINDS if verb.endswith(each))
    field = _KINDS[kind]
    rules = {str(each["priority"]): each for each in record.body.get(field, [])}
    sent = normalised(call.cloud, call.body, call.project)
    wanted = call.text("priority") or str(sent.get("priority", 0))
    if verb.startswith("add") == (wanted in rules):
        there = f"The policy '{record.name}' does not contain a rule at priority {wanted}."
        raise invalid("priority", wanted, "There is a rule of that priority." if wanted in rules else there)
    if verb.startswith("get"):
        return versioned(call, rules[wanted])
    if verb.startswith("remove"):
        del rules[wanted]
    else:
        hold.references(call, sent, record.name)
        rules[wanted] = {
            "kind": f"compute#{kind[0].lower()}{kind[1:]}",
            **{key: each for key, each in rules.get(wanted, {}).items() if key not in cleared(call)},
            **sent,
            "priority": int(sent.get("priority", wanted)),
        }
    change(call, record, {**record.body, field: sorted(rules.values(), key=lambda each: int(each["priority"]))})
    return operations.start(call, record.name, verb)


# What changes nothing that can be read, or is told from a table
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(
    *(
        f"{of}.{verb}"
        for of in ("publicAdvertisedPrefixes", "publicDelegatedPrefixes")
        for verb in ("announce", "withdraw")
    ),
    "nodeGroups.simulateMaintenanceEvent",
    "nodeGroups.performMaintenance",
    "reservations.performMaintenance",
    "reservationBlocks.performMaintenance",
    "reservationSubBlocks.performMaintenance",
    "reservationSubBlocks.reportFaulty",
    "instances.reportHostAsFaulty",
    "regionUrlMaps.invalidateCache",
)
def act(call: Call) -> Answer | Body:
    """Announce a prefix, maintain nodes, empty a cache: nothing runs here, so nothing changes."""
    return operations.start(call, found(call).name, call.method.id.rpartition(".")[2])


@SERVICE.method("sslPolicies.listAvailableFeatures", "regionSslPolicies.listAvailableFeatures")
def ssl_features(call: Call) -> Answer | Body:
    """Give the features that a custom SSL policy can have."""
    del call
    return {"features": list(_FEATURES)}


_FEATURES: Final = (
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
)
"""Source: cloud.google.com/load-balancing/docs/ssl-policies-concepts, 2026-11."""


@SERVICE.method("vpnGateways.getStatus")
def vpn_status(call: Call) -> Answer | Body:
    """Give the tunnels of a VPN gateway, by peer."""
    record = found(call)
    region = "/".join(record.name.split("/")[:4])
    tunnels = [
        each
        for each in call.cloud.store.page(API, f"{region}/vpnTunnels")
        if each.body.get("vpnGateway") == link(record.name)
    ]
    rows = [
        {"tunnels": [{"tunnelUrl": link(each.name), "localGatewayInterface": each.body.get("vpnGatewayInterface", 0)}]}
        for each in tunnels
    ]
    return versioned(call, {"result": {"vpnConnections": rows} if rows else {}})


@SERVICE.method("storagePools.listDisks")
def pool_disks(call: Call) -> Answer | Body:
    """Give the disks of a storage pool."""
    pool = found(call)
    place = pool.name.rpartition("/storagePools/")[0]
    rows = [
        {
            "name": each.id,
            "disk": link(each.name),
            "sizeGb": each.body.get("sizeGb", "0"),
            "type": each.body.get("type", ""),
            "attachedInstances": each.body.get("users", []),
            "status": "READY",
        }
        for each in call.cloud.store.page(API, f"{place}/disks")
        if each.body.get("storagePool") == link(pool.name)
    ]
    return answer(call, rows)


@SERVICE.method("futureReservations.cancel", *(f"{each}ResizeRequests.cancel" for each in _REQUESTERS))
def cancel_request(call: Call) -> Answer | Body:
    """Cancel what was asked for and is not there yet."""
    record = found(call)
    cancelled = "CANCELLED"
    state: Body = {"state": cancelled}
    if "/futureReservations/" in record.name:
        state = {"status": {**record.body.get("status", {}), "procurementStatus": cancelled}}
    call.cloud.plans.cancel(API, record.name)
    change(call, record, {**record.body, **state})
    return operations.start(call, record.name, "cancel")
