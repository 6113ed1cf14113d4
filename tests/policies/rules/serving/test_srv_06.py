"""SRV-06: the floor of Model Armor is enforced."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.serving.srv_06 import CONTROL
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, verdict
from tests.policies.rules.serving.armor import FLOOR, changed

test_stated_verdicts = stated_verdicts(CONTROL, [FLOOR])


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("enableFloorSettingEnforcement", False, "false"),
        ("aiPlatformFloorSetting.inspectAndBlock", False, "false"),
        ("aiPlatformFloorSetting.inspectOnly", True, "true"),
        ("filterConfig.piAndJailbreakFilterSettings.filterEnforcement", "DISABLED", "DISABLED"),
        ("filterConfig.piAndJailbreakFilterSettings.confidenceLevel", "HIGH", "HIGH"),
        ("filterConfig.maliciousUriFilterSettings.filterEnforcement", "DISABLED", "DISABLED"),
    ],
)
def test_a_floor_that_does_nothing_fails_at_its_property(path: str, value: object, shown: str) -> None:
    found = outcome(CONTROL, changed(FLOOR, path, value))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(path, shown)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["AI_PLATFORM"], Verdict.PASS),
        ("AI_PLATFORM", Verdict.PASS),
        (["GOOGLE_MCP_SERVER", "AI_PLATFORM"], Verdict.PASS),
        ([UNKNOWN, "AI_PLATFORM"], Verdict.PASS),
        (["GOOGLE_MCP_SERVER"], Verdict.FAIL),
        (["ai_platform"], Verdict.FAIL),
        ([""], Verdict.FAIL),
        ([], Verdict.FAIL),
        (["GOOGLE_MCP_SERVER", UNKNOWN], Verdict.INDETERMINATE),
        (["GOOGLE_MCP_SERVER", secret()], Verdict.INDETERMINATE),
        ([7], Verdict.INDETERMINATE),
    ],
    ids=str,
)
def test_the_service_of_the_models_must_be_listed(value: object, expected: Verdict) -> None:
    found = outcome(CONTROL, changed(FLOOR, "integratedServices", value))
    assert found.verdict is expected
    assert all(each.path.startswith("integratedServices") for each in found.reasons)


@pytest.mark.parametrize("parent", ["folders/7", "organizations/9"])
def test_above_projects_only_enforcement_and_filters_are_asked(parent: str) -> None:
    bare = {
        key: value for key, value in FLOOR.inputs.items() if key not in {"aiPlatformFloorSetting", "integratedServices"}
    }
    above = put(bare, "parent", parent)
    assert verdict(CONTROL, R(FLOOR.type, above)) is Verdict.PASS
    assert verdict(CONTROL, R(FLOOR.type, put(above, "enableFloorSettingEnforcement", value=False))) is Verdict.FAIL
    assert verdict(CONTROL, R(FLOOR.type, put(above, "filterConfig.maliciousUriFilterSettings", ...))) is Verdict.FAIL
    assert verdict(CONTROL, R(FLOOR.type, bare)) is Verdict.FAIL
    assert verdict(CONTROL, R(FLOOR.type, put(bare, "parent", UNKNOWN))) is Verdict.FAIL
