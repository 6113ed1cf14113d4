from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.cost.cst_04 import CONTROL
from tests.policies.rules.harness import R, put, stated_verdicts, verdict

SETTINGS = Parameters(replica_cap=10)
WHERE = {
    "vertex.AiDeploymentResourcePool": "dedicatedResources.maxReplicaCount",
    "dataflow.Job": "maxWorkers",
    "cloudrunv2.Service": "scaling.maxInstanceCount",
    "vertex.AiReasoningEngine": "spec.deploymentSpec.maxInstances",
    "vertex.AiEndpointWithModelGardenDeployment": "deployConfig.dedicatedResources.maxReplicaCount",
    "container.NodePool": "autoscaling.totalMaxNodeCount",
    "vertex.AiFeatureOnlineStore": "bigtable.autoScaling.maxNodeCount",
}


def it(type_: str, value: Any) -> R:
    base: dict[str, Any] = {"autoscaling": {"locationPolicy": "ANY"}} if type_ == "container.NodePool" else {}
    if type_ == "vertex.AiFeatureOnlineStore":
        base = {"bigtable": {"autoScaling": {"minNodeCount": 1}}}
    return R(type_, put(base, WHERE[type_], value))


PERSISTENT = R(
    "vertex.AiPersistentResource",
    {"resourcePools": [{"autoscalingSpec": {"maxReplicaCount": 5, "minReplicaCount": 1}}]},
)
POOL = R("container.NodePool", {"autoscaling": {"totalMaxNodeCount": 5, "maxNodeCount": 5}})
BOTH = R("cloudrunv2.Service", {"scaling": {"maxInstanceCount": 5}, "template": {"scaling": {"maxInstanceCount": 5}}})
test_stated = stated_verdicts(
    CONTROL,
    [*(it(type_, 5) for type_ in WHERE if type_ not in {BOTH.type, POOL.type}), PERSISTENT, BOTH, POOL],
    parameters=SETTINGS,
)


@pytest.mark.parametrize("type_", list(WHERE))
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (10, Verdict.PASS),
        ("9", Verdict.PASS),
        (11, Verdict.FAIL),
        (0, Verdict.FAIL),
        (-1, Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_the_maximum_is_within_the_cap(type_: str, value: object, expected: Verdict) -> None:
    assert verdict(CONTROL, it(type_, value), parameters=SETTINGS) is expected
    if expected is not Verdict.INDETERMINATE:
        assert verdict(CONTROL, it(type_, value), parameters=Parameters()) is Verdict.INDETERMINATE


def test_a_service_may_say_it_of_its_revisions() -> None:
    revision = R("cloudrunv2.Service", {"template": {"scaling": {"maxInstanceCount": 10}}})
    assert verdict(CONTROL, revision, parameters=SETTINGS) is Verdict.PASS
    both = R(
        "cloudrunv2.Service", {"scaling": {"maxInstanceCount": 5}, "template": {"scaling": {"maxInstanceCount": 99}}}
    )
    assert verdict(CONTROL, both, parameters=SETTINGS) is Verdict.FAIL


def test_a_pool_may_say_it_for_each_zone() -> None:
    assert (
        verdict(CONTROL, R("container.NodePool", {"autoscaling": {"maxNodeCount": 11}}), parameters=SETTINGS)
        is Verdict.FAIL
    )
    assert (
        verdict(CONTROL, R("container.NodePool", {"autoscaling": {"maxNodeCount": 3}}), parameters=SETTINGS)
        is Verdict.PASS
    )


@pytest.mark.parametrize("type_", ["container.NodePool", "vertex.AiFeatureOnlineStore", "vertex.AiPersistentResource"])
def test_what_does_not_grow_is_not_judged(type_: str) -> None:
    assert verdict(CONTROL, R(type_, {"nodeCount": 3}), parameters=SETTINGS) is Verdict.NOT_APPLICABLE
