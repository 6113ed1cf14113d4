"""Memorystore for Redis: what an instance with AUTH asks of those who connect. No Redis runs."""

from typing import Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("redis")

_INSTANCES: Final = "projects.locations.instances"


def _secret(call: Call, record: Record) -> None:
    """Choose the secret of an instance, which only one method tells."""
    call.cloud.change(record, record.body, hidden={**record.hidden, "authString": call.cloud.ids.uuid("redis/auth")})


SERVICE.collection(_INSTANCES, after_create=_secret, state=("state", "READY"))


@SERVICE.method(f"{_INSTANCES}.getAuthString")
def auth_string(call: Call) -> Answer | Body:
    """Give the secret of an instance; of one without AUTH, an empty one."""
    record = found(call, call.name.removesuffix("/authString"))
    return {"authString": record.hidden["authString"]} if record.body.get("authEnabled") else {}
