"""BYP-05: providers talk to Google's own cloud."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_05 import CONTROL
from tests.policies.rules.bypass.worlds import MANAGED, PROVIDER, answers, messages, paths, world
from tests.policies.rules.harness import R, secret, stated_verdicts

test_stated_verdicts = stated_verdicts(CONTROL, [R("Provider", {"project": "acme-ml"})])

PROJECT = R("organizations.Project", {"projectId": "acme-bills"}, "acme", record=MANAGED)
MAPPED = {"MINE": "GOOGLE_CREDENTIALS"}


def said(inputs: dict[str, Any], parameters: Parameters | None = None, **more: Any) -> Outcome:
    it = R("Provider", inputs, "it", **more)
    return answers(CONTROL, world(PROVIDER, PROJECT, it, parameters=parameters))["it"]


@pytest.mark.parametrize("key", ["vertexAiCustomEndpoint", "storageCustomEndpoint", "someNewServiceCustomEndpoint"])
@pytest.mark.parametrize("value", ["https://evil.test/", "https://storage.googleapis.com/storage/v1/"])
def test_every_custom_endpoint_fails(key: str, value: str) -> None:
    found = said({key: value})
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(key, "")]


@pytest.mark.parametrize("key", ["storageCustomEndpoint", "universeDomain", "billingProject"])
def test_the_settings_may_allow_one(key: str) -> None:
    allowed = Parameters(custom_endpoints=("https://proxy.acme.test/storage", "other"))
    assert said({key: "https://proxy.acme.test/storage/"}, allowed) is PASS
    assert said({key: "https://proxy.acme.test/storage"}, allowed) is PASS
    for value in ("https://proxy.acme.test/storag", "https://proxy.acme.test/storage/x", "proxy.acme.test/storage"):
        assert said({key: value}, allowed).verdict is Verdict.FAIL
    assert said({key: "https://proxy.acme.test/storage"}, Parameters(custom_endpoints=())).verdict is Verdict.FAIL
    assert said({key: "other"}, Parameters(custom_endpoints=("other/",))) is PASS


@pytest.mark.parametrize("key", ["storageCustomEndpoint", "universeDomain", "billingProject"])
@pytest.mark.parametrize("value", [secret(), UNKNOWN, f"https://{UNKNOWN}/", 7, ["x"]])
def test_what_cannot_be_read_is_indeterminate(key: str, value: object) -> None:
    found = said({key: value})
    assert found.verdict is Verdict.INDETERMINATE
    assert paths(found) == [key]


def test_google_is_the_universe() -> None:
    assert said({"universeDomain": "googleapis.com"}) is PASS
    assert said({"universeDomain": "googleapis.com.evil.test"}).verdict is Verdict.FAIL
    assert "another cloud" in messages(said({"universeDomain": "evil.test"}))


def test_other_inputs_are_left_alone() -> None:
    assert said({"preferRegionalEndpoints": "true", "customEndpointish": "x"}) is PASS


@pytest.mark.parametrize("project", ["acme-ml", "acme-bills", "own"])
def test_a_project_of_this_deployment_may_pay(project: str) -> None:
    assert said({"project": "own", "billingProject": project}) is PASS


def test_another_project_may_not_pay() -> None:
    found = said({"project": "own", "billingProject": "somebody"})
    assert found.verdict is Verdict.FAIL
    assert paths(found) == ["billingProject"]
    assert said({"billingProject": UNKNOWN}, origins={"billingProject": PROJECT.urn}) is PASS
    assert said({"billingProject": UNKNOWN}, origins={"billingProject": PROVIDER.urn}).verdict is Verdict.INDETERMINATE


def test_a_project_that_cannot_be_read_is_nobodys() -> None:
    for value in (secret(), 7, ""):
        found = answers(CONTROL, world(R("Provider", {"project": value, "billingProject": "somebody"}, "it")))["it"]
        assert found.verdict is Verdict.FAIL


def test_mapped_variables_fail_until_the_settings_allow_them() -> None:
    found = said({"__internal": {"envVarMappings": MAPPED}})
    assert found.verdict is Verdict.FAIL
    assert paths(found) == ["__internal.envVarMappings[0]"]
    allowed = Parameters(provider_variables=("GOOGLE_CREDENTIALS",))
    assert said({"__internal": {"envVarMappings": MAPPED}}, allowed) is PASS
    more = {**MAPPED, "GOOGLE_CREDENTIALS": "GOOGLE_PROXY"}
    assert paths(said({"__internal": {"envVarMappings": more}}, allowed)) == ["__internal.envVarMappings[1]"]
    assert said({"__internal": {"envVarMappings": {}}}) is PASS
    assert said({"__internal": {}}) is PASS


@pytest.mark.parametrize("value", [secret(), UNKNOWN, ["A"], "A=B", {"A": secret()}, {"A": 7}, {"A": UNKNOWN}])
def test_variables_that_cannot_be_read_are_indeterminate(value: object) -> None:
    allowed = Parameters(provider_variables=("B",))
    assert said({"__internal": {"envVarMappings": value}}, allowed).verdict is Verdict.INDETERMINATE


def test_every_way_is_a_reason() -> None:
    inputs = {"aCustomEndpoint": "x", "universeDomain": "x", "billingProject": "x"}
    found = said({**inputs, "__internal": {"envVarMappings": MAPPED}})
    assert paths(found) == ["aCustomEndpoint", "universeDomain", "billingProject", "__internal.envVarMappings[0]"]


def test_a_missing_provider_is_said_once_of_the_stack() -> None:
    found = answers(CONTROL, world(R("storage.Bucket", {})))
    assert found.keys() == {""}
    assert found[""].verdict is Verdict.INDETERMINATE
    assert answers(CONTROL, world(PROVIDER, PROJECT)).keys() == {"google"}
