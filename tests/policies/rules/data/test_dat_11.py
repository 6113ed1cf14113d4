"""DAT-11: policy tags are enforced."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_11 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

ENFORCED = "FINE_GRAINED_ACCESS_CONTROL"
GOOD = R("datacatalog.Taxonomy", {"displayName": "pii", "activatedPolicyTypes": [ENFORCED]})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["POLICY_TYPE_UNSPECIFIED", ENFORCED], Verdict.PASS),
        ([UNKNOWN, ENFORCED], Verdict.PASS),
        (["POLICY_TYPE_UNSPECIFIED"], Verdict.FAIL),
        ([ENFORCED.lower()], Verdict.FAIL),
        ([""], Verdict.FAIL),
        ([UNKNOWN], Verdict.INDETERMINATE),
        ([secret()], Verdict.INDETERMINATE),
        ([7], Verdict.INDETERMINATE),
        (ENFORCED, Verdict.INDETERMINATE),
    ],
)
def test_one_entry_must_be_the_policy(types: object, expected: Verdict) -> None:
    assert verdict(CONTROL, R("datacatalog.Taxonomy", {"activatedPolicyTypes": types})) is expected


def test_the_reason_names_the_property_once() -> None:
    found = outcome(CONTROL, R("datacatalog.Taxonomy", {"activatedPolicyTypes": ["POLICY_TYPE_UNSPECIFIED"]}))
    assert [each.path for each in found.reasons] == ["activatedPolicyTypes"]
