"""The service: two forms of every path, and operations with a status and a target."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import GRPC_CODES
from mockcloud.cloud.faults import ending
from mockcloud.cloud.store import Body, Record
from mockcloud.services import catalogues
from mockcloud.services.operations import end_now, plan_end
from mockcloud.services.reading import found
from mockcloud.services.service import Service

API: Final = "container"
ROOT: Final = "https://container.googleapis.com/v1/"
SERVICE: Final = Service(API)


def both(*suffixes: str) -> tuple[str, ...]:
    """Give the ids of methods on `locations` and on `zones`, from what follows these words."""
    return tuple(f"projects.{place}.{each}" for place in ("locations", "zones") for each in suffixes)


@SERVICE.preparation
def _in_locations(call: Call) -> None:
    """Read a name below a zone as one below a location, and take off what a setter's path ends with."""
    parts = call.name.split("/")
    if len(parts) > 2 and parts[2] == "zones":  # noqa: PLR2004 - project, then the place
        parts[2] = "locations"
    last = call.method.segments[-1]
    if not last.startswith("{") and last in _ENDINGS:
        parts.pop()
    call.name = "/".join(parts)


_ENDINGS: Final = frozenset(
    {
        "addons",
        "legacyAbac",
        "locations",
        "logging",
        "master",
        "monitoring",
        "resourceLabels",
        "autoscaling",
        "setManagement",
        "setSize",
        "update",
        "serverconfig",
        "serverConfig",
    }
)


def start(call: Call, target: Record, kind: str, *, finish: Body | None = None, seconds: float = 30.0) -> Body:
    """Start an operation.

    Args:
        call: What started it.
        target: What it is about.
        kind: `CREATE_CLUSTER`, …
        finish: Fields of the target that change when it ends.
        seconds: How long it takes, in virtual seconds.
    """
    cloud = call.cloud
    now = cloud.clock.tick()
    place = "/".join(target.name.split("/")[:4])
    identifier = f"operation-{int(cloud.clock.now.timestamp() * 1000)}-{cloud.ids.uuid('container/operation')}"
    name = f"{place}/operations/{identifier}"
    location = place.rpartition("/")[2]
    body = {
        "name": identifier,
        "zone": location,
        "location": location,
        "operationType": kind,
        "status": "RUNNING",
        "selfLink": ROOT + name,
        "targetLink": ROOT + target.name,
        "startTime": now,
    }
    record = cloud.create(Record(API, name, body))
    fault = cloud.faults.of_operation(call)
    failed = ending(call, fault) if fault else None
    error = {"code": GRPC_CODES[failed.status], "message": failed.message} if failed else {}
    end = {"target": target.name, "finish": dict(finish or {}), "error": error, "made": kind in _MAKING}
    plan_end(cloud, record, seconds, fault, end)
    return body


_MAKING: Final = frozenset({"CREATE_CLUSTER", "CREATE_NODE_POOL"})


@SERVICE.on_event("operation.done")
def _done(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    target, error = cloud.store.get(API, data["target"]), data.get("error")
    if target is not None and error and data["made"]:
        # What could not be made stays there, broken.
        cloud.change(target, {**target.body, "status": "ERROR", "statusMessage": error["message"]})
    elif target is not None and data["finish"] and not error:
        cloud.change(target, {**target.body, **data["finish"]})
    failed = {"error": error, "statusMessage": error["message"]} if error else {}
    cloud.change(record, {**record.body, "status": "DONE", "endTime": stamp(cloud.clock.now), **failed})


@SERVICE.method(*both("operations.cancel"))
def cancel(call: Call) -> Answer | Body:
    """Cancel an operation. What it does cannot be taken back any more, so that it ends well, and at once."""
    record = found(call)
    if record.body["status"] != "DONE":
        record = end_now(call.cloud, record)
    if record.body["status"] != "DONE":
        call.cloud.change(record, {**record.body, "status": "DONE", "endTime": call.cloud.clock.tick()})
    return {}


@SERVICE.method("projects.locations.getServerConfig", "projects.zones.getServerconfig")
def server_config(call: Call) -> Answer | Body:
    """Give the versions that clusters can have."""
    del call
    from mockcloud.services.catalogues.tables import table

    known = table("gke")
    channels = [
        {"channel": name, "defaultVersion": row["default"], "validVersions": row["versions"]}
        for name, row in known["channels"].items()
    ]
    return {
        "defaultClusterVersion": known["default"],
        "validMasterVersions": known["versions"],
        "validNodeVersions": known["versions"],
        "validImageTypes": known["image_types"],
        "defaultImageType": known["image_types"][0],
        "channels": channels,
    }


def zones(location: str) -> list[str]:
    """Give the zones of a location: of a region all, of a zone itself."""
    return list(catalogues.zones_of(location)) or [location]
