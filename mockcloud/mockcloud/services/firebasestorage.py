"""Cloud Storage for Firebase: buckets that apps may use."""

from typing import Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import already_exists, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.services.reading import found
from mockcloud.services.service import Service

API: Final = "firebasestorage"
SERVICE: Final = Service(API, modelled=False)
SERVICE.collection("projects.buckets")


@SERVICE.method("projects.buckets.addFirebase")
def add(call: Call) -> Answer | Body:
    """Let apps use a bucket of Cloud Storage."""
    bucket = call.name.rpartition("/")[2]
    if call.cloud.store.get("storage", f"b/{bucket}") is None:
        raise not_found(bucket, what="Bucket")
    if call.cloud.store.get(API, call.name) is not None:
        raise already_exists(call.name, what="Bucket")
    return call.cloud.create(Record(API, call.name, {"name": call.name})).body


@SERVICE.method("projects.buckets.removeFirebase")
def remove(call: Call) -> Answer | Body:
    """Let apps use a bucket no more."""
    call.cloud.delete(found(call))
    return {}
