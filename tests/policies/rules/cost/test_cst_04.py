from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.cost.cst_04 import CONTROL
from tests.policies.rules.harness import PROJECT, R, put, stated_verdicts, verdict

SETTINGS = Parameters(replica_cap=10)
WHERE = {
    "vertex.AiDeploymentResourcePool": "dedicatedResources.maxReplicaCount",
    "dataflow.Job": "maxWorkers",
    "dataflow.FlexTemplateJob": "maxWorkers",
    "dataflow.Pipeline": "workload.dataflowFlexTemplateRequest.launchParameter.environment.maxWorkers",
    "cloudrunv2.Service": "scaling.maxInstanceCount",
    "cloudfunctions.Function": "maxInstances",
    "cloudfunctionsv2.Function": "serviceConfig.maxInstanceCount",
    "vertex.AiReasoningEngine": "spec.deploymentSpec.maxInstances",
    "vertex.AiEndpointWithModelGardenDeployment": "deployConfig.dedicatedResources.maxReplicaCount",
    "compute.Autoscaler": "autoscalingPolicy.maxReplicas",
    "compute.RegionAutoscaler": "autoscalingPolicy.maxReplicas",
    "dataproc.AutoscalingPolicy": "workerConfig.maxInstances",
    "container.NodePool": "autoscaling.totalMaxNodeCount",
    "vertex.AiFeatureOnlineStore": "bigtable.autoScaling.maxNodeCount",
    "vertex.AiFeatureStore": "onlineServingConfig.scaling.maxNodeCount",
    "composer.Environment": "config.workloadsConfig.worker.maxCount",
    "sql.DatabaseInstance": "settings.readPoolAutoScaleConfig.maxNodeCount",
}
BASE: dict[str, dict[str, Any]] = {
    "container.NodePool": {"autoscaling": {"locationPolicy": "ANY"}},
    "vertex.AiFeatureOnlineStore": {"bigtable": {"autoScaling": {"minNodeCount": 1}}},
    "vertex.AiFeatureStore": {"onlineServingConfig": {"scaling": {"minNodeCount": 1}}},
    "composer.Environment": {"config": {"workloadsConfig": {"worker": {"minCount": 1}}}},
    "sql.DatabaseInstance": {"settings": {"readPoolAutoScaleConfig": {"enabled": True}}},
}


def it(type_: str, value: Any) -> R:
    return R(type_, put(BASE.get(type_, {}), WHERE[type_], value))


PERSISTENT = R(
    "vertex.AiPersistentResource",
    {"resourcePools": [{"autoscalingSpec": {"maxReplicaCount": 5, "minReplicaCount": 1}}]},
)
POOL = R("container.NodePool", {"autoscaling": {"totalMaxNodeCount": 5, "maxNodeCount": 3}})
BOTH = R(
    "cloudrunv2.Service",
    {"scaling": {"maxInstanceCount": 5, "manualInstanceCount": 2}, "template": {"scaling": {"maxInstanceCount": 5}}},
)
BIGTABLE = R("bigtable.Instance", {"clusters": [{"autoscalingConfig": {"maxNodes": 5, "minNodes": 1}}]})
SCALE = "autoscaling.knative.dev/maxScale"
FIRST = R("cloudrun.Service", {"template": {"metadata": {"annotations": {SCALE: "5"}}}})
WORKERS = R("cloudrunv2.WorkerPool", {"scaling": {"manualInstanceCount": 2, "maxInstanceCount": 5}})
INDEX = R(
    "vertex.AiIndexEndpointDeployedIndex",
    {
        "dedicatedResources": {"minReplicaCount": 1, "maxReplicaCount": 2},
        "automaticResources": {"minReplicaCount": 1, "maxReplicaCount": 2},
    },
)
HADOOP = R(
    "dataproc.AutoscalingPolicy", {"workerConfig": {"maxInstances": 5}, "secondaryWorkerConfig": {"maxInstances": 5}}
)
REQUEST = "workload.dataflowFlexTemplateRequest.launchParameter.environment.maxWorkers"
CLASSIC = "workload.dataflowLaunchTemplateRequest.launchParameters.environment.maxWorkers"
CLUSTER = R("container.Cluster", {"nodePools": [POOL.inputs]})
test_stated = stated_verdicts(
    CONTROL,
    [
        *(it(type_, 5) for type_ in WHERE if type_ not in {BOTH.type, POOL.type, HADOOP.type, "dataflow.Pipeline"}),
        *(PERSISTENT, BOTH, POOL, BIGTABLE, FIRST, WORKERS, INDEX, HADOOP, CLUSTER),
        R("dataflow.Pipeline", put(put({}, REQUEST, 5), CLASSIC, 5)),
    ],
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


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"location": "europe-west4-a"}, Verdict.PASS),
        ({"location": "europe-west4"}, Verdict.FAIL),
        ({}, Verdict.INDETERMINATE),
        ({"nodeLocations": ["europe-west4-a", "europe-west4-b"]}, Verdict.PASS),
        ({"nodeLocations": ["europe-west4-a", "europe-west4-b", "europe-west4-c"]}, Verdict.FAIL),
        ({"nodeLocations": UNKNOWN}, Verdict.INDETERMINATE),
    ],
)
def test_what_is_for_each_zone_counts_in_all_of_them(more: dict[str, Any], expected: Verdict) -> None:
    pool = {"autoscaling": {"maxNodeCount": 4}, **more}
    assert verdict(CONTROL, R("container.NodePool", pool), parameters=replace(SETTINGS, replica_cap=8)) is expected


@pytest.mark.parametrize(
    ("place", "zones", "expected"),
    [
        ("europe-west4", None, Verdict.FAIL),
        ("europe-west4-a", None, Verdict.PASS),
        ("europe-west4", ["a", "b"], Verdict.PASS),
        ("europe-west4-a", ["europe-west4-b"], Verdict.PASS),
        ("europe-west4-a", ["europe-west4-b", "europe-west4-c"], Verdict.FAIL),
        ("europe-west4", UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_a_pool_stands_where_its_cluster_does(place: str, zones: Any, expected: Verdict) -> None:
    inputs = {"name": "kube", "location": place, "project": PROJECT, "removeDefaultNodePool": True}
    cluster = R("container.Cluster", {**inputs, **({"nodeLocations": zones} if zones else {})}, "kube")
    pool = R(
        "container.NodePool", {"cluster": UNKNOWN, "autoscaling": {"maxNodeCount": 4}}, origins={"cluster": cluster.urn}
    )
    assert verdict(CONTROL, pool, cluster, parameters=replace(SETTINGS, replica_cap=8)) is expected


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"nodePools": [POOL.inputs, {"autoscaling": {"totalMaxNodeCount": 11}}]}, Verdict.FAIL),
        ({"nodePools": [{"nodeCount": 3}]}, Verdict.NOT_APPLICABLE),
        ({"nodePools": [{"autoscaling": {"maxNodeCount": 4}}], "location": "europe-west4"}, Verdict.FAIL),
        ({}, Verdict.NOT_APPLICABLE),
    ],
)
def test_pools_that_a_cluster_lists_are_judged(inputs: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R("container.Cluster", inputs), parameters=SETTINGS) is expected


@pytest.mark.parametrize(
    ("type_", "scaling", "expected"),
    [
        (BOTH.type, {"scalingMode": "MANUAL", "manualInstanceCount": 3}, Verdict.PASS),
        (BOTH.type, {"scalingMode": "MANUAL", "manualInstanceCount": 11}, Verdict.FAIL),
        (BOTH.type, {"scalingMode": "AUTOMATIC"}, Verdict.FAIL),
        (BOTH.type, {"scalingMode": UNKNOWN}, Verdict.FAIL),
        (WORKERS.type, {}, Verdict.NOT_APPLICABLE),
        (WORKERS.type, {"manualInstanceCount": 0}, Verdict.NOT_APPLICABLE),
        (WORKERS.type, {"manualInstanceCount": 11}, Verdict.FAIL),
        (WORKERS.type, {"scalingMode": "AUTOMATIC"}, Verdict.FAIL),
        (WORKERS.type, {"scalingMode": "AUTOMATIC", "maxInstanceCount": 10}, Verdict.PASS),
    ],
)
def test_cloud_run_may_be_kept_at_a_number(type_: str, scaling: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R(type_, {"scaling": scaling}), parameters=SETTINGS) is expected


def test_its_first_form_says_it_in_annotations() -> None:
    on_service = R("cloudrun.Service", {"metadata": {"annotations": {"run.googleapis.com/maxScale": "5"}}})
    assert verdict(CONTROL, on_service, parameters=SETTINGS) is Verdict.PASS
    assert verdict(CONTROL, R("cloudrun.Service", {}), parameters=SETTINGS) is Verdict.FAIL
    too_many = R("cloudrun.Service", put(FIRST.inputs, "template.metadata.annotations", {SCALE: "11"}))
    assert verdict(CONTROL, too_many, parameters=SETTINGS) is Verdict.FAIL


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, Verdict.NOT_APPLICABLE),
        ({"dedicatedResources": {"minReplicaCount": 2}}, Verdict.PASS),
        ({"dedicatedResources": {"minReplicaCount": 11}}, Verdict.FAIL),
        ({"automaticResources": {"minReplicaCount": 2, "maxReplicaCount": 11}}, Verdict.FAIL),
    ],
)
def test_an_index_without_a_maximum_keeps_its_minimum(inputs: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R(INDEX.type, inputs), parameters=SETTINGS) is expected


@pytest.mark.parametrize(
    ("further", "expected"), [(None, Verdict.PASS), (0, Verdict.PASS), (10, Verdict.PASS), (11, Verdict.FAIL)]
)
def test_workers_that_can_be_taken_away_count_too(further: Any, expected: Verdict) -> None:
    policy = {"workerConfig": {"maxInstances": 5}, "secondaryWorkerConfig": {"maxInstances": further}}
    assert verdict(CONTROL, R(HADOOP.type, policy), parameters=SETTINGS) is expected


def test_each_cluster_of_an_instance_and_each_form_of_a_pipeline_counts() -> None:
    clusters = [*BIGTABLE.inputs["clusters"], {"numNodes": 3}, {"autoscalingConfig": {"maxNodes": 11}}]
    assert verdict(CONTROL, R(BIGTABLE.type, {"clusters": clusters[:2]}), parameters=SETTINGS) is Verdict.PASS
    assert verdict(CONTROL, R(BIGTABLE.type, {"clusters": clusters}), parameters=SETTINGS) is Verdict.FAIL
    pipeline = R("dataflow.Pipeline", put({}, CLASSIC, 11))
    assert verdict(CONTROL, pipeline, parameters=SETTINGS) is Verdict.FAIL


def test_what_is_switched_off_does_not_grow() -> None:
    off = {"settings": {"readPoolAutoScaleConfig": {"enabled": False}}}
    assert verdict(CONTROL, R("sql.DatabaseInstance", off), parameters=SETTINGS) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("type_", ["container.NodePool", "vertex.AiFeatureOnlineStore", "vertex.AiPersistentResource"])
def test_what_does_not_grow_is_not_judged(type_: str) -> None:
    assert verdict(CONTROL, R(type_, {"nodeCount": 3}), parameters=SETTINGS) is Verdict.NOT_APPLICABLE
