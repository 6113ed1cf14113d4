"""SUP-04: old artifacts are cleaned up, and the newest kept."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_04 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

REPOSITORY = "artifactregistry.Repository"
DELETE, KEEP = {"id": "old", "action": "DELETE"}, {"id": "new", "action": "KEEP"}
GOOD = R(REPOSITORY, {"mode": "REMOTE_REPOSITORY", "cleanupPolicies": [DELETE, KEEP], "cleanupPolicyDryRun": False})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize(
    ("policies", "missing"),
    [
        ([DELETE], ["KEEP"]),
        ([KEEP, KEEP], ["DELETE"]),
        ([], ["DELETE", "KEEP"]),
        ([{"action": "MOVE"}, KEEP], ["DELETE"]),
    ],
    ids=str,
)
def test_both_kinds_of_policies_are_needed(policies: list[Any], missing: list[str]) -> None:
    found = outcome(CONTROL, R(REPOSITORY, {"cleanupPolicies": policies}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.message) for each in found.reasons] == [
        ("cleanupPolicies", f"hold none that says {each}") for each in missing
    ]


def test_a_repository_without_policies_fails() -> None:
    assert verdict(CONTROL, R(REPOSITORY, {})) is Verdict.FAIL


def test_an_action_that_is_not_known_may_be_the_one_that_is_missing() -> None:
    found = outcome(CONTROL, R(REPOSITORY, {"cleanupPolicies": [DELETE, {"action": UNKNOWN}]}))
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, "cleanupPolicies[1].action")


def test_an_action_that_is_not_known_harms_nothing_beside_both() -> None:
    assert verdict(CONTROL, R(REPOSITORY, {"cleanupPolicies": [{"action": UNKNOWN}, DELETE, KEEP]})) is Verdict.PASS


def test_a_dry_run_deletes_nothing() -> None:
    found = outcome(CONTROL, R(REPOSITORY, {**GOOD.inputs, "cleanupPolicyDryRun": True}))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "cleanupPolicyDryRun")


def test_a_virtual_repository_keeps_nothing() -> None:
    assert verdict(CONTROL, R(REPOSITORY, {"mode": "VIRTUAL_REPOSITORY"})) is Verdict.NOT_APPLICABLE
