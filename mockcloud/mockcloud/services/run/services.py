"""Services and worker pools, with a revision for each template that they had."""

import hashlib
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.creating import now
from mockcloud.services.run.service import API, POOLS, SERVICE, SERVICES, condition, stamped, task, touched

_LATEST: Final = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
_NAMED: Final = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
_USUAL: Final = {"timeout": "300s", "maxInstanceRequestConcurrency": 80, "scaling": {"maxInstanceCount": 100}}


def completed(call: Call, name: str, body: dict[str, Any]) -> Body:
    """Complete a new service or worker pool."""
    template = dict(body.get("template", {}))
    pool = "/workerPools/" in name
    usual: dict[str, Any] = {"timeout": "300s"} if pool else dict(_USUAL)
    body["template"] = task(call, template, usual)
    if pool:
        body["template"].pop("timeout", None)
    body |= stamped(call, ("ConfigurationsReady",) if pool else ("RoutesReady", "ConfigurationsReady"))
    body["uid"] = call.cloud.ids.uuid("run/uid")
    return body if pool else {**body, **_reached(call, name, body)}


def _reached(call: Call, name: str, body: dict[str, Any]) -> dict[str, Any]:
    """Give how a service is reached: two addresses, which belong to its name."""
    _, project, _, region, _, identifier = name.split("/")
    digest = hashlib.sha256(f"{project}/{region}".encode()).hexdigest()[:10]
    uri = f"https://{identifier}-{digest}-{_SHORT.get(region.partition('-')[0], 'uc')}.a.run.app"
    number = call.cloud.projects.number_of(project)
    usual = f"https://{identifier}-{number}.{region}.run.app"
    shown = {} if body.get("defaultUriDisabled") else {"uri": uri, "urls": [usual, uri]}
    return {
        **shown,
        "ingress": body.get("ingress", "INGRESS_TRAFFIC_ALL"),
        "traffic": body.get("traffic") or [{"type": _LATEST, "percent": 100}],
    }


_SHORT: Final = {
    "us": "uc",
    "europe": "ez",
    "asia": "an",
    "australia": "ts",
    "northamerica": "nn",
    "southamerica": "rj",
}


def revise(call: Call, record: Record) -> None:
    """Make a revision of the template that a service has now."""
    number = int(record.body["generation"])
    template = record.body["template"]
    stem = call.cloud.ids.hexadecimal("run/revision", 3)
    identifier = template.get("revision") or f"{record.id}-{number:05d}-{stem}"
    name = f"{record.name}/revisions/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise invalid(f"The revision '{identifier}' is there already.", Violation("template.revision", "It is taken."))
    kept = {key: each for key, each in template.items() if key != "revision"}
    at = call.cloud.clock.tick()
    body = {
        **kept,
        "name": name,
        "service": record.name,
        "uid": call.cloud.ids.uuid("run/uid"),
        "generation": "1",
        "observedGeneration": "1",
        "createTime": at,
        "updateTime": at,
        "etag": call.cloud.etag(1),
        "conditions": [condition(each, call) for each in ("Ready", "Active", "ContainerHealthy")],
    }
    call.cloud.create(Record(API, name, body))
    call.cloud.change(record, {**record.body, **_settled(call, record, name)})


def _settled(call: Call, record: Record, revision: str) -> dict[str, Any]:
    found: dict[str, Any] = {"latestCreatedRevision": revision, "latestReadyRevision": revision}
    if "traffic" in record.body:
        _hold_traffic(call, record)
        found["trafficStatuses"] = [
            {**each, "type": each.get("type", _NAMED), "uri": record.body.get("uri", "")}
            for each in record.body["traffic"]
        ]
    return found


def _hold_traffic(call: Call, record: Record) -> None:
    total = sum(int(each.get("percent", 0)) for each in record.body["traffic"])
    if total != 100:  # noqa: PLR2004 - per cent
        raise invalid(f"The traffic adds up to {total} per cent.", Violation("traffic", "It must add up to 100."))
    for each in record.body["traffic"]:
        named = str(each.get("revision", "")).rpartition("/")[2]
        if named and call.cloud.store.get(API, f"{record.name}/revisions/{named}") is None:
            raise failed_precondition(f"There is no revision '{named}' of '{record.name}'.")


def changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    """Complete what a service or worker pool is changed to."""
    pool = "/workerPools/" in record.name
    usual: dict[str, Any] = {"timeout": "300s"} if pool else dict(_USUAL)
    body["template"] = task(call, dict(body.get("template", {})), usual)
    if pool:
        body["template"].pop("timeout", None)
    return {**body, **touched(call, dict(record.body)), "updateTime": now(call)}


def after_change(call: Call, record: Record) -> None:
    """Make a revision where the template is another one now, and settle the traffic."""
    latest = call.cloud.store.get(API, str(record.body.get("latestCreatedRevision", "")))
    before = (
        {key: each for key, each in latest.body.items() if key in record.body["template"]} if latest is not None else {}
    )
    now_is = {key: each for key, each in record.body["template"].items() if key != "revision"}
    if before != now_is or record.body["template"].get("revision", getattr(latest, "id", "")) != getattr(
        latest, "id", ""
    ):
        revise(call, record)
    elif latest is not None:
        call.cloud.change(record, {**record.body, **_settled(call, record, latest.name)})


def _serving(call: Call, record: Record) -> None:
    """Refuse to delete the revision that is the latest."""
    parent = call.cloud.store.get(API, record.name.partition("/revisions/")[0])
    if parent is not None and parent.body.get("latestReadyRevision") == record.name:
        raise failed_precondition(f"'{record.name}' is the latest revision, and cannot be deleted.")


for _each in (SERVICES, POOLS):
    SERVICE.collection(
        _each, created=completed, after_create=revise, changed=changed, after_change=after_change, seconds=15.0
    )
    SERVICE.collection(f"{_each}.revisions", deleting=_serving)
