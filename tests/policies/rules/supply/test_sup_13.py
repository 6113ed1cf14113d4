"""SUP-13: models of others come from an allow-list."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_13 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

ENABLED = "vertex.AiModelGardenEnableModel"
DEPLOYED = "vertex.AiEndpointWithModelGardenDeployment"
GEMMA = "publishers/google/models/gemma@v3"
LLAMA = "publishers/meta/models/llama@v4"
OTHER = "acme/tiny"
PARAMETERS = Parameters(
    allowed_models=(GEMMA, LLAMA, OTHER), accepted_licences=(f"{LLAMA}=legal@acme.test", f"{GEMMA}=")
)
GOOD = R(DEPLOYED, {"publisherModelName": GEMMA, "modelConfig": {"acceptEula": False}})

test_stated_verdicts = stated_verdicts(
    CONTROL, [R(ENABLED, {"publisherModelName": GEMMA}), GOOD], parameters=PARAMETERS
)


@pytest.mark.parametrize("type_", [ENABLED, DEPLOYED])
@pytest.mark.parametrize(
    "name",
    [
        "publishers/google/models/gemma",
        "publishers/google/models/gemma@",
        "publishers/google/models/gemma@latest",
        "publishers/google/models/gemma@Default",
        "publishers/google/models/gemma@v2",
        "publishers/google/models/gemma@v33",
        "@v3",
        GEMMA.upper(),
    ],
)
def test_another_model_or_version_fails(type_: str, name: str) -> None:
    found = outcome(CONTROL, R(type_, {"publisherModelName": name}), parameters=PARAMETERS)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, ["publisherModelName"])


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"huggingFaceModelId": OTHER}, Verdict.PASS),
        ({"huggingFaceModelId": "someone/tiny"}, Verdict.FAIL),
        ({"huggingFaceModelId": OTHER, "publisherModelName": "x@1"}, Verdict.FAIL),
        ({"huggingFaceModelId": "someone/tiny", "publisherModelName": GEMMA}, Verdict.FAIL),
        ({}, Verdict.FAIL),
    ],
    ids=str,
)
def test_each_model_that_is_named_is_judged(inputs: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R(DEPLOYED, inputs), parameters=PARAMETERS) is expected


def test_a_version_is_asked_even_of_a_listed_name() -> None:
    name = "publishers/google/models/gemma"
    found = outcome(CONTROL, R(ENABLED, {"publisherModelName": name}), parameters=Parameters(allowed_models=(name,)))
    assert found.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ({"publisherModelName": LLAMA}, Verdict.DECLARED),
        ({"publisherModelName": GEMMA}, Verdict.FAIL),
        ({"huggingFaceModelId": OTHER}, Verdict.FAIL),
        ({"publisherModelName": LLAMA, "huggingFaceModelId": OTHER}, Verdict.FAIL),
    ],
    ids=str,
)
def test_a_licence_is_accepted_by_somebody(model: dict[str, str], expected: Verdict) -> None:
    found = outcome(CONTROL, R(DEPLOYED, {**model, "modelConfig": {"acceptEula": True}}), parameters=PARAMETERS)
    assert (found.verdict, [each.path for each in found.reasons]) == (expected, ["modelConfig.acceptEula"])


def test_what_the_settings_do_not_say_is_unclear() -> None:
    accepts = R(DEPLOYED, {"publisherModelName": GEMMA, "modelConfig": {"acceptEula": True}})
    assert verdict(CONTROL, GOOD, parameters=Parameters()) is Verdict.INDETERMINATE
    assert verdict(CONTROL, accepts, parameters=Parameters(allowed_models=(GEMMA,))) is Verdict.INDETERMINATE


@pytest.mark.parametrize("version", ["latest", "default", " Latest"])
def test_a_version_that_moves_is_none_even_if_it_is_listed(version: str) -> None:
    name = f"publishers/google/models/gemma@{version}"
    allowed = Parameters(allowed_models=(name,))
    assert verdict(CONTROL, R(ENABLED, {"publisherModelName": name}), parameters=allowed) is Verdict.FAIL
