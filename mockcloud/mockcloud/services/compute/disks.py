"""Disks, images and snapshots."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.store import Body, Record
from mockcloud.services import catalogues
from mockcloud.services.compute import hold, operations
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.errors import in_use, invalid, missing, taken
from mockcloud.services.compute.links import V1, link, normalised, short
from mockcloud.services.compute.standard import behaviour, change, completed, found, make, shown, versioned

API: Final = "compute"
_USUAL: Final = 500
"""GB of a disk that nobody sizes and that comes from nothing."""


def _disk(call: Call, name: str, body: dict[str, Any]) -> Body:
    place = "/".join(name.split("/")[:4])
    if call.text("sourceImage"):
        body["sourceImage"] = normalised(call.cloud, {"at": call.text("sourceImage")}, call.project)["at"]
    source, size = origin(call.cloud, body)
    body.update(source)
    body.setdefault("type", link(f"{place}/diskTypes/pd-standard"))
    body.setdefault("sizeGb", str(size or _USUAL))
    if size and int(body["sizeGb"]) < size:
        raise invalid(
            "resource.sizeGb", body["sizeGb"], f"Requested disk size cannot be smaller than the image size ({size} GB)"
        )
    return body


SERVICE.collection("projects.zones.disks", "projects.regions.disks", created=_disk)


def origin(cloud: Cloud, body: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Give what a disk says of the image or snapshot that it comes from, and how many GB that has; 0 for none."""
    image = body.get("sourceImage", "")
    if image.startswith(V1):
        found = image_of(cloud, image[len(V1) :])
        if found is not None:
            extra = {"sourceImage": found["selfLink"], "sourceImageId": found["id"]}
            return {**extra, "architecture": found.get("architecture", "X86_64")}, int(found["diskSizeGb"])
    for field in ("sourceSnapshot", "sourceDisk"):
        source = cloud.store.get(API, body.get(field, "")[len(V1) :])
        if source is not None:
            return {f"{field}Id": source.body["id"]}, int(source.body.get("diskSizeGb", source.body.get("sizeGb", 0)))
    return {}, 0


def image_of(cloud: Cloud, name: str) -> Body | None:
    """Find an image by name or family, own or public."""
    parts = name.split("/")
    project, last = parts[1], parts[-1]
    if "family" in parts:
        family = [
            each
            for each in cloud.store.page(API, f"projects/{project}/global/images")
            if each.body.get("family") == last
        ]
        family = [each for each in family if each.body.get("deprecated", {}).get("state", "ACTIVE") == "ACTIVE"]
        if family:
            return max(family, key=lambda each: str(each.body["creationTimestamp"])).body
        public = catalogues.image_of_family(project, last)
    else:
        own = cloud.store.get(API, name)
        if own is not None:
            return own.body
        public = catalogues.public_image(project, last)
    return public_body(public) if public is not None else None


def public_body(image: catalogues.Image) -> dict[str, Any]:
    """Give a public image as compute shows it."""
    from mockcloud.cloud.ids import steady

    name = f"projects/{image.project}/global/images/{image.name}"
    return {
        "kind": "compute#image",
        "id": steady(f"image/{name}", 19),
        "creationTimestamp": "2026-11-01T00:00:00.000-07:00",
        "name": image.name,
        "family": image.family,
        "architecture": image.architecture,
        "diskSizeGb": str(image.size),
        "archiveSizeBytes": "1073741824",
        "sourceType": "RAW",
        "status": "READY",
        "selfLink": link(name),
    }


@SERVICE.method("images.getFromFamily")
def from_family(call: Call) -> Answer | Body:
    """Give the newest image of a family."""
    found = image_of(call.cloud, call.name)
    if found is None:
        raise missing(call.name)
    return versioned(call, found)


@SERVICE.method("images.get")
def get_image(call: Call) -> Answer | Body:
    """Give an image, own or public."""
    own = call.cloud.store.get(API, call.name)
    public = catalogues.public_image(call.project, short(call.name)) if own is None else None
    return versioned(call, public_body(public)) if public is not None else shown(call, found(call))


def _custom_image(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    source, size = origin(call.cloud, body)
    if size and "diskSizeGb" not in call.body:
        body["diskSizeGb"] = str(size)
    body.pop("rawDisk", None) if not body.get("rawDisk") else None
    return {**body, **source}


SERVICE.collection("projects.global.images", created=_custom_image)


def _snapshot(call: Call, name: str, body: dict[str, Any]) -> Body:
    del name
    source, size = origin(call.cloud, body)
    return {"diskSizeGb": str(size or _USUAL), "storageLocations": ["us"], "snapshotType": "STANDARD", **body, **source}


SERVICE.collection("projects.global.snapshots", created=_snapshot)


@SERVICE.method("disks.createSnapshot", "regionDisks.createSnapshot")
def create_snapshot(call: Call) -> Answer | Body:
    """Make a snapshot of a disk."""
    disk = found(call)
    identifier = call.body.get("name", "")
    if not identifier:
        raise invalid("resource.name", "", "The field must be set.")
    name = f"projects/{call.project}/global/snapshots/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise taken(name)
    body = {**normalised(call.cloud, call.body, call.project), "sourceDisk": link(disk.name)}
    make(call, name, body, SERVICE.behaviour("projects.global.snapshots"), "Snapshot")
    return operations.start(call, disk.name, "createSnapshot")


@SERVICE.method("disks.delete", "regionDisks.delete")
def delete_disk(call: Call) -> Answer | Body:
    """Delete a disk that no instance uses. This is refused in every profile: an attached disk cannot go."""
    record = found(call)
    if record.body.get("users"):
        raise in_use("disk", record.name, str(record.body["users"][0])[len(V1) :])
    hold.unused(call, record)
    answer = operations.start(call, record.name, "delete", seconds=behaviour(call).seconds)
    call.cloud.delete(record)
    return answer


def attach(cloud: Cloud, disk: str, instance: str) -> None:
    """Note on a disk that an instance uses it."""
    record = cloud.store.get(API, disk)
    if record is not None:
        users = [*(each for each in record.body.get("users", []) if each != link(instance)), link(instance)]
        cloud.change(record, {**record.body, "users": users})


def detach(cloud: Cloud, disk: str, instance: str) -> Record | None:
    """Note on a disk that an instance no longer uses it; give the disk."""
    record = cloud.store.get(API, disk)
    if record is None:
        return None
    users = [each for each in record.body.get("users", []) if each != link(instance)]
    body = {key: each for key, each in record.body.items() if key != "users"}
    return cloud.change(record, {**body, **({"users": users} if users else {})})


def make_disk(call: Call, name: str, parameters: dict[str, Any]) -> Record:
    """Make the disk that an instance is to have, from its `initializeParams`."""
    renamed = {"diskSizeGb": "sizeGb", "diskType": "type"}
    body = {
        renamed.get(key, key): each for key, each in parameters.items() if key not in {"diskName", "onUpdateAction"}
    }
    place = "/".join(name.split("/")[:4])
    if "/" not in body.get("type", "/"):
        body["type"] = link(f"{place}/diskTypes/{body['type']}")
    body = completed(call, name, {"status": "READY", "physicalBlockSizeBytes": "4096", **body}, "Disk")
    return call.cloud.create(Record(API, name, _disk_of(call, name, body)))


def _disk_of(call: Call, name: str, body: dict[str, Any]) -> Body:
    source, size = origin(call.cloud, body)
    place = "/".join(name.split("/")[:4])
    usual = {"type": link(f"{place}/diskTypes/pd-standard"), "sizeGb": str(size or 10)}
    return {**usual, **body, **source}


# Copies in another region
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(*(f"{of}.startAsyncReplication" for of in ("disks", "regionDisks")))
def start_replication(call: Call) -> Answer | Body:
    """Let another disk, in another region, become like this one. Nothing is copied."""
    record = found(call)
    second = normalised(call.cloud, {"disk": call.body.get("asyncSecondaryDisk", "")}, call.project)["disk"]
    found(call, str(second)[len(V1) :])
    known = {second: {"asyncReplicationDisk": {"disk": second}}}
    change(call, record, {**record.body, "asyncSecondaryDisks": known, **_replicated(record, second, "ACTIVE")})
    return operations.start(call, record.name, "startAsyncReplication")


@SERVICE.method(*(f"{of}.stopAsyncReplication" for of in ("disks", "regionDisks")))
def stop_replication(call: Call) -> Answer | Body:
    """Let the other disk be a disk of its own."""
    record = found(call)
    body = dict(record.body)
    for second in body.get("asyncSecondaryDisks", {}):
        body |= _replicated(record, second, "STOPPED")
    change(call, record, body)
    return operations.start(call, record.name, "stopAsyncReplication")


def _replicated(record: Record, second: str, state: str) -> dict[str, Any]:
    """Give how it stands with a copy."""
    status = record.body.get("resourceStatus", {})
    return {"resourceStatus": {**status, "asyncSecondaryDisks": {second: {"state": state}}}}
