"""BYP-04: no provider's default decides a checked value unseen."""

import json
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_04 import CONTROL
from tests.policies.rules.bypass.worlds import MANAGED, PROVIDER, answers, messages, world
from tests.policies.rules.harness import R, secret, stated_verdicts, urn

PROJECT = R("organizations.Project", {"projectId": "acme-ml"}, "acme", record=MANAGED)

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [
        R(
            "Provider",
            {"project": "acme-ml", "region": "europe-west4", "zone": "europe-west4-a", "defaultLabels": {"team": "ml"}},
        )
    ],
)


def said(inputs: dict[str, Any], **more: Any) -> Outcome:
    return answers(CONTROL, world(PROJECT, R("Provider", inputs, "google", **more)))["google"]


@pytest.mark.parametrize("label", ["classification", "owner", "Owner", " owner"])
@pytest.mark.parametrize("encode", [dict, json.dumps])
def test_labels_that_speak_of_one_resource_are_no_default(label: str, encode: Any) -> None:
    found = said({"defaultLabels": encode({"team": "ml", label: "restricted"})})
    assert found.verdict is Verdict.FAIL
    key = label.strip().lower()
    assert [(each.path, each.shown) for each in found.reasons] == [(f"defaultLabels.{key}", key)]


@pytest.mark.parametrize("labels", [{"team": "ml"}, '{"team": "ml"}', {}, "", {"ownership": "x", "class": UNKNOWN}])
def test_other_labels_pass(labels: object) -> None:
    assert said({"defaultLabels": labels}) is PASS


@pytest.mark.parametrize("labels", ["{", "[]", ["owner"], "owner=x", f'{{"{UNKNOWN}": "x"}}', "[" * 100_000])
def test_labels_that_cannot_be_read_are_indeterminate(labels: object) -> None:
    assert said({"defaultLabels": labels}).verdict is Verdict.INDETERMINATE


@pytest.mark.parametrize("key", ["project", "region", "zone"])
def test_places_must_be_readable(key: str) -> None:
    for value in (secret(), UNKNOWN, 7, ["x"], f"x-{UNKNOWN}"):
        found = said({key: value})
        assert found.verdict is Verdict.INDETERMINATE, value
        assert [each.path for each in found.reasons] == [key]


def test_a_project_of_this_program_may_be_unknown() -> None:
    assert said({"project": UNKNOWN}, origins={"project": PROJECT.urn}) is PASS
    assert said({"project": UNKNOWN}, origins={"project": urn("kms.KeyRing", "r")}).verdict is Verdict.INDETERMINATE


def test_a_missing_provider_is_said_once_of_the_stack() -> None:
    found = answers(CONTROL, world(*(R("storage.Bucket", {}, name) for name in "ab")))
    assert found.keys() == {""}
    assert found[""].verdict is Verdict.INDETERMINATE
    assert "of 2 resources" in messages(found[""])
    assert answers(CONTROL, world(PROVIDER, PROJECT)).keys() == {"google"}
