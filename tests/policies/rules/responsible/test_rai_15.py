from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_15 import CONTROL
from tests.policies.rules.harness import caught_elsewhere, outcomes, secret
from tests.policies.rules.responsible.world import ENDPOINT, MONITOR, RAW, SERVED, UNDER, WORLD, component, monitor


def judged(*monitors: Any) -> Verdict:
    return outcomes(CONTROL, UNDER, RAW, SERVED, ENDPOINT, *monitors, **WORLD)["endpoint"].verdict


def test_an_endpoint_is_watched_by_one() -> None:
    assert judged(MONITOR) is Verdict.DECLARED
    assert judged(monitor(endpoint=ENDPOINT.urn)) is Verdict.DECLARED
    assert judged() is Verdict.FAIL
    assert judged(monitor(endpoint=RAW.urn)) is Verdict.FAIL
    second = component(MONITOR.type, dict(MONITOR.inputs), "second")
    assert judged(MONITOR, second) is Verdict.FAIL


@pytest.mark.parametrize("kind", ["skew", "drift", "attribution"])
@pytest.mark.parametrize(
    ("thresholds", "expected"),
    [
        (None, Verdict.FAIL),
        ({}, Verdict.FAIL),
        ({"age": 0}, Verdict.INDETERMINATE),
        ({"age": True}, Verdict.INDETERMINATE),
        ({"age": 0.1, "hours": "much"}, Verdict.INDETERMINATE),
        ([0.3], Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
        (secret(), Verdict.INDETERMINATE),
        ({"age": 0.99, "hours": 0.1}, Verdict.DECLARED),
        ({"age": 1, "hours": 0.1}, Verdict.FAIL),
        ({"age": 1e9}, Verdict.FAIL),
    ],
)
def test_each_kind_has_thresholds(kind: str, thresholds: object, expected: Verdict) -> None:
    assert judged(monitor(**{kind: thresholds})) is expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"schedule": None}, Verdict.FAIL),
        ({"schedule": ""}, Verdict.FAIL),
        ({"schedule": "never"}, Verdict.FAIL),
        ({"schedule": "0 3 * *"}, Verdict.FAIL),
        ({"schedule": "TZ=Europe/Zurich 0 3 * * MON-FRI"}, Verdict.DECLARED),
        ({"schedule": UNKNOWN}, Verdict.INDETERMINATE),
        ({"samplingRate": None}, Verdict.FAIL),
        ({"samplingRate": 0}, Verdict.FAIL),
        ({"samplingRate": "all"}, Verdict.INDETERMINATE),
        ({"samplingRate": UNKNOWN}, Verdict.INDETERMINATE),
        ({"samplingRate": 0.01}, Verdict.DECLARED),
        ({"samplingRate": 1}, Verdict.DECLARED),
        ({"samplingRate": 1.5}, Verdict.FAIL),
        ({"baselineUrn": UNDER.urn}, Verdict.DECLARED),
        ({"baselineUrn": SERVED.urn}, Verdict.FAIL),
        ({"baselineUrn": None}, Verdict.FAIL),
        ({"baselineUrn": "urn:pulumi:dev::shop::x:y:Z::gone"}, Verdict.FAIL),
        ({"baselineUrn": 7}, Verdict.FAIL),
        ({"baselineUrn": UNKNOWN}, Verdict.INDETERMINATE),
    ],
)
def test_it_runs_and_compares_with_what_is_there(changes: dict[str, Any], expected: Verdict) -> None:
    assert judged(monitor(**changes)) is expected


test_seen = caught_elsewhere(CONTROL, [MONITOR], UNDER, RAW, SERVED, ENDPOINT, **WORLD)
