"""ENC-06: data processing uses customer-managed keys."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.encryption.enc_06 import CONTROL
from groundplan_policies.rules.encryption.uses import PROCESSING
from tests.policies.rules.encryption.samples import FOREIGN, NAME, keyed
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, verdict

JOB = {"kmsKeyName": NAME, "parameters": {"input": "gs://acme/in"}}
FLEX = "dataflow.FlexTemplateJob"

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        *(each for each in keyed(PROCESSING) if not each.type.startswith("dataflow.")),
        R("dataflow.Job", JOB),
        R(
            "dataflow.Pipeline",
            {
                "workload": {
                    "dataflowFlexTemplateRequest": {"launchParameter": {"environment": {"kmsKeyName": NAME}}},
                    "dataflowLaunchTemplateRequest": {"launchParameters": {"environment": {"kmsKeyName": NAME}}},
                }
            },
        ),
        R(FLEX, {**JOB, "additionalPipelineOptions": ["numWorkers=3"]}),
    ],
)


@pytest.mark.parametrize(("type_", "path"), PROCESSING.items())
def test_every_type_is_held_to_its_key(type_: str, path: str) -> None:
    found = outcome(CONTROL, R(type_, put({}, path, FOREIGN)))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, path)


@pytest.mark.parametrize("request_", ["dataflowFlexTemplateRequest", "dataflowLaunchTemplateRequest"])
def test_a_pipeline_is_read_in_the_way_in_which_it_launches(request_: str) -> None:
    launch = "launchParameter" if "Flex" in request_ else "launchParameters"

    def pipeline(key: str) -> R:
        return R("dataflow.Pipeline", {"workload": {request_: {launch: {"environment": {"kmsKeyName": key}}}}})

    assert verdict(CONTROL, pipeline(NAME)) is Verdict.PASS
    found = outcome(CONTROL, pipeline(FOREIGN))
    path = f"workload.{request_}.{launch}.environment.kmsKeyName"
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [path])
    assert verdict(CONTROL, R("dataflow.Pipeline")) is Verdict.FAIL


def test_a_workflow_on_a_cluster_that_is_there_makes_none() -> None:
    selected: dict[str, Any] = {"placement": {"clusterSelector": {"clusterLabels": {"a": "b"}}}}
    assert verdict(CONTROL, R("dataproc.WorkflowTemplate", selected)) is Verdict.NOT_APPLICABLE
    both = {"placement": {**selected["placement"], "managedCluster": {}}}
    assert verdict(CONTROL, R("dataproc.WorkflowTemplate", both)) is Verdict.FAIL


def test_a_cluster_on_kubernetes_has_no_disks() -> None:
    virtual: dict[str, Any] = {"virtualClusterConfig": {"kubernetesClusterConfig": {}}}
    assert verdict(CONTROL, R("dataproc.Cluster", virtual)) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R("dataproc.Cluster", {**virtual, "clusterConfig": {}})) is Verdict.NOT_APPLICABLE
    assert (
        verdict(CONTROL, R("dataproc.Cluster", {**virtual, "clusterConfig": {"gceClusterConfig": {}}})) is Verdict.FAIL
    )
    others: list[Any] = [{}, None, "yes"]
    for other in others:
        assert verdict(CONTROL, R("dataproc.Cluster", {"virtualClusterConfig": other})) is Verdict.FAIL
    machines = {"encryptionConfig": {"kmsKeyName": NAME}}
    assert verdict(CONTROL, R("dataproc.Cluster", {**virtual, "clusterConfig": machines})) is Verdict.PASS
    assert verdict(CONTROL, R("dataproc.Batch", virtual)) is Verdict.FAIL


@pytest.mark.parametrize("name", ["dataflowKmsKey", "dataflow_kms_key", "kmsKeyName"])
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (FOREIGN, Verdict.FAIL),
        (NAME, Verdict.PASS),
        ("", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
        (f"{NAME}/cryptoKeyVersions/1", Verdict.FAIL),
    ],
)
def test_an_option_of_a_job_undoes_its_property(name: str, key: str, expected: Verdict) -> None:
    for type_ in ("dataflow.Job", FLEX):
        found = outcome(CONTROL, R(type_, {**JOB, "parameters": {name: key}}))
        assert found.verdict is expected
        assert {each.path for each in found.reasons} <= {f"parameters.{name}"}
    found = outcome(CONTROL, R(FLEX, {**JOB, "additionalPipelineOptions": ["x=y", f"--{name}={key}"]}))
    assert found.verdict is expected
    assert {each.path for each in found.reasons} <= {"additionalPipelineOptions[1]"}
    assert verdict(CONTROL, R("dataflow.Job", {**JOB, "parameters": {name: None}})) is Verdict.PASS


def test_an_option_may_name_a_key_of_this_document() -> None:
    key = R("kms.CryptoKey", {"name": "k"}, "k")
    job = R(
        "dataflow.Job",
        {**JOB, "parameters": {"dataflowKmsKey": UNKNOWN}},
        origins={"parameters.dataflowKmsKey": key.urn},
    )
    assert verdict(CONTROL, job, key) is Verdict.PASS
    options = ["x=y", f"dataflowKmsKey={UNKNOWN}"]
    flex = R(FLEX, {**JOB, "additionalPipelineOptions": options}, origins={"additionalPipelineOptions[1]": key.urn})
    assert verdict(CONTROL, flex, key) is Verdict.PASS
