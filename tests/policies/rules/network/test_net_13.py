"""NET-13: Spark workloads have private addresses."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_13 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

MACHINES = {"gceClusterConfig": {"internalIpOnly": True}}
SERVERLESS = {"environmentConfig": {"executionConfig": {"subnetworkUri": "core"}}}
VIRTUAL = {"virtualClusterConfig": {"stagingBucket": "acme-staging"}}

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        R("dataproc.Cluster", {"clusterConfig": MACHINES}),
        R("dataproc.WorkflowTemplate", {"placement": {"managedCluster": {"config": MACHINES}}}),
        R("dataproc.Batch", SERVERLESS),
        R("dataproc.SessionTemplate", SERVERLESS),
    ],
)


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"clusterConfig": {}},
        {"clusterConfig": {"gceClusterConfig": {}}},
        {"clusterConfig": {"gceClusterConfig": {"internalIpOnly": False}}},
        {"virtualClusterConfig": {}},
        {"clusterConfig": {}, **VIRTUAL},
    ],
)
def test_a_cluster_with_external_addresses_fails(inputs: dict[str, object]) -> None:
    found = outcome(CONTROL, R("dataproc.Cluster", inputs))
    path = "clusterConfig.gceClusterConfig.internalIpOnly"
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [path])


def test_a_cluster_on_kubernetes_is_not_judged() -> None:
    assert verdict(CONTROL, R("dataproc.Cluster", VIRTUAL)) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("cluster", [{}, {"config": {}}, {"config": {"gceClusterConfig": {"internalIpOnly": False}}}])
def test_a_cluster_of_a_workflow_is_judged_too(cluster: dict[str, object]) -> None:
    found = outcome(CONTROL, R("dataproc.WorkflowTemplate", {"placement": {"managedCluster": cluster}}))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [
        "placement.managedCluster.config.gceClusterConfig.internalIpOnly",
    ]


def test_a_workflow_that_selects_a_cluster_is_not_judged() -> None:
    selector = {"placement": {"clusterSelector": {"clusterLabels": {"env": "dev"}}}}
    assert verdict(CONTROL, R("dataproc.WorkflowTemplate", selector)) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R("dataproc.WorkflowTemplate", {"placement": UNKNOWN})) is Verdict.INDETERMINATE


@pytest.mark.parametrize("type_", ["dataproc.Batch", "dataproc.SessionTemplate"])
@pytest.mark.parametrize(
    "config", [{}, {"networkUri": "core"}, {"subnetworkUri": "regions/europe-west4/subnetworks/default"}]
)
def test_a_workload_without_a_subnetwork_of_its_own_fails(type_: str, config: dict[str, object]) -> None:
    found = outcome(CONTROL, R(type_, {"environmentConfig": {"executionConfig": config}}))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["environmentConfig.executionConfig.subnetworkUri"]
