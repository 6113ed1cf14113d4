"""Persistent resources: machines that jobs share, and specialist pools: people who label."""

from collections.abc import Mapping
from typing import Any

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.store import Body, Record
from mockcloud.services.aiplatform import jobs
from mockcloud.services.aiplatform.api import (
    API,
    LOCATION,
    SERVICE,
    collection,
    found,
    given_id,
    refuse_in_use,
    shown,
    start,
    touch,
)
from mockcloud.services.aiplatform.networks import hold_network


def _created(call: Call, name: str, body: dict[str, Any]) -> Body:
    hold_network(body)
    pools = [_pool(at, each) for at, each in enumerate(body.get("resourcePools", []))]
    ray = body.get("resourceRuntimeSpec", {}).get("raySpec")
    runtime = {"resourceRuntime": {"accessUris": _uris(name)}} if ray is not None else {}
    return {**body, "resourcePools": pools, "startTime": stamp(call.cloud.clock.now), **runtime}


def _pool(at: int, pool: Mapping[str, Any]) -> dict[str, Any]:
    count = pool.get("autoscalingSpec", {}).get("minReplicaCount", "1")
    return {"id": f"pool-{at}", "replicaCount": count, **pool}


def _uris(name: str) -> Body:
    identifier, region = name.rpartition("/")[2], name.split("/")[3]
    return {"RAY_DASHBOARD_URI": f"{identifier}.aiplatform-training.{region}.googleusercontent.com"}


def _deleting(call: Call, record: Record) -> None:
    location = record.name.rpartition("/persistentResources/")[0]
    users = [
        each
        for each in call.cloud.store.page(API, f"{location}/customJobs")
        if each.body.get("jobSpec", {}).get("persistentResourceId") == record.id and not jobs.is_final(each)
    ]
    if users:
        refuse_in_use(call, f"Jobs run on '{shown(call.cloud, record.name)}': {', '.join(each.id for each in users)}.")


collection(
    "persistentResources",
    new_id=given_id("persistentResourceId", r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?", required=True),
    created=_created,
    deleting=_deleting,
    required=("resourcePools",),
    state=("state", "RUNNING"),
    seconds=300.0,
    immutable=("network", "encryptionSpec"),
)


@SERVICE.method(f"{LOCATION}.persistentResources.reboot")
def reboot(call: Call) -> Answer | Body:
    """Restart the machines."""
    record = touch(call.cloud, found(call), startTime=stamp(call.cloud.clock.now))
    return start(call, record.name, record.body, seconds=300.0, back={})


def _pool_created(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    return {**body, "specialistManagersCount": len(body.get("specialistManagerEmails", []))}


def _pool_changed(call: Call, record: Record, body: dict[str, Any]) -> Body:
    del call, record
    return {**body, "specialistManagersCount": len(body.get("specialistManagerEmails", []))}


collection("specialistPools", created=_pool_created, changed=_pool_changed, required=("displayName",))
