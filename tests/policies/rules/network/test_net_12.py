"""NET-12: Dataflow workers have private addresses, in a network of your own."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_12 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, urn, verdict

FLEX = "dataflow.FlexTemplateJob"
WORKERS = {"ipConfiguration": "WORKER_IP_PRIVATE", "subnetwork": "regions/europe-west4/subnetworks/core"}
GOOD = {**WORKERS, "parameters": {"input": "gs://acme/in"}}
LAUNCH = {"environment": WORKERS, "parameters": {"input": "gs://acme/in"}}


def pipeline(flexible: object = ..., classic: object = ...) -> R:
    workload = {}
    if flexible is not ...:
        workload["dataflowFlexTemplateRequest"] = {"launchParameter": flexible}
    if classic is not ...:
        workload["dataflowLaunchTemplateRequest"] = {"launchParameters": classic}
    return R("dataflow.Pipeline", {"workload": workload})


test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        R("dataflow.Job", GOOD),
        R(FLEX, {**GOOD, "additionalPipelineOptions": ["numberOfWorkerHarnessThreads=20"]}),
        pipeline(LAUNCH, LAUNCH),
    ],
)


@pytest.mark.parametrize("type_", ["dataflow.Job", FLEX])
@pytest.mark.parametrize(
    ("inputs", "paths"),
    [
        ({}, ["ipConfiguration", "subnetwork"]),
        ({**WORKERS, "ipConfiguration": "WORKER_IP_PUBLIC"}, ["ipConfiguration"]),
        ({**WORKERS, "ipConfiguration": "WORKER_IP_UNSPECIFIED"}, ["ipConfiguration"]),
        ({**WORKERS, "ipConfiguration": "worker_ip_private"}, ["ipConfiguration"]),
        ({"ipConfiguration": "WORKER_IP_PRIVATE", "network": "core"}, ["subnetwork"]),
        ({**WORKERS, "subnetwork": "regions/europe-west4/subnetworks/default"}, ["subnetwork"]),
        ({**WORKERS, "parameters": {"usePublicIps": "true"}}, ["parameters.usePublicIps"]),
        ({**WORKERS, "parameters": {"subnetwork": "regions/r/subnetworks/default"}}, ["parameters.subnetwork"]),
        ({**WORKERS, "parameters": {"network": "default"}}, ["parameters.network"]),
        ({**WORKERS, "parameters": {"use_public_ips": True}}, ["parameters.use_public_ips"]),
        ({**WORKERS, "parameters": {"usePublicIps": ""}}, ["parameters.usePublicIps"]),
        ({**WORKERS, "parameters": {"ip_configuration": "WORKER_IP_PUBLIC"}}, ["parameters.ip_configuration"]),
    ],
)
def test_workers_with_public_addresses_fail(type_: str, inputs: dict[str, object], paths: list[str]) -> None:
    found = outcome(CONTROL, R(type_, inputs))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, paths)


@pytest.mark.parametrize(
    "parameters",
    [
        {"usePublicIps": "false"},
        {"usePublicIps": False},
        {"no_use_public_ips": "true"},
        {"ipConfiguration": "WORKER_IP_PRIVATE"},
        {"publicIps": "true"},
        {"input": UNKNOWN, "token": secret()},
        {"usePublicIps": None},
        {"subnetwork": "regions/r/subnetworks/core", "network": None},
    ],
)
def test_parameters_that_keep_workers_private_pass(parameters: dict[str, object]) -> None:
    assert verdict(CONTROL, R("dataflow.Job", {**WORKERS, "parameters": parameters})) is Verdict.PASS


@pytest.mark.parametrize("value", [UNKNOWN, secret(), ["false"], {"a": 1}])
def test_a_parameter_that_cannot_be_read_is_indeterminate(value: object) -> None:
    found = outcome(CONTROL, R("dataflow.Job", {**WORKERS, "parameters": {"usePublicIps": value}}))
    assert found.verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("usePublicIps=true", Verdict.FAIL),
        ("--usePublicIps", Verdict.FAIL),
        ("--use-public-ips = TRUE", Verdict.FAIL),
        ("usePublicIps=false", Verdict.PASS),
        ("usePublicIps=FALSE", Verdict.PASS),
        ("no_use_public_ips", Verdict.PASS),
        ("subnetwork=regions/r/subnetworks/default", Verdict.FAIL),
        ("--subnetwork=https://compute.test/regions/r/subnetworks/default", Verdict.FAIL),
        ("--network=default", Verdict.FAIL),
        ("subnetwork=regions/r/subnetworks/core", Verdict.PASS),
        ("subnetwork=", Verdict.INDETERMINATE),
        ("--subnetwork", Verdict.INDETERMINATE),
        (f"subnetwork={UNKNOWN}", Verdict.INDETERMINATE),
        (f"tempLocation=gs://{UNKNOWN}/temp", Verdict.PASS),
        (f"usePublicIps={UNKNOWN}", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
        (secret(), Verdict.INDETERMINATE),
        (7, Verdict.INDETERMINATE),
    ],
)
def test_options_count_as_parameters_do(option: object, expected: Verdict) -> None:
    found = outcome(CONTROL, R(FLEX, {**WORKERS, "additionalPipelineOptions": ["autoscaling=NONE", option]}))
    assert found.verdict is expected
    assert {each.path for each in found.reasons} <= {"additionalPipelineOptions[1]"}


def test_a_pipeline_is_judged_by_each_request_that_it_makes() -> None:
    public = {"environment": {**WORKERS, "ipConfiguration": "WORKER_IP_PUBLIC"}}
    assert verdict(CONTROL, pipeline(LAUNCH)) is Verdict.PASS
    assert verdict(CONTROL, pipeline(classic=LAUNCH)) is Verdict.PASS
    assert verdict(CONTROL, pipeline(public)) is Verdict.FAIL
    assert verdict(CONTROL, pipeline(LAUNCH, public)) is Verdict.FAIL
    assert verdict(CONTROL, pipeline({"jobName": "x"})) is Verdict.FAIL
    assert verdict(CONTROL, pipeline({**LAUNCH, "parameters": {"usePublicIps": "true"}})) is Verdict.FAIL
    assert verdict(CONTROL, pipeline(classic={**LAUNCH, "parameters": {"usePublicIps": "true"}})) is Verdict.FAIL
    assert verdict(CONTROL, pipeline([LAUNCH, {**LAUNCH, "parameters": {"usePublicIps": "true"}}])) is Verdict.FAIL
    assert verdict(CONTROL, R("dataflow.Pipeline", {})) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R("dataflow.Pipeline", {"workload": UNKNOWN})) is Verdict.INDETERMINATE


def test_a_subnetwork_of_this_document_may_be_unknown_yet() -> None:
    job = R("dataflow.Job", {**WORKERS, "subnetwork": UNKNOWN}, origins={"subnetwork": urn("compute.Subnetwork", "s")})
    assert verdict(CONTROL, job, R("compute.Subnetwork", {}, "s")) is Verdict.PASS
