"""NET-07: vector index endpoints are private."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_07 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, urn, verdict

TYPE = "vertex.AiIndexEndpoint"
ON = {"privateServiceConnectConfig": {"enablePrivateServiceConnect": True}}
PEERED = {"network": "projects/12345/global/networks/core"}

test_stated_verdicts = stated_verdicts(CONTROL, [R(TYPE, {**ON, "publicEndpointEnabled": False})])


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (PEERED, Verdict.PASS),
        (ON, Verdict.PASS),
        ({**PEERED, "publicEndpointEnabled": True}, Verdict.FAIL),
        ({**ON, "publicEndpointEnabled": True}, Verdict.FAIL),
        ({"publicEndpointEnabled": False}, Verdict.FAIL),
        ({"privateServiceConnectConfig": {}}, Verdict.FAIL),
    ],
)
def test_an_index_needs_a_private_way_and_no_public_one(inputs: dict[str, object], expected: Verdict) -> None:
    assert verdict(CONTROL, R(TYPE, inputs)) is expected


def test_a_public_endpoint_is_named() -> None:
    found = outcome(CONTROL, R(TYPE, {**ON, "publicEndpointEnabled": True}))
    assert [(each.path, each.shown) for each in found.reasons] == [("publicEndpointEnabled", "true")]


def test_a_network_of_this_document_may_be_unknown_yet() -> None:
    index = R(TYPE, {"network": UNKNOWN}, origins={"network": urn("compute.Network", "vpc")})
    assert verdict(CONTROL, index, R("compute.Network", {}, "vpc")) is Verdict.PASS
    assert verdict(CONTROL, R(TYPE, {"network": UNKNOWN})) is Verdict.INDETERMINATE
