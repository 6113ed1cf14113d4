"""Things that go from state to state as virtual time passes: builds, jobs, executions. For every service.

What runs is simulated: nothing is executed, and what runs ends well unless a fault says otherwise.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from mockcloud.cloud import polls
from mockcloud.cloud.call import Call
from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import ApiError
from mockcloud.cloud.faults import ending
from mockcloud.cloud.masks import merged
from mockcloud.cloud.store import Body, Record

EVENT: Final = "progress"
"""Name of the event; a service registers it: `SERVICE.on_event(EVENT)(progress)`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One change of state.

    Attributes:
        seconds: When, in virtual seconds from the beginning.
        body: What changes in the body; objects are merged.
        stamps: Paths of fields that get the moment: `endTime`, `execution.endTime`.
    """

    seconds: float
    body: Body
    stamps: Sequence[str] = field(default_factory=tuple)


def plan_steps(cloud: Cloud, record: Record, steps: Sequence[Step]) -> None:
    """Plan how a resource goes on."""
    for step in steps:
        cloud.plan(step.seconds, record, EVENT, body=dict(step.body), stamps=list(step.stamps))


def plan_run(call: Call, record: Record, steps: Sequence[Step], failed: Callable[[ApiError], Body]) -> None:
    """Plan how something goes on that a call has begun, and that is no operation; it ends as a fault says, if one does.

    Args:
        call: The call.
        record: What goes on.
        steps: How it goes on usually; the last one is its end.
        failed: Gives what changes in the body at the end instead, where it fails.
    """
    *before, last = steps
    plan_steps(call.cloud, record, before)
    fault = call.cloud.faults.of_operation(call)
    if fault is not None and fault.stuck:
        return
    error = ending(call, fault) if fault else None
    if error is not None:
        last = replace(last, body=failed(error))
    if fault is not None and fault.polls:
        polls.plan(call.cloud, fault.polls, record, EVENT, body=dict(last.body), stamps=list(last.stamps))
    else:
        plan_steps(call.cloud, record, [replace(last, seconds=(fault and fault.seconds) or last.seconds)])


def progress(cloud: Cloud, record: Record, data: Mapping[str, Any]) -> None:
    """Let one step happen."""
    body = merged(record.body, data["body"])
    for path in data["stamps"]:
        body = merged(body, _at(path.split("."), stamp(cloud.clock.now)))
    cloud.change(record, body)


def stop(cloud: Cloud, record: Record, body: Body, *stamps: str) -> Record:
    """End a resource's progress now, with a last change."""
    cloud.plans.cancel(record.api, record.name)
    last = merged(record.body, body)
    for path in stamps:
        last = merged(last, _at(path.split("."), stamp(cloud.clock.now)))
    hidden = {key: value for key, value in record.hidden.items() if key != polls.LEFT}
    return cloud.change(record, last, hidden=hidden)


def _at(path: list[str], value: str) -> dict[str, Any]:
    head, *rest = path
    return {head: _at(rest, value) if rest else value}
