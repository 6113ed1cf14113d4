"""Cloud Deploy: pipelines, releases, rollouts with approval. Nothing is deployed: a rollout is simulated."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.errors import failed_precondition, invalid, not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.progress import EVENT, Step, plan_steps, progress, stop
from mockcloud.services.reading import found
from mockcloud.services.service import Service

SERVICE = Service("clouddeploy")
SERVICE.on_event(EVENT)(progress)

_PIPELINES: Final = "projects.locations.deliveryPipelines"
_ROLLOUTS: Final = f"{_PIPELINES}.releases.rollouts"
_SECONDS: Final = 30.0
_ENDED: Final = frozenset({"SUCCEEDED", "FAILED", "CANCELLED", "APPROVAL_REJECTED", "HALTED"})


def _target(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call
    usages = ["RENDER", "DEPLOY"]
    return {"executionConfigs": [{"usages": usages, "defaultPool": {}}], **body, "targetId": name.rpartition("/")[2]}


SERVICE.collection("projects.locations.targets", created=_target, state=None)
SERVICE.collection(_PIPELINES, state=None, children="force")


def _location(name: str) -> str:
    return "/".join(name.split("/")[:4])


def _release(call: Call, name: str, body: dict[str, Any]) -> Body:
    pipeline = call.cloud.store.get("clouddeploy", name.rsplit("/", 2)[0])
    if pipeline is None:
        raise not_found(name.rsplit("/", 2)[0], what="Delivery pipeline")
    targets = [
        record.body
        for stage in pipeline.body.get("serialPipeline", {}).get("stages", [])
        if (record := call.cloud.store.get("clouddeploy", f"{_location(name)}/targets/{stage.get('targetId', '')}"))
    ]
    return {
        **body,
        "deliveryPipelineSnapshot": dict(pipeline.body),
        "targetSnapshots": targets,
        "renderState": "IN_PROGRESS",
        "renderStartTime": call.cloud.clock.tick(),
        "abandoned": False,
    }


def _render(call: Call, record: Record) -> None:
    plan_steps(call.cloud, record, [Step(_SECONDS, {"renderState": "SUCCEEDED"}, ("renderEndTime",))])


SERVICE.collection(f"{_PIPELINES}.releases", created=_release, after_create=_render, state=None)


@SERVICE.method(f"{_PIPELINES}.releases.abandon")
def abandon(call: Call) -> Answer | Body:
    """Abandon a release: it is rolled out no more."""
    record = found(call)
    call.cloud.change(record, {**record.body, "abandoned": True})
    return {}


def _rollout(call: Call, name: str, body: dict[str, Any]) -> Body:
    release = call.cloud.store.get("clouddeploy", name.rsplit("/", 2)[0])
    if release is None:
        raise not_found(name.rsplit("/", 2)[0], what="Release")
    if release.body.get("abandoned"):
        raise failed_precondition("The release is abandoned.")
    wanted = body.get("targetId", "")
    target = call.cloud.store.get("clouddeploy", f"{_location(name)}/targets/{wanted}")
    if target is None:
        raise invalid(f"There is no target '{wanted}'.", Violation("rollout.targetId", "It names no target."))
    waits = bool(target.body.get("requireApproval"))
    return {
        **body,
        "state": "PENDING_APPROVAL" if waits else "PENDING",
        "approvalState": "NEEDS_APPROVAL" if waits else "DOES_NOT_NEED_APPROVAL",
        "enqueueTime": call.cloud.clock.tick(),
    }


def _deploy(call: Call, record: Record) -> None:
    if record.body["state"] != "PENDING":
        return
    steps = [
        Step(1.0, {"state": "IN_PROGRESS"}, ("deployStartTime",)),
        Step(_SECONDS, {"state": "SUCCEEDED"}, ("deployEndTime",)),
    ]
    plan_steps(call.cloud, record, steps)


SERVICE.collection(_ROLLOUTS, created=_rollout, after_create=_deploy, state=None)


@SERVICE.method(f"{_ROLLOUTS}.approve")
def approve(call: Call) -> Answer | Body:
    """Approve or reject a rollout that waits for it."""
    record = found(call)
    if record.body["state"] != "PENDING_APPROVAL":
        raise failed_precondition(f"The rollout does not wait for an approval: {record.body['state']}.")
    approved = bool(call.body.get("approved"))
    change = {
        "state": "PENDING" if approved else "APPROVAL_REJECTED",
        "approvalState": "APPROVED" if approved else "REJECTED",
        "approveTime": call.cloud.clock.tick(),
    }
    _deploy(call, call.cloud.change(record, {**record.body, **change}))
    return {}


@SERVICE.method(f"{_ROLLOUTS}.cancel")
def cancel(call: Call) -> Answer | Body:
    """Cancel a rollout that has not ended."""
    record = found(call)
    if record.body["state"] in _ENDED:
        raise failed_precondition(f"The rollout has ended: {record.body['state']}.")
    stop(call.cloud, record, {"state": "CANCELLED"}, "deployEndTime")
    return {}


@SERVICE.method(f"{_PIPELINES}.rollbackTarget")
def roll_back(call: Call) -> Answer | Body:
    """Roll a target back to a release."""
    wanted = call.body.get("releaseId", "")
    release = f"{call.name}/releases/{wanted}"
    if call.cloud.store.get("clouddeploy", release) is None:
        raise not_found(release, what="Release")
    name = f"{release}/rollouts/{call.body.get('rolloutId', '')}"
    body = _rollout(call, name, {"name": name, "targetId": call.body.get("targetId", "")})
    body = {**body, "createTime": call.cloud.clock.tick()}
    if call.body.get("validateOnly"):
        return {"rollbackConfig": {"rollout": body}}
    record = call.cloud.create(Record("clouddeploy", name, body))
    _deploy(call, record)
    return {"rollbackConfig": {"rollout": record.body}}


@SERVICE.method("projects.locations.getConfig")
def config(call: Call) -> Answer | Body:
    """Give the versions of the tools that render."""
    return {"name": call.name, "defaultSkaffoldVersion": "2.16", "supportedVersions": [{"version": "2.16"}]}
