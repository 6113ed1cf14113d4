"""Domains that are mapped to services. Every domain counts as the caller's own, and has its certificate at once."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.creating import now
from mockcloud.services.reading import found
from mockcloud.services.run.older import OLDER, hold_region, listing, methods, named, object_of
from mockcloud.services.run.service import API, SERVICE

_GROUP: Final = "domains.cloudrun.com/v1"
_KIND: Final = "DomainMapping"
_DOMAINS: Final = "domainmappings"
_ALIAS: Final = "ghs.googlehosted.com."
_ADDRESSES: Final = (
    *(("A", f"216.239.{each}.21") for each in (32, 34, 36, 38)),
    *(("AAAA", f"2001:4860:4802:{each}::15") for each in (32, 34, 36, 38)),
)
"""Where Google serves domains that have none above them.

Source: cloud.google.com/run/docs/mapping-custom-domains, 2026-11.
"""
_LABELS_OF_A_DOMAIN: Final = 2


@SERVICE.method(*methods(_DOMAINS, "create"), version=OLDER)
def create(call: Call) -> Answer | Body:
    """Map a domain to a service."""
    hold_region(call)
    domain = named(call, _GROUP, _KIND)
    spec, metadata = call.body.get("spec") or {}, call.body.get("metadata") or {}
    if not spec.get("routeName"):
        raise invalid("The request has errors", Violation("spec.routeName", "It must be set."))
    name = f"{call.name}/{domain}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(domain, what=_KIND)
    body = {
        "uid": call.cloud.ids.uuid("run/uid"),
        "etag": call.cloud.etag(1),
        "createTime": now(call),
        "labels": metadata.get("labels") or {},
        "annotations": metadata.get("annotations") or {},
        "spec": {"certificateMode": "AUTOMATIC", **spec},
    }
    record = Record(API, name, body)
    if call.text("dryRun") != "all":
        record = call.cloud.create(record)
    return _shown(call, record)


@SERVICE.method(*methods(_DOMAINS, "get"), version=OLDER)
def get(call: Call) -> Answer | Body:
    """Give the mapping of a domain."""
    hold_region(call)
    return _shown(call, found(call))


@SERVICE.method(*methods(_DOMAINS, "delete"), version=OLDER)
def delete(call: Call) -> Answer | Body:
    """Take the mapping of a domain away."""
    hold_region(call)
    record = found(call)
    if call.text("dryRun") != "all":
        call.cloud.delete(record)
    return {"status": "Success", "details": {"name": record.id, "kind": _DOMAINS, "uid": record.body["uid"]}}


def _shown(call: Call, record: Record) -> dict[str, Any]:
    told = object_of(call, _GROUP, _KIND, record.name, record.body)
    told["metadata"]["annotations"] = dict(record.body["annotations"])
    return {**told, "spec": record.body["spec"], "status": _status(call, record)}


def _status(call: Call, record: Record) -> dict[str, Any]:
    """Give how it stands with a mapping: it works while its service is there."""
    route = record.body["spec"]["routeName"]
    there = call.cloud.store.get(API, record.name.replace(f"/{_DOMAINS}/{record.id}", f"/services/{route}")) is not None
    at = record.body["createTime"]
    ready = {"type": "Ready", "status": str(there), "lastTransitionTime": at}
    ready |= {} if there else {"message": f"Route '{route}' does not exist."}
    certified = {"type": "CertificateProvisioned", "status": "True", "lastTransitionTime": at}
    return {
        "observedGeneration": 1,
        "conditions": [ready, certified],
        "mappedRouteName": route,
        "resourceRecords": _records(record.id),
        "url": f"https://{record.id}",
    }


def _records(domain: str) -> list[dict[str, str]]:
    """Give the entries that a domain needs: an alias, or addresses where nothing is above it."""
    labels = domain.split(".")
    if len(labels) > _LABELS_OF_A_DOMAIN:
        return [{"name": labels[0], "type": "CNAME", "rrdata": _ALIAS}]
    return [{"type": kind, "rrdata": address} for kind, address in _ADDRESSES]


SERVICE.method(*methods(_DOMAINS, "list"), version=OLDER)(listing(_KIND, _GROUP, _shown))
