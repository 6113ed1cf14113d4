"""Addresses, forwarding rules, and Private Service Connect on both sides."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.ids import steady
from mockcloud.cloud.store import Body, Record
from mockcloud.services.compute import operations, ranges
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.errors import invalid, taken
from mockcloud.services.compute.links import V1, link, name_of, short
from mockcloud.services.compute.schemas import of_resource
from mockcloud.services.compute.standard import found

API: Final = "compute"
_BUNDLES: Final = frozenset({"all-apis", "vpc-sc"})
"""Targets of Private Service Connect that are Google's APIs."""


def _address(call: Call, name: str, body: dict[str, Any]) -> Body:
    if body["addressType"] == "EXTERNAL":
        body.setdefault("networkTier", "PREMIUM")
        body.setdefault("address", ranges.external(call.cloud))
        return body
    if "/regions/" in name:
        body.setdefault("purpose", "GCE_ENDPOINT")
        body.setdefault("networkTier", "PREMIUM")
        subnet = _subnet_of(call, body)
        if subnet is not None:
            body.setdefault("subnetwork", link(subnet.name))
        body.setdefault("address", ranges.internal(call.cloud, subnet))
    elif body.get("prefixLength"):
        body.setdefault("address", ranges.peering_range(call.cloud, int(body["prefixLength"])))
    else:
        body.setdefault("address", ranges.internal(call.cloud, None))
    _hold_free(call, name, body)
    return body


def _subnet_of(call: Call, body: dict[str, Any]) -> Record | None:
    given = body.get("subnetwork", "")
    if given:
        return call.cloud.store.get(API, given[len(V1) :])
    region = "/".join(call.name.split("/")[:4])
    return call.cloud.store.get(API, f"{region}/subnetworks/default")


def _hold_free(call: Call, name: str, body: dict[str, Any]) -> None:
    """Refuse an internal address that is reserved in the same subnet already."""
    for each in call.cloud.store.page(API, name.rpartition("/")[0]):
        same = each.body.get("subnetwork") == body.get("subnetwork") and each.body.get("network") == body.get("network")
        if same and body.get("address") and each.body.get("address") == body["address"]:
            why = f"Specified IP address is in-use and would result in a conflict with '{each.name}'."
            raise invalid("resource.address", body["address"], why)


SERVICE.collection("projects.regions.addresses", "projects.global.addresses", created=_address)


@SERVICE.method("addresses.move", "globalAddresses.move")
def move(call: Call) -> Answer | Body:
    """Give an address another name, or another project; it stays the same address."""
    record = found(call)
    given = str(call.body.get("destinationAddress", ""))
    name = name_of(given, call.project) or f"{record.parent}/{given}"
    if call.cloud.store.get(API, name) is not None:
        raise taken(name)
    told = {key: call.body[key] for key in ("description",) if key in call.body}
    body = {**record.body, **told, "name": short(name), "selfLink": link(name)}
    call.cloud.delete(record)
    moved = call.cloud.create(Record(API, name, body, record.hidden))
    return operations.start(call, moved.name, "move")


# Forwarding rules
# ---------------------------------------------------------------------------------------------------------------------


def _rule(call: Call, name: str, body: dict[str, Any]) -> Body:
    target = body.get("target", "")
    private = "/serviceAttachments/" in target or target in _BUNDLES
    subnet = call.cloud.store.get(API, body.get("subnetwork", "")[len(V1) :])
    if private:
        body["loadBalancingScheme"] = call.body.get("loadBalancingScheme", "") if target in _BUNDLES else ""
        body.update(pscConnectionId=steady(f"psc/{name}", 18), pscConnectionStatus="ACCEPTED")
        body.setdefault("serviceDirectoryRegistrations", [{"namespace": "goog-psc-default"}])
    else:
        body.setdefault("IPProtocol", "TCP")
        body.setdefault("networkTier", "PREMIUM")
    if not body["loadBalancingScheme"]:
        del body["loadBalancingScheme"]
    if subnet is not None:
        body.setdefault("network", subnet.body.get("network", ""))
    ports = body.get("portRange", "")
    if ports and "-" not in ports:
        body["portRange"] = f"{ports}-{ports}"
    internal = private or body.get("loadBalancingScheme", "").startswith("INTERNAL")
    body["IPAddress"] = _ip(call, body, subnet, internal=internal)
    body["fingerprint"] = of_resource(body)
    return {**body, "selfLinkWithId": f"{link(name).rpartition('/')[0]}/{body['id']}"}


def _ip(call: Call, body: dict[str, Any], subnet: Record | None, *, internal: bool) -> str:
    given: str = body.get("IPAddress", "")
    if given.startswith(V1):
        address = call.cloud.store.get(API, given[len(V1) :])
        return str(address.body["address"]) if address is not None else given
    return given or (ranges.internal(call.cloud, subnet) if internal else ranges.external(call.cloud))


def _used(call: Call, record: Record) -> None:
    """Note on an address which rule has it, and on a service attachment who is connected."""
    for each in _addresses_of(call, record):
        call.cloud.change(each, {**each.body, "status": "IN_USE", "users": [link(record.name)]})
    target = call.cloud.store.get(API, str(record.body.get("target", ""))[len(V1) :])
    if target is not None and "/serviceAttachments/" in target.name:
        endpoint = {
            "endpoint": link(record.name),
            "status": "ACCEPTED",
            "pscConnectionId": record.body["pscConnectionId"],
            "consumerNetwork": record.body.get("network", ""),
        }
        call.cloud.change(
            target, {**target.body, "connectedEndpoints": [*target.body.get("connectedEndpoints", []), endpoint]}
        )


def _freed(call: Call, record: Record) -> None:
    for each in _addresses_of(call, record):
        body = {key: value for key, value in each.body.items() if key != "users"}
        call.cloud.change(each, {**body, "status": "RESERVED"})
    target = call.cloud.store.get(API, str(record.body.get("target", ""))[len(V1) :])
    if target is not None and "connectedEndpoints" in target.body:
        kept = [each for each in target.body["connectedEndpoints"] if each["endpoint"] != link(record.name)]
        call.cloud.change(target, {**target.body, "connectedEndpoints": kept})


def _addresses_of(call: Call, record: Record) -> list[Record]:
    place = "/".join(record.name.split("/")[:-2])
    return [
        each
        for each in call.cloud.store.page(API, f"{place}/addresses")
        if each.body.get("address") == record.body.get("IPAddress")
    ]


SERVICE.collection(
    "projects.regions.forwardingRules",
    "projects.global.forwardingRules",
    created=_rule,
    after_create=_used,
    after_delete=_freed,
)


# Attachments
# ---------------------------------------------------------------------------------------------------------------------


def _service_attachment(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    return {
        "connectedEndpoints": [],
        **body,
        "targetService": body.get("targetService") or body.get("producerForwardingRule", ""),
        "pscServiceAttachmentId": {"high": steady(f"high/{name}", 18), "low": steady(f"low/{name}", 18)},
    }


def _network_attachment(call: Call, name: str, body: dict[str, Any]) -> Body:
    subnets = [call.cloud.store.get(API, each[len(V1) :]) for each in body.get("subnetworks", [])]
    network = next((str(each.body["network"]) for each in subnets if each is not None), "")
    extra = {"network": network} if network else {}
    return {
        "connectionEndpoints": [],
        **body,
        **extra,
        "selfLinkWithId": f"{link(name).rpartition('/')[0]}/{body['id']}",
    }


SERVICE.collection("projects.regions.serviceAttachments", created=_service_attachment)
SERVICE.collection("projects.regions.networkAttachments", created=_network_attachment, required=("subnetworks",))
