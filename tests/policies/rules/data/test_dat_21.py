"""DAT-21: shared listings restrict export."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_21 import CONTROL
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, verdict

GOOD = R(
    "bigqueryanalyticshub.Listing",
    {
        "bigqueryDataset": {"dataset": "projects/p/datasets/d"},
        "restrictedExportConfig": {"enabled": True, "restrictQueryResult": True},
    },
)

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize("switch", ["enabled", "restrictQueryResult"])
def test_each_switch_that_is_off_fails(switch: str) -> None:
    path, value = f"restrictedExportConfig.{switch}", False
    found = outcome(CONTROL, R("bigqueryanalyticshub.Listing", put(GOOD.inputs, path, value)))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(path, "false")]


def test_direct_access_is_no_setting() -> None:
    inputs = {**GOOD.inputs, "restrictedExportConfig": {"enabled": True, "restrictDirectTableAccess": True}}
    assert verdict(CONTROL, R("bigqueryanalyticshub.Listing", inputs)) is Verdict.FAIL


def test_a_listing_of_a_topic_has_no_such_setting() -> None:
    topic = R("bigqueryanalyticshub.Listing", {"pubsubTopic": {"topic": "projects/p/topics/t"}})
    assert verdict(CONTROL, topic) is Verdict.NOT_APPLICABLE
