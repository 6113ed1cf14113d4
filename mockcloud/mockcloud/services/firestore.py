"""Firestore's administration: databases, indexes, settings of fields, schedules of backups. Documents answer 501."""

import re
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, invalid
from mockcloud.cloud.masks import apply_mask, merged, read_mask
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.collections import Collection
from mockcloud.services.creating import now
from mockcloud.services.presentation import answered
from mockcloud.services.reading import found
from mockcloud.services.service import Service

API: Final = "firestore"
DATABASES: Final = "projects.databases"
GROUPS: Final = f"{DATABASES}.collectionGroups"
FIELDS: Final = f"{GROUPS}.fields"
SERVICE: Final = Service(API, modelled=False)

_USUAL: Final = {
    "concurrencyMode": "PESSIMISTIC",
    "appEngineIntegrationMode": "DISABLED",
    "pointInTimeRecoveryEnablement": "POINT_IN_TIME_RECOVERY_DISABLED",
    "deleteProtectionState": "DELETE_PROTECTION_DISABLED",
    "databaseEdition": "STANDARD",
}
"""What a database has where nobody says otherwise (firebase.google.com/docs/firestore/reference/rest/v1, 2026-11)."""

_RECOVERABLE: Final = "POINT_IN_TIME_RECOVERY_ENABLED"
_RETENTION: Final = {True: "604800s", False: "3600s"}
"""How long old versions are kept, with recovery to a point in time and without."""

_ORDERS: Final = ("ASCENDING", "DESCENDING")
_DEFAULT: Final = "(default)"
_ID: Final = re.compile(r"[a-z][a-z0-9-]{2,61}[a-z0-9]")


def _id(call: Call, body: dict[str, Any]) -> str:
    del body
    identifier = call.text("databaseId")
    if identifier != _DEFAULT and not _ID.fullmatch(identifier):
        raise invalid(
            f"Invalid database id: '{identifier[:100]}'.",
            Violation("database_id", "It is (default), or 4 to 63 small letters, digits and hyphens."),
        )
    return identifier


def _completed(call: Call, name: str, body: dict[str, Any]) -> Body:
    if not body.get("locationId"):
        raise invalid("A database needs a location.", Violation("database.location_id", "It must be set."))
    if body.get("type") not in {"FIRESTORE_NATIVE", "DATASTORE_MODE"}:
        raise invalid("A database needs a type.", Violation("database.type", "FIRESTORE_NATIVE or DATASTORE_MODE."))
    default = name.endswith(f"/{_DEFAULT}")
    prefix = {} if default else {"keyPrefix": call.cloud.ids.hexadecimal("firestore/prefix", 4)}
    return _retained({**_USUAL, **prefix, "earliestVersionTime": now(call), **body})


def _changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    del call, record
    return _retained(body)


def _retained(body: dict[str, Any]) -> dict[str, Any]:
    recoverable = body["pointInTimeRecoveryEnablement"] == _RECOVERABLE
    return {**body, "versionRetentionPeriod": _RETENTION[recoverable]}


def _held(call: Call, record: Record) -> None:
    del call
    if record.body.get("deleteProtectionState") == "DELETE_PROTECTION_ENABLED":
        raise failed_precondition(f"'{record.name}' is protected from being deleted. Disable the protection first.")


def _index(call: Call, name: str, body: dict[str, Any]) -> Body:
    """Complete an index: its last field is the document's name, in the order of the field before it."""
    found(call, "/".join(name.split("/")[:4]))
    fields = list(body.get("fields", []))
    if not fields:
        raise invalid("An index needs fields.", Violation("index.fields", "It is empty."))
    ordered = [each["order"] for each in fields if each.get("order") in _ORDERS]
    plain = not any("vectorConfig" in each or "searchConfig" in each for each in fields)
    if plain and fields[-1].get("fieldPath") != "__name__":
        fields.append({"fieldPath": "__name__", "order": ordered[-1] if ordered else _ORDERS[0]})
    return {"apiScope": "ANY_API", "queryScope": "COLLECTION", "density": "SPARSE_ALL", **body, "fields": fields}


SERVICE.collection(
    DATABASES,
    new_id=_id,
    created=_completed,
    changed=_changed,
    deleting=_held,
    immutable=("locationId",),
    children="cascade",
)
SERVICE.collection(f"{GROUPS}.indexes", created=_index, state=("state", "READY"), seconds=60.0)
SERVICE.collection(f"{DATABASES}.backupSchedules", f"{DATABASES}.userCreds", f"{DATABASES}.changeStreams")


# Fields
# ---------------------------------------------------------------------------------------------------------------------


def _field(call: Call) -> Record:
    """Give the settings of a field: those that somebody made, else those of every field."""
    record = call.cloud.store.get(API, call.name)
    if record is not None:
        return record
    found(call, "/".join(call.name.split("/")[:4]))
    return Record(API, call.name, {"name": call.name, "indexConfig": _every(call.name)})


def _every(name: str) -> dict[str, Any]:
    """Give the indexes of a field of which nobody says otherwise: those of the database's default."""
    path = name.rpartition("/")[2]
    kinds = [*({"order": each} for each in _ORDERS), {"arrayConfig": "CONTAINS"}]
    above = f"{name.partition('/collectionGroups/')[0]}/collectionGroups/__default__/fields/*"
    indexes = [
        {"queryScope": "COLLECTION", "fields": [{"fieldPath": path, **each}], "state": "READY"} for each in kinds
    ]
    return {"indexes": indexes, "usesAncestorConfig": True, "ancestorField": above}


@SERVICE.method(f"{FIELDS}.get")
def get_field(call: Call) -> Answer | Body:
    """Give the settings of a field."""
    return _field(call).body


@SERVICE.method(f"{FIELDS}.patch")
def change_field(call: Call) -> Answer | Body:
    """Set the indexes of a field, or how long its documents live; without either, it is as every field again."""
    record = _field(call)
    mask = call.text("updateMask")
    sent = {name: value for name, value in call.body.items() if name != "name"}
    new = (
        apply_mask(record.body, sent, read_mask(mask, call.schemas, call.method.request))
        if mask
        else merged(record.body, sent)
    )
    body: dict[str, Any] = {"name": call.name, "indexConfig": _every(call.name)}
    if sent.get("indexConfig") or (new.get("indexConfig") and not new["indexConfig"].get("usesAncestorConfig")):
        path = call.name.rpartition("/")[2]
        indexes = new["indexConfig"].get("indexes", [])
        named = [
            {**each, "fields": [{"fieldPath": path, **one} for one in each.get("fields", [])], "state": "READY"}
            for each in indexes
        ]
        body["indexConfig"] = {"indexes": named} if named else {}
    if new.get("ttlConfig") is not None:
        body["ttlConfig"] = {**new["ttlConfig"], "state": "ACTIVE"}
    stored = call.cloud.store.get(API, call.name)
    made = call.cloud.create(Record(API, call.name, body)) if stored is None else call.cloud.change(stored, body)
    return answered(call, Collection(state=None), made, call.method.request)
