"""What a study tries: points in its parameter space, and what is measured there.

A small local simulation. The points are a fixed sequence that fills the space evenly; the measurements are those of the
objective that a test registers, else how near a point is to the middle of the space.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from mockcloud.cloud.errors import invalid
from mockcloud.discovery.schemas import Violation

_GOLDEN: Final = (5**0.5 - 1) / 2


def point(spec: Mapping[str, Any], number: int) -> list[dict[str, Any]]:
    """Give the parameters of a trial, by its number from 1."""
    found: list[dict[str, Any]] = []
    for at, parameter in enumerate(spec.get("parameters", [])):
        # Multiples of roots of the golden ratio fill the unit cube evenly (Kronecker sequence).
        share = (0.5 + number * _GOLDEN ** (1 / (at + 1))) % 1.0 if number > 1 else 0.5
        found += _chosen(parameter, share)
    return found


def _chosen(parameter: Mapping[str, Any], share: float) -> list[dict[str, Any]]:
    value = _value(parameter, share)
    found: list[dict[str, Any]] = [{"parameterId": parameter.get("parameterId", ""), "value": value}]
    for each in parameter.get("conditionalParameterSpecs", []):
        wanted = [entry for key, entry in each.items() if key.startswith("parent")]
        values = [one for entry in wanted for one in entry.get("values", [])]
        if any(str(one) == str(value) or one == value for one in values):
            found += _chosen(each["parameterSpec"], share)
    return found


def _value(parameter: Mapping[str, Any], share: float) -> object:
    if "doubleValueSpec" in parameter:
        return _between(parameter["doubleValueSpec"], share, parameter.get("scaleType", ""))
    if "integerValueSpec" in parameter:
        spec = parameter["integerValueSpec"]
        low, high = int(spec.get("minValue", 0)), int(spec.get("maxValue", 0))
        return min(low + int(share * (high - low + 1)), high)
    for kind in ("categoricalValueSpec", "discreteValueSpec"):
        if kind in parameter:
            values = parameter[kind].get("values", [])
            return values[min(int(share * len(values)), len(values) - 1)] if values else None
    raise invalid(
        f"The parameter '{parameter.get('parameterId', '')}' has no values.",
        Violation("study_spec.parameters", "It needs the specification of its values."),
    )


def _between(spec: Mapping[str, Any], share: float, scale: str) -> float:
    low, high = float(spec.get("minValue", 0)), float(spec.get("maxValue", 0))
    if scale == "UNIT_LOG_SCALE" and low > 0:
        return math.exp(math.log(low) + share * (math.log(high) - math.log(low)))
    return low + share * (high - low)


def measured(
    spec: Mapping[str, Any], parameters: Sequence[Mapping[str, Any]], values: Mapping[str, float] | None
) -> list[Any]:
    """Give the metrics of a trial: those of values that were measured, else of how near it is to the middle."""
    ids = [each.get("metricId", "") for each in spec.get("metrics", [])]
    if values is not None:
        return [{"metricId": each, "value": float(values[each])} for each in ids if each in values]
    nearness = _nearness(spec, parameters)
    goals = {each.get("metricId", ""): each.get("goal") for each in spec.get("metrics", [])}
    return [{"metricId": each, "value": 1 - nearness if goals[each] == "MINIMIZE" else nearness} for each in ids]


def _nearness(spec: Mapping[str, Any], parameters: Sequence[Mapping[str, Any]]) -> float:
    """Give how near a point is to the middle: 1 there, 0 in the corners."""
    chosen = {each["parameterId"]: each["value"] for each in parameters}
    distances = []
    for each in spec.get("parameters", []):
        bounds = each.get("doubleValueSpec") or each.get("integerValueSpec")
        value = chosen.get(each.get("parameterId", ""))
        if bounds and isinstance(value, (int, float)):
            low, high = float(bounds.get("minValue", 0)), float(bounds.get("maxValue", 0))
            distances.append(abs(2 * (value - low) / (high - low) - 1) if high > low else 0.0)
    return 1 - sum(distances) / len(distances) if distances else 1.0


def best(metrics: Sequence[Mapping[str, Any]], trials: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give the trials that no other one beats in every metric; the first one of those that are alike."""
    signs = {each.get("metricId", ""): -1.0 if each.get("goal") == "MINIMIZE" else 1.0 for each in metrics}

    def scores(trial: Mapping[str, Any]) -> dict[str, float]:
        kept = {
            each["metricId"]: float(each.get("value", 0.0)) for each in trial["finalMeasurement"].get("metrics", [])
        }
        return {key: sign * kept[key] if key in kept else -math.inf for key, sign in signs.items()}

    done = [each for each in trials if each.get("state") == "SUCCEEDED" and "finalMeasurement" in each]
    return [
        each
        for at, each in enumerate(done)
        if not any(_beats(scores(other), scores(each), earlier=index < at) for index, other in enumerate(done))
    ]


def _beats(one: Mapping[str, float], other: Mapping[str, float], *, earlier: bool) -> bool:
    as_good = all(one[key] >= other[key] for key in other)
    better = any(one[key] > other[key] for key in other)
    return as_good and (better or (earlier and one == other))
