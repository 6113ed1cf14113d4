"""What a review asks of fairness, and what a fairness step of a pipeline is given to ask for."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, contains_secret, contains_unknown
from groundplan_policies.pipelines.found import Run
from groundplan_policies.pipelines.steps import Step
from groundplan_policies.rules.pipeline.jobs import value_of

THRESHOLDS: Final = "thresholds"
"""The input of a fairness component: a list of rows in the form of the review's, or JSON text of one."""

FAIRNESS: Final = Path("review.fairness")
ATTRIBUTES: Final = Path("review.protectedAttributes")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit of one measure of fairness.

    Attributes:
        what: Attribute, metric and slice.
        minimum: The least that is allowed, None for no such limit.
        maximum: The most that is allowed, None for no such limit.
    """

    what: tuple[str, str, str]
    minimum: float | None
    maximum: float | None

    def is_as_strict_as(self, other: "Threshold") -> bool:
        """Whether whatever passes this passes the other."""
        lower = other.minimum is None or (self.minimum is not None and self.minimum >= other.minimum)
        upper = other.maximum is None or (self.maximum is not None and self.maximum <= other.maximum)
        return self.what == other.what and lower and upper


def asked(review: Resource) -> tuple[Threshold, ...] | None:
    """Give the thresholds of a review; None where they cannot be read."""
    reading = FAIRNESS.one(review)
    if reading.state in {State.ABSENT, State.EMPTY}:
        return ()
    return read_thresholds(reading.value) if reading.state is State.KNOWN else None


def protected(review: Resource) -> frozenset[str] | None:
    """Give the names of the protected attributes of a review; None where they cannot be read."""
    reading = ATTRIBUTES.one(review)
    if reading.state in {State.ABSENT, State.EMPTY}:
        return frozenset()
    if reading.state is not State.KNOWN or not isinstance(reading.value, list):
        return None
    names = [each.get("name") if isinstance(each, dict) else None for each in reading.value]
    if contains_unknown(reading.value) or not all(isinstance(each, str) and each for each in names):
        return None
    return frozenset(map(str, names))


def given(run: Run, step: Step) -> tuple[Threshold, ...] | None:
    """Give the thresholds that a fairness step is given; None where they cannot be read."""
    origins = step.parameters.get(THRESHOLDS, ())
    value = value_of(run, origins[0]) if len(origins) == 1 else None
    return None if value is None else read_thresholds(value.value)


def read_thresholds(value: Value) -> tuple[Threshold, ...] | None:
    """Read a list of thresholds, or JSON text of one; None for anything else."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if not isinstance(value, list) or contains_unknown(value) or contains_secret(value):
        return None
    found = [_threshold(each) for each in value]
    return tuple(each for each in found if each is not None) if None not in found else None


def _threshold(row: Value) -> Threshold | None:
    if not isinstance(row, dict):
        return None
    words = [row.get("attribute"), row.get("metric"), row.get("slice") or ""]
    limits = [row.get("minimum"), row.get("maximum")]
    numbers = all(each is None or (isinstance(each, (int, float)) and not isinstance(each, bool)) for each in limits)
    if not numbers or limits == [None, None] or not all(isinstance(each, str) for each in words) or not words[0]:
        return None
    attribute, metric, part = map(str, words)
    return Threshold((attribute, metric, part), *(None if each is None else float(str(each)) for each in limits))


def looser(asked_for: Iterable[Threshold], found: Iterable[Threshold]) -> bool:
    """Whether one of the thresholds that are asked for is not met by any that is found."""
    every = list(found)
    return any(not any(each.is_as_strict_as(wanted) for each in every) for wanted in asked_for)
