"""Groups of instances, managed or not, and templates."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.masks import merged
from mockcloud.cloud.store import Body, Record
from mockcloud.services import catalogues
from mockcloud.services.compute import instances, operations
from mockcloud.services.compute.api import SERVICE, defaults
from mockcloud.services.compute.errors import NAME, invalid
from mockcloud.services.compute.links import V1, link, normalised, short
from mockcloud.services.compute.lists import answer
from mockcloud.services.compute.standard import change, completed, found, make, versioned

API: Final = "compute"
CONFIGS: Final = "perInstanceConfigs"
"""Where a manager keeps what is kept of single instances."""
_NAME: Final = re.compile(NAME)


def _template(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    properties = dict(body.get("properties", {}))
    if not properties and not body.get("sourceInstance"):
        raise invalid("resource.properties", "", "The field must be set.")
    nics = [
        {"kind": "compute#networkInterface", "name": f"nic{at}", **each}
        for at, each in enumerate(properties.get("networkInterfaces", []))
    ]
    attached = [
        {"kind": "compute#attachedDisk", "type": "PERSISTENT", "mode": "READ_WRITE", "index": at, **each}
        for at, each in enumerate(properties.get("disks", []))
    ]
    usual = {"scheduling": defaults()["instances"]["scheduling"]}
    extra = {key: each for key, each in (("networkInterfaces", nics), ("disks", attached)) if each}
    del call
    return {**body, "properties": {**merged(usual, properties), **extra}}


SERVICE.collection("projects.global.instanceTemplates", "projects.regions.instanceTemplates", created=_template)


# Managed groups
# ---------------------------------------------------------------------------------------------------------------------


def _manager(call: Call, name: str, body: dict[str, Any]) -> Body:
    parent = name.rpartition("/")[0].rpartition("/")[0]
    del call
    stem = body.get("baseInstanceName", short(name))
    if not _NAME.fullmatch(stem):
        raise invalid("resource.baseInstanceName", stem, f"Must be a match of regex '{NAME}'")
    usual: dict[str, Any] = {
        "baseInstanceName": short(name),
        "updatePolicy": {
            "type": "OPPORTUNISTIC",
            "minimalAction": "REPLACE",
            "maxSurge": {"fixed": 1, "calculated": 1},
            "maxUnavailable": {"fixed": 1, "calculated": 1},
        },
        "instanceGroup": link(f"{parent}/instanceGroups/{short(name)}"),
        "instanceLifecyclePolicy": {"defaultActionOnFailure": "REPAIR", "forceUpdateOnRepair": "NO"},
        "currentActions": dict.fromkeys(_ACTIONS, 0),
        "status": {"isStable": True, "stateful": {"hasStatefulConfig": False}, "versionTarget": {"isReached": True}},
    }
    if not body.get("versions") and body.get("instanceTemplate"):
        usual["versions"] = [
            {"instanceTemplate": body["instanceTemplate"], "targetSize": {"calculated": body["targetSize"]}}
        ]
    elif body.get("versions") and not body.get("instanceTemplate"):
        usual["instanceTemplate"] = body["versions"][0].get("instanceTemplate", "")
    return merged(usual, body)


_ACTIONS: Final = (
    "abandoning",
    "creating",
    "creatingWithoutRetries",
    "deleting",
    "none",
    "recreating",
    "refreshing",
    "restarting",
    "resuming",
    "starting",
    "stopping",
    "suspending",
    "verifying",
)


def _after_manager(call: Call, record: Record) -> None:
    parent = record.name.rpartition("/")[0].rpartition("/")[0]
    group = f"{parent}/instanceGroups/{record.id}"
    ports = {"namedPorts": record.body["namedPorts"]} if record.body.get("namedPorts") else {}
    sent = {"size": 0, "description": "This instance group is managed.", **ports}
    body = completed(call, group, sent, "InstanceGroup")
    call.cloud.create(Record(API, group, body, {"companionOf": record.name, "instances": ()}))
    _fill(call, record, int(record.body.get("targetSize", 0)))


def _fill(call: Call, record: Record, size: int) -> None:
    """Make or remove instances of a managed group until there are as many as it wants."""
    group = _group_of(call, record)
    members = list(group.hidden.get("instances", ()))
    while len(members) < size:
        members.append(link(_new_member(call, record)))
    for gone in members[size:]:
        there = call.cloud.store.get(API, gone[len(V1) :])
        if there is not None:
            instances.remove_instance(call, there)
    _put_members(call, record, members[:size])


def _new_member(call: Call, record: Record, name: str = "") -> str:
    project, place = record.name.split("/")[1], record.name.split("/")[2:4]
    zone = (
        place[1]
        if place[0] == "zones"
        else catalogues.zones_of(place[1])[0]
        if catalogues.zones_of(place[1])
        else place[1]
    )
    stem = record.body.get("baseInstanceName", record.id)
    chosen = name or f"{stem}-{call.cloud.ids.hexadecimal('compute/member', 4)}"
    name = f"projects/{project}/zones/{zone}/instances/{chosen}"
    template = call.cloud.store.get(API, str(record.body.get("instanceTemplate", ""))[len(V1) :])
    properties = dict(template.body.get("properties", {})) if template is not None else {}
    properties.setdefault("machineType", "e2-medium")
    properties.setdefault("disks", [{"boot": True, "autoDelete": True, "initializeParams": {}}])
    body = normalised(call.cloud, properties, project)
    made = make(call, name, body, SERVICE.behaviour("projects.zones.instances"), "Instance")
    call.cloud.change(made, {**made.body, "status": "RUNNING"})
    return name


def _group_of(call: Call, record: Record) -> Record:
    parent = record.name.rpartition("/")[0].rpartition("/")[0]
    return found(call, f"{parent}/instanceGroups/{record.id}")


def _put_members(call: Call, record: Record, members: list[str]) -> None:
    group = _group_of(call, record)
    hidden = {**group.hidden, "instances": tuple(members)}
    call.cloud.change(group, {**group.body, "size": len(members)}, hidden=hidden)
    current = call.cloud.store.get(API, record.name) or record
    actions = {**dict.fromkeys(_ACTIONS, 0), "none": len(members)}
    change(call, current, {**current.body, "targetSize": len(members), "currentActions": actions})


def _changed_manager(call: Call, record: Record) -> None:
    group = _group_of(call, record)
    if int(record.body.get("targetSize", 0)) != len(group.hidden.get("instances", ())):
        _fill(call, record, int(record.body.get("targetSize", 0)))


def _emptied(call: Call, record: Record) -> None:
    _fill(call, record, 0)


SERVICE.collection(
    "projects.zones.instanceGroupManagers",
    "projects.regions.instanceGroupManagers",
    created=_manager,
    after_create=_after_manager,
    after_change=_changed_manager,
    deleting=_emptied,
)


@SERVICE.method("instanceGroupManagers.resize", "regionInstanceGroupManagers.resize")
def resize(call: Call) -> Answer | Body:
    """Give a managed group another size."""
    record = found(call)
    size = call.text("size")
    if not size.isdigit():
        raise invalid("size", size, "Must be a whole number that is not negative.")
    _fill(call, record, int(size))
    return operations.start(call, record.name, "resize")


@SERVICE.method("instanceGroupManagers.listManagedInstances", "regionInstanceGroupManagers.listManagedInstances")
def managed(call: Call) -> Answer | Body:
    """Give the instances of a managed group, and what is done with each: nothing, as it is done at once."""
    record = found(call)
    rows: list[dict[str, Any]] = []
    for each in _group_of(call, record).hidden.get("instances", ()):
        there = call.cloud.store.get(API, each[len(V1) :])
        if there is not None:
            version = {"instanceTemplate": record.body.get("instanceTemplate", "")}
            state = {"currentAction": "NONE", "instanceStatus": there.body["status"], "version": version}
            rows.append({"instance": each, "id": there.body["id"], "name": there.id, **state})
    return versioned(call, {"managedInstances": rows} if rows else {})


@SERVICE.method(
    *(
        f"{of}.{verb}"
        for of in ("instanceGroupManagers", "regionInstanceGroupManagers")
        for verb in ("deleteInstances", "abandonInstances", "recreateInstances", "createInstances")
    )
)
def members(call: Call) -> Answer | Body:
    """Make, remake, remove or let go instances of a managed group."""
    record = found(call)
    verb = call.method.id.rpartition(".")[2]
    held = list(_group_of(call, record).hidden.get("instances", ()))
    named = normalised(call.cloud, {"instances": call.body.get("instances", [])}, call.project)["instances"]
    if verb == "createInstances":
        held += [link(_new_member(call, record, str(each.get("name", "")))) for each in named]
        _keep(call, record, {each["name"]: {**each, "status": "EFFECTIVE"} for each in named if each.get("name")})
    elif verb == "recreateInstances":
        return operations.start(call, record.name, verb)
    else:
        for each in named:
            there = call.cloud.store.get(API, each[len(V1) :])
            if there is not None and verb == "deleteInstances":
                instances.remove_instance(call, there)
        held = [each for each in held if each not in named]
        _keep(call, record, {short(str(each)): None for each in named})
    _put_members(call, record, held)
    return operations.start(call, record.name, verb)


def _keep(call: Call, record: Record, configs: Mapping[str, Body | None]) -> None:
    """Keep what is said of single instances, by their names; None forgets it."""
    kept = {**{each["name"]: each for each in record.hidden.get(CONFIGS, [])}, **configs}
    left = [each for each in kept.values() if each is not None]
    call.cloud.change(record, record.body, hidden={**record.hidden, CONFIGS: left})


@SERVICE.method("instanceGroupManagers.listErrors", "regionInstanceGroupManagers.listErrors")
def errors(call: Call) -> Answer | Body:
    """Give what went wrong with a managed group: nothing."""
    found(call)
    return {}


@SERVICE.method("instanceGroupManagers.applyUpdatesToInstances", "regionInstanceGroupManagers.applyUpdatesToInstances")
def apply_updates(call: Call) -> Answer | Body:
    """Bring instances to the template that the group has. They are as they should be."""
    return operations.start(call, found(call).name, "applyUpdatesToInstances")


# Groups without a manager
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("instanceGroups.addInstances", "instanceGroups.removeInstances")
def change_members(call: Call) -> Answer | Body:
    """Add instances to a group, or take them out."""
    record = found(call)
    verb = call.method.id.rpartition(".")[2]
    sent = normalised(call.cloud, call.body, call.project)
    named = [each.get("instance", "") for each in sent.get("instances", [])]
    held = [each for each in record.hidden.get("instances", ()) if each not in named]
    if verb == "addInstances":
        first = found(call, named[0][len(V1) :]) if named else None
        held += named
        if first is not None:
            record = change(call, record, {**record.body, "network": _network_of(first)})
    call.cloud.change(record, {**record.body, "size": len(held)}, hidden={**record.hidden, "instances": tuple(held)})
    return operations.start(call, record.name, verb)


def _network_of(record: Record) -> str:
    return next((str(each.get("network", "")) for each in record.body.get("networkInterfaces", [])), "")


@SERVICE.method("instanceGroups.listInstances", "regionInstanceGroups.listInstances")
def list_members(call: Call) -> Answer | Body:
    """Give the instances of a group."""
    record = found(call)
    rows: list[Body] = []
    for each in record.hidden.get("instances", ()):
        there = call.cloud.store.get(API, each[len(V1) :])
        if there is not None:
            rows.append(
                {
                    "instance": each,
                    "status": there.body.get("status", ""),
                    "namedPorts": record.body.get("namedPorts", []),
                }
            )
    return answer(call, rows)
