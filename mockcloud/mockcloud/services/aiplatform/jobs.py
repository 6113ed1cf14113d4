"""Jobs: from queued to their end as virtual time passes, cancelled on the way, or deleted after it.

A small local simulation: nothing is executed. How a job ends is what `outcomes` says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from mockcloud.cloud import polls
from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import GRPC_CODES
from mockcloud.cloud.faults import Fault, ending
from mockcloud.cloud.store import Body, Record
from mockcloud.services.aiplatform import outcomes
from mockcloud.services.aiplatform.api import (
    API,
    LOCATION,
    SERVICE,
    collection,
    found,
    now,
    refuse_in_use,
    shown,
    touch,
)

STEP: Final = "job.step"
"""Event: a job reaches its next state."""

_QUEUED: Final = 1.0
_PENDING: Final = 9.0
"""Virtual seconds that a job waits in these states."""
_CANCELLING: Final = 5.0
_FINAL: Final = frozenset({"SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED", "PARTIALLY_SUCCEEDED"})
_CANCELLED_CODE: Final = 1
_INTERNAL_CODE: Final = 13
"""Codes of google.rpc.Status with which jobs end that are cancelled, and those that fail."""

Ending = Callable[[Cloud, Record, outcomes.Outcome], Mapping[str, Any]]
Running = Callable[[Cloud, Record], Mapping[str, Any]]
Measuring = Callable[[Cloud, Record, outcomes.Outcome], Callable[[], list[Any]] | None]

MEASURED: Final = "measured"
"""Hidden field of a job: what the user's own function measured, or the text of its failure."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """How jobs of a kind go.

    Attributes:
        prefix: What precedes the names of their states.
        field: Field with the state.
        error: Field with what went wrong.
        stamps: Whether they say when they started and ended.
        seconds: How long they usually run, in virtual seconds.
        running: What changes in the body when one starts.
        ending: What changes in the body when one succeeds.
        cancelled: What changes in the body when one is cancelled.
        alone: Whether only this module moves them on. Pipeline jobs have tasks that do.
        cancels: Whether they can be cancelled.
        measuring: What is the user's own and must be called before one succeeds; its result, as JSON, is in the hidden
            field `measured` then. It gives None where there is nothing.
    """

    prefix: str = "JOB_STATE_"
    field: str = "state"
    error: str = "error"
    stamps: bool = True
    seconds: float = 60.0
    running: Running | None = None
    ending: Ending | None = None
    cancelled: Running | None = None
    alone: bool = True
    cancels: bool = True
    measuring: Measuring | None = None


_KINDS: dict[str, Job] = {}


def kind(word: str, job: Job, **hooks: Any) -> None:  # noqa: ANN401 - the fields of Collection, checked by it
    """Say how jobs of a collection go, and how its resources behave beside."""
    _KINDS[word.rpartition(".")[2]] = job
    complete = hooks.pop("created", None)

    def created(call: Call, name: str, body: dict[str, Any]) -> Body:
        queued = {**body, job.field: f"{job.prefix}QUEUED" if job.alone else f"{job.prefix}PENDING"}
        return dict(complete(call, name, queued)) if complete else queued

    after = hooks.pop("after_create", _begin)
    collection(word, created=created, after_create=after, deleting=_deleting, state=None, **hooks)
    if job.cancels:
        SERVICE.method(f"{LOCATION}.{word}.cancel")(cancel)


def of(record: Record) -> Job:
    """Give how a job goes."""
    return _KINDS[record.name.split("/")[-2]]


def state(record: Record) -> str:
    """Give the state of a job without its prefix."""
    job = of(record)
    return str(record.body.get(job.field, "")).removeprefix(job.prefix)


def is_final(record: Record) -> bool:
    """Whether a job has ended."""
    return state(record) in _FINAL


def begin(cloud: Cloud, record: Record, fault: Fault | None = None) -> None:
    """Plan how a job goes.

    Args:
        cloud: The cloud.
        record: The job.
        fault: What goes wrong with it: it may never start, run longer, or end at a poll.
    """
    job = of(record)
    outcome = outcomes.of(cloud, record.body.get("displayName", ""))
    seconds = job.seconds if outcome.seconds is None else outcome.seconds
    end = "FAILED" if outcome.fails else "SUCCEEDED"
    cloud.plan(_QUEUED, record, STEP, state="PENDING")
    if fault is not None and fault.stuck:
        return
    cloud.plan(_QUEUED + _PENDING, record, STEP, state="RUNNING")
    if fault is not None and fault.polls:
        polls.plan(cloud, fault.polls, record, STEP, state=end)
    else:
        cloud.plan(_QUEUED + _PENDING + ((fault and fault.seconds) or seconds), record, STEP, state=end)


def _begin(call: Call, record: Record) -> None:
    fault = call.cloud.faults.of_operation(call)
    error = ending(call, fault) if fault else None
    if error is None:
        begin(call.cloud, record, fault)
    else:
        call.cloud.plan(_QUEUED, record, STEP, state="PENDING")
        failed = {"code": GRPC_CODES[error.status], "message": error.message}
        call.cloud.plan(_QUEUED + _PENDING, record, STEP, state="FAILED", error=failed)


def _deleting(call: Call, record: Record) -> None:
    if not is_final(record):
        refuse_in_use(
            call,
            f"'{shown(call.cloud, record.name)}' is in state {record.body.get(of(record).field)}. Only a job that has "
            "ended can be deleted: cancel it first.",
        )


@SERVICE.on_event(STEP)
def step(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Let a job reach its next state."""
    reached = data["state"]
    measured = record.hidden.get(MEASURED)
    if reached == "SUCCEEDED" and measured is None and (work := _measuring(cloud, record)) is not None:
        cloud.plan(0.0, record, STEP, **data)
        cloud.ask_outside(partial(_measure, cloud, record.name, work))
        return
    if reached == "SUCCEEDED" and isinstance(measured, str):
        enter(cloud, record, "FAILED", measured)
        return
    changed = enter(cloud, record, reached)
    if data.get("error"):
        touch(cloud, changed, **{of(record).error: data["error"]})


def _measuring(cloud: Cloud, record: Record) -> Callable[[], list[Any]] | None:
    measuring = of(record).measuring
    return measuring and measuring(cloud, record, outcomes.of(cloud, record.body.get("displayName", "")))


def _measure(cloud: Cloud, name: str, work: Callable[[], list[Any]]) -> None:
    """Call what is the user's own, and keep what it says. What it raises is a failure of the job."""
    measured: list[Any] | str
    try:
        measured = work()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the user's
        measured = f"What is registered for it failed: {type(error).__name__}: {error}"
    with cloud.lock:
        record = cloud.store.get(API, name)
        if record is not None:
            cloud.store.put(replace(record, hidden={**record.hidden, MEASURED: measured}))


def enter(cloud: Cloud, record: Record, reached: str, message: str = "") -> Record:
    """Let a job reach a state.

    Args:
        cloud: The cloud.
        record: The job.
        reached: The state, without its prefix.
        message: Why it failed; by default what is registered for it.
    """
    job = of(record)
    outcome = outcomes.of(cloud, record.body.get("displayName", ""))
    moment = stamp(cloud.clock.now)
    changes: dict[str, Any] = {job.field: f"{job.prefix}{reached}"}
    if job.stamps and reached == "RUNNING":
        changes["startTime"] = moment
    if job.stamps and reached in _FINAL:
        changes["endTime"] = moment
    if reached == "RUNNING" and job.running:
        changes.update(job.running(cloud, record))
    elif reached == "SUCCEEDED" and job.ending:
        changes.update(job.ending(cloud, record, outcome))
    elif reached == "FAILED":
        changes[job.error] = {"code": _INTERNAL_CODE, "message": message or outcome.fails}
    elif reached == "CANCELLED":
        changes[job.error] = {"code": _CANCELLED_CODE, "message": "The job was cancelled."}
        changes.update(job.cancelled(cloud, record) if job.cancelled else {})
    # What the job made on its way may have changed it too.
    current = cloud.store.get(record.api, record.name) or record
    return touch(cloud, current, **changes)


def cancel(call: Call) -> Answer | Body:
    """Cancel a job. One that has ended stays as it is."""
    record = found(call)
    if is_final(record):
        refuse_in_use(
            call,
            f"'{shown(call.cloud, record.name)}' has ended already, in state {record.body.get(of(record).field)}; it "
            "cannot be cancelled.",
        )
        return {}
    stop(call.cloud, record)
    return {}


def stop(cloud: Cloud, record: Record) -> None:
    """Begin to cancel a job."""
    cloud.plans.cancel(record.api, record.name)
    changed = enter(cloud, record, "CANCELLING")
    cloud.plan(_CANCELLING, changed, STEP, state="CANCELLED")


def make(cloud: Cloud, name: str, body: Body) -> Record:
    """Add a job where no call asks for it."""
    moment = now(cloud)
    return cloud.create(
        Record(API, name, {**body, "name": shown(cloud, name), "createTime": moment, "updateTime": moment})
    )


# Custom jobs that do the work of something else
# ---------------------------------------------------------------------------------------------------------------------


def begin_backing(cloud: Cloud, location: str, title: str, spec: Body) -> Record:
    """Add the custom job that does the work of a training pipeline or of a pipeline's task. It runs already."""
    name = f"{location}/customJobs/{cloud.ids.numeric('aiplatform/customJobs')}"
    moment = stamp(cloud.clock.now)
    body = {
        "name": shown(cloud, name),
        "displayName": title,
        "jobSpec": spec,
        "state": "JOB_STATE_RUNNING",
        "createTime": moment,
        "startTime": moment,
        "updateTime": moment,
    }
    return cloud.create(Record(API, name, body))


def end_backing(cloud: Cloud, location: str, reference: str, reached: str) -> None:
    """End such a job in the state of what it works for."""
    record = cloud.store.get(API, f"{location}/customJobs/{reference.rpartition('/')[2]}")
    if record is not None:
        moment = stamp(cloud.clock.now)
        cloud.change(record, {**record.body, "state": f"JOB_STATE_{reached}", "endTime": moment, "updateTime": moment})
