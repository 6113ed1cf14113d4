"""Service Networking: the peering through which a service's producer reaches a network, and what is reserved for it."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, invalid, not_found
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.compute.links import link
from mockcloud.services.compute.peerings import peered
from mockcloud.services.service import Service

API: Final = "servicenetworking"
SERVICE: Final = Service(API)
_TYPE: Final = "google.cloud.servicenetworking.v1.Connection"
_PRODUCER: Final = "https://www.googleapis.com/compute/v1/projects/{}-tp/global/networks/servicenetworking"


def _network(call: Call, text: str) -> str:
    """Read a network as its full name, with the project's id.

    Raises:
        ApiError: 400, for what is none; 404, where there is none.
    """
    parts = text.split("/")
    if len(parts) != 5 or parts[0] != "projects" or parts[3] != "networks":  # noqa: PLR2004 - projects/P/global/networks/N
        raise invalid(f"'{text}' is no network.", Violation("network", "It has the form projects/P/global/networks/N."))
    parts[1] = call.cloud.projects.id_of(parts[1])
    name = "/".join(parts)
    if call.cloud.rules.on(Rule.REFERENCES) and call.cloud.projects.get(parts[1]) is not None:
        from mockcloud.services.compute.default_network import ensure

        ensure(call.cloud, parts[1])
        if call.cloud.store.get("compute", name) is None:
            raise not_found(name, what="Network")
    return name


def connection(call: Call, network: str, service: str = "services/servicenetworking.googleapis.com") -> Record | None:
    """Give the connection of a network, named in full, or None."""
    return call.cloud.store.get(API, _name(service, network))


def _name(service: str, network: str) -> str:
    _, project, _, _, identifier = network.split("/")
    return f"{service}/connections/{project}~{identifier}"


def _hold_ranges(call: Call, network: str, ranges: list[str]) -> None:
    """Hold reserved ranges to addresses of the network's project that are for peering."""
    project = network.split("/")[1]
    if not ranges:
        raise invalid("No range is named.", Violation("reserved_peering_ranges", "It must hold the name of a range."))
    if not call.cloud.rules.on(Rule.REFERENCES) or call.cloud.projects.get(project) is None:
        return
    for each in ranges:
        if call.cloud.store.get("compute", f"projects/{project}/global/addresses/{each}") is None:
            raise not_found(f"projects/{project}/global/addresses/{each}", what="Range")


@SERVICE.method("services.connections.create")
def create(call: Call) -> Answer | Body:
    """Connect a network with a service."""
    service = call.name.removesuffix("/connections")
    network = _network(call, call.body.get("network", ""))
    ranges = call.body.get("reservedPeeringRanges", [])
    _hold_ranges(call, network, ranges)
    if connection(call, network, service) is not None:
        raise failed_precondition("Cannot modify allocated ranges in CreateConnection. Please use UpdateConnection.")
    peering = service.rpartition("/")[2].replace(".", "-")
    body = {
        "network": operations.with_number(call.cloud, network),
        "peering": peering,
        "reservedPeeringRanges": ranges,
        "service": service,
    }
    record = call.cloud.create(Record(API, _name(service, network), body, {"network": network}))
    _peer(call, network, peering)
    return operations.start(call, "", record.body, type_name=_TYPE, seconds=10.0)


def _peer(call: Call, network: str, peering: str) -> None:
    record = call.cloud.store.get("compute", network)
    if record is not None:
        producer = _PRODUCER.format(call.cloud.ids.hexadecimal("servicenetworking/producer", 15))
        settings = {"exportSubnetRoutesWithPublicIp": False}
        call.cloud.change(record, peered(record.body, peering, producer, **settings))


@SERVICE.method("services.connections.list")
def list_connections(call: Call) -> Answer | Body:
    """Give the connections of a network."""
    wanted = call.text("network")
    network = _network(call, wanted) if wanted else ""
    service = call.name.removesuffix("/connections")
    rows = [
        each.body
        for each in call.cloud.store.of(API)
        if "/connections/" in each.name
        and (service == "services/-" or each.body["service"] == service)
        and network in {"", each.hidden["network"]}
    ]
    return {"connections": rows} if rows else {}


@SERVICE.method("services.connections.patch")
def patch(call: Call) -> Answer | Body:
    """Change which ranges are reserved. One from which a service has taken addresses goes only with `force`."""
    network = _network(call, call.body.get("network", ""))
    service = call.name.partition("/connections")[0]
    if service == "services/-":
        service = "services/servicenetworking.googleapis.com"
    record = connection(call, network, service)
    if record is None:
        raise not_found(network, what="Connection of the network")
    ranges = call.body.get("reservedPeeringRanges", [])
    _hold_ranges(call, network, ranges)
    gone = [each for each in record.body["reservedPeeringRanges"] if each not in ranges]
    if gone and not call.flag("force") and call.cloud.rules.on(Rule.IN_USE) and _tenants(call, network):
        raise failed_precondition(f"The range '{gone[0]}' is in use. Set force to take it away nevertheless.")
    changed = call.cloud.change(record, {**record.body, "reservedPeeringRanges": ranges})
    return operations.start(call, "", changed.body, type_name=_TYPE, seconds=10.0)


@SERVICE.method("services.connections.deleteConnection")
def delete(call: Call) -> Answer | Body:
    """Take a network's connection with a service away."""
    network = _network(call, call.body.get("consumerNetwork", ""))
    service = call.name.partition("/connections")[0]
    record = connection(call, network, service)
    if record is None:
        raise not_found(network, what="Connection of the network")
    tenants = _tenants(call, network)
    if tenants and call.cloud.rules.on(Rule.IN_USE):
        raise failed_precondition(
            f"Failed to delete connection; Producer services (e.g. CloudSQL, …) are still using it: '{tenants[0]}'."
        )
    call.cloud.delete(record)
    there = call.cloud.store.get("compute", network)
    if there is not None:
        kept = [each for each in there.body.get("peerings", []) if each["name"] != record.body["peering"]]
        call.cloud.change(there, {**there.body, "peerings": kept})
    return operations.start(call, "", {}, type_name="google.protobuf.Empty", seconds=10.0)


def _tenants(call: Call, network: str) -> list[str]:
    """Give what uses the private addresses of a network: databases, so far as this cloud has them."""
    found = []
    for each in call.cloud.store.of("sqladmin"):
        settings = each.body.get("settings", {})
        private = settings.get("ipConfiguration", {}).get("privateNetwork", "") if isinstance(settings, dict) else ""
        if private and link(private[private.find("projects/") :]) == link(network):
            found.append(each.name)
    return found


# Names and settings
# ---------------------------------------------------------------------------------------------------------------------

_NETWORKS: Final = "services.projects.global.networks"
SERVICE.collection(
    f"{_NETWORKS}.peeredDnsDomains",
    orphans=True,
    required=("name", "dnsSuffix"),
    items="peeredDnsDomains",
    # The name is the one that the user gave, not the full one.
    shown=lambda _, record: {**record.body, "name": record.id},
)


@SERVICE.method(f"{_NETWORKS}.get")
def consumer_config(call: Call) -> Answer | Body:
    """Give what a producer may know of a network."""
    record = call.cloud.store.get(API, call.name)
    network = call.name.partition("/projects/")[2]
    there = connection(call, _network(call, f"projects/{network}"))
    ranges = list(there.body["reservedPeeringRanges"]) if there is not None else []
    usual: dict[str, Any] = {
        "consumerExportCustomRoutes": False,
        "consumerImportCustomRoutes": False,
        "producerExportCustomRoutes": False,
        "producerImportCustomRoutes": False,
        "reservedRanges": [{"name": each} for each in ranges],
    }
    return {**usual, **(record.body if record is not None else {})}


@SERVICE.method(f"{_NETWORKS}.updateConsumerConfig")
def update_consumer_config(call: Call) -> Answer | Body:
    """Change what a network exchanges with producers."""
    sent = call.body.get("consumerConfig", {})
    record = call.cloud.store.get(API, call.name)
    if record is None:
        call.cloud.create(Record(API, call.name, sent))
    else:
        call.cloud.change(record, {**record.body, **sent})
    return operations.start(call, "", sent, type_name="google.cloud.servicenetworking.v1.ConsumerConfig")


@SERVICE.method("services.enableVpcServiceControls", "services.disableVpcServiceControls")
def service_controls(call: Call) -> Answer | Body:
    """Say whether the default route of a connection goes to the restricted addresses only."""
    network = _network(call, call.body.get("consumerNetwork", ""))
    record = connection(call, network, call.name)
    if record is None:
        raise not_found(network, what="Connection of the network")
    enabled = call.method.id.startswith("services.enable")
    call.cloud.change(record, record.body, hidden={**record.hidden, "serviceControls": enabled})
    return operations.start(call, "", {}, type_name="google.protobuf.Empty")


@SERVICE.method(f"{_NETWORKS}.getVpcServiceControls")
def get_service_controls(call: Call) -> Answer | Body:
    """Say whether service controls are on for a network's connection."""
    network = call.name.partition("/projects/")[2].removesuffix("/vpcServiceControls")
    record = connection(call, _network(call, f"projects/{network}"))
    return {"enabled": bool(record is not None and record.hidden.get("serviceControls"))}
