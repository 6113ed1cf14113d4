"""Spanner's administration: instances, databases with their statements, backups. Sessions answer 501: no rows."""

import re
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import aborted, already_exists, failed_precondition, invalid, not_found
from mockcloud.cloud.masks import apply_mask, merged, read_mask
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import catalogues, operations
from mockcloud.services.reading import found
from mockcloud.services.service import OperationForm, Service

API: Final = "spanner"
SERVICE: Final = Service(API, modelled=False)
INSTANCES: Final = "projects.instances"
DATABASES: Final = f"{INSTANCES}.databases"
_ADMIN: Final = "google.spanner.admin"
_UNITS: Final = 1000
"""Processing units of a node."""
_MULTI: Final = ("nam3", "nam6", "nam-eur-asia1", "eur3", "eur5", "eur6")
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]*[a-z0-9]")
_CREATE: Final = re.compile(r"""\s*CREATE\s+DATABASE\s+[`"]?([A-Za-z0-9_-]+)[`"]?\s*;?\s*""", re.IGNORECASE)
_RETENTION: Final = re.compile(r"version_retention_period\s*(?:=|TO)\s*'(\w+)'", re.IGNORECASE)


@SERVICE.operation_form
def _form(call: Call, about: str) -> OperationForm:
    """Name operations after what they are about."""
    del call
    return OperationForm(parent=about)


SERVICE.collection(INSTANCES, DATABASES)
SERVICE.collection(f"{INSTANCES}.backups", f"{INSTANCES}.backupSchedules", f"{INSTANCES}.instancePartitions")
SERVICE.collection(f"{DATABASES}.backupSchedules", f"{DATABASES}.databaseRoles")


def _start(
    call: Call,
    record: Record,
    message: str,
    metadata: str,
    *,
    back: operations.Back | None = None,
    **told: Any,  # noqa: ANN401 - JSON
) -> Body:
    """Start an operation that ends with a message of one of the two packages, `instance` and `database`."""
    package, _, name = message.rpartition(".")
    return operations.start(
        call,
        record.name,
        record.body if package else {},
        type_name=f"{_ADMIN}.{package}.v1.{name}" if package else "google.protobuf.Empty",
        metadata={"@type": f"type.googleapis.com/{_ADMIN}.{package or 'database'}.v1.{metadata}", **told},
        about=record.name,
        back=back,
        seconds=5.0,
    )


# Instances
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(f"{INSTANCES}.create")
def create_instance(call: Call) -> Answer | Body:
    """Make an instance."""
    identifier, sent = call.body.get("instanceId", ""), call.body.get("instance", {})
    if not _NAME.fullmatch(identifier):
        raise invalid(f"'{identifier}' is no id of an instance.", Violation("instance_id", "It has another form."))
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Instance")
    now = call.cloud.clock.tick()
    body = {
        "displayName": identifier,
        "instanceType": "PROVISIONED",
        "edition": "STANDARD",
        "defaultBackupScheduleType": "AUTOMATIC",
        **sent,
        **_capacity(sent),
        "name": name,
        "state": "READY",
        "createTime": now,
        "updateTime": now,
    }
    record = call.cloud.create(Record(API, name, body))
    return _start(call, record, "instance.Instance", "CreateInstanceMetadata", instance=dict(body), startTime=now)


def _capacity(body: Body) -> dict[str, int]:
    """Give nodes and processing units; one follows from the other."""
    units, nodes = int(body.get("processingUnits", 0)), int(body.get("nodeCount", 0))
    if units:
        return {"processingUnits": units, **({"nodeCount": units // _UNITS} if units >= _UNITS else {})}
    if not nodes and body.get("autoscalingConfig"):
        nodes = 1
    return {"processingUnits": (nodes or 1) * _UNITS, "nodeCount": nodes or 1}


@SERVICE.method(f"{INSTANCES}.patch")
def patch_instance(call: Call) -> Answer | Body:
    """Change an instance."""
    record, sent = found(call), call.body.get("instance", {})
    mask = call.body.get("fieldMask", "")
    if not mask:
        raise invalid("A mask must say what changes.", Violation("field_mask", "It must be set."))
    new = apply_mask(record.body, sent, read_mask(mask, call.schemas, "Instance"))
    if "processingUnits" in sent or "nodeCount" in sent:
        new |= _capacity({key: sent[key] for key in ("processingUnits", "nodeCount") if key in sent})
    now = call.cloud.clock.tick()
    changed = call.cloud.change(record, {**new, "updateTime": now})
    back = operations.fields_back(record, new)
    told = {"instance": dict(changed.body), "startTime": now}
    return _start(call, changed, "instance.Instance", "UpdateInstanceMetadata", back=back, **told)


@SERVICE.method(f"{INSTANCES}.delete")
def delete_instance(call: Call) -> Answer | Body:
    """Delete an instance with its databases; one with backups stays."""
    record = found(call)
    if call.cloud.store.page(API, f"{record.name}/backups"):
        raise failed_precondition(f"'{record.name}' has backups. Delete those first.")
    call.cloud.delete(record)
    return {}


def _config(call: Call, identifier: str) -> dict[str, Any]:
    return {
        "name": f"projects/{call.project}/instanceConfigs/{identifier}",
        "displayName": identifier.removeprefix("regional-"),
        "configType": "GOOGLE_MANAGED",
        "state": "READY",
        "leaderOptions": [identifier.removeprefix("regional-")],
    }


def _configs() -> list[str]:
    return [*_MULTI, *(f"regional-{each}" for each in catalogues.regions())]


@SERVICE.method("projects.instanceConfigs.list")
def list_configs(call: Call) -> Answer | Body:
    """Give where instances can be."""
    own = [each.body for each in call.cloud.store.page(API, call.name)]
    chosen, token = slice_page(call, [*(_config(call, each) for each in _configs()), *own])
    return {"instanceConfigs": chosen, **({"nextPageToken": token} if token else {})}


@SERVICE.method("projects.instanceConfigs.get")
def get_config(call: Call) -> Answer | Body:
    """Give one of the places where instances can be."""
    identifier = call.name.rpartition("/")[2]
    if identifier not in _configs():
        return _own_config(call).body
    return _config(call, identifier)


def _own_config(call: Call) -> Record:
    """Find a configuration that a user has made.

    Raises:
        ApiError: There is none of the name, or it is Google's.
    """
    if call.name.rpartition("/")[2] in _configs():
        raise invalid(f"'{call.name}' is managed by Google.", Violation("name", "It cannot be changed."))
    record = call.cloud.store.get(API, call.name)
    if record is None:
        raise not_found(call.name, what="Instance config")
    return record


@SERVICE.method("projects.instanceConfigs.create")
def create_config(call: Call) -> Answer | Body:
    """Make a configuration of one's own: another one with replicas that only read."""
    identifier, sent = call.body.get("instanceConfigId", ""), call.body.get("instanceConfig", {})
    if not identifier.startswith("custom-") or not _NAME.fullmatch(identifier):
        why = "It must begin with 'custom-' and hold lower-case letters, digits, hyphens and underscores."
        raise invalid(f"'{identifier}' is no id of a configuration.", Violation("instance_config_id", why))
    if sent.get("baseConfig", "").rpartition("/")[2] not in _configs():
        raise invalid(
            "There is no such base configuration.", Violation("instance_config.base_config", "It is unknown.")
        )
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Instance config")
    own = {"name": name, "configType": "USER_MANAGED", "state": "READY", "etag": call.cloud.etag(1)}
    record = call.cloud.create(Record(API, name, {"displayName": identifier, **sent, **own}))
    told = {"instanceConfig": record.body}
    return _start(call, record, "instance.InstanceConfig", "CreateInstanceConfigMetadata", **told)


@SERVICE.method("projects.instanceConfigs.patch")
def patch_config(call: Call) -> Answer | Body:
    """Change name or labels of a configuration of one's own."""
    record, sent = _own_config(call), call.body.get("instanceConfig", {})
    if sent.get("etag", record.body["etag"]) != record.body["etag"]:
        raise aborted("The etag does not match: somebody changed the configuration meanwhile.")
    mask = read_mask(call.body.get("updateMask", ""), call.schemas, "InstanceConfig")
    new = {**apply_mask(record.body, sent, mask), "name": record.name, "etag": call.cloud.etag(record.revision + 1)}
    changed = call.cloud.change(record, new)
    back, told = operations.fields_back(record, new), {"instanceConfig": changed.body}
    return _start(call, changed, "instance.InstanceConfig", "UpdateInstanceConfigMetadata", back=back, **told)


@SERVICE.method("projects.instanceConfigs.delete")
def delete_config(call: Call) -> Answer | Body:
    """Delete a configuration of one's own that no instance has."""
    record = _own_config(call)
    instances = call.cloud.store.page(API, f"projects/{call.project}/instances")
    if any(each.body.get("config") == record.name for each in instances):
        raise failed_precondition(f"'{record.name}' is the configuration of an instance. Delete that first.")
    call.cloud.delete(record)
    return {}


# Databases
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(f"{DATABASES}.create")
def create_database(call: Call) -> Answer | Body:
    """Make a database of a CREATE DATABASE statement, with the statements that follow it."""
    instance = found(call, call.name.rpartition("/")[0])
    statement = call.body.get("createStatement", "")
    read = _CREATE.fullmatch(statement)
    if read is None:
        raise invalid(
            f"Error parsing the statement: {statement}", Violation("create_statement", "It creates no database.")
        )
    name = f"{instance.name}/databases/{read[1]}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Database")
    now = call.cloud.clock.tick()
    encryption = call.body.get("encryptionConfig", {})
    body = {
        "name": name,
        "state": "READY",
        "createTime": now,
        "databaseDialect": call.body.get("databaseDialect", "GOOGLE_STANDARD_SQL"),
        "versionRetentionPeriod": "1h",
        **_retention(call.body.get("extraStatements", [])),
        "earliestVersionTime": now,
        **({"encryptionConfig": encryption} if encryption else {}),
    }
    record = call.cloud.create(Record(API, name, body, {"statements": call.body.get("extraStatements", [])}))
    return _start(call, record, "database.Database", "CreateDatabaseMetadata", database=name)


def _retention(statements: list[str]) -> dict[str, str]:
    """Give how long the last of some statements wants versions of rows to stay."""
    found = [match[1] for each in statements if (match := _RETENTION.search(each)) is not None]
    return {"versionRetentionPeriod": found[-1]} if found else {}


@SERVICE.method(f"{DATABASES}.updateDdl")
def update_ddl(call: Call) -> Answer | Body:
    """Run statements that change the schema. They are kept as they are; how long versions stay is understood."""
    record = found(call, call.name.removesuffix("/ddl"))
    statements = call.body.get("statements", [])
    if not statements:
        raise invalid("There is no statement.", Violation("statements", "It must hold one."))
    before = record.hidden.get("statements", [])
    body = {**record.body, **_retention(statements)}
    changed = call.cloud.change(record, body, hidden={**record.hidden, "statements": [*before, *statements]})
    told = {"database": record.name, "statements": statements}
    return _start(call, changed, "", "UpdateDatabaseDdlMetadata", **told)


@SERVICE.method(f"{DATABASES}.getDdl")
def get_ddl(call: Call) -> Answer | Body:
    """Give the statements that made the schema."""
    record = found(call, call.name.removesuffix("/ddl"))
    return {"statements": list(record.hidden.get("statements", []))}


@SERVICE.method(f"{DATABASES}.patch")
def patch_database(call: Call) -> Answer | Body:
    """Protect a database from being dropped, or no longer."""
    record = found(call)
    mask = call.text("updateMask")
    new = (
        apply_mask(record.body, call.body, read_mask(mask, call.schemas, "Database"))
        if mask
        else merged(record.body, call.body)
    )
    changed = call.cloud.change(record, {**new, "name": record.name})
    return _start(
        call, changed, "database.Database", "UpdateDatabaseMetadata", request={"database": {"name": record.name}}
    )


@SERVICE.method(f"{DATABASES}.dropDatabase")
def drop(call: Call) -> Answer | Body:
    """Drop a database, unless it is protected."""
    record = found(call)
    if record.body.get("enableDropProtection"):
        raise failed_precondition(f"'{record.name}' is protected from being dropped.")
    call.cloud.delete(record)
    return {}


# Backups
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(f"{INSTANCES}.backups.create")
def create_backup(call: Call) -> Answer | Body:
    """Make a backup of a database of the instance."""
    database = call.body.get("database", "")
    source = call.cloud.store.get(API, database)
    if source is None:
        raise not_found(database, what="Database")
    if not call.text("backupId") or not call.body.get("expireTime"):
        raise invalid("Id and time of expiry must be set.", Violation("backup.expire_time", "It must be set."))
    name = f"{call.name}/{call.text('backupId')}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Backup")
    now = call.cloud.clock.tick()
    body = {"versionTime": now, **call.body, "name": name, "state": "READY", "createTime": now, "sizeBytes": "0"}
    body["databaseDialect"] = source.body["databaseDialect"]
    record = call.cloud.create(Record(API, name, body, {"statements": source.hidden.get("statements", [])}))
    return _start(call, record, "database.Backup", "CreateBackupMetadata", name=name, database=database)


@SERVICE.method(f"{DATABASES}.restore")
def restore(call: Call) -> Answer | Body:
    """Make a database of a backup."""
    backup = found(call, call.body.get("backup", ""))
    name = f"{call.name}/{call.body.get('databaseId', '')}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Database")
    now = call.cloud.clock.tick()
    body = {
        "name": name,
        "state": "READY",
        "createTime": now,
        "databaseDialect": backup.body["databaseDialect"],
        "restoreInfo": {"sourceType": "BACKUP", "backupInfo": {"backup": backup.name, "createTime": now}},
    }
    record = call.cloud.create(Record(API, name, body, backup.hidden))
    told = {"name": name, "sourceType": "BACKUP"}
    return _start(call, record, "database.Database", "RestoreDatabaseMetadata", back={"name": name}, **told)
