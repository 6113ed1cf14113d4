"""Instances: what compute makes of the body that a client sends."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.masks import merged
from mockcloud.cloud.store import Body, Record
from mockcloud.services import catalogues
from mockcloud.services.compute import disks, hold, operations, ranges
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.errors import invalid
from mockcloud.services.compute.links import V1, link, name_of, short
from mockcloud.services.compute.schemas import fingerprint, of_resource
from mockcloud.services.compute.standard import behaviour, found, insert, remove

API: Final = "compute"
DEFAULT: Final = "default"


@SERVICE.method("instances.insert")
def insert_instance(call: Call) -> Answer | Body:
    """Make an instance, of a template where the query names one."""
    template = (
        name_of(call.text("sourceInstanceTemplate"), call.project) if call.text("sourceInstanceTemplate") else None
    )
    if template is not None:
        properties = found(call, template).body.get("properties", {})
        call.body = merged(properties, call.body)
    return insert(call)


def _instance(call: Call, name: str, body: dict[str, Any]) -> Body:
    zone = "/".join(name.split("/")[:4])
    machine = body.get("machineType", "")
    if not machine and not body.get("sourceMachineImage"):
        raise invalid("resource.machineType", "", "The field must be set.")
    if machine and "/" not in machine:
        body["machineType"] = link(f"{zone}/machineTypes/{machine}")
    return {
        **body,
        "disks": _disks(call, name, body),
        "networkInterfaces": _interfaces(call, name, body),
        "serviceAccounts": _accounts(call, body),
        "tags": {**body.get("tags", {}), "fingerprint": fingerprint(body.get("tags", {}).get("items"))},
        "metadata": {
            "kind": "compute#metadata",
            **body.get("metadata", {}),
            "fingerprint": fingerprint(body.get("metadata", {}).get("items")),
        },
        "scheduling": _scheduling(call, body),
        "guestAccelerators": _accelerators(zone, body),
        "status": "PROVISIONING",
        "lastStartTimestamp": body["creationTimestamp"],
    }


def _scheduling(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Give when it may be moved or stopped. Spot machines are stopped, those with GPUs cannot move."""
    given = {**body["scheduling"]}
    asked = call.body.get("scheduling", {})
    if given.get("provisioningModel") == "SPOT" or asked.get("preemptible"):
        given.update(preemptible=True, automaticRestart=asked.get("automaticRestart", False))
        given["onHostMaintenance"] = asked.get("onHostMaintenance", "TERMINATE")
    known = catalogues.machine_type(short(body.get("machineType", "")))
    if body.get("guestAccelerators") or (known is not None and known.gpu):
        given["onHostMaintenance"] = asked.get("onHostMaintenance", "TERMINATE")
    return given


def _accelerators(zone: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    known = catalogues.machine_type(short(body.get("machineType", "")))
    found: list[dict[str, Any]] = list(body.get("guestAccelerators", []))
    if not found and known is not None and known.gpu:
        found = [{"acceleratorType": link(f"{zone}/acceleratorTypes/{known.gpu}"), "acceleratorCount": known.gpus}]
    return found


def _accounts(call: Call, body: dict[str, Any]) -> list[dict[str, Any]]:
    number = call.cloud.projects.number_of(call.project)
    default = f"{number}-compute@developer.gserviceaccount.com"
    return [
        {**each, "email": default if each.get("email", DEFAULT) == DEFAULT else each["email"]}
        for each in body.get("serviceAccounts", [])
    ]


# Disks
# ---------------------------------------------------------------------------------------------------------------------


def _disks(call: Call, name: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    sent = body.get("disks", [])
    if not sent and not body.get("sourceMachineImage"):
        raise invalid("resource.disks", "[]", "At least one disk must be given.")
    return [attached(call, name, each, at) for at, each in enumerate(sent)]


def attached(call: Call, name: str, sent: dict[str, Any], at: int) -> dict[str, Any]:
    """Give a disk of an instance as the instance shows it, and make the disk where it is to be new."""
    zone = "/".join(name.split("/")[:4])
    parameters = sent.get("initializeParams", {})
    scratch = sent.get("type") == "SCRATCH"
    device = sent.get("deviceName") or (f"local-ssd-{at}" if scratch else f"persistent-disk-{at}")
    shown = {
        "kind": "compute#attachedDisk",
        "type": "PERSISTENT",
        "mode": "READ_WRITE",
        "autoDelete": False,
        "boot": False,
        "interface": "SCSI",
        "index": at,
        "deviceName": device,
        **{key: each for key, each in sent.items() if key != "initializeParams"},
    }
    if scratch:
        return {**shown, "diskSizeGb": "375"}
    if sent.get("source"):
        disk = call.cloud.store.get(API, str(sent["source"])[len(V1) :])
    else:
        chosen = parameters.get("diskName") or (short(name) if at == 0 else f"{short(name)}-{at}")
        made = disks.make_disk(call, f"{zone}/disks/{chosen}", parameters)
        disk = made
        shown["source"] = link(made.name)
    if disk is not None:
        shown["diskSizeGb"] = disk.body.get("sizeGb", "10")
        shown["architecture"] = disk.body.get("architecture", "X86_64")
    return shown


# Interfaces
# ---------------------------------------------------------------------------------------------------------------------


def _interfaces(call: Call, name: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    sent = body.get("networkInterfaces") or [{}]
    return [interface(call, name, each, at) for at, each in enumerate(sent)]


def interface(call: Call, name: str, sent: dict[str, Any], at: int) -> dict[str, Any]:
    """Give an interface of an instance, with its addresses."""
    region = catalogues.region_of(name.split("/")[3])
    network, subnet = _network_of(call, sent, region)
    shown: dict[str, Any] = {
        "kind": "compute#networkInterface",
        "name": f"nic{at}",
        "stackType": "IPV4_ONLY",
        **sent,
        **({"network": network} if network else {}),
        **({"subnetwork": link(subnet.name)} if subnet is not None else {}),
    }
    given = sent.get("networkIP", "")
    if given.startswith(V1):
        address = call.cloud.store.get(API, given[len(V1) :])
        given = str(address.body["address"]) if address is not None else given
    shown["networkIP"] = given or ranges.internal(call.cloud, subnet)
    if "accessConfigs" in sent:
        shown["accessConfigs"] = [access(call, each) for each in sent["accessConfigs"]]
    return {**shown, "fingerprint": of_resource(shown)}


def _network_of(call: Call, sent: dict[str, Any], region: str) -> tuple[str, Record | None]:
    store, project = call.cloud.store, call.project
    subnet = store.get(API, sent.get("subnetwork", "")[len(V1) :])
    network = sent.get("network", "")
    if not network and not sent.get("subnetwork") and not sent.get("networkAttachment"):
        from mockcloud.services.compute.default_network import ensure

        ensure(call.cloud, project)
        network = link(f"projects/{project}/global/networks/default")
    if subnet is None and network and not sent.get("subnetwork"):
        owner = network[len(V1) :].split("/")[1]
        subnet = next(
            (
                each
                for each in store.page(API, f"projects/{owner}/regions/{region}/subnetworks")
                if each.body.get("network") == network
            ),
            None,
        )
    if subnet is not None:
        network = str(subnet.body.get("network", network))
    return network, subnet


def access(call: Call, sent: dict[str, Any]) -> dict[str, Any]:
    """Give the external access of an interface, with its address."""
    usual = {
        "kind": "compute#accessConfig",
        "type": "ONE_TO_ONE_NAT",
        "name": "External NAT",
        "networkTier": "PREMIUM",
    }
    return {**usual, **sent, "natIP": sent.get("natIP") or ranges.external(call.cloud)}


def _after(call: Call, record: Record) -> None:
    for each in record.body["disks"]:
        if each.get("source"):
            disks.attach(call.cloud, str(each["source"])[len(V1) :], record.name)


SERVICE.collection(
    "projects.zones.instances", created=_instance, after_create=_after, state=("status", "RUNNING"), seconds=20.0
)


@SERVICE.method("instances.delete")
def delete_instance(call: Call) -> Answer | Body:
    """Delete an instance, and the disks that go with it."""
    record = found(call)
    if record.body.get("deletionProtection"):
        raise invalid(
            "instance", record.name, f"Resource cannot be deleted if it's protected against deletion: '{record.name}'."
        )
    hold.unused(call, record)
    answer = operations.start(call, record.name, "delete", seconds=20.0)
    remove_instance(call, record)
    return answer


def remove_instance(call: Call, record: Record) -> None:
    """Remove an instance; its disks are let go, and those with `autoDelete` go too."""
    for each in record.body.get("disks", []):
        if not each.get("source"):
            continue
        disk = disks.detach(call.cloud, str(each["source"])[len(V1) :], record.name)
        if disk is not None and each.get("autoDelete"):
            call.cloud.delete(disk)
    remove(call, record, behaviour(call))
