"""SRV-07: agents take secrets from Secret Manager."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.serving.srv_07 import CONTROL
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, verdict

ENVS, SECRETS = "spec.deploymentSpec.envs", "spec.deploymentSpec.secretEnvs"
INPUTS: dict[str, Any] = {
    "displayName": "helper",
    "spec": {
        "deploymentSpec": {
            "envs": [{"name": "REGION", "value": "europe-west4"}],
            "secretEnvs": [{"name": "TOKEN", "secretRef": {"secret": "token", "version": "7"}}],
        },
        "sourceCodeSpec": {"imageSpec": {"buildArgs": {"MODE": "fast"}}},
    },
}
GOOD = R("vertex.AiReasoningEngine", INPUTS)
VERSION = R("secretmanager.SecretVersion", {"secret": "token"}, "seven")

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


def agent(path: str, value: object, **origins: str) -> R:
    return R(GOOD.type, put(INPUTS, path, value), origins=origins)


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ({"name": "API_KEY", "value": "abc"}, Verdict.FAIL),
        ({"name": "DB_PASSWORD", "value": "hunter2hunter2"}, Verdict.FAIL),
        ({"name": "HOME", "value": "ghp_0123456789abcdefghijklmnopqrstuvwxyz"}, Verdict.FAIL),
        ({"name": "PLAIN", "value": secret()}, Verdict.FAIL),
        ({"name": "LEVEL", "value": "debug"}, Verdict.PASS),
        ({"name": "LEVEL"}, Verdict.PASS),
        ({"name": "LEVEL", "value": UNKNOWN}, Verdict.INDETERMINATE),
        ("LEVEL=debug", Verdict.INDETERMINATE),
    ],
    ids=str,
)
def test_a_variable_is_no_place_for_a_secret(variable: object, expected: Verdict) -> None:
    found = outcome(CONTROL, agent(ENVS, [{"name": "REGION", "value": "eu"}, variable]))
    assert found.verdict is expected
    assert all(each.path.startswith(f"{ENVS}[1]") for each in found.reasons)


@pytest.mark.parametrize("version", ["latest", "stable", "0", "07", "7 ", "", None], ids=str)
def test_a_version_that_is_no_number_fails_at_its_place(version: object) -> None:
    found = outcome(CONTROL, agent(SECRETS, [{"secretRef": {"version": "1"}}, {"secretRef": {"version": version}}]))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(f"{SECRETS}[1].secretRef.version", "")]


@pytest.mark.parametrize(
    "variable", [{"name": "TOKEN"}, {"secretRef": {}}, {"secretRef": {"secret": "token"}}], ids=str
)
def test_without_a_version_it_is_the_latest(variable: object) -> None:
    assert verdict(CONTROL, agent(SECRETS, [variable])) is Verdict.FAIL


def test_a_version_that_is_made_here_is_pinned() -> None:
    path = f"{SECRETS}[0].secretRef.version"
    later = put(INPUTS, f"{SECRETS}.secretRef.version", UNKNOWN)
    assert verdict(CONTROL, R(GOOD.type, later, origins={path: VERSION.urn}), VERSION) is Verdict.PASS
    assert verdict(CONTROL, R(GOOD.type, later), VERSION) is Verdict.INDETERMINATE


@pytest.mark.parametrize("value", [..., {}, {"envs": []}, {"secretEnvs": []}], ids=str)
def test_an_agent_without_variables_has_nothing_to_judge(value: object) -> None:
    bare = put(put(INPUTS, "spec.deploymentSpec", value), "spec.sourceCodeSpec", ...)
    assert verdict(CONTROL, R(GOOD.type, bare)) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("value", ["token", [["token"]], 7, secret(), UNKNOWN], ids=str)
def test_secrets_that_are_no_list_of_references_never_pass(value: object) -> None:
    assert verdict(CONTROL, agent(SECRETS, value)) is Verdict.INDETERMINATE


def test_what_an_image_is_built_with_holds_no_secret() -> None:
    found = outcome(CONTROL, agent("spec.sourceCodeSpec.imageSpec.buildArgs", {"PIP_TOKEN": "hunter2"}))
    assert (found.verdict, found.reasons[0].path) == (
        Verdict.FAIL,
        "spec.sourceCodeSpec.imageSpec.buildArgs.PIP_TOKEN",
    )
