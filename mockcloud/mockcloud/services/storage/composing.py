"""Objects composed of others."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.services.storage import buckets, generations, names, preconditions
from mockcloud.services.storage.objects import found, hold_key, show
from mockcloud.services.storage.service import API, SERVICE
from mockcloud.services.storage.uploads import write

_MOST: Final = 32
"""Objects that one call composes."""


@SERVICE.method("objects.compose")
def compose(call: Call) -> Answer | Body:
    """Join up to 32 objects of a bucket to one."""
    bucket = buckets.found(call, call.request.variables["destinationBucket"])
    name = call.request.variables["destinationObject"]
    names.hold_object_name(name)
    before = call.cloud.store.get(API, f"{names.live(bucket.id)}/{name}")
    preconditions.hold(call, before)
    sources = call.body.get("sourceObjects", [])
    if not sources:
        raise invalid("You must provide at least one source component.", reason="required")
    if len(sources) > _MOST:
        raise invalid(
            f"The number of source components provided ({len(sources)}) exceeds the maximum ({_MOST})", reason="invalid"
        )
    parts = [_source(call, bucket, each) for each in sources]
    given = {
        **call.body.get("destination", {}),
        "componentCount": sum(int(each.body.get("componentCount", 1)) for each in parts),
    }
    content = b"".join(each.hidden["content"] for each in parts)
    record = write(call, bucket, name, given, content, acl_parameter="destinationPredefinedAcl")
    if call.body.get("deleteSourceObjects"):
        for each in parts:
            if each.name != record.name and call.cloud.store.get(API, each.name) is each:
                generations.hold_free(call, each)
                generations.remove(call, bucket, each)
    return show(call, bucket, record)


def _source(call: Call, bucket: Record, source: dict[str, Any]) -> Record:
    record = found(call, bucket, source.get("name", ""), str(source.get("generation", "")))
    wanted = source.get("objectPreconditions", {}).get("ifGenerationMatch")
    if wanted is not None and str(wanted) != record.body["generation"]:
        raise preconditions.failed()
    hold_key(call.request.headers, record.body)
    return record
