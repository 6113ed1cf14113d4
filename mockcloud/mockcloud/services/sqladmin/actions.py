"""What is done with instances, backups, and what the service offers."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services.catalogues.tables import table
from mockcloud.services.sqladmin import certificates
from mockcloud.services.sqladmin.service import API, ROOT, SERVICE, found, instance_of, start, wrong

_KINDS: Final = {
    "restart": "RESTART",
    "failover": "FAILOVER",
    "export": "EXPORT",
    "import": "IMPORT",
    "restoreBackup": "RESTORE_VOLUME",
    "startReplica": "START_REPLICA",
    "stopReplica": "STOP_REPLICA",
    "truncateLog": "UPDATE",
    "reencrypt": "UPDATE",
}
"""Verb -> kind of its operation; nothing that can be read changes."""


@SERVICE.method(*(f"instances.{verb}" for verb in _KINDS))
def act(call: Call) -> Answer | Body:
    """Restart an instance, let it fail over, import or export, and the like: no database runs, so nothing changes."""
    instance = instance_of(call)
    return start(call, instance, _KINDS[call.method.id.rpartition(".")[2]], seconds=30.0)


@SERVICE.method("instances.promoteReplica")
def promote(call: Call) -> Answer | Body:
    """Make a replica an instance of its own."""
    record = instance_of(call)
    master = str(record.body.get("masterInstanceName", "")).rpartition(":")[2]
    if not master:
        raise wrong("The instance is no replica.", reason="operationNotAllowed")
    source = call.cloud.store.get(API, f"{record.parent}/{master}")
    if source is not None:
        names = [each for each in source.body.get("replicaNames", []) if each != record.id]
        call.cloud.change(source, {**source.body, "replicaNames": names})
    body = {key: each for key, each in record.body.items() if key != "masterInstanceName"}
    return start(call, call.cloud.change(record, {**body, "instanceType": "CLOUD_SQL_INSTANCE"}), "PROMOTE_REPLICA")


@SERVICE.method("instances.clone")
def clone(call: Call) -> Answer | Body:
    """Make an instance like another one."""
    record = instance_of(call)
    identifier = call.body.get("cloneContext", {}).get("destinationInstanceName", "")
    name = f"{record.parent}/{identifier}"
    if not identifier or call.cloud.store.get(API, name) is not None:
        raise wrong(f"There is no room for the clone '{identifier}'.", code=409, reason="instanceAlreadyExists")
    region = record.body["region"]
    own: dict[str, Any] = {
        "name": identifier,
        "connectionName": f"{call.project}:{region}:{identifier}",
        "selfLink": ROOT + name,
        "createTime": call.cloud.clock.tick(),
        "serverCaCert": certificates.authority(call.cloud, identifier),
    }
    made = call.cloud.create(Record(API, name, {**record.body, **own}, record.hidden))
    for each in [
        *call.cloud.store.page(API, f"{record.name}/databases"),
        *call.cloud.store.page(API, f"{record.name}/users"),
    ]:
        full = name + each.name[len(record.name) :]
        collection = f"{name}/users" if "/users/" in full else ""
        call.cloud.create(Record(API, full, {**each.body, "instance": identifier}, each.hidden, collection=collection))
    return start(call, made, "CLONE", seconds=120.0)


@SERVICE.method("instances.resetSslConfig", "instances.rotateServerCa", "instances.addServerCa")
def renew(call: Call) -> Answer | Body:
    """Give an instance a new authority; a reset takes the clients' certificates away too."""
    record = instance_of(call)
    if call.method.id.endswith("resetSslConfig"):
        for each in call.cloud.store.page(API, f"{record.name}/sslCerts"):
            call.cloud.delete(each)
    changed = call.cloud.change(record, {**record.body, "serverCaCert": certificates.authority(call.cloud, record.id)})
    return start(call, changed, "UPDATE")


# Backups
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("backupRuns.insert")
def back_up(call: Call) -> Answer | Body:
    """Make a backup."""
    instance = instance_of(call)
    identifier = call.cloud.ids.numeric("sqladmin/backup", 13)
    now = call.cloud.clock.tick()
    name = f"{instance.name}/backupRuns/{identifier}"
    body = {
        "kind": "sql#backupRun",
        **call.body,
        "id": identifier,
        "status": "SUCCESSFUL",
        "type": "ON_DEMAND",
        "backupKind": "SNAPSHOT",
        "instance": instance.id,
        "location": instance.body["region"],
        "enqueuedTime": now,
        "startTime": now,
        "endTime": now,
        "selfLink": ROOT + name,
    }
    call.cloud.create(Record(API, name, body))
    return start(call, instance, "BACKUP_VOLUME", seconds=30.0)


@SERVICE.method("backupRuns.get")
def get_backup(call: Call) -> Answer | Body:
    """Give a backup."""
    return found(call, what="backupRun").body


@SERVICE.method("backupRuns.list")
def list_backups(call: Call) -> Answer | Body:
    """Give the backups of an instance."""
    instance = instance_of(call)
    rows = [each.body for each in call.cloud.store.page(API, f"{instance.name}/backupRuns")]
    return {"kind": "sql#backupRunsList", "items": rows}


@SERVICE.method("backupRuns.delete")
def delete_backup(call: Call) -> Answer | Body:
    """Delete a backup."""
    call.cloud.delete(found(call, what="backupRun"))
    return start(call, instance_of(call), "DELETE_VOLUME")


# What the service offers
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method("tiers.list")
def tiers(call: Call) -> Answer | Body:
    """Give the tiers of instances."""
    del call
    rows = [
        {"kind": "sql#tier", "tier": name, "RAM": row["ram"], "DiskQuota": row["disk"]}
        for name, row in table("sql")["tiers"].items()
    ]
    return {"kind": "sql#tiersList", "items": rows}


@SERVICE.method("flags.list")
def flags(call: Call) -> Answer | Body:
    """Give the flags of databases, or of one version."""
    version = call.text("databaseVersion")
    rows = [
        {
            "kind": "sql#flag",
            "name": row["name"],
            "type": row["type"],
            "appliesTo": [row["of"]],
            "requiresRestart": row.get("restart", False),
        }
        for row in table("sql")["flags"]
        if not version or version.startswith(row["of"])
    ]
    return {"kind": "sql#flagsList", "items": rows}
