"""NET-30: networks inside a service perimeter reach guarded services only."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_30 import CONTROL
from groundplan_policies.rules.network.perimeters import PERIMETERS
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, verdict
from tests.policies.rules.network.perimeters import SERVICES, STATUS, block, both

ALLOWED = "vpcAccessibleServices.allowedServices"

test_stated_verdicts = stated_verdicts(CONTROL, both())


@pytest.mark.parametrize("path", ["vpcAccessibleServices", "vpcAccessibleServices.enableRestriction"])
@pytest.mark.parametrize("value", [..., {}, False])
def test_without_the_restriction_every_api_can_be_reached(path: str, value: object) -> None:
    expected = Verdict.INDETERMINATE if value is False and path.endswith("Services") else Verdict.FAIL
    for each in both(put(STATUS, path, value)):
        found = outcome(CONTROL, each)
        assert found.verdict is expected


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        (["RESTRICTED-SERVICES"], Verdict.PASS),
        (SERVICES, Verdict.PASS),
        (["Storage.googleapis.com"], Verdict.PASS),
        ([], Verdict.PASS),
        (["RESTRICTED-SERVICES", "people.googleapis.com"], Verdict.FAIL),
        (["people.googleapis.com", UNKNOWN], Verdict.FAIL),
        ([UNKNOWN], Verdict.INDETERMINATE),
        (["RESTRICTED-SERVICES", 7], Verdict.INDETERMINATE),
        (["RESTRICTED-SERVICES", secret()], Verdict.INDETERMINATE),
    ],
)
def test_what_can_be_reached_must_be_restricted(allowed: object, expected: Verdict) -> None:
    for each in both(put(STATUS, ALLOWED, allowed)):
        found = outcome(CONTROL, each)
        assert found.verdict is expected
        if expected is Verdict.FAIL:
            assert found.reasons[0].shown == "people.googleapis.com"
            assert found.reasons[0].path.endswith(ALLOWED)


@pytest.mark.parametrize("restricted", [UNKNOWN, [UNKNOWN], [7], secret()])
def test_a_service_may_be_restricted_where_the_list_cannot_be_read(restricted: object) -> None:
    for each in both({**put(STATUS, ALLOWED, SERVICES), "restrictedServices": restricted}):
        assert verdict(CONTROL, each) is Verdict.INDETERMINATE


def test_patterns_are_not_judged() -> None:
    for each in both(put(STATUS, "vpcAccessibleServices.allowedServicePatterns", [{"pattern": "*"}])):
        assert verdict(CONTROL, each) is Verdict.INDETERMINATE


def test_dry_runs_and_bridges_are_left_out() -> None:
    for each in (*both(None, spec=STATUS), *both({"resources": ["projects/1"]}, perimeterType="PERIMETER_TYPE_BRIDGE")):
        assert verdict(CONTROL, each) is Verdict.NOT_APPLICABLE
    for each in (*both(UNKNOWN), *both({"resources": []}, perimeterType=UNKNOWN)):
        assert verdict(CONTROL, each) in {Verdict.INDETERMINATE, Verdict.FAIL}


def test_each_perimeter_of_a_policy_counts() -> None:
    open_ = put(STATUS, "vpcAccessibleServices", {"enableRestriction": False})
    second = R(PERIMETERS, {"servicePerimeters": [block(), block(open_)]})
    path = "servicePerimeters[1].status.vpcAccessibleServices.enableRestriction"
    assert [(each.path, each.shown) for each in outcome(CONTROL, second).reasons] == [(path, "false")]
