"""OS Login: the SSH keys of users. No machine asks for them."""

import base64
import hashlib
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

API: Final = "oslogin"
SERVICE: Final = Service(API, modelled=False)
_KEYS: Final = "users.sshPublicKeys"
_PARTS: Final = 2


def _id(call: Call, body: dict[str, Any]) -> str:
    """Give a key's fingerprint, which is its id: the SHA-256 of what the line has in base64, else of the line."""
    del call
    words = str(body.get("key", "")).split()
    if not words:
        raise invalid("A key is missing.", Violation("ssh_public_key.key", "It must be set."))
    try:
        content = base64.b64decode(words[1], validate=True) if len(words) >= _PARTS else words[0].encode()
    except ValueError:
        content = body["key"].encode()
    return hashlib.sha256(content).hexdigest()


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    return {**body, "name": name, "fingerprint": name.rpartition("/")[2]}


SERVICE.collection(_KEYS, new_id=_id, created=_created, orphans=True)


@SERVICE.method("users.importSshPublicKey")
def import_key(call: Call) -> Answer | Body:
    """Add a key to a user, or set how long one is good that is there; give all that the user has."""
    fingerprint = _id(call, call.body)
    name = f"{call.name}/sshPublicKeys/{fingerprint}"
    body = _created(call, name, dict(call.body))
    stored = call.cloud.store.get(API, name)
    if stored is None:
        call.cloud.create(Record(API, name, body))
    else:
        call.cloud.change(stored, body)
    return {"loginProfile": _profile(call), "details": ""}


@SERVICE.method("users.getLoginProfile")
def get_profile(call: Call) -> Answer | Body:
    """Give a user's keys. Accounts of machines are none here."""
    call.name = call.name.removesuffix("/loginProfile")
    return _profile(call)


def _profile(call: Call) -> dict[str, Any]:
    keys = {each.id: each.body for each in call.cloud.store.page(API, f"{call.name}/sshPublicKeys")}
    return {"name": call.name.removeprefix("users/"), **({"sshPublicKeys": keys} if keys else {})}
