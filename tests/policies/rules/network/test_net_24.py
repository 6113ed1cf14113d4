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

test_stated_verdicts = stated_verdicts(CONTROL, [*both(GOOD), R(RULE, {"ingressFrom": FROM})])


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
