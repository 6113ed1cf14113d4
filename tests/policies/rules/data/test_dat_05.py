"""DAT-05: buckets prevent public access."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_05 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts

GOOD = R("storage.Bucket", {"location": "EUROPE-WEST4", "publicAccessPrevention": "enforced"})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize("value", ["inherited", "ENFORCED", "enforced "])
def test_anything_but_enforced_fails_at_the_property(value: str) -> None:
    found = outcome(CONTROL, R("storage.Bucket", {"publicAccessPrevention": value}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("publicAccessPrevention", value)]
