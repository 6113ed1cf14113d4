"""Points of a study, and what is best among them."""

from typing import Any

import pytest

from mockcloud.cloud.errors import ApiError
from mockcloud.services.aiplatform import trials

CASES: list[tuple[dict[str, Any], set[Any]]] = [
    ({"integerValueSpec": {"minValue": "1", "maxValue": "3"}}, {1, 2, 3}),
    ({"categoricalValueSpec": {"values": ["a", "b"]}}, {"a", "b"}),
    ({"discreteValueSpec": {"values": [0.5, 2.0]}}, {0.5, 2.0}),
    ({"categoricalValueSpec": {}}, {None}),
]


@pytest.mark.parametrize(("parameter", "values"), CASES)
def test_every_value_comes_up(parameter: dict[str, Any], values: set[Any]) -> None:
    spec = {"parameters": [{"parameterId": "p", **parameter}]}
    assert {trials.point(spec, number)[0]["value"] for number in range(1, 30)} == values


def test_a_logarithmic_scale_begins_in_its_own_middle() -> None:
    parameter = {
        "parameterId": "p",
        "scaleType": "UNIT_LOG_SCALE",
        "doubleValueSpec": {"minValue": 0.01, "maxValue": 1},
    }
    assert trials.point({"parameters": [parameter]}, 1)[0]["value"] == pytest.approx(0.1)


def test_a_condition_brings_a_parameter_along() -> None:
    child = {"parameterId": "depth", "integerValueSpec": {"minValue": "1", "maxValue": "9"}}
    condition = {"parentCategoricalValues": {"values": ["tree"]}, "parameterSpec": child}
    parent = {
        "parameterId": "kind",
        "categoricalValueSpec": {"values": ["tree", "linear"]},
        "conditionalParameterSpecs": [condition],
    }
    points = [trials.point({"parameters": [parent]}, number) for number in range(1, 20)]
    assert {len(each): each[0]["value"] for each in points} == {2: "tree", 1: "linear"}


def test_a_parameter_without_values_is_refused() -> None:
    with pytest.raises(ApiError, match="no values"):
        trials.point({"parameters": [{"parameterId": "p"}]}, 1)


def test_the_middle_is_measured_best() -> None:
    spec: dict[str, Any] = {
        "metrics": [{"metricId": "auc", "goal": "MAXIMIZE"}, {"metricId": "loss", "goal": "MINIMIZE"}],
        "parameters": [{"parameterId": "p", "doubleValueSpec": {"minValue": 0, "maxValue": 2}}],
    }
    middle = trials.measured(spec, [{"parameterId": "p", "value": 1.0}], None)
    assert middle == [{"metricId": "auc", "value": 1.0}, {"metricId": "loss", "value": 0.0}]
    corner = trials.measured(spec, [{"parameterId": "p", "value": 2.0}], None)
    assert corner == [{"metricId": "auc", "value": 0.0}, {"metricId": "loss", "value": 1.0}]
    assert trials.measured({"metrics": [{"metricId": "auc"}]}, [], None) == [{"metricId": "auc", "value": 1.0}]
    own = trials.measured(spec, [{"parameterId": "p", "value": 2.0}], {"auc": 2.0, "other": 1.0})
    assert own == [{"metricId": "auc", "value": 2.0}]


def _trial(number: int, **metrics: float) -> dict[str, Any]:
    values = [{"metricId": key, "value": value} for key, value in metrics.items()]
    return {"id": str(number), "state": "SUCCEEDED", "finalMeasurement": {"metrics": values}}


def test_the_best_trials_are_those_that_none_beats() -> None:
    metrics = [{"metricId": "auc", "goal": "MAXIMIZE"}, {"metricId": "cost", "goal": "MINIMIZE"}]
    found = [
        _trial(1, auc=0.8, cost=5),
        _trial(2, auc=0.9, cost=9),
        _trial(3, auc=0.7, cost=6),
        _trial(4, auc=0.8, cost=5),
        _trial(5, auc=0.9),
        {"id": "6", "state": "INFEASIBLE"},
    ]
    assert [each["id"] for each in trials.best(metrics, found)] == ["1", "2"]
