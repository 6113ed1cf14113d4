"""NET-23: a service perimeter covers the services that hold data."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_23 import CONTROL
from groundplan_policies.rules.network.perimeters import PERIMETERS
from tests.policies.rules.harness import PARAMETERS, R, outcomes, put, secret, stated_verdicts, urn
from tests.policies.rules.network.perimeters import NAME, SERVICES, STATUS, block, both, perimeter

REQUIRED = replace(PARAMETERS, required_perimeter_services=tuple(SERVICES))
NONE_REQUIRED = replace(PARAMETERS, required_perimeter_services=())


def verdict(*resources: R, parameters: Any = REQUIRED, **world: Any) -> Verdict:
    return outcomes(CONTROL, *resources, parameters=parameters, **world)["it"].verdict


def member(name: object = NAME) -> R:
    inputs = {"perimeterName": name, "resource": "projects/1"}
    return R("accesscontextmanager.ServicePerimeterResource", inputs, "member")


test_stated_verdicts = stated_verdicts(
    CONTROL,
    [*both(), replace(member("main"), name="it")],
    replace(perimeter(name="main"), name="main"),
    parameters=REQUIRED,
)


@pytest.mark.parametrize(
    ("services", "missing"),
    [
        (SERVICES[:1], "storage.googleapis.com"),
        ([], ", ".join(SERVICES)),
        (..., ", ".join(SERVICES)),
        (["people.googleapis.com"], ", ".join(SERVICES)),
    ],
)
def test_every_service_that_the_settings_ask_for_must_be_restricted(services: object, missing: str) -> None:
    for each in both(put(STATUS, "restrictedServices", services), spec=STATUS):
        answer = outcomes(CONTROL, each, parameters=REQUIRED)["it"]
        assert (answer.verdict, answer.reasons[0].shown) == (Verdict.FAIL, missing)
        assert answer.reasons[0].path.endswith("status.restrictedServices")


def test_what_only_the_dry_run_restricts_is_not_restricted() -> None:
    for each in both(None, spec=STATUS, useExplicitDryRunSpec=True):
        answer = outcomes(CONTROL, each, parameters=REQUIRED)["it"]
        assert [(each.path.endswith("status.restrictedServices"), each.shown) for each in answer.reasons] == [
            (True, "")
        ]


@pytest.mark.parametrize(
    ("services", "expected"),
    [
        ([*SERVICES, UNKNOWN], Verdict.PASS),
        ([each.upper() for each in SERVICES], Verdict.PASS),
        ([SERVICES[0], UNKNOWN], Verdict.INDETERMINATE),
        ([SERVICES[0], secret()], Verdict.INDETERMINATE),
        ([SERVICES[0], 7], Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
    ],
)
def test_a_list_that_cannot_be_read_in_full(services: object, expected: Verdict) -> None:
    for each in both(put(STATUS, "restrictedServices", services)):
        assert verdict(each) is expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (..., Verdict.FAIL),
        ([], Verdict.FAIL),
        ([UNKNOWN], Verdict.PASS),
        ([7], Verdict.INDETERMINATE),
        (["projects/1", secret()], Verdict.INDETERMINATE),
    ],
)
def test_something_must_be_inside(inside: object, expected: Verdict) -> None:
    for each in both(put(STATUS, "resources", inside)):
        assert verdict(each) is expected


def test_projects_may_join_by_resources_of_their_own() -> None:
    empty = perimeter(put(STATUS, "resources", ...))
    assert verdict(empty, member()) is Verdict.PASS
    assert verdict(empty, member("accessPolicies/1/servicePerimeters/other")) is Verdict.FAIL
    joined = replace(member(UNKNOWN), origins={"perimeterName": urn(empty.type, "it")})
    assert verdict(empty, joined) is Verdict.PASS
    assert verdict(empty, member(UNKNOWN)) is Verdict.FAIL
    answers = outcomes(CONTROL, perimeter(), member(), parameters=REQUIRED)
    assert {key: each.verdict for key, each in answers.items()} == {"it": Verdict.PASS, "member": Verdict.PASS}


@pytest.mark.parametrize("name", [UNKNOWN, "accessPolicies/1/servicePerimeters/other", secret(), None])
def test_a_perimeter_of_elsewhere_is_not_seen(name: object) -> None:
    answers = outcomes(CONTROL, member(name), parameters=REQUIRED)
    assert {key: each.verdict for key, each in answers.items()} == {"member": Verdict.INDETERMINATE}


def test_a_deployment_without_a_perimeter_fails() -> None:
    bridge = perimeter({"resources": ["projects/1"]}, perimeterType="PERIMETER_TYPE_BRIDGE")
    for resources in ([], [bridge], [R(PERIMETERS, {"servicePerimeters": []})]):
        answers = outcomes(CONTROL, *resources, parameters=REQUIRED)
        assert {key: each.verdict for key, each in answers.items()} == {"": Verdict.FAIL}


def test_the_settings_decide() -> None:
    for resources in ([], both()[:1], [member()]):
        assert outcomes(CONTROL, *resources, parameters=NONE_REQUIRED) == {}
    assert outcomes(CONTROL)[""].verdict is Verdict.INDETERMINATE
    assert verdict(perimeter(), parameters=PARAMETERS) is Verdict.INDETERMINATE


def test_each_perimeter_of_a_policy_counts() -> None:
    second = R(PERIMETERS, {"servicePerimeters": [block(), block(put(STATUS, "restrictedServices", SERVICES[1:]))]})
    answer = outcomes(CONTROL, second, parameters=REQUIRED)["it"]
    assert [(each.path, each.shown) for each in answer.reasons] == [
        ("servicePerimeters[1].status.restrictedServices", SERVICES[0])
    ]
    assert verdict(perimeter(), complete=False) is Verdict.INDETERMINATE
