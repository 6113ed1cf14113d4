"""Bigtable's administration: instances with clusters, tables with column families, backups. There are no rows."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, failed_precondition, invalid, not_found
from mockcloud.cloud.masks import apply_mask, read_mask
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services import operations
from mockcloud.services.reading import found
from mockcloud.services.service import OperationForm, Service

API: Final = "bigtableadmin"
SERVICE: Final = Service(API)
INSTANCES: Final = "projects.instances"
TABLES: Final = f"{INSTANCES}.tables"
_PACKAGE: Final = "google.bigtable.admin.v2"


@SERVICE.operation_form
def _form(call: Call, about: str) -> OperationForm:
    """Name operations after what they are about; the name begins with `operations`."""
    del call
    return OperationForm(parent=f"operations/{about}")


def _start(call: Call, record: Record, message: str, verb: str) -> Body:
    metadata = {"@type": f"type.googleapis.com/{_PACKAGE}.{verb}{message}Metadata"}
    return operations.start(
        call, record.name, record.body, type_name=f"{_PACKAGE}.{message}", metadata=metadata, about=record.name
    )


# Instances and clusters
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(f"{INSTANCES}.create")
def create_instance(call: Call) -> Answer | Body:
    """Make an instance with its clusters."""
    identifier, clusters = call.body.get("instanceId", ""), call.body.get("clusters", {})
    if not identifier or not clusters:
        raise invalid("An instance needs an id and a cluster.", Violation("clusters", "It must hold one."))
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Instance")
    now = call.cloud.clock.tick()
    usual = {"displayName": identifier, "type": "PRODUCTION"}
    body = {**usual, **call.body.get("instance", {}), "name": name, "state": "READY", "createTime": now}
    record = call.cloud.create(Record(API, name, body))
    for key, each in clusters.items():
        full = f"{name}/clusters/{key}"
        call.cloud.create(Record(API, full, _cluster(call, full, each)))
    return _start(call, record, "Instance", "Create")


def _cluster(call: Call, name: str, body: dict[str, Any]) -> dict[str, Any]:
    del call
    nodes = {} if body.get("clusterConfig") else {"serveNodes": 1}
    return {"defaultStorageType": "SSD", **nodes, **body, "name": name, "state": "READY"}


SERVICE.collection(INSTANCES)
SERVICE.collection(f"{INSTANCES}.clusters", created=_cluster, state=("state", "READY"))


@SERVICE.method(f"{INSTANCES}.partialUpdateInstance", f"{INSTANCES}.clusters.partialUpdateCluster")
def partial_update(call: Call) -> Answer | Body:
    """Change what the mask names of an instance or a cluster."""
    record = found(call)
    mask = call.text("updateMask")
    if not mask:
        raise invalid("A mask must say what changes.", Violation("update_mask", "It must be set."))
    new = apply_mask(record.body, call.body, read_mask(mask, call.schemas, call.method.request))
    changed = call.cloud.change(record, {**new, "name": record.name})
    return _start(
        call, changed, call.method.request, "Update" if call.method.request == "Instance" else "PartialUpdate"
    )


# Tables
# ---------------------------------------------------------------------------------------------------------------------


@SERVICE.method(f"{TABLES}.create")
def create_table(call: Call) -> Answer | Body:
    """Make a table."""
    instance = found(call, call.name.rpartition("/")[0])
    identifier = call.body.get("tableId", "")
    if not identifier:
        raise invalid("A table needs an id.", Violation("table_id", "It must be set."))
    name = f"{call.name}/{identifier}"
    if call.cloud.store.get(API, name) is not None:
        raise already_exists(name, what="Table")
    body = {"granularity": "MILLIS", **call.body.get("table", {}), "name": name}
    states = {
        each.id: {"replicationState": "READY"} for each in call.cloud.store.page(API, f"{instance.name}/clusters")
    }
    return call.cloud.create(Record(API, name, {**body, "clusterStates": states})).body


@SERVICE.method(f"{TABLES}.modifyColumnFamilies")
def modify_families(call: Call) -> Answer | Body:
    """Make, change or drop column families: all of them, or none."""
    record = found(call)
    families = dict(record.body.get("columnFamilies", {}))
    for each in call.body.get("modifications", []):
        identifier = each.get("id", "")
        if "create" in each:
            if identifier in families:
                raise already_exists(identifier, what="Column family")
            families[identifier] = each["create"]
        elif identifier not in families:
            raise not_found(identifier, what="Column family")
        elif each.get("drop"):
            del families[identifier]
        else:
            families[identifier] = {**families[identifier], **each.get("update", {})}
    return call.cloud.change(record, {**record.body, "columnFamilies": families}).body


def _protected(call: Call, record: Record) -> None:
    del call
    if record.body.get("deletionProtection"):
        raise failed_precondition(f"'{record.name}' is protected from deletion.")


SERVICE.collection(TABLES, deleting=_protected, state=None)


@SERVICE.method(f"{TABLES}.dropRowRange")
def drop_rows(call: Call) -> Answer | Body:
    """Drop rows: there are none."""
    found(call)
    return {}


@SERVICE.method(f"{TABLES}.generateConsistencyToken")
def token(call: Call) -> Answer | Body:
    """Give a token that stands for what was written so far."""
    found(call)
    return {"consistencyToken": call.cloud.ids.hexadecimal("bigtableadmin/token")}


@SERVICE.method(f"{TABLES}.checkConsistency")
def consistency(call: Call) -> Answer | Body:
    """Say whether all clusters have what a token stands for: they have, as nothing is written."""
    found(call)
    return {"consistent": True}
