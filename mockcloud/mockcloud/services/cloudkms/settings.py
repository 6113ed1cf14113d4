"""Settings that are always there, and Autokey."""

from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services.cloudkms.service import API, SERVICE
from mockcloud.services.singletons import getter, updater


def _ekm(call: Call) -> dict[str, Any]:
    del call
    return {"defaultEkmConnection": ""}


def _autokey(call: Call) -> dict[str, Any]:
    del call
    return {"state": "UNINITIALIZED"}


def _none(call: Call) -> dict[str, Any]:
    del call
    return {}


SERVICE.method("projects.locations.getEkmConfig")(getter(_ekm))
SERVICE.method("projects.locations.updateEkmConfig")(updater(_ekm))
SERVICE.method("folders.getAutokeyConfig", "projects.getAutokeyConfig")(getter(_autokey))
SERVICE.method("folders.getKajPolicyConfig", "organizations.getKajPolicyConfig", "projects.getKajPolicyConfig")(
    getter(_none)
)
SERVICE.method(
    "folders.updateKajPolicyConfig", "organizations.updateKajPolicyConfig", "projects.updateKajPolicyConfig"
)(updater(_none))


@SERVICE.method("folders.updateAutokeyConfig", "projects.updateAutokeyConfig")
def update_autokey(call: Call) -> Answer | Body:
    """Say in which project Autokey makes keys. It works once there is one."""
    updater(_autokey)(call)
    record = call.cloud.store.get(API, call.name) or Record(API, call.name, {})
    ready = bool(record.body.get("keyProject")) or record.body.get("keyProjectResolutionMode") == "RESOURCE_PROJECT"
    return call.cloud.change(record, {**record.body, "state": "ACTIVE" if ready else "UNINITIALIZED"}).body


@SERVICE.method("projects.showEffectiveAutokeyConfig", "folders.showEffectiveAutokeyConfig")
def effective(call: Call) -> Answer | Body:
    """Give the key project that holds here: one's own, else that of a folder that says so."""
    own = call.cloud.store.get(API, f"{call.name}/autokeyConfig")
    configs = [own] if own is not None else [each for each in call.cloud.store.of(API) if each.id == "autokeyConfig"]
    project = next((str(each.body["keyProject"]) for each in configs if each.body.get("keyProject")), "")
    return {"keyProject": project} if project else {}


def _handle(call: Call, name: str, body: dict[str, Any]) -> Body:
    """Give a key handle its key: in the project of the handle, in a ring that Autokey has for itself."""
    place = "/".join(name.split("/")[:4])
    return {**body, "kmsKey": f"{place}/keyRings/autokey/cryptoKeys/{call.cloud.ids.uuid('cloudkms/autokey')}"}


def _with_key(call: Call, record: Record) -> None:
    from mockcloud.services.cloudkms import versions

    key = record.body["kmsKey"]
    ring = key.partition("/cryptoKeys/")[0]
    now = call.cloud.clock.tick()
    if call.cloud.store.get(API, ring) is None:
        call.cloud.create(Record(API, ring, {"name": ring, "createTime": now}))
    template = {"protectionLevel": "HSM", "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION"}
    body = {
        "name": key,
        "createTime": now,
        "purpose": "ENCRYPT_DECRYPT",
        "versionTemplate": template,
        "destroyScheduledDuration": "2592000s",
    }
    versions.add(call.cloud, call.cloud.create(Record(API, key, body)), primary=True)


SERVICE.collection(
    "projects.locations.keyHandles", created=_handle, after_create=_with_key, required=("resourceTypeSelector",)
)
