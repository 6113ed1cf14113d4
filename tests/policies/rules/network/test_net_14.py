"""NET-14: build workers are private."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_14 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, urn, verdict

TYPE = "cloudbuild.WorkerPool"
PEERED = {"networkConfig": {"peeredNetwork": "projects/12345/global/networks/core"}}
CLOSED = {"workerConfig": {"noExternalIp": True}}
CONNECT = {"privateServiceConnect": {"networkAttachment": "projects/p/regions/r/networkAttachments/a"}}
ROUTED = {"privateServiceConnect": {**CONNECT["privateServiceConnect"], "routeAllTraffic": True}}

test_stated_verdicts = stated_verdicts(CONTROL, [R(TYPE, {**PEERED, **CLOSED, **ROUTED})])


@pytest.mark.parametrize("inputs", [{**PEERED, **CLOSED}, ROUTED, {**ROUTED, "workerConfig": {"noExternalIp": False}}])
def test_one_way_is_enough(inputs: dict[str, object]) -> None:
    assert verdict(CONTROL, R(TYPE, inputs)) is Verdict.PASS


@pytest.mark.parametrize(
    ("inputs", "paths"),
    [
        ({}, ["privateServiceConnect.networkAttachment", "privateServiceConnect.routeAllTraffic"]),
        (CLOSED, ["privateServiceConnect.networkAttachment", "privateServiceConnect.routeAllTraffic"]),
        (PEERED, ["workerConfig.noExternalIp"]),
        ({**PEERED, "workerConfig": {"noExternalIp": False}}, ["workerConfig.noExternalIp"]),
        ({"networkConfig": {}, **CLOSED}, ["networkConfig.peeredNetwork"]),
        ({"networkConfig": {"peeredNetwork": ""}, **CLOSED}, ["networkConfig.peeredNetwork"]),
        (CONNECT, ["privateServiceConnect.routeAllTraffic"]),
        ({**PEERED, **CLOSED, **CONNECT}, ["privateServiceConnect.routeAllTraffic"]),
        ({**PEERED, **ROUTED}, ["workerConfig.noExternalIp"]),
    ],
)
def test_a_pool_with_a_way_to_public_addresses_fails(inputs: dict[str, object], paths: list[str]) -> None:
    found = outcome(CONTROL, R(TYPE, inputs))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, paths)


@pytest.mark.parametrize(
    ("inputs", "path", "source"),
    [
        (
            {"privateServiceConnect": {"networkAttachment": UNKNOWN, "routeAllTraffic": True}},
            "privateServiceConnect.networkAttachment",
            "compute.NetworkAttachment",
        ),
        (
            {"networkConfig": {"peeredNetwork": f"projects/1/global/networks/{UNKNOWN}"}, **CLOSED},
            "networkConfig.peeredNetwork",
            "compute.Network",
        ),
    ],
)
def test_a_place_of_this_document_may_be_unknown_yet(inputs: dict[str, object], path: str, source: str) -> None:
    assert verdict(CONTROL, R(TYPE, inputs)) is Verdict.INDETERMINATE
    assert verdict(CONTROL, R(TYPE, inputs, origins={path: urn(source, "s")}), R(source, {}, "s")) is Verdict.PASS
