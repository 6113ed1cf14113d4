"""BYP-12: checked values come from this deployment, or from a stack that is checked itself."""

from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_12 import CONTROL
from tests.policies.rules.bypass.worlds import answers, messages, paths, world
from tests.policies.rules.harness import R, urn

TYPE = "pulumi:pulumi:StackReference"
KEYS = R(TYPE, {"name": "acme/keys/prod"}, "keys", record={"external": True})
LOGS = R(TYPE, {"name": "acme/logs/prod"}, "logs", record={"external": True})
NAMELESS = R(TYPE, {"name": UNKNOWN}, "nameless", record={"external": True})
OTHER = R("kms.CryptoKey", {}, "key")
CHECKED = Parameters(checked_stacks=("acme/keys/prod",))
LEAF = "encryption.defaultKmsKeyName"


def said(origins: dict[str, Any], parameters: Parameters | None = None, **record: Any) -> Outcome:
    inputs = {"location": "EU", "encryption": {"defaultKmsKeyName": UNKNOWN}, "labels": {"a": "b"}}
    bucket = R("storage.Bucket", inputs, origins=origins, record=record)
    return answers(CONTROL, world(KEYS, LOGS, NAMELESS, OTHER, bucket, parameters=parameters))["it"]


def test_a_checked_value_of_another_stack_is_indeterminate() -> None:
    found = said({LEAF: KEYS.urn})
    assert found.verdict is Verdict.INDETERMINATE
    assert paths(found) == [LEAF]
    assert "NET-90" in messages(found)


def test_other_values_and_other_sources_pass() -> None:
    assert said({}) is PASS
    assert said({"labels.a": KEYS.urn}) is PASS
    assert said({LEAF: OTHER.urn}) is PASS
    assert said({LEAF: urn("kms.CryptoKey", "gone")}) is PASS


def test_a_value_of_several_sources_counts() -> None:
    assert said({LEAF: [OTHER.urn, KEYS.urn]}).verdict is Verdict.INDETERMINATE


def test_a_stack_that_is_checked_itself_is_declared() -> None:
    found = said({LEAF: KEYS.urn}, CHECKED)
    assert found.verdict is Verdict.DECLARED
    assert paths(found) == [LEAF]
    assert said({LEAF: LOGS.urn}, CHECKED).verdict is Verdict.INDETERMINATE
    assert said({LEAF: [KEYS.urn, LOGS.urn]}, CHECKED).verdict is Verdict.INDETERMINATE
    assert said({LEAF: [KEYS.urn, OTHER.urn]}, CHECKED).verdict is Verdict.DECLARED
    both = said({LEAF: KEYS.urn, "location": LOGS.urn}, CHECKED)
    assert both.verdict is Verdict.INDETERMINATE


def test_a_stack_without_a_name_is_never_checked() -> None:
    everything = Parameters(checked_stacks=("", UNKNOWN))
    assert said({LEAF: NAMELESS.urn}, everything).verdict is not Verdict.PASS


def from_state(dependencies: dict[str, list[str]], *references: R) -> Verdict:
    record = {"propertyDependencies": dependencies}
    bucket = R("storage.Bucket", {"location": "EU"}, record=record)
    context = world(*references, bucket, member={"provenance": {}})
    return answers(CONTROL, context)["it"].verdict


def test_without_provenance_the_top_level_property_counts() -> None:
    assert from_state({"encryption": [KEYS.urn]}, KEYS) is Verdict.INDETERMINATE
    assert from_state({"location": [KEYS.urn]}, KEYS) is Verdict.INDETERMINATE
    assert from_state({"labels": [KEYS.urn], "location": []}, KEYS) is Verdict.PASS
    assert from_state({"location": [KEYS.urn]}) is Verdict.PASS


@pytest.mark.parametrize(
    "leaf", ["location", "encryption", "encryption.defaultKmsKeyName", "encryption[0].defaultKmsKeyName"]
)
def test_places_above_and_in_lists_count(leaf: str) -> None:
    assert said({leaf: KEYS.urn}).verdict is Verdict.INDETERMINATE
