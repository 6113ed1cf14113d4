"""What is watched of the models on an endpoint: explanations, and how far requests drift from the training data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import pulumi

from groundplan.core.validation import Checks

_KINDS: Final = ("skew", "drift", "attribution")
# Method -> Google's name of it, what is counted, and the most that Google takes.
_METHODS: Final = {
    "sampled-shapley": ("sampledShapleyAttribution", "pathCount", 50),
    "integrated-gradients": ("integratedGradientsAttribution", "stepCount", 100),
    "xrai": ("xraiAttribution", "stepCount", 100),
}
_TABLE: Final = r"[a-z][a-z0-9:.-]+\.[A-Za-z0-9_]+\.[A-Za-z0-9_-]+"


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """How predictions are explained: in batches, of logged requests, since private endpoints explain nothing online."""

    method: Literal["sampled-shapley", "integrated-gradients", "xrai"] = "sampled-shapley"
    """How features are given their part of a prediction; the gradients need a differentiable model."""
    samples: int = 10
    """Paths or steps, 1 to 50 (paths) or 100 (steps): more is closer and costs more."""

    def check(self, checks: Checks) -> None:
        """Record what is wrong."""
        if checks.one_of("explanation.method", self.method, _METHODS):
            _, unit, most = _METHODS[self.method]
            checks.within("explanation.samples", self.samples, 1, most, f"samples ({unit})")

    def exported(self) -> dict[str, object]:
        """Return Google's ``ExplanationParameters``."""
        name, unit, _ = _METHODS[self.method]
        return {name: {unit: self.samples}}


@dataclass(frozen=True, kw_only=True)
class MonitoringPlan:
    """What is monitored, against what, how often: for the monitor that the deploying workload makes."""

    baseline: pulumi.Input[str]
    """BigQuery table with the training data that requests are compared with, ``project.dataset.table``."""
    kinds: tuple[Literal["skew", "drift", "attribution"], ...] = ("skew", "drift")
    """Requests against the baseline (skew) or against earlier ones (drift); attributions (needs an explanation)."""
    threshold: float = 0.3
    """Distance beyond which a feature raises an alert, above 0 and at most 1."""
    features: Mapping[str, float] = field(default_factory=dict)
    """Thresholds of single features."""
    every_hours: int = 24
    """Hours between two runs, 1 to 168."""

    def check(self, checks: Checks, *, explained: bool) -> None:
        """Record what is wrong; ``explained`` says whether there is an explanation."""
        if isinstance(self.baseline, str):
            checks.matches(
                "monitoring.baseline", self.baseline, _TABLE, "project.dataset.table", "name the table of training data"
            )
        for index, kind in enumerate(self.kinds):
            checks.one_of(f"monitoring.kinds[{index}]", kind, _KINDS)
        checks.unique("monitoring.kinds", map(str, self.kinds), "kind")
        checks.that(
            self.kinds,
            "monitoring.kinds",
            "are none",
            given="nothing",
            allowed=", ".join(_KINDS),
            do="leave monitoring out, or name a kind",
        )
        checks.that(
            explained or "attribution" not in self.kinds,
            "monitoring.kinds",
            "include attribution, and there is no explanation to attribute by",
            given="attribution",
            allowed="attribution with an explanation",
            do="give an Explanation",
        )
        for name, limit in {"threshold": self.threshold, **self.features}.items():
            place = "monitoring.threshold" if name == "threshold" else f"monitoring.features[{name!r}]"
            checks.that(
                isinstance(limit, int | float) and not isinstance(limit, bool) and 0 < limit <= 1,
                place,
                "is no distance",
                given=limit,
                allowed="above 0 and at most 1",
                do="begin with 0.3",
            )
        checks.within("monitoring.every_hours", self.every_hours, 1, 168, "hours")

    def exported(self) -> dict[str, object]:
        """Return the plan as the deploying workload reads it."""
        return {
            "baseline": self.baseline,
            "kinds": [*self.kinds],
            "threshold": self.threshold,
            "features": dict(self.features),
            "everyHours": self.every_hours,
        }
