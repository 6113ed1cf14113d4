from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.cost.cst_03 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict

SETTINGS = Parameters(idle_seconds=3600)


def notebook(value: Any) -> R:
    return R("workbench.Instance", {"gceSetup": {"metadata": {"idle-timeout-seconds": value}}})


def runtime(value: Any) -> R:
    return R("colab.RuntimeTemplate", {"idleShutdownConfig": {"idleTimeout": value}})


def cluster(value: Any) -> R:
    return R("dataproc.Cluster", {"clusterConfig": {"lifecycleConfig": {"idleDeleteTtl": value}}})


test_stated = stated_verdicts(CONTROL, [notebook("3600"), runtime("3600s"), cluster("7200s")], parameters=SETTINGS)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(600, Verdict.PASS), (3600, Verdict.PASS), (599, Verdict.FAIL), (3601, Verdict.FAIL), (0, Verdict.FAIL)],
)
def test_it_stops_after_a_time(seconds: int, expected: Verdict) -> None:
    assert verdict(CONTROL, notebook(str(seconds)), parameters=SETTINGS) is expected
    assert verdict(CONTROL, notebook(seconds), parameters=SETTINGS) is expected
    assert verdict(CONTROL, runtime(f"{seconds}s"), parameters=SETTINGS) is expected
    assert verdict(CONTROL, runtime(f"{seconds}s"), parameters=Parameters()) is Verdict.INDETERMINATE


def test_any_time_is_enough_for_a_cluster() -> None:
    assert verdict(CONTROL, cluster("86400s"), parameters=Parameters()) is Verdict.PASS
    assert verdict(CONTROL, cluster("0s"), parameters=SETTINGS) is Verdict.FAIL


@pytest.mark.parametrize(
    ("lifecycle", "expected"),
    [
        ({"idleStopTtl": "3600s"}, Verdict.PASS),
        ({"idleStopTtl": "0s"}, Verdict.FAIL),
        ({"idleStopTtl": UNKNOWN}, Verdict.INDETERMINATE),
        ({"autoStopTime": "2027-01-01T00:00:00Z"}, Verdict.FAIL),
    ],
)
def test_a_cluster_may_be_stopped_instead(lifecycle: dict[str, str], expected: Verdict) -> None:
    it = R("dataproc.Cluster", {"clusterConfig": {"lifecycleConfig": lifecycle}})
    assert verdict(CONTROL, it, parameters=SETTINGS) is expected


def test_a_cluster_without_machines_of_its_own_is_not_judged() -> None:
    it = R("dataproc.Cluster", {"virtualClusterConfig": {"stagingBucket": "b"}})
    assert verdict(CONTROL, it, parameters=SETTINGS) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("text", ["1h", "soon", "-5"])
def test_what_is_no_time_leaves_it_open(text: str) -> None:
    assert verdict(CONTROL, runtime(text), parameters=SETTINGS) is Verdict.INDETERMINATE
