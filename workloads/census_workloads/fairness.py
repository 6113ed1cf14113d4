"""Whether a model treats groups of people alike enough: what is asked for, attribute by attribute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from census_workloads.catalog import catalog
from census_workloads.errors import GateError
from census_workloads.evaluation import SMALLEST_GROUP
from census_workloads.gate import Check, Decision

METRIC: Final = "true_positive_rate_difference"
"""The largest difference of true positive rates between groups: equality of opportunity, 0 is equal."""
SLICE: Final = "groups of at least 500 people"
"""Who is looked at."""
_LARGEST_GAPS: Final = {"age": 0.15, "race": 0.1, "sex": 0.1}
"""What is allowed where nothing else is asked for. By age more is: the model may learn from it."""


class Threshold(BaseModel):
    """What is asked for one attribute, in the form in which a review writes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attribute: str
    """Column whose groups are compared."""
    metric: Literal["true_positive_rate_difference"]
    slice: Literal["groups of at least 500 people"]
    """Which people are looked at."""
    maximum: float = Field(ge=0, le=1)
    """The most that is allowed."""


def written(largest_gap: float | None = None) -> str:
    """Return thresholds as the text that the pipeline takes: one limit for every column, or the usual ones."""
    rows = [
        Threshold(attribute=column, metric=METRIC, slice=SLICE, maximum=usual if largest_gap is None else largest_gap)
        for column, usual in _LARGEST_GAPS.items()
    ]
    return _THRESHOLDS.dump_json(rows).decode()


def decide(gaps: Mapping[str, float], thresholds: str) -> Decision:
    """Compare the differences that were measured with the thresholds of a text.

    Args:
        gaps: For each column that is compared by, the difference.
        thresholds: JSON, a list of thresholds.

    Raises:
        GateError: The text is no list of thresholds, or a column that is compared by has none.
    """
    try:
        asked = {each.attribute: each for each in _THRESHOLDS.validate_json(thresholds)}
    except ValidationError as error:
        raise _refused(f"{error.error_count()} things that no threshold has") from error
    if asked.keys() != gaps.keys():
        raise _refused(f"thresholds for {', '.join(sorted(asked)) or 'nothing'}")
    return Decision(
        checks=tuple(
            Check(
                asked=f"difference of true positive rates by {column}, in groups of {SMALLEST_GROUP} people or more",
                found=gap,
                limit=asked[column].maximum,
                passed=gap <= asked[column].maximum,
            )
            for column, gap in sorted(gaps.items())
        )
    )


def _refused(given: str) -> GateError:
    columns = ", ".join(sorted(catalog().compared))
    return GateError(
        "the thresholds of fairness cannot be used",
        given=given,
        allowed=f'JSON: for each of {columns} an entry with attribute, metric "{METRIC}", slice "{SLICE}", maximum',
        do="take the thresholds of the review",
    )


_THRESHOLDS: Final = TypeAdapter(list[Threshold])
