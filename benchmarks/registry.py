"""What a benchmark is: two times measured in one run, and the ratio between them that may not be exceeded.

Only ratios are judged. Absolute times say as much about the machine as about the code: they are reported and no more.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What one benchmark measured."""

    seconds: float
    """Time of what is judged."""
    baseline_seconds: float
    """Time of what it is compared with, measured in the same run."""
    details: dict[str, float] = field(default_factory=dict)
    """Further absolute figures, by name with the unit."""

    @property
    def ratio(self) -> float:
        """Time of what is judged, divided by the time of what it is compared with."""
        return self.seconds / self.baseline_seconds


def _nothing() -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """A benchmark, with what it compares and how far they may be apart."""

    name: str
    """What people type to run this one: lower-case words joined by hyphens."""
    judged: str
    """What is judged, in words."""
    baseline: str
    """What it is compared with, in words."""
    limit: float
    """The largest ratio that is accepted."""
    measure: Callable[[], Measurement]
    """Runs both and returns their times."""
    missing: Callable[[], str] = _nothing
    """Says what is not at hand and must be, "" if all is there. Then the benchmark is skipped, and that is said."""
