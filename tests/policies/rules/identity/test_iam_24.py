"""IAM-24: organisation policies hold what single resources could undo."""

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_24 import CONTROL
from tests.policies.rules.harness import R, outcome, outcomes, stated_verdicts, verdict

KEYS = "iam.disableServiceAccountKeyCreation"
ASKED = Parameters(organization_constraints=(KEYS,), organization=True)
POLICY = R(
    "orgpolicy.Policy",
    {"name": f"organizations/1/policies/{KEYS}", "parent": "organizations/1", "spec": {"rules": [{"enforce": "TRUE"}]}},
)
ACCOUNTS = R("projects.DefaultServiceAccounts", {"action": "DEPRIVILEGE"})

test_stated_verdicts = stated_verdicts(CONTROL, [POLICY, ACCOUNTS], parameters=ASKED)


@pytest.mark.parametrize("action", ["DISABLE", "DELETE"])
def test_every_way_to_take_rights_from_default_accounts_passes(action: str) -> None:
    assert verdict(CONTROL, R("projects.DefaultServiceAccounts", {"action": action})) is Verdict.PASS


def test_another_action_fails() -> None:
    found = outcome(CONTROL, R("projects.DefaultServiceAccounts", {"action": "NONE"}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("action", "NONE")]


def test_its_own_parameter_decides() -> None:
    assert outcomes(CONTROL, parameters=ASKED)[""].reasons[0].shown == KEYS
    assert outcomes(CONTROL, POLICY, parameters=ASKED)[""].verdict is Verdict.PASS
    only_notebooks = Parameters(notebook_constraints=(KEYS,), organization=True)
    assert outcomes(CONTROL, parameters=only_notebooks)[""].verdict is Verdict.INDETERMINATE


def test_what_is_done_to_accounts_once_is_no_substitute() -> None:
    assert outcomes(CONTROL, ACCOUNTS, parameters=ASKED)[""].verdict is Verdict.FAIL
