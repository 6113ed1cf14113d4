"""Firebase App Hosting: backends, each with a domain of Firebase's own. Nothing is built or served."""

from typing import Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Record
from mockcloud.services.service import Service

API: Final = "firebaseapphosting"
SERVICE: Final = Service(API)


def _domain(call: Call, record: Record) -> None:
    """Give a new backend the domain that it has by itself."""
    _, project, _, place, _, backend = record.name.split("/")
    name = f"{record.name}/domains/{backend}--{project}.{place}.hosted.app"
    at = record.body["createTime"]
    body = {"name": name, "type": "DEFAULT", "createTime": at, "updateTime": at, "etag": call.cloud.etag(1)}
    call.cloud.create(Record(API, name, {**body, "uid": call.cloud.ids.uuid("firebaseapphosting/uid")}))


SERVICE.collection("projects.locations.backends", after_create=_domain)
