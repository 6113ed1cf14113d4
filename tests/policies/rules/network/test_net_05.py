"""NET-05: prediction endpoints are private."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_05 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, urn, verdict

ON = {"privateServiceConnectConfig": {"enablePrivateServiceConnect": True}}
GARDEN = "vertex.AiEndpointWithModelGardenDeployment"
PEERED = "projects/12345/global/networks/core"

test_stated_verdicts = stated_verdicts(CONTROL, [R("vertex.AiEndpoint", ON), R(GARDEN, {"endpointConfig": ON})])


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"network": PEERED}, Verdict.PASS),
        ({"network": PEERED, "privateServiceConnectConfig": {"enablePrivateServiceConnect": False}}, Verdict.PASS),
        (
            {"network": PEERED, "privateServiceConnectConfig": {"enablePrivateServiceConnect": secret()}},
            Verdict.INDETERMINATE,
        ),
        ({}, Verdict.FAIL),
        ({"network": "  "}, Verdict.FAIL),
        ({"privateServiceConnectConfig": {}}, Verdict.FAIL),
        ({"privateServiceConnectConfig": {"enablePrivateServiceConnect": False}}, Verdict.FAIL),
        ({"dedicatedEndpointEnabled": True}, Verdict.FAIL),
        ({"dedicatedEndpointEnabled": True, **ON}, Verdict.FAIL),
        ({"dedicatedEndpointEnabled": True, "network": PEERED}, Verdict.FAIL),
        ({"dedicatedEndpointEnabled": False, **ON}, Verdict.PASS),
    ],
)
def test_an_endpoint_needs_one_private_way_and_no_public_one(inputs: dict[str, object], expected: Verdict) -> None:
    assert verdict(CONTROL, R("vertex.AiEndpoint", inputs)) is expected


def test_an_endpoint_without_a_way_names_both() -> None:
    assert [each.path for each in outcome(CONTROL, R("vertex.AiEndpoint", {})).reasons] == [
        "privateServiceConnectConfig.enablePrivateServiceConnect",
        "network",
    ]


def test_a_network_of_this_document_may_be_unknown_yet() -> None:
    text = f"projects/12345/global/networks/{UNKNOWN}"
    endpoint = R("vertex.AiEndpoint", {"network": text}, origins={"network": urn("compute.Network", "vpc")})
    assert verdict(CONTROL, endpoint, R("compute.Network", {}, "vpc")) is Verdict.PASS
    assert verdict(CONTROL, R("vertex.AiEndpoint", {"network": text})) is Verdict.INDETERMINATE


def test_a_garden_model_on_a_dedicated_endpoint_fails() -> None:
    found = outcome(CONTROL, R(GARDEN, {"endpointConfig": {**ON, "dedicatedEndpointEnabled": True}}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("endpointConfig.dedicatedEndpointEnabled", "true")]
