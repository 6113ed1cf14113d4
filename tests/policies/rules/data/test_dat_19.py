"""DAT-19: data is not deleted with its container."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_19 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts

SWITCHES = {
    "bigquery.Dataset": "deleteContentsOnDestroy",
    "storage.Bucket": "forceDestroy",
    "storage.Folder": "forceDestroy",
    "storage.ManagedFolder": "forceDestroy",
    "vertex.AiFeatureOnlineStore": "forceDestroy",
    "vertex.AiFeatureStore": "forceDestroy",
    "bigtable.Instance": "forceDestroy",
    "spanner.Instance": "forceDestroy",
}

test_stated_verdicts = stated_verdicts(CONTROL, [R(short, {switch: False}) for short, switch in SWITCHES.items()])


@pytest.mark.parametrize(("short", "switch"), SWITCHES.items())
def test_a_switch_that_is_on_fails(short: str, switch: str) -> None:
    found = outcome(CONTROL, R(short, {switch: True}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(switch, "true")]
