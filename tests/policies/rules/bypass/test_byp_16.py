"""BYP-16: nothing changes the plan past what is checked, or hides a change of it."""

from typing import Any

import pytest

from groundplan_policies.engine.verdicts import PASS, Outcome, Verdict
from groundplan_policies.rules.bypass.byp_16 import CONTROL
from tests.policies.rules.bypass.worlds import answers, component, messages, paths, world
from tests.policies.rules.harness import R

HOOKS: dict[str, Any] = {"resourceHooks": {"beforeCreate": ["open-up"]}}


def said(request: dict[str, Any] | None = None, **record: Any) -> Outcome:
    bucket = R("storage.Bucket", {}, record=record)
    return answers(CONTROL, world(bucket, member={"requests": {bucket.urn: request or {}}}))["it"]


def test_a_plain_resource_passes() -> None:
    assert said() is PASS
    assert said({"version": "10.2.0", "transforms": ["app.label_all"]}) is PASS
    assert said({"stateMigrations": []}) is PASS
    assert answers(CONTROL, world(R("storage.Bucket", {})))["it"] is PASS


def test_a_hook_fails() -> None:
    found = said(**HOOKS)
    assert found.verdict is Verdict.FAIL
    assert paths(found) == [""]
    assert "hook" in messages(found)
    assert "open-up" not in str(found)
    assert said(resourceHooks={"beforeCreate": []}) is PASS


def test_a_state_migration_fails() -> None:
    found = said({"stateMigrations": ["app.rewrite"]})
    assert found.verdict is Verdict.FAIL
    assert "migration" in messages(found)


@pytest.mark.parametrize("entry", ["location", "location.deep", "*", "encryption"])
def test_a_hidden_change_of_a_checked_property_fails(entry: str) -> None:
    found = said(hideDiff=["labels", entry])
    assert found.verdict is Verdict.FAIL
    assert paths(found) == ["encryption.defaultKmsKeyName" if entry == "encryption" else "location"]
    assert "NET-90" in messages(found)


def test_a_hidden_change_of_anything_else_passes() -> None:
    assert said(hideDiff=["labels"]) is PASS


def test_every_way_is_a_reason() -> None:
    assert len(said({"stateMigrations": ["f"]}, hideDiff=["location"], **HOOKS).reasons) == 3


def test_components_are_named_where_there_is_something_to_say() -> None:
    found = answers(CONTROL, world(components=[component("plain"), component("hooked", **HOOKS)]))
    assert {name: each.verdict for name, each in found.items()} == {"hooked": Verdict.FAIL}


def test_providers_and_other_packages_count() -> None:
    found = answers(
        CONTROL, world(R("Provider", {}, "google", record=HOOKS), R("random:a:B", {}, "other", record=HOOKS))
    )
    assert {each.verdict for each in found.values()} == {Verdict.FAIL}
    assert found.keys() == {"google", "other"}
