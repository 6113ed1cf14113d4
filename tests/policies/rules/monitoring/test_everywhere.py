"""What every project must have, be it set up here or elsewhere."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.monitoring.everywhere import SETTING, lacking
from tests.policies.rules.harness import context

URN = "urn:pulumi:dev::shop::gcp:organizations/project:Project::p"


def test_the_setting_is_one() -> None:
    assert SETTING in Parameters.describe()


def test_where_nothing_is_lacking_all_is_well() -> None:
    assert lacking([], "has nothing", context()).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("elsewhere", "unclear", "expected", "message"),
    [
        (True, False, Verdict.DECLARED, "is set up from outside of this document, as the settings say"),
        (
            None,
            False,
            Verdict.INDETERMINATE,
            "has nothing, and the settings do not say whether that is set up elsewhere",
        ),
        (False, True, Verdict.INDETERMINATE, "has nothing, as far as can be seen"),
        (False, False, Verdict.FAIL, "has nothing"),
    ],
)
def test_each_project_is_named(elsewhere: bool | None, unclear: bool, expected: Verdict, message: str) -> None:
    world = context(parameters=replace(Parameters(), monitoring_elsewhere=elsewhere))
    found = lacking(["b", "a", "default:x", URN], "has nothing", world, unclear=unclear)
    assert found.verdict is expected
    assert {each.message for each in found.reasons} == {message}
    if not elsewhere:
        assert [each.shown for each in found.reasons] == ["a", "b", ""]
