"""Things that go from state to state as virtual time passes: builds, jobs, executions. For every service.

What runs is simulated: nothing is executed, and what runs ends well unless a fault says otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mockcloud.cloud.clock import stamp
from mockcloud.cloud.cloud import Cloud
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
    return cloud.change(record, last)


def _at(path: list[str], value: str) -> dict[str, Any]:
    head, *rest = path
    return {head: _at(rest, value) if rest else value}
