"""BYP-09: every resource is of a type that is known."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_09 import CONTROL
from tests.policies.rules.bypass.worlds import answers, component, paths, world
from tests.policies.rules.harness import R, secret, stated_verdicts

DYNAMIC = "pulumi-python:dynamic:Resource"
SHELL = "command:local:Command"
RANDOM = "random:index/randomId:RandomId"
ALLOWED = Parameters(allowed_packages=("command", "pulumi-python", "aws", "gcp"))

test_stated_verdicts = stated_verdicts(CONTROL, [R("Provider", {})])


def said(type_: str, inputs: dict[str, Any] | None = None, parameters: Parameters | None = None) -> Outcome:
    return answers(CONTROL, world(R(type_, inputs or {}), parameters=parameters))["it"]


@pytest.mark.parametrize("type_", ["storage.Bucket", "projects.IAMMember", "pulumi:pulumi:StackReference"])
def test_a_type_that_a_control_reads_or_that_was_reviewed_passes(type_: str) -> None:
    assert said(type_) is PASS


@pytest.mark.parametrize("type_", ["compute.Nonsense", "gcp:storage/bucket:Bucketed", "pulumi:index:Nonsense"])
def test_an_unreviewed_type_of_google_or_pulumi_is_indeterminate(type_: str) -> None:
    assert said(type_).verdict is Verdict.INDETERMINATE
    assert said(type_, parameters=ALLOWED).verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    "type_",
    [SHELL, DYNAMIC, "pulumi-nodejs:dynamic:Resource", "google-native:storage/v1:Bucket", "kubernetes:core/v1:Secret"],
)
def test_packages_that_make_anything_fail(type_: str) -> None:
    found = said(type_)
    assert found.verdict is Verdict.FAIL
    assert [each.shown for each in found.reasons] == [type_.partition(":")[0]]


@pytest.mark.parametrize("type_", ["aws:s3/bucket:Bucket", "acme:index:Member", "gcpx:storage/bucket:Bucket"])
def test_packages_that_nobody_allows_fail(type_: str) -> None:
    assert said(type_).verdict is Verdict.FAIL


@pytest.mark.parametrize("type_", [SHELL, DYNAMIC, "aws:s3/bucket:Bucket"])
def test_the_settings_may_allow_a_package(type_: str) -> None:
    assert said(type_, parameters=ALLOWED) is PASS
    package = type_.partition(":")[0]
    assert said(f"pulumi:providers:{package}", parameters=ALLOWED) is PASS
    assert said(f"pulumi:providers:{package}").verdict is Verdict.FAIL


@pytest.mark.parametrize("package", ["kubernetes", "eks", "aws", "pulumi-nodejs"])
def test_a_provider_shows_what_a_plugin_builds(package: str) -> None:
    found = said(f"pulumi:providers:{package}")
    assert found.verdict is Verdict.FAIL
    anything = package in {"kubernetes", "pulumi-nodejs"}
    assert [each.shown for each in found.reasons] == [package if anything else ""]


@pytest.mark.parametrize("package", ["gcp", "pulumi"])
def test_known_providers_pass(package: str) -> None:
    assert said(f"pulumi:providers:{package}") is PASS


@pytest.mark.parametrize("package", ["gcp", "acme"])
@pytest.mark.parametrize("value", [{"name": "gcp", "version": "1.0.0"}, {}, [], "x"])
def test_a_parameterised_provider_fails(package: str, value: object) -> None:
    found = said(f"pulumi:providers:{package}", {"__internal": {"parameterization": value}})
    assert found.verdict is Verdict.FAIL
    assert "__internal.parameterization" in paths(found)


def test_an_allowed_package_may_be_parameterised_but_google_is_none() -> None:
    inputs = {"__internal": {"parameterization": {"name": "x"}}}
    assert said("pulumi:providers:aws", inputs, ALLOWED) is PASS
    assert said("pulumi:providers:gcp", inputs, ALLOWED).verdict is Verdict.FAIL
    for value in (secret(), UNKNOWN):
        hidden = {"__internal": {"parameterization": value}}
        assert said("pulumi:providers:gcp", hidden).verdict is Verdict.INDETERMINATE


def test_components_are_no_such_resources_unless_they_have_the_type_of_one() -> None:
    found = answers(
        CONTROL,
        world(
            components=[
                component("group", "acme:index:Group"),
                component("hidden", "gcp:storage/bucket:Bucket"),
                component("provider", "pulumi:providers:aws"),
            ]
        ),
    )
    assert found.keys() == {"hidden", "provider"}
    assert {each.verdict for each in found.values()} == {Verdict.FAIL}
