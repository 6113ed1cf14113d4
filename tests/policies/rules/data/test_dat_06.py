"""DAT-06: buckets use uniform access."""

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_06 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts

GOOD = R("storage.Bucket", {"location": "EU", "uniformBucketLevelAccess": True})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


def test_access_lists_on_objects_fail_at_the_property() -> None:
    found = outcome(CONTROL, R("storage.Bucket", {"uniformBucketLevelAccess": False}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("uniformBucketLevelAccess", "false")]
