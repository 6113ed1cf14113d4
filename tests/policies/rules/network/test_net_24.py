"""NET-24: service perimeters are enforced, with narrow ways in."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_24 import CONTROL
from groundplan_policies.rules.network.perimeters import PERIMETERS
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts, verdict
from tests.policies.rules.network.perimeters import STATUS, block, both, perimeter

RULE = "accesscontextmanager.ServicePerimeterIngressPolicy"
FROM = {"identityType": "IDENTITY_TYPE_UNSPECIFIED", "sources": [{"accessLevel": "level", "resource": "projects/2"}]}
GOOD = put(STATUS, "ingressPolicies", [{"ingressFrom": FROM}])

OFFICE = {"ipSubnetworks": ["203.0.113.0/24"]}


def levels(*conditions: Any, **basic: Any) -> tuple[R, R]:
    """Give a level with some conditions in both of its forms."""
    level = {"basic": {"conditions": list(conditions), **basic}}
    one = R("accesscontextmanager.AccessLevel", level, "level")
    return one, R("accesscontextmanager.AccessLevels", {"accessLevels": [level]}, "levels")


def condition(**fields: Any) -> R:
    return R("accesscontextmanager.AccessLevelCondition", fields, "condition")


LEVELS = (*levels(OFFICE), condition(**OFFICE))

test_stated_verdicts = stated_verdicts(CONTROL, [*both(GOOD), R(RULE, {"ingressFrom": FROM}), *LEVELS])


@pytest.mark.parametrize("status", [None, {}, []])
def test_a_dry_run_alone_is_no_perimeter(status: object) -> None:
    for each in both(status, spec=STATUS, useExplicitDryRunSpec=True):
        found = outcome(CONTROL, each)
        assert found.verdict is Verdict.FAIL
        assert found.reasons[0].path.endswith("status")
    for each in both(STATUS, spec={}, useExplicitDryRunSpec=True):
        assert verdict(CONTROL, each) is Verdict.PASS


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("PERIMETER_TYPE_REGULAR", Verdict.PASS),
        (None, Verdict.PASS),
        ("PERIMETER_TYPE_BRIDGE", Verdict.FAIL),
        ("regular", Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_a_bridge_fails(type_: object, expected: Verdict) -> None:
    for each in both(perimeterType=type_):
        assert verdict(CONTROL, each) is expected


def ways(**from_: Any) -> tuple[R, ...]:
    """Give a way in, in each of its three forms, behind one that is right."""
    policies = [{"ingressFrom": FROM}, {"ingressFrom": from_}]
    return (*both(put(STATUS, "ingressPolicies", policies)), R(RULE, {"ingressFrom": from_}))


@pytest.mark.parametrize("kind", ["ANY_IDENTITY", "ANY_USER_ACCOUNT", "ANY_SERVICE_ACCOUNT", "any_identity"])
def test_a_kind_of_identities_is_everybody(kind: str) -> None:
    for each in ways(identityType=kind):
        found = outcome(CONTROL, each)
        assert (found.verdict, found.reasons[0].shown) == (Verdict.FAIL, kind)
        assert found.reasons[0].path.endswith("ingressFrom.identityType")


@pytest.mark.parametrize("source", [{"accessLevel": "*"}, {"resource": "*"}])
def test_a_source_of_everything_is_none(source: dict[str, str]) -> None:
    for each in ways(sources=[{"accessLevel": "level"}, source]):
        found = outcome(CONTROL, each)
        assert found.verdict is Verdict.FAIL
        assert found.reasons[0].path.endswith(f"ingressFrom.sources[1].{next(iter(source))}")


@pytest.mark.parametrize("value", [UNKNOWN, secret(), 7])
@pytest.mark.parametrize("key", ["accessLevel", "resource"])
def test_what_cannot_be_read_is_indeterminate(key: str, value: object) -> None:
    for each in ways(sources=[{key: value}]):
        assert verdict(CONTROL, each) is Verdict.INDETERMINATE


@pytest.mark.parametrize("from_", [{}, {"sources": []}, {"identities": ["user:a@acme.test"]}])
def test_a_way_in_from_nowhere_lets_nobody_in(from_: dict[str, Any]) -> None:
    for each in ways(**from_):
        assert verdict(CONTROL, each) is Verdict.PASS


def test_each_perimeter_of_a_policy_counts() -> None:
    second = R(PERIMETERS, {"servicePerimeters": [block(), block(None)]})
    assert [each.path for each in outcome(CONTROL, second).reasons] == ["servicePerimeters[1].status"]
    assert verdict(CONTROL, R(PERIMETERS, {"servicePerimeters": [block(), secret()]})) is Verdict.INDETERMINATE
    assert verdict(CONTROL, R(PERIMETERS, {"servicePerimeters": UNKNOWN})) is Verdict.INDETERMINATE
    assert verdict(CONTROL, R(PERIMETERS, {})) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, perimeter(7)) is Verdict.INDETERMINATE


REGIONS = [f"{one}{other}" for one in "ABCDEFGHIJKLM" for other in "ABCDEFGH"]
DEVICE = {"devicePolicy": {"requireScreenLock": True}}


def device(**policy: Any) -> dict[str, Any]:
    return {"devicePolicy": policy}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (OFFICE, Verdict.PASS),
        ({"ipSubnetworks": ["203.0.113.0/24", "0.0.0.0/0"]}, Verdict.FAIL),
        ({"ipSubnetworks": ["::/0"]}, Verdict.FAIL),
        ({"ipSubnetworks": ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2"]}, Verdict.FAIL),
        ({"ipSubnetworks": ["everywhere"]}, Verdict.FAIL),
        ({"ipSubnetworks": [UNKNOWN]}, Verdict.INDETERMINATE),
        ({"ipSubnetworks": ["0.0.0.0/0"], **DEVICE}, Verdict.PASS),
        ({"ipSubnetworks": [UNKNOWN], **DEVICE}, Verdict.PASS),
        ({"ipSubnetworks": ["0.0.0.0/0"], "members": secret()}, Verdict.INDETERMINATE),
        ({"negate": False, **OFFICE}, Verdict.PASS),
        ({"negate": True, **OFFICE}, Verdict.FAIL),
        ({"negate": UNKNOWN, **OFFICE}, Verdict.INDETERMINATE),
        ({"regions": ["CH"]}, Verdict.PASS),
        ({"regions": REGIONS[:100]}, Verdict.PASS),
        ({"regions": REGIONS[:101]}, Verdict.FAIL),
        ({"members": ["user:a@acme.test"]}, Verdict.PASS),
        ({"members": []}, Verdict.FAIL),
        ({"requiredAccessLevels": ["accessPolicies/1/accessLevels/two"]}, Verdict.PASS),
        ({"vpcNetworkSources": [{"vpcSubnetwork": {"network": "n"}}]}, Verdict.PASS),
        (DEVICE, Verdict.PASS),
        (device(requireCorpOwned=True), Verdict.PASS),
        (device(requireAdminApproval=True), Verdict.PASS),
        (device(requireScreenLock=False), Verdict.FAIL),
        (device(requireScreenLock=UNKNOWN), Verdict.INDETERMINATE),
        (device(), Verdict.FAIL),
        (device(allowedDeviceManagementLevels=["COMPLETE", "BASIC"]), Verdict.PASS),
        (device(allowedDeviceManagementLevels=["NONE", "BASIC"]), Verdict.FAIL),
        (device(allowedEncryptionStatuses=["ENCRYPTED"]), Verdict.PASS),
        (device(allowedEncryptionStatuses=["ENCRYPTED", "UNENCRYPTED"]), Verdict.FAIL),
        (device(osConstraints=[{"osType": "DESKTOP_MAC"}]), Verdict.PASS),
        (device(osConstraints=[{"osType": "OS_UNSPECIFIED"}]), Verdict.FAIL),
        (device(osConstraints=[{"minimumVersion": "1"}]), Verdict.FAIL),
    ],
)
def test_a_condition_keeps_somebody_out(fields: dict[str, Any], expected: Verdict) -> None:
    for each in (*levels(fields), condition(**fields)):
        assert verdict(CONTROL, each) is expected


@pytest.mark.parametrize(
    ("joined", "expected"),
    [("AND", Verdict.PASS), (None, Verdict.PASS), ("OR", Verdict.FAIL), (UNKNOWN, Verdict.FAIL)],
)
def test_one_of_several_conditions_opens_those_of_which_one_is_enough(joined: object, expected: Verdict) -> None:
    for each in levels(OFFICE, {"negate": True, **OFFICE}, combiningFunction=joined):
        assert verdict(CONTROL, each) is expected
    for each in levels(OFFICE, combiningFunction="OR"):
        assert verdict(CONTROL, each) is Verdict.PASS


@pytest.mark.parametrize("conditions", [[], [{}], [7]])
def test_a_level_without_conditions_lets_everybody_in(conditions: list[Any]) -> None:
    expected = Verdict.INDETERMINATE if conditions == [7] else Verdict.FAIL
    for each in levels(*conditions):
        assert verdict(CONTROL, each) is expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("true", Verdict.FAIL),
        (" TRUE ", Verdict.FAIL),
        ("", Verdict.FAIL),
        ("device.is_corp_owned_device", Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_an_expression_is_not_read(expression: str, expected: Verdict) -> None:
    level = {"custom": {"expr": {"expression": expression}}}
    assert verdict(CONTROL, R("accesscontextmanager.AccessLevel", level)) is expected


def test_each_of_several_levels_keeps_somebody_out() -> None:
    good, bad = ({"basic": {"conditions": [each]}} for each in (OFFICE, {}))
    both_levels = R("accesscontextmanager.AccessLevels", {"accessLevels": [good, bad]})
    found = outcome(CONTROL, both_levels)
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "accessLevels[1].basic.conditions[0]")
