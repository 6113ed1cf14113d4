"""BYP-10: resources that are read or imported show what controls read of them."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_10 import CONTROL
from tests.policies.rules.bypass.worlds import answers, messages, paths, world
from tests.policies.rules.harness import R

FULL = {"location": "EU", "encryption": {"defaultKmsKeyName": "k"}}


def said(inputs: dict[str, Any], type_: str = "storage.Bucket", profile: str = "preview", **record: Any) -> Outcome:
    return answers(CONTROL, world(R(type_, inputs, record=record), member={"profile": profile}))["it"]


def test_what_this_program_makes_passes() -> None:
    assert said({}) is PASS


def test_what_is_only_read_is_indeterminate_where_a_control_reads_its_type() -> None:
    found = said(FULL, external=True)
    assert found.verdict is Verdict.INDETERMINATE
    assert "NET-90, NET-91 cannot see" in messages(found)
    assert paths(found) == [""]
    assert said({}, "compute.Network", external=True) is PASS


def test_another_stack_is_another_matter() -> None:
    assert said({}, "pulumi:pulumi:StackReference", external=True) is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({}, "location"),
        ({"location": "EU"}, "encryption"),
        ({"location": None, "encryption": {}}, "location"),
    ],
)
def test_an_import_writes_what_controls_read(inputs: dict[str, Any], path: str) -> None:
    found = said(inputs, importID="acme-logs")
    assert found.verdict is Verdict.INDETERMINATE
    assert paths(found) == [path]


@pytest.mark.parametrize(
    "inputs", [FULL, {"location": UNKNOWN, "encryption": {}}, {"location": "", "encryption": False}]
)
def test_a_full_import_passes(inputs: dict[str, Any]) -> None:
    assert said(inputs, importID="acme-logs") is PASS
    assert said({}, "compute.Network", importID="net") is PASS


def test_a_state_shows_what_the_import_brought_in() -> None:
    inputs = {"location": "EU"}
    brought = {"location": "EU", "encryption": {"defaultKmsKeyName": "k"}}
    found = said(inputs, profile="state", importID="x", outputs=brought)
    assert found.verdict is Verdict.INDETERMINATE
    assert paths(found) == ["encryption"]
    nothings: tuple[object, ...] = (None, "", False, [], {})
    for nothing in nothings:
        outputs = {"location": "EU", "encryption": nothing}
        assert said(inputs, profile="state", importID="x", outputs=outputs) is PASS, nothing
        assert said(inputs, importID="x", outputs=outputs).verdict is Verdict.INDETERMINATE
    assert said(inputs, profile="state", importID="x", outputs={"location": "EU"}) is PASS
