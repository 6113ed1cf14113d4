"""BYP-06: provider plugins are pinned, known, and from where they should come."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_06 import CONTROL
from tests.policies.rules.bypass.worlds import MANAGED, PROVIDER, answers, messages, paths, world
from tests.policies.rules.harness import R, secret, stated_verdicts

PARAMETERS = Parameters(provider_versions=">=10.0,<11", plugin_sources=("https://plugins.acme.test",))
OTHER = "pulumi:providers:random"

GOOD = R("pulumi:providers:*", {"version": "10.2.0"})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD], parameters=PARAMETERS)


def said(inputs: dict[str, Any], parameters: Parameters = PARAMETERS, type_: str = "Provider", **more: Any) -> Outcome:
    return answers(CONTROL, world(R(type_, inputs, "it"), parameters=parameters, **more))["it"]


def test_a_known_version_passes() -> None:
    assert said({"version": "10.2.0"}) is PASS


@pytest.mark.parametrize("version", ["11.0.0", "9.35.0"])
def test_a_version_that_the_rules_do_not_know_fails(version: str) -> None:
    found = said({"version": version})
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("version", version)]


@pytest.mark.parametrize("version", ["11.0.0-alpha.1", "10.2.0-alpha.1", "10.2.0+dirty", "latest", "10"])
@pytest.mark.parametrize("type_", ["Provider", OTHER])
def test_what_is_no_release_fails(version: str, type_: str) -> None:
    found = said({"version": version}, type_=type_)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("version", "")]


@pytest.mark.parametrize("type_", ["Provider", OTHER])
def test_without_a_version_it_fails(type_: str) -> None:
    assert said({}, type_=type_).verdict is Verdict.FAIL
    assert said({"version": ""}, type_=type_).verdict is Verdict.FAIL
    for value in (secret(), UNKNOWN, 10):
        assert said({"version": value}, type_=type_).verdict is Verdict.INDETERMINATE


def test_the_range_is_for_google_alone() -> None:
    assert said({"version": "4.19.0"}, type_=OTHER) is PASS
    assert said({}, type_="pulumi:providers:pulumi") is PASS


def test_without_a_range_it_is_indeterminate() -> None:
    found = said({"version": "10.2.0"}, Parameters())
    assert found.verdict is Verdict.INDETERMINATE
    assert "settings do not say" in messages(found)
    assert said({"version": "10.2.0"}, Parameters(provider_versions="ten")).verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize("where", ["__internal", ""])
@pytest.mark.parametrize("type_", ["Provider", OTHER])
def test_a_plugin_from_elsewhere_fails(where: str, type_: str) -> None:
    def inputs(address: object) -> dict[str, Any]:
        place = {"pluginDownloadURL": address}
        return {"version": "10.2.0", **({where: place} if where else place)}

    path = f"{where}.pluginDownloadURL".lstrip(".")
    found = said(inputs("https://plugins.acme.test.evil.test"), type_=type_)
    assert (found.verdict, paths(found)) == (Verdict.FAIL, [path])
    assert said(inputs("https://plugins.acme.test/"), type_=type_) is PASS
    assert said(inputs("https://plugins.acme.test"), type_=type_) is PASS
    nobody = Parameters(provider_versions=">=10")
    assert said(inputs("https://plugins.acme.test"), nobody, type_).verdict is Verdict.FAIL
    for value in (secret(), UNKNOWN, 7):
        assert said(inputs(value), type_=type_).verdict is Verdict.INDETERMINATE
    assert said(inputs(""), type_=type_) is PASS


def requested(resource: R, address: object) -> dict[str, Outcome]:
    member = {"requests": {resource.urn: {"pluginDownloadURL": address}, "urn:pulumi:gone": {"pluginDownloadURL": "x"}}}
    return answers(CONTROL, world(PROVIDER, resource, parameters=PARAMETERS, member=member))


def test_the_place_that_a_resource_names_counts_too() -> None:
    bucket = R("storage.Bucket", {}, "bucket", record=MANAGED)
    assert requested(bucket, "https://evil.test")["bucket"].verdict is Verdict.FAIL
    assert requested(bucket, "https://plugins.acme.test")["bucket"] is PASS
    provider = R("Provider", {"version": "10.2.0"}, "second")
    assert requested(provider, "https://evil.test")["second"].verdict is Verdict.FAIL
    assert requested(provider, "https://plugins.acme.test")["second"] is PASS


def test_a_missing_provider_is_said_once_of_the_stack() -> None:
    found = answers(CONTROL, world(R("storage.Bucket", {})))
    assert found.keys() == {""}
    assert found[""].verdict is Verdict.INDETERMINATE
    assert answers(CONTROL, world(PROVIDER, R("storage.Bucket", {}, record=MANAGED))).keys() == {"google"}
