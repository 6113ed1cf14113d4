"""DAT-20: no data is shared with the provider."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_20 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

SETTING = "gemini.DataSharingWithGoogleSetting"
GOOD = [
    R(SETTING, {"enableDataSharing": False, "enablePreviewDataSharing": False}),
    R("vertex.AiCacheConfig", {"disableCache": True}),
]

test_stated_verdicts = stated_verdicts(CONTROL, GOOD)


@pytest.mark.parametrize("switch", ["enableDataSharing", "enablePreviewDataSharing"])
def test_each_kind_of_sharing_fails(switch: str) -> None:
    found = outcome(CONTROL, R(SETTING, {switch: True}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(switch, "true")]


def test_a_cache_that_is_on_fails() -> None:
    assert verdict(CONTROL, R("vertex.AiCacheConfig", {"disableCache": False})) is Verdict.FAIL
