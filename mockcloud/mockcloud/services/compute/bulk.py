"""Many instances at once, of one description (`bulkInsert`)."""

import re
from dataclasses import replace
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.masks import merged
from mockcloud.cloud.store import Body
from mockcloud.discovery.catalogue import description
from mockcloud.services import catalogues
from mockcloud.services.compute import instances, operations
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.errors import invalid
from mockcloud.services.compute.links import name_of
from mockcloud.services.compute.standard import found

API: Final = "compute"
_MOST: Final = 5000
"""Instances that one call may ask for, so that a slip of the pen does not fill the memory."""
_MARKS: Final = re.compile(r"#+")


@SERVICE.method("instances.bulkInsert", "regionInstances.bulkInsert")
def bulk_insert(call: Call) -> Answer | Body:
    """Make all of the instances, or none."""
    body = call.body
    chosen = body.get("perInstanceProperties", {})
    count = int(body.get("count") or len(chosen))
    if not 1 <= count <= _MOST or (chosen and count != len(chosen)):
        raise invalid("count", count, f"It must be 1 to {_MOST}, and that of the instances that have names.")
    place = _place(call)
    names = list(chosen) or _named(call, place, body.get("namePattern", ""), count)
    properties = body.get("instanceProperties", {})
    if template := body.get("sourceInstanceTemplate"):
        properties = merged(found(call, name_of(template, call.project) or template).body["properties"], properties)
    method = description(API, call.method.version).routes.by_id["instances.insert"]
    for name in names:
        instance: dict[str, Any] = {**merged(properties, chosen.get(name, {})), "name": name}
        request = replace(call.request, method=method, query={}, body=instance)
        instances.insert_instance(Call(call.cloud, request, call.schemas, place, instance, call.caller))
    return operations.start(call, call.name, "bulkInsert", seconds=20.0)


def _place(call: Call) -> str:
    """Give the collection of the zone; in a region the first one that is not denied."""
    parts = call.name.split("/")
    if parts[2] == "zones":
        return call.name
    told = call.body.get("locationPolicy", {}).get("locations", {})
    wishes = {zone.rpartition("/")[2]: each.get("preference") for zone, each in told.items()}
    zones = [each for each in catalogues.zones_of(parts[3]) if wishes.get(each) != "DENY"]
    if not zones:
        raise invalid("locationPolicy.locations", ", ".join(wishes), "No zone of the region is left.")
    zone = next((each for each in zones if wishes.get(each) == "ALLOW"), zones[0])
    return f"projects/{parts[1]}/zones/{zone}/instances"


def _named(call: Call, place: str, pattern: str, count: int) -> list[str]:
    """Give the first names of a pattern that are free: those of `vm-###` are `vm-001`, `vm-002` and so on."""
    marks = _MARKS.findall(pattern)
    if len(marks) != 1:
        raise invalid("namePattern", pattern, "It must hold one group of # signs, or each instance a name of its own.")
    names: list[str] = []
    for number in range(1, 10 ** len(marks[0])):
        name = pattern.replace(marks[0], f"{number:0{len(marks[0])}d}")
        if call.cloud.store.get(API, f"{place}/{name}") is None:
            names.append(name)
        if len(names) == count:
            return names
    raise invalid("namePattern", pattern, "It has not enough free names.")
