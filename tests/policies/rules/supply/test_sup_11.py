"""SUP-11: runtimes enforce Binary Authorization."""

from typing import Any

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_11 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

RUNS = ("cloudrunv2.Service", "cloudrunv2.Job", "cloudrunv2.WorkerPool")
ENFORCED = "PROJECT_SINGLETON_POLICY_ENFORCE"
NAME = "run.googleapis.com/binary-authorization"
FIRST = R("cloudrun.Service", {"metadata": {"annotations": {NAME: "default"}}})

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        R("container.Cluster", {"binaryAuthorization": {"evaluationMode": ENFORCED}}),
        *(R(each, {"binaryAuthorization": {"useDefault": True}}) for each in RUNS),
        FIRST,
        R("cloudfunctionsv2.Function", {"serviceConfig": {"binaryAuthorizationPolicy": "default"}}),
    ],
)


@pytest.mark.parametrize("block", [{"evaluationMode": "DISABLED"}, {"enabled": True}, {}], ids=str)
def test_a_cluster_that_does_not_ask_fails(block: dict[str, Any]) -> None:
    found = outcome(CONTROL, R("container.Cluster", {"binaryAuthorization": block}))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "binaryAuthorization.evaluationMode")


@pytest.mark.parametrize("type_", RUNS)
@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"policy": "projects/acme/platforms/cloudRun/strict"}, Verdict.PASS),
        ({"useDefault": False, "policy": "projects/acme/platforms/cloudRun/strict"}, Verdict.PASS),
        ({"useDefault": False}, Verdict.FAIL),
        ({"policy": ""}, Verdict.FAIL),
        ({"useDefault": True, "breakglassJustification": "it was late"}, Verdict.FAIL),
        ({"policy": "projects/acme/platforms/cloudRun/strict", "breakglassJustification": "x"}, Verdict.FAIL),
    ],
    ids=str,
)
def test_a_service_names_a_policy_and_no_excuse(type_: str, block: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R(type_, {"binaryAuthorization": block})) is expected


@pytest.mark.parametrize("type_", RUNS)
def test_an_excuse_is_not_shown(type_: str) -> None:
    block = {"useDefault": True, "breakglassJustification": "it was late"}
    found = outcome(CONTROL, R(type_, {"binaryAuthorization": block}))
    assert [(each.path, each.shown) for each in found.reasons] == [("binaryAuthorization.breakglassJustification", "")]


def test_the_first_form_of_cloud_run_says_it_in_annotations() -> None:
    excused = {"metadata": {"annotations": {NAME: "default", f"{NAME}-breakglass": "it was late"}}}
    assert verdict(CONTROL, FIRST) is Verdict.PASS
    assert verdict(CONTROL, R("cloudrun.Service", excused)) is Verdict.FAIL
    assert verdict(CONTROL, R("cloudrun.Service", {})) is Verdict.FAIL


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("default", Verdict.PASS),
        ("projects/acme/platforms/cloudRun/policies/strict", Verdict.PASS),
        ("disabled", Verdict.FAIL),
        ("none", Verdict.FAIL),
        ("projects/acme", Verdict.FAIL),
    ],
)
def test_an_annotation_names_a_policy(value: str, expected: Verdict) -> None:
    assert verdict(CONTROL, R("cloudrun.Service", {"metadata": {"annotations": {NAME: value}}})) is expected


def test_a_function_of_the_second_generation_runs_there_too() -> None:
    assert verdict(CONTROL, R("cloudfunctionsv2.Function", {"serviceConfig": {}})) is Verdict.FAIL
