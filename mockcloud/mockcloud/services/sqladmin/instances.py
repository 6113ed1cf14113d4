"""Instances: made with what the service fills in, changed, deleted."""

import re
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.masks import merged
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.rules.chain import Profile, Rule
from mockcloud.cloud.store import Body, Record
from mockcloud.services import catalogues
from mockcloud.services.servicenetworking import connection
from mockcloud.services.sqladmin import certificates, contents
from mockcloud.services.sqladmin.service import API, ROOT, SERVICE, found, start, wrong

_NAME: Final = re.compile(r"[a-z](?:[-a-z0-9]{0,96}[a-z0-9])?")
_SETTINGS: Final[dict[str, Any]] = {
    "kind": "sql#settings",
    "activationPolicy": "ALWAYS",
    "availabilityType": "ZONAL",
    "pricingPlan": "PER_USE",
    "replicationType": "SYNCHRONOUS",
    "storageAutoResize": True,
    "storageAutoResizeLimit": "0",
    "dataDiskSizeGb": "10",
    "dataDiskType": "PD_SSD",
    "connectorEnforcement": "NOT_REQUIRED",
    "deletionProtectionEnabled": False,
    "backupConfiguration": {
        "kind": "sql#backupConfiguration",
        "enabled": False,
        "startTime": "04:00",
        "transactionLogRetentionDays": 7,
        "backupRetentionSettings": {"retentionUnit": "COUNT", "retainedBackups": 7},
    },
    "ipConfiguration": {"ipv4Enabled": True, "sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED"},
}


@SERVICE.method("instances.insert")
def insert(call: Call) -> Answer | Body:
    """Make an instance."""
    sent = call.body
    identifier = sent.get("name", "")
    if not _NAME.fullmatch(identifier):
        raise wrong(f"Invalid request: instance name ({identifier}).")
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise wrong("The Cloud SQL instance already exists.", code=409, reason="instanceAlreadyExists")
    master = sent.get("masterInstanceName", "")
    outside = "onPremisesConfiguration" in sent  # a database elsewhere, of which Cloud SQL only knows where it is
    if not sent.get("settings", {}).get("tier") and not master and not outside:
        raise wrong("Invalid request: Missing parameter: tier.", reason="required")
    if master:
        _replicated(call, master, identifier)
    _hold_network(call, sent)
    body = _completed(call, name, sent)
    hidden = {"rootPassword": sent["rootPassword"]} if "rootPassword" in sent else {}
    record = call.cloud.create(Record(API, name, body, hidden))
    if not master and not outside:
        contents.first(call.cloud, record)
    return start(call, record, "CREATE_REPLICA" if master else "CREATE", finish={"state": "RUNNABLE"}, seconds=120.0)


def _replicated(call: Call, master: str, replica: str) -> None:
    source = found(call, f"{call.name}/{master.rpartition(':')[2]}")
    names = [*source.body.get("replicaNames", []), replica]
    call.cloud.change(source, {**source.body, "replicaNames": names})


def _hold_network(call: Call, sent: dict[str, Any]) -> None:
    """Hold a private network, in strict, to a connection with Service Networking."""
    network = sent.get("settings", {}).get("ipConfiguration", {}).get("privateNetwork", "")
    strict = call.cloud.rules.profile is Profile.STRICT
    if not network or not strict or not call.cloud.rules.on(Rule.REFERENCES):
        return
    name = call.cloud.projects.by_id(network[network.find("projects/") :])
    parts = name.split("/")
    if len(parts) < 5 or call.cloud.projects.get(parts[1]) is None:  # noqa: PLR2004 - projects/P/global/networks/N
        return
    if connection(call, name) is None:
        message = f"The network '{name}' has no connection with servicenetworking.googleapis.com. Make one first."
        raise ApiError(400, "FAILED_PRECONDITION", message, reason="networkNotPeered")


def _completed(call: Call, name: str, sent: dict[str, Any]) -> dict[str, Any]:
    cloud = call.cloud
    _, project, _, identifier = name.split("/")
    region = sent.get("region") or "us-central1"
    version = sent.get("databaseVersion", "MYSQL_8_0")
    kept = {key: each for key, each in sent.items() if key not in {"rootPassword", "settings"}}
    settings = merged(_SETTINGS, sent.get("settings", {}))
    zones = catalogues.zones_of(region)
    kind = "READ_REPLICA_INSTANCE" if "masterInstanceName" in sent else "CLOUD_SQL_INSTANCE"
    outside = "onPremisesConfiguration" in sent
    agent = f"p{cloud.projects.number_of(project)}-{cloud.ids.hexadecimal('sqladmin/account', 6)}"
    return {
        **kept,
        "kind": "sql#instance",
        "name": identifier,
        "project": project,
        "region": region,
        "databaseVersion": version,
        "databaseInstalledVersion": version,
        "connectionName": f"{project}:{region}:{identifier}",
        "instanceType": sent.get("instanceType") or ("ON_PREMISES_INSTANCE" if outside else kind),
        "backendType": "SECOND_GEN",
        "gceZone": settings.get("locationPreference", {}).get("zone") or (zones[0] if zones else f"{region}-a"),
        "state": "PENDING_CREATE",
        "etag": cloud.etag(1),
        "createTime": cloud.clock.tick(),
        "selfLink": ROOT + name,
        "sqlNetworkArchitecture": "NEW_NETWORK_ARCHITECTURE",
        "serviceAccountEmailAddress": f"{agent}@gcp-sa-cloud-sql.iam.gserviceaccount.com",
        "serverCaCert": certificates.authority(cloud, identifier),
        "ipAddresses": [] if outside else _addresses(cloud.ids.numeric("sqladmin/address"), settings),
        "settings": {"tier": "db-f1-micro", "edition": "ENTERPRISE", **settings, "settingsVersion": "1"},
    }


def _addresses(number: str, settings: dict[str, Any]) -> list[dict[str, str]]:
    given = settings["ipConfiguration"]
    last = f"{int(number) % 250}.{2 + int(number) // 250 % 250}"
    found = []
    if given.get("ipv4Enabled", True):
        found.append({"type": "PRIMARY", "ipAddress": f"34.76.{last}"})
        found.append({"type": "OUTGOING", "ipAddress": f"34.77.{last}"})
    if given.get("privateNetwork"):
        found.append({"type": "PRIVATE", "ipAddress": f"10.64.{last}"})
    return found


@SERVICE.method("instances.get")
def get(call: Call) -> Answer | Body:
    """Give an instance."""
    record = found(call)
    return (call.cloud.polled(record) or record).body


@SERVICE.method("instances.list")
def list_instances(call: Call) -> Answer | Body:
    """Give the instances of a project."""
    keep = matcher(call.text("filter"))
    rows = [each.body for each in call.cloud.store.page(API, call.name) if keep is None or keep(each.body)]
    chosen, token = slice_page(call, rows)
    return {"kind": "sql#instancesList", "items": chosen, **({"nextPageToken": token} if token else {})}


@SERVICE.method("instances.patch", "instances.update")
def change(call: Call) -> Answer | Body:
    """Change an instance; what is not sent of its settings stays with a patch, and not with an update."""
    record = found(call)
    sent = {key: each for key, each in call.body.items() if key not in _SET_BY_SERVER}
    settings = sent.pop("settings", {})
    current = record.body["settings"]
    given = settings.get("settingsVersion")
    if given and str(given) != current["settingsVersion"]:
        raise wrong("The settingsVersion is stale: somebody changed it.", code=412, reason="staleData")
    _hold_network(call, {"settings": settings})
    base = current if call.method.http == "PATCH" else {**_SETTINGS, "tier": current["tier"]}
    new = merged(base, settings)
    for field in ("databaseFlags", "insightsConfig"):
        if field in settings:
            new[field] = settings[field]
    new["settingsVersion"] = str(int(current["settingsVersion"]) + 1)
    hidden = {**record.hidden, **({"rootPassword": sent.pop("rootPassword")} if "rootPassword" in sent else {})}
    number = call.cloud.ids.numeric("sqladmin/address") if "ipConfiguration" in settings else ""
    addresses = {"ipAddresses": _addresses(number, new)} if number else {}
    body = {**merged(record.body, sent), **addresses, "settings": new, "etag": call.cloud.etag(record.revision + 1)}
    return start(call, call.cloud.change(record, body, hidden=hidden), "UPDATE")


_SET_BY_SERVER: Final = frozenset(
    {
        "name",
        "project",
        "region",
        "kind",
        "selfLink",
        "connectionName",
        "state",
        "ipAddresses",
        "serverCaCert",
        "etag",
        "createTime",
    }
)


@SERVICE.method("instances.delete")
def delete(call: Call) -> Answer | Body:
    """Delete an instance, unless it is protected or has replicas."""
    record = found(call)
    if record.body["settings"].get("deletionProtectionEnabled"):
        raise wrong("The instance is protected. Please disable the deletion protection and try again.")
    if record.body.get("replicaNames"):
        raise wrong("The instance has replicas. Delete those first.", reason="operationNotAllowed")
    master = record.body.get("masterInstanceName", "").rpartition(":")[2]
    source = call.cloud.store.get(API, f"{record.parent}/{master}") if master else None
    if source is not None:
        names = [each for each in source.body.get("replicaNames", []) if each != record.id]
        call.cloud.change(source, {**source.body, "replicaNames": names})
    answer = start(call, record, "DELETE")
    call.cloud.delete(record)
    return answer
