"""MON-08: clusters log and measure what matters."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.monitoring.mon_08 import CONTROL
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, verdict

LOGS = ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER"]
GPU = {"nodeConfig": {"guestAccelerators": [{"type": "nvidia-l4", "count": 1}]}}
GOOD = R(
    "container.Cluster",
    {
        "name": "kube",
        "loggingConfig": {"enableComponents": LOGS},
        "monitoringConfig": {"enableComponents": ["SYSTEM_COMPONENTS", "DCGM"]},
        "loggingService": "logging.googleapis.com/kubernetes",
        "monitoringService": "monitoring.googleapis.com/kubernetes",
    },
)

test_stated_verdicts = stated_verdicts(
    replace(CONTROL, reads=tuple(each for each in CONTROL.reads if each.type == "container.Cluster")), [GOOD]
)


@pytest.mark.parametrize("left", LOGS)
def test_each_log_is_named(left: str) -> None:
    names = [each for each in LOGS if each != left]
    found = outcome(CONTROL, replace(GOOD, inputs=put(GOOD.inputs, "loggingConfig.enableComponents", names)))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "loggingConfig.enableComponents")
    assert left in found.reasons[0].message


def test_a_cluster_that_says_nothing_lacks_the_log_of_its_api() -> None:
    found = outcome(CONTROL, R("container.Cluster", {}))
    assert [each.path for each in found.reasons] == ["loggingConfig.enableComponents"]
    assert found.reasons[0].message.endswith("APISERVER")


@pytest.mark.parametrize("service", ["loggingService", "monitoringService"])
def test_a_service_that_is_switched_off_fails(service: str) -> None:
    found = outcome(CONTROL, replace(GOOD, inputs={**GOOD.inputs, service: "none"}))
    assert [(each.path, each.shown) for each in found.reasons] == [(service, "none")]


WITH_GPUS: list[dict[str, Any]] = [
    GPU,
    {"nodePools": [{"name": "a"}, GPU]},
    {"clusterAutoscaling": {"resourceLimits": [{"resourceType": "cpu"}, {"resourceType": "nvidia-l4"}]}},
    {"clusterAutoscaling": {"resourceLimits": [{"resourceType": UNKNOWN}]}},
]


@pytest.mark.parametrize("gpus", WITH_GPUS, ids=["own", "pool", "new", "unknown"])
@pytest.mark.parametrize("named", [["SYSTEM_COMPONENTS"], ...], ids=["named", "absent"])
def test_gpus_are_measured(gpus: dict[str, Any], named: object) -> None:
    without = put(GOOD.inputs, "monitoringConfig.enableComponents", named)
    assert verdict(CONTROL, R("container.Cluster", without)) is Verdict.PASS
    found = outcome(CONTROL, R("container.Cluster", {**without, **gpus}))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "monitoringConfig.enableComponents")
    assert found.reasons[0].message.endswith("DCGM")
    assert verdict(CONTROL, R("container.Cluster", {**GOOD.inputs, **gpus})) is Verdict.PASS


def test_gpus_of_a_pool_of_its_own_count_for_its_cluster() -> None:
    cluster = replace(GOOD, inputs=put(GOOD.inputs, "monitoringConfig.enableComponents", ["SYSTEM_COMPONENTS"]))
    pool = R("container.NodePool", {"cluster": UNKNOWN, **GPU}, "gpu", {"cluster": cluster.urn})
    plain = R("container.NodePool", {"cluster": UNKNOWN}, "plain", {"cluster": cluster.urn})
    assert verdict(CONTROL, cluster, pool) is Verdict.FAIL
    assert verdict(CONTROL, cluster, plain) is Verdict.PASS
    assert verdict(CONTROL, cluster, replace(pool, origins={})) is Verdict.PASS


def test_an_unknown_component_may_be_the_one() -> None:
    names = ["SYSTEM_COMPONENTS", "WORKLOADS", UNKNOWN]
    cluster = replace(GOOD, inputs=put(GOOD.inputs, "loggingConfig.enableComponents", names))
    assert verdict(CONTROL, cluster) is Verdict.INDETERMINATE
    more = replace(GOOD, inputs=put(GOOD.inputs, "loggingConfig.enableComponents", [*LOGS, UNKNOWN]))
    assert verdict(CONTROL, more) is Verdict.PASS


def test_a_cluster_names_the_metrics_of_the_system_beside_those_of_gpus() -> None:
    named = put({**GOOD.inputs, **GPU}, "monitoringConfig.enableComponents", ["DCGM"])
    found = outcome(CONTROL, R("container.Cluster", named))
    assert (found.verdict, found.reasons[0].message) == (Verdict.FAIL, "does not name SYSTEM_COMPONENTS")


def test_it_says_what_a_cluster_lacks_by_itself_and_nothing_more() -> None:
    found = outcome(CONTROL, R("container.Cluster", {}))
    assert found.reasons[0].message == "is absent, and a cluster has not by itself APISERVER"


def test_a_pool_decides_nothing_by_itself() -> None:
    for read in (each for each in CONTROL.reads if each.type == "container.NodePool"):
        assert {read.absent, read.empty, read.wrong, read.secret, read.unknown} == {Verdict.NOT_APPLICABLE}


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        ("a2-highgpu-1g", Verdict.FAIL),
        ("A3-megagpu-8g", Verdict.FAIL),
        ("a4x-highgpu-4g", Verdict.FAIL),
        ("g2-standard-4", Verdict.FAIL),
        ("e2-standard-4", Verdict.PASS),
        ("c3-standard-4", Verdict.PASS),
        (None, Verdict.PASS),
    ],
)
def test_some_machines_have_gpus_inside(machine: str | None, expected: Verdict) -> None:
    config = {"nodeConfig": {"machineType": machine}}
    without = put(GOOD.inputs, "monitoringConfig.enableComponents", ["SYSTEM_COMPONENTS"])
    assert verdict(CONTROL, replace(GOOD, inputs={**without, **config})) is expected
    assert verdict(CONTROL, replace(GOOD, inputs={**without, "nodePools": [config]})) is expected
    cluster = replace(GOOD, inputs=without)
    pool = R("container.NodePool", {"cluster": UNKNOWN, **config}, "gpu", {"cluster": cluster.urn})
    assert verdict(CONTROL, cluster, pool) is expected
