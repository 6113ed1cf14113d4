"""Cloud Tasks: queues, paused, resumed and emptied. Tasks are kept, and no target is called."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE: Final = Service("cloudtasks")

_LIMITS: Final = {"maxDispatchesPerSecond": 500, "maxBurstSize": 100, "maxConcurrentDispatches": 1000}
_RETRIES: Final = {"maxAttempts": 100, "minBackoff": "0.100s", "maxBackoff": "3600s", "maxDoublings": 16}
"""What a queue has where nothing is said (cloud.google.com/tasks/docs/reference/rest/v2, 2026-11)."""


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    limits = {**_LIMITS, **body.get("rateLimits", {})}
    return {**body, "rateLimits": limits, "retryConfig": {**_RETRIES, **body.get("retryConfig", {})}}


SERVICE.collection("projects.locations.queues", created=_created, state=("state", "RUNNING"))


@SERVICE.method("projects.locations.queues.pause")
def pause(call: Call) -> Answer | Body:
    """Let a queue dispatch no tasks."""
    record = found(call)
    return call.cloud.change(record, {**record.body, "state": "PAUSED"}).body


@SERVICE.method("projects.locations.queues.resume")
def resume(call: Call) -> Answer | Body:
    """Let a paused queue go on."""
    record = found(call)
    return call.cloud.change(record, {**record.body, "state": "RUNNING"}).body


@SERVICE.method("projects.locations.queues.purge")
def purge(call: Call) -> Answer | Body:
    """Remove a queue's tasks."""
    record = found(call)
    for each in list(call.cloud.store.below("cloudtasks", f"{record.name}/tasks")):
        call.cloud.delete(each)
    return call.cloud.change(record, {**record.body, "purgeTime": call.cloud.clock.tick()}).body
