"""When the tasks of a pipeline begin and end, and how."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from mockcloud.services.aiplatform.outcomes import Outcome
from mockcloud.services.aiplatform.specs import Task

TASK: Final = 30.0
"""Virtual seconds that a task takes unless a test says otherwise."""


@dataclass(frozen=True, slots=True)
class Change:
    """A task reaches a state.

    Attributes:
        seconds: When, in virtual seconds from when the pipeline begins to run.
        key: The task.
        state: The state.
        message: Why it failed; "" where it did not.
    """

    seconds: float
    key: str
    state: str
    message: str = ""


def of(tasks: Sequence[Task], outcome: Callable[[Task], Outcome], *, fast: bool) -> list[Change]:
    """Give what happens to the tasks of a run.

    Args:
        tasks: The tasks, each behind those that it waits for.
        outcome: How a task ends.
        fast: Whether nothing begins any more once a task has failed.
    """
    changes: list[Change] = []
    starts: dict[str, float] = {}
    ends: dict[str, float] = {}
    bad: set[str] = set()
    failed_at = float("inf")
    for task in tasks:
        begun = max([starts.get(task.parent, 0.0), *(ends[each] for each in task.after if each in ends)])
        stopped = task.parent in bad or any(each in bad for each in task.after)
        starts[task.key] = ends[task.key] = begun
        if not task.always and (stopped or (fast and begun >= failed_at)):
            bad.add(task.key)
            changes.append(Change(begun, task.key, "NOT_TRIGGERED"))
            continue
        changes.append(Change(begun, task.key, "RUNNING"))
        if task.is_dag:
            continue
        how = outcome(task)
        ends[task.key] = begun + (TASK if how.seconds is None else how.seconds)
        if how.fails:
            bad.add(task.key)
            failed_at = min(failed_at, ends[task.key])
        changes.append(Change(ends[task.key], task.key, "FAILED" if how.fails else "SUCCEEDED", how.fails))
    return changes + _ends_of_pipelines(tasks, ends, bad)


def _ends_of_pipelines(tasks: Sequence[Task], ends: dict[str, float], bad: set[str]) -> list[Change]:
    """Give how those tasks end that are pipelines: when, and as well as, all that is in them."""
    found = []
    for task in tasks:
        if task.is_dag and task.key not in bad:
            inner = [each.key for each in tasks if each.key.startswith(f"{task.key}/")]
            end = max([ends[task.key], *(ends[each] for each in inner)])
            failed = any(each in bad for each in inner)
            message = "A task in it failed." if failed else ""
            found.append(Change(end, task.key, "FAILED" if failed else "SUCCEEDED", message))
    return found
