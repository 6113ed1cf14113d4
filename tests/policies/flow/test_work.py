"""What data is held in, and what runs as which account."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.flow import SERVING, Kind, Role
from tests.policies.flow.world import TRAINER, account, dataset, flow, table
from tests.policies.rules.harness import R, put, urn


@pytest.mark.parametrize(
    ("type_", "role"),
    [
        ("storage.Bucket", Role.STORE),
        ("bigquery.Dataset", Role.STORE),
        ("bigquery.Table", Role.STORE),
        ("vertex.AiFeatureGroup", Role.FEATURES),
        ("vertex.AiFeatureOnlineStore", Role.FEATURES),
        ("vertex.AiFeatureOnlineStoreFeatureview", Role.FEATURES),
        ("dataloss.PreventionJobTrigger", Role.SCAN),
        ("vertex.AiIndex", Role.INDEX),
        ("vertex.AiIndexEndpoint", Role.INDEX),
        ("vertex.AiEndpoint", Role.ENDPOINT),
        ("vertex.AiEndpointWithModelGardenDeployment", Role.ENDPOINT),
        ("vertex.AiRagCorpus", Role.SEARCH),
        ("discoveryengine.DataStore", Role.SEARCH),
        ("vertex.AiReasoningEngine", Role.AGENT),
        ("vertex.AiPersistentResource", Role.TRAINING),
        ("tpu.V2QueuedResource", Role.TRAINING),
        ("tpu.V2Vm", Role.TRAINING),
        ("colab.Schedule", Role.TRAINING),
        ("workbench.Instance", Role.WORK),
        ("container.NodePool", Role.WORK),
        ("dataproc.Cluster", Role.WORK),
        ("groundplan:training:TrainingPool", Role.TRAINING),
        ("groundplan:pipelines:PipelineEnvironment", Role.TRAINING),
    ],
)
def test_each_type_has_its_role(type_: str, role: Role) -> None:
    assert {key: node.role for key, node in flow(R(type_)).nodes.items()} == {urn(type_, "it"): role}


def test_other_types_are_no_nodes() -> None:
    assert not flow(R("kms.CryptoKey"), R("groundplan:data:Warehouse", record={"custom": False})).nodes


@pytest.mark.parametrize(
    ("type_", "path"),
    [
        ("dataproc.Cluster", "clusterConfig.gceClusterConfig.serviceAccount"),
        ("vertex.AiReasoningEngine", "spec.serviceAccount"),
        ("colab.Schedule", "createPipelineJobRequest.pipelineJob.serviceAccount"),
        ("colab.Schedule", "createNotebookExecutionJobRequest.notebookExecutionJob.serviceAccount"),
        ("workbench.Instance", "gceSetup.serviceAccounts.email"),
        ("container.NodePool", "nodeConfig.serviceAccount"),
    ],
)
@pytest.mark.parametrize("written", [TRAINER, f"projects/-/serviceAccounts/{TRAINER}"])
def test_what_runs_says_as_which_account(type_: str, path: str, written: str) -> None:
    inputs: dict[str, Any] = put({}, path, written)
    found = flow(account("trainer"), R(type_, inputs, "job"))
    assert [(each.source, each.kind, each.target, each.through, each.sure, each.masked) for each in found.edges] == [
        (urn("serviceaccount.Account", "trainer"), Kind.RUNS_AS, urn(type_, "job"), urn(type_, "job"), True, False)
    ]
    assert found.nodes[urn("serviceaccount.Account", "trainer")].role is Role.IDENTITY


def test_an_account_that_is_made_in_the_same_run_is_told_by_its_source() -> None:
    setup = {"gceSetup": {"serviceAccounts": [{"email": UNKNOWN}]}}
    trainer = account("trainer")
    origins = {"gceSetup.serviceAccounts[0].email": trainer.urn}
    found = flow(trainer, account("other"), R("workbench.Instance", setup, origins=origins)).edges
    assert [(each.source, each.kind, each.sure) for each in found] == [(trainer.urn, Kind.RUNS_AS, True)]
    assert not flow(trainer, R("workbench.Instance", setup)).edges


@pytest.mark.parametrize("email", ["", 7, None])
def test_what_names_no_account_runs_as_none(email: object) -> None:
    found = flow(account("trainer"), R("workbench.Instance", {"gceSetup": {"serviceAccounts": [{"email": email}]}}))
    assert not found.edges
    assert len(found.nodes) == 1


def test_what_names_an_account_twice_runs_as_it_once() -> None:
    accounts = {"gceSetup": {"serviceAccounts": [{"email": TRAINER}, {"email": TRAINER}]}}
    assert len(flow(account("trainer"), R("workbench.Instance", accounts)).edges) == 1


def test_nodes_are_found_by_their_roles() -> None:
    made = flow(dataset("raw"), table("people", "raw"), R("vertex.AiEndpoint"), R("colab.Schedule"))
    assert [each.key for each in made.of(Role.ENDPOINT, Role.TRAINING)] == [
        urn("vertex.AiEndpoint", "it"),
        urn("colab.Schedule", "it"),
    ]


def test_roles_have_the_words_that_reports_show() -> None:
    words = "store features identity work training scan index endpoint agent search"
    assert [each.value for each in Role] == words.split()


def test_what_serves_is_where_data_reaches_whoever_asks() -> None:
    serving = ("vertex.AiIndex", "vertex.AiEndpoint", "vertex.AiReasoningEngine", "vertex.AiRagCorpus")
    made = flow(*map(R, serving), R("colab.Schedule"), table("people", "raw"), R("vertex.AiFeatureOnlineStore"))
    assert {each.key for each in made.of(*SERVING)} == {urn(each, "it") for each in serving}
