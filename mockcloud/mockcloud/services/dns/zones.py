"""Managed zones, public and private."""

import re
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import ApiError, not_found
from mockcloud.cloud.masks import merged
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.services.creating import now
from mockcloud.services.dns import records
from mockcloud.services.dns.service import API, SERVICE, found, operation, taken, wrong
from mockcloud.services.references import resolve

_NAME: Final = re.compile(r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?")
_PUBLIC: Final = tuple(f"ns-cloud-a{each}.googledomains.com." for each in range(1, 5))
_PRIVATE: Final = ("ns-gcp-private.googledomains.com.",)


@SERVICE.method("managedZones.create")
def create(call: Call) -> Answer | Body:
    """Make a zone, with the record sets that every zone has."""
    identifier, domain = call.body.get("name", ""), call.body.get("dnsName", "")
    if not _NAME.fullmatch(identifier):
        raise wrong("entity.managedZone.name", identifier)
    if not domain.endswith("."):
        raise wrong("entity.managedZone.dnsName", domain, "It must end with a dot.")
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise taken("entity.managedZone", identifier)
    _hold_networks(call, call.body)
    private = call.body.get("visibility", "public") == "private"
    servers = list(_PRIVATE if private else _PUBLIC)
    body = {
        "kind": "dns#managedZone",
        "description": "",
        "visibility": "private" if private else "public",
        "cloudLoggingConfig": {"kind": "dns#managedZoneCloudLoggingConfig", "enableLogging": False},
        **_with_kinds(call.body),
        "id": call.cloud.ids.numeric("dns/zone"),
        "creationTime": now(call),
        "nameServers": servers,
    }
    record = call.cloud.create(Record(API, name, body, {"changes": 1}))
    contact = f"{servers[0]} cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300"
    records.put(call.cloud, record, {"name": domain, "type": "NS", "ttl": 21600, "rrdatas": servers})
    records.put(call.cloud, record, {"name": domain, "type": "SOA", "ttl": 21600, "rrdatas": [contact]})
    return record.body


def _with_kinds(sent: dict[str, Any]) -> dict[str, Any]:
    """Say what the parts of a zone's signing are, as Cloud DNS does."""
    signing = sent.get("dnssecConfig")
    if not signing:
        return sent
    keys = [{"kind": "dns#dnsKeySpec", **each} for each in signing.get("defaultKeySpecs", [])]
    found = {"kind": "dns#managedZoneDnsSecConfig", **signing, **({"defaultKeySpecs": keys} if keys else {})}
    return {**sent, "dnssecConfig": found}


def _hold_networks(call: Call, body: dict[str, Any]) -> None:
    """Hold the networks that see a zone, or are peered with it, to what exists."""
    if not call.cloud.rules.on(Rule.REFERENCES):
        return
    links = [each.get("networkUrl", "") for each in body.get("privateVisibilityConfig", {}).get("networks", [])]
    links.append(body.get("peeringConfig", {}).get("targetNetwork", {}).get("networkUrl", ""))
    for each in filter(None, links):
        name = each[each.find("projects/") :]
        project = call.cloud.projects.id_of(name.split("/")[1]) if name.startswith("projects/") else ""
        if call.cloud.projects.get(project) is None:
            continue
        from mockcloud.services.compute.default_network import ensure

        ensure(call.cloud, project)
        if resolve(call.cloud, name, "compute") is None:
            raise not_found(name, what="Network")


@SERVICE.method("managedZones.get")
def get(call: Call) -> Answer | Body:
    """Give a zone."""
    return found(call).body


@SERVICE.method("managedZones.patch", "managedZones.update")
def change(call: Call) -> Answer | Body:
    """Change a zone; neither its name nor its domain."""
    record = found(call)
    sent = {
        key: each for key, each in call.body.items() if key not in {"name", "id", "creationTime", "nameServers", "kind"}
    }
    if sent.get("dnsName", record.body["dnsName"]) != record.body["dnsName"]:
        raise wrong("entity.managedZone.dnsName", sent["dnsName"], "It cannot be changed.")
    _hold_networks(call, sent)
    sent = _with_kinds(sent)
    if call.method.http == "PUT":
        kept = {key: each for key, each in record.body.items() if key in _KEPT}
        body = {**kept, **sent}
    else:
        body = merged(record.body, sent)
        if "networks" in sent.get("privateVisibilityConfig", {}):
            body["privateVisibilityConfig"] = sent["privateVisibilityConfig"]
    changed = call.cloud.change(record, body)
    return operation(call, changed, record.body)


_KEPT: Final = frozenset({"kind", "id", "name", "dnsName", "creationTime", "nameServers", "visibility", "description"})


@SERVICE.method("managedZones.delete")
def delete(call: Call) -> Answer | Body:
    """Delete a zone that holds only what every zone holds."""
    record = found(call)
    own = [each for each in records.of(call.cloud, record) if not records.is_basic(record, each)]
    if own:
        message = (
            f"The resource named '{record.id}' cannot be deleted because it contains one or more 'resource records'."
        )
        raise ApiError(400, "FAILED_PRECONDITION", message, reason="containerNotEmpty")
    call.cloud.delete(record)
    return {}


@SERVICE.method("managedZones.list")
def list_zones(call: Call) -> Answer | Body:
    """Give the zones of a project, or those of one domain."""
    domain = call.text("dnsName")
    kept = [each.body for each in call.cloud.store.page(API, call.name) if not domain or each.body["dnsName"] == domain]
    from mockcloud.cloud.paging import slice_page

    chosen, token = slice_page(call, kept)
    return {
        "kind": "dns#managedZonesListResponse",
        "managedZones": chosen,
        **({"nextPageToken": token} if token else {}),
    }


@SERVICE.method("projects.get")
def project(call: Call) -> Answer | Body:
    """Give a project as this API sees it: its quotas."""
    quota = {
        "kind": "dns#quota",
        "managedZones": 10000,
        "rrsetsPerManagedZone": 10000,
        "rrsetAdditionsPerChange": 1000,
        "rrsetDeletionsPerChange": 1000,
        "resourceRecordsPerRrset": 100,
        "networksPerManagedZone": 100,
    }
    number = call.cloud.projects.number_of(call.project)
    return {"kind": "dns#project", "id": call.project, "number": number, "quota": quota}
