"""Settings of which a project has one in each place, such as those of its snapshots: always there."""

from typing import Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.masks import apply_mask, merged, read_mask
from mockcloud.cloud.store import Body, Record
from mockcloud.services.compute import operations
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.schemas import fingerprint
from mockcloud.services.compute.standard import API

_SETTINGS: Final = (
    "diskSettings",
    "globalFrontendSettings",
    "instanceSettings",
    "regionDiskSettings",
    "regionSnapshotSettings",
    "snapshotSettings",
)


def _held(call: Call) -> Record:
    """Give the settings as they are, also where nobody has touched them yet."""
    record = call.cloud.store.get(API, call.name)
    if record is not None:
        return record
    kind = call.schemas.fields(call.method.request or call.method.response).get("kind")
    body = {"kind": kind.default} if kind is not None and kind.default else {}
    return Record(API, call.name, _stamped(call, body))


def _stamped(call: Call, body: Body) -> Body:
    """Give settings with their fingerprint, where they have one."""
    plain = {key: each for key, each in body.items() if key != "fingerprint"}
    known = "fingerprint" in call.schemas.fields(call.method.request or call.method.response)
    return {**plain, "fingerprint": fingerprint(plain)} if known else plain


@SERVICE.method(*(f"{each}.get" for each in _SETTINGS))
def get(call: Call) -> Answer | Body:
    """Give settings."""
    return _held(call).body


@SERVICE.method(*(f"{each}.patch" for each in _SETTINGS))
def patch(call: Call) -> Answer | Body:
    """Change settings: what the mask names, else what is sent."""
    old = _held(call)
    mask = call.text("updateMask")
    if mask:
        new = apply_mask(old.body, call.body, read_mask(mask, call.schemas, call.method.request))
    else:
        new = merged(old.body, call.body)
    new = dict(_stamped(call, {**new, **({"kind": old.body["kind"]} if "kind" in old.body else {})}))
    stored = call.cloud.store.get(API, call.name)
    if stored is None:
        call.cloud.create(Record(API, call.name, new))
    else:
        call.cloud.change(stored, new)
    return operations.start(call, call.name, "patch")
