"""What is done with instances: started, stopped, given disks and addresses, changed in part."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services.acting import settled
from mockcloud.services.compute import disks, hold, instances, operations
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.errors import invalid, missing, not_ready
from mockcloud.services.compute.links import V1, normalised
from mockcloud.services.compute.lists import answer
from mockcloud.services.compute.schemas import of_resource
from mockcloud.services.compute.standard import change, found, hold_fingerprint

API: Final = "compute"
_MOVES: Final = {
    "start": ("PROVISIONING", "RUNNING", "TERMINATED"),
    "startWithEncryptionKey": ("PROVISIONING", "RUNNING", "TERMINATED"),
    "stop": ("STOPPING", "TERMINATED", "RUNNING"),
    "suspend": ("SUSPENDING", "SUSPENDED", "RUNNING"),
    "resume": ("PROVISIONING", "RUNNING", "SUSPENDED"),
    "reset": ("RUNNING", "RUNNING", "RUNNING"),
}
"""Verb -> state while it goes on, state behind it, state before it."""
_MOVING: Final = frozenset({"PROVISIONING", "STAGING", "STOPPING", "SUSPENDING", "REPAIRING"})


@SERVICE.method(*(f"instances.{verb}" for verb in _MOVES))
def move(call: Call) -> Answer | Body:
    """Start, stop, suspend, resume or reset an instance. One that is there already stays so."""
    record = found(call)
    verb = call.method.id.rpartition(".")[2]
    going, after, before = _MOVES[verb]
    record = settled(call, record, _MOVING, "status")
    state = record.body["status"]
    if verb in {"suspend", "resume", "reset"} and state != before:
        raise not_ready(record.name, f"it is {state}, and must be {before}.")
    if state == after and verb != "reset":
        return operations.start(call, record.name, verb)
    stamped = {"start": "lastStartTimestamp", "stop": "lastStopTimestamp", "suspend": "lastSuspendedTimestamp"}.get(
        verb
    )
    extra = {stamped: call.cloud.clock.tick()} if stamped else {}
    call.cloud.change(record, {**record.body, **extra, "status": going})
    return operations.start(call, record.name, verb, seconds=20.0, finish={"status": after}, back={"status": state})


@SERVICE.method("instances.setServiceAccount")
def set_account(call: Call) -> Answer | Body:
    """Give an instance another service account."""
    record = found(call)
    account = {"email": call.body.get("email", ""), "scopes": call.body.get("scopes", [])}
    change(call, record, {**record.body, "serviceAccounts": [account] if account["email"] else []})
    return operations.start(call, record.name, "setServiceAccount")


@SERVICE.method("instances.attachDisk")
def attach_disk(call: Call) -> Answer | Body:
    """Attach a disk that there is."""
    record = found(call)
    sent = normalised(call.cloud, call.body, call.project)
    hold.references(call, sent, record.name)
    shown = instances.attached(call, record.name, sent, len(record.body["disks"]))
    if any(each["deviceName"] == shown["deviceName"] for each in record.body["disks"]):
        raise invalid("deviceName", shown["deviceName"], "The instance has a disk of that device name.")
    change(call, record, {**record.body, "disks": [*record.body["disks"], shown]})
    if shown.get("source"):
        disks.attach(call.cloud, str(shown["source"])[len(V1) :], record.name)
    return operations.start(call, record.name, "attachDisk")


@SERVICE.method("instances.detachDisk")
def detach_disk(call: Call) -> Answer | Body:
    """Detach a disk by its device name."""
    record = found(call)
    device = call.text("deviceName")
    gone = next((each for each in record.body["disks"] if each["deviceName"] == device), None)
    if gone is None:
        raise invalid("deviceName", device, f"No attached disk found with device name '{device}'")
    change(call, record, {**record.body, "disks": [each for each in record.body["disks"] if each is not gone]})
    if gone.get("source"):
        disks.detach(call.cloud, str(gone["source"])[len(V1) :], record.name)
    return operations.start(call, record.name, "detachDisk")


@SERVICE.method("instances.setDiskAutoDelete")
def auto_delete(call: Call) -> Answer | Body:
    """Say whether a disk goes with its instance."""
    record = found(call)
    device = call.text("deviceName")
    kept = [
        {**each, "autoDelete": call.flag("autoDelete")} if each["deviceName"] == device else each
        for each in record.body["disks"]
    ]
    if not any(each["deviceName"] == device for each in kept):
        raise invalid("deviceName", device, f"No attached disk found with device name '{device}'")
    change(call, record, {**record.body, "disks": kept})
    return operations.start(call, record.name, "setDiskAutoDelete")


# Interfaces
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("instances.addAccessConfig", "instances.updateAccessConfig", "instances.deleteAccessConfig")
def access_config(call: Call) -> Answer | Body:
    """Give an interface an external address, change it, or take it away."""
    record = found(call)
    verb = call.method.id.rpartition(".")[2]
    nic = _nic(record, call.text("networkInterface"))
    configs = list(nic.get("accessConfigs", []))
    if verb == "deleteAccessConfig":
        configs = [each for each in configs if each["name"] != call.text("accessConfig")]
    elif verb == "addAccessConfig":
        configs.append(instances.access(call, dict(call.body)))
    else:
        configs = [{**each, **call.body} for each in configs]
    _put_nic(call, record, {**nic, "accessConfigs": configs})
    return operations.start(call, record.name, verb)


@SERVICE.method("instances.updateNetworkInterface")
def update_interface(call: Call) -> Answer | Body:
    """Change an interface."""
    record = found(call)
    nic = _nic(record, call.text("networkInterface"))
    sent = normalised(call.cloud, call.body, call.project)
    hold_fingerprint(Record(API, record.name, nic), sent)
    _put_nic(call, record, {**nic, **sent})
    return operations.start(call, record.name, "updateNetworkInterface")


def _nic(record: Record, name: str) -> dict[str, Any]:
    for each in record.body["networkInterfaces"]:
        if each["name"] == (name or "nic0"):
            return dict(each)
    raise invalid("networkInterface", name, "The instance has no such interface.")


def _put_nic(call: Call, record: Record, nic: dict[str, Any]) -> None:
    nic["fingerprint"] = of_resource(nic)
    all_of_them = [nic if each["name"] == nic["name"] else each for each in record.body["networkInterfaces"]]
    change(call, record, {**record.body, "networkInterfaces": all_of_them})


# What an instance tells
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("instances.getSerialPortOutput")
def serial_port(call: Call) -> Answer | Body:
    """Give what an instance wrote to its serial port: nothing, as nothing runs on it."""
    record = found(call)
    return {
        "kind": "compute#serialPortOutput",
        "contents": "",
        "start": "0",
        "next": "0",
        "selfLink": record.body["selfLink"],
    }


@SERVICE.method("instances.getGuestAttributes")
def guest_attributes(call: Call) -> Answer | Body:
    """Give what the guest wrote: nothing, as no guest runs."""
    found(call)
    raise missing(f"{call.name}/{call.text('queryPath') or call.text('variableKey')}")


@SERVICE.method("instances.getShieldedInstanceIdentity", "instances.getShieldedVmIdentity")
def identity(call: Call) -> Answer | Body:
    """Give the keys of the virtual TPM: there are none, as there is no TPM."""
    found(call)
    return {"kind": f"compute#shielded{'Vm' if call.method.id.endswith('VmIdentity') else 'Instance'}Identity"}


@SERVICE.method("instances.listReferrers")
def referrers(call: Call) -> Answer | Body:
    """Give what refers to an instance: the groups that hold it."""
    record = found(call)
    project, zone = call.name.split("/")[1], call.name.split("/")[3]
    items = [
        {
            "kind": "compute#reference",
            "referenceType": "MEMBER_OF",
            "referrer": each.body["selfLink"],
            "target": record.body["selfLink"],
        }
        for each in call.cloud.store.page(API, f"projects/{project}/zones/{zone}/instanceGroups")
        if record.body["selfLink"] in each.hidden.get("instances", ())
    ]
    return answer(call, items)


@SERVICE.method(
    "instances.simulateMaintenanceEvent", "instances.performMaintenance", "instances.sendDiagnosticInterrupt"
)
def maintain(call: Call) -> Answer | Body:
    """Maintain an instance, which changes nothing that can be read."""
    record = found(call)
    if call.method.id.endswith("Interrupt"):
        return {}
    return operations.start(call, record.name, call.method.id.rpartition(".")[2])
