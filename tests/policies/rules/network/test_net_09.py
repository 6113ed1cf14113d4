"""NET-09: training pools are attached to a network of yours."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_09 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, urn, verdict

TYPE = "vertex.AiPersistentResource"
ATTACHMENT = "projects/acme-ml/regions/europe-west4/networkAttachments/jobs"

test_stated_verdicts = stated_verdicts(CONTROL, [R(TYPE, {"pscInterfaceConfig": {"networkAttachment": ATTACHMENT}})])


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({"network": "projects/12345/global/networks/core"}, Verdict.PASS),
        ({"network": ""}, Verdict.FAIL),
        ({}, Verdict.FAIL),
        ({"pscInterfaceConfig": {}}, Verdict.FAIL),
        ({"pscInterfaceConfig": {"networkAttachment": " "}}, Verdict.FAIL),
        ({"pscInterfaceConfig": {"dnsPeeringConfigs": [{"domain": "acme.test."}]}}, Verdict.FAIL),
    ],
)
def test_a_pool_must_be_attached(inputs: dict[str, object], expected: Verdict) -> None:
    assert verdict(CONTROL, R(TYPE, inputs)) is expected


def test_an_attachment_of_this_document_may_be_unknown_yet() -> None:
    path = "pscInterfaceConfig.networkAttachment"
    inputs = {"pscInterfaceConfig": {"networkAttachment": UNKNOWN}}
    pool = R(TYPE, inputs, origins={path: urn("compute.NetworkAttachment", "a")})
    assert verdict(CONTROL, pool, R("compute.NetworkAttachment", {}, "a")) is Verdict.PASS
    other = R(TYPE, inputs, origins={path: urn("compute.Network", "a")})
    assert verdict(CONTROL, other, R("compute.Network", {}, "a")) is Verdict.INDETERMINATE


def test_a_network_of_this_document_may_be_unknown_yet() -> None:
    pool = R(TYPE, {"network": UNKNOWN}, origins={"network": urn("compute.Network", "vpc")})
    assert verdict(CONTROL, pool, R("compute.Network", {}, "vpc")) is Verdict.PASS
    assert verdict(CONTROL, R(TYPE, {"network": UNKNOWN})) is Verdict.INDETERMINATE


def test_a_pool_that_is_attached_to_nothing_names_both_ways() -> None:
    paths = [each.path for each in outcome(CONTROL, R(TYPE, {})).reasons]
    assert paths == ["pscInterfaceConfig.networkAttachment", "network"]
