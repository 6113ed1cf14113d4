"""NET-15: Composer environments are private."""

from collections.abc import Mapping

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_15 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

TYPE = "composer.Environment"
FLAGS = {"enablePrivateEnvironment": True, "enablePrivateBuildsOnly": True}
ENDPOINT = {"privateEnvironmentConfig": {"enablePrivateEndpoint": True}}
RANGES = "config.webServerNetworkAccessControl.allowedIpRanges"
THREE = "composer-3-airflow-2.10.5"
TWO = "composer-2.13.1-airflow-2.10.5"


def web(*ranges: object) -> dict[str, object]:
    return {"webServerNetworkAccessControl": {"allowedIpRanges": [{"value": each} for each in ranges]}}


def environment(*parts: Mapping[str, object], version: object = ...) -> R:
    config: dict[str, object] = {} if version is ... else {"softwareConfig": {"imageVersion": version}}
    for part in parts:
        config.update(part)
    return R(TYPE, {"config": config})


test_stated_verdicts = stated_verdicts(CONTROL, [environment(FLAGS, web("203.0.113.0/24"))])


@pytest.mark.parametrize(
    ("part", "version", "expected"),
    [
        (FLAGS, THREE, Verdict.PASS),
        (FLAGS, "composer-3.1.2-airflow-3", Verdict.PASS),
        (FLAGS, "composer-10-airflow-3", Verdict.PASS),
        (FLAGS, TWO, Verdict.FAIL),
        (FLAGS, "composer-latest-airflow-2", Verdict.PASS),
        (FLAGS, "", Verdict.PASS),
        (ENDPOINT, TWO, Verdict.PASS),
        (ENDPOINT, "composer-1.20.12-airflow-1.10.15", Verdict.PASS),
        (ENDPOINT, THREE, Verdict.FAIL),
        (ENDPOINT, "composer-latest-airflow-2", Verdict.PASS),
        (ENDPOINT, ..., Verdict.PASS),
        ({}, ..., Verdict.FAIL),
        ({}, THREE, Verdict.FAIL),
        ({}, TWO, Verdict.FAIL),
        ({"enablePrivateEnvironment": True}, THREE, Verdict.FAIL),
        ({"enablePrivateBuildsOnly": True}, THREE, Verdict.FAIL),
        ({"enablePrivateEnvironment": True}, ..., Verdict.FAIL),
        ({"privateEnvironmentConfig": {}}, TWO, Verdict.FAIL),
        ({"privateEnvironmentConfig": {"enablePrivateEndpoint": False}}, TWO, Verdict.FAIL),
        (FLAGS, "composer-3x-airflow-2", Verdict.INDETERMINATE),
        (FLAGS, "airflow-2", Verdict.INDETERMINATE),
        (FLAGS, UNKNOWN, Verdict.INDETERMINATE),
        (FLAGS, 3, Verdict.INDETERMINATE),
    ],
)
def test_each_version_is_private_in_its_own_way(part: dict[str, object], version: object, expected: Verdict) -> None:
    assert verdict(CONTROL, environment(part, web("203.0.113.0/24"), version=version)) is expected


@pytest.mark.parametrize(
    ("ranges", "path"),
    [
        (["203.0.113.0/24", "0.0.0.0/0"], f"{RANGES}[1].value"),
        (["::/0"], f"{RANGES}[0].value"),
        (["0.0.0.0/1", "203.0.113.0/24"], f"{RANGES}[0].value"),
    ],
)
def test_a_page_that_is_open_to_the_internet_fails(ranges: list[str], path: str) -> None:
    found = outcome(CONTROL, environment(FLAGS, web(*ranges), version=THREE))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [path])
    assert found.reasons[0].shown in ranges


def test_ranges_that_are_the_internet_together_fail() -> None:
    ranges = [f"{first}.0.0.0/8" for first in range(16, 220) if first != 127]
    found = outcome(CONTROL, environment(FLAGS, web(*ranges), version=THREE))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [f"{RANGES}.value"])
    # One that cannot be read takes nothing away from the others.
    assert verdict(CONTROL, environment(FLAGS, web(*ranges, UNKNOWN), version=THREE)) is Verdict.FAIL


@pytest.mark.parametrize("control", [{}, {"webServerNetworkAccessControl": {}}, web()])
def test_a_page_without_ranges_is_open(control: dict[str, object]) -> None:
    assert verdict(CONTROL, environment(FLAGS, control, version=THREE)) is Verdict.FAIL


def test_a_text_that_is_no_range_is_indeterminate() -> None:
    found = outcome(CONTROL, environment(FLAGS, web("203.0.113.0/24", "office"), version=THREE))
    assert found.verdict is Verdict.INDETERMINATE
    assert [(each.path, each.shown) for each in found.reasons] == [(f"{RANGES}[1].value", "")]
