"""How jobs end: well after a while, unless a test registers something else.

A small local simulation: nothing is executed. A test says what would have come of it::

    outcomes.register(cloud, "train-*", fails="Out of memory.", seconds=7200)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from mockcloud.cloud.cloud import Cloud
from mockcloud.errors import Error

Objective = Callable[[Mapping[str, object]], Mapping[str, float]]
"""What a trial measures: from its parameters to its metrics."""

PART: Final = "aiplatform.outcomes"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ends.

    Attributes:
        fails: Message of the failure; "" for success.
        seconds: How long it runs, in virtual seconds; None for as long as jobs of its kind usually do.
        objective: What its trials measure; None for the usual simulation.
    """

    fails: str = ""
    seconds: float | None = None
    objective: Objective | None = None


USUAL: Final = Outcome()


class InvalidOutcome(Error):
    """An outcome makes no sense."""


class Outcomes:
    """The outcomes that are registered in one cloud."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, Outcome]] = []

    def snapshot(self) -> "Outcomes":
        """Give a copy that later changes do not reach."""
        copy = Outcomes()
        copy.entries = list(self.entries)
        return copy


def register(
    cloud: Cloud, job: str, *, fails: str = "", seconds: float | None = None, objective: Objective | None = None
) -> None:
    """Say how jobs end. It holds for jobs that are made later; the last one that fits counts.

    Args:
        cloud: The cloud.
        job: Display name of the jobs, with `*` and `?` as in file names. `JOB/TASK` is one task of a pipeline job.
        fails: Message of the failure; "" for success.
        seconds: How long they run, in virtual seconds; None for as long as usual.
        objective: What the trials of a tuning job measure.

    Raises:
        InvalidOutcome: The time is negative.
    """
    if seconds is not None and seconds < 0:
        raise InvalidOutcome(
            "A job cannot run for a negative time",
            given=f"seconds={seconds}",
            allowed="0 or more",
            remedy="Give the virtual seconds that the job runs for.",
        )
    with cloud.lock:
        part = cloud.parts.get(PART)
        outcomes = part if isinstance(part, Outcomes) else Outcomes()
        outcomes.entries.append((job, Outcome(fails, seconds, objective)))
        cloud.parts[PART] = outcomes


def of(cloud: Cloud, job: str) -> Outcome:
    """Give how a job ends, by its display name."""
    part = cloud.parts.get(PART)
    if isinstance(part, Outcomes):
        for pattern, outcome in reversed(part.entries):
            if fnmatchcase(job, pattern):
                return outcome
    return USUAL
