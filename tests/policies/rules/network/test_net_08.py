"""NET-08: feature stores with an endpoint of their own serve privately."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_08 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

TYPE = "vertex.AiFeatureOnlineStore"
PATH = "dedicatedServingEndpoint.privateServiceConnectConfig.enablePrivateServiceConnect"
PRIVATE = {"dedicatedServingEndpoint": {"privateServiceConnectConfig": {"enablePrivateServiceConnect": True}}}
BIGTABLE = {"bigtable": {"autoScaling": {"minNodeCount": 1, "maxNodeCount": 3}}}

test_stated_verdicts = stated_verdicts(CONTROL, [R(TYPE, {"optimized": {}, **PRIVATE})])


@pytest.mark.parametrize(
    "inputs",
    [
        {"optimized": {}},
        {"optimized": {}, "dedicatedServingEndpoint": {}},
        {"optimized": {}, "dedicatedServingEndpoint": {"privateServiceConnectConfig": {}}},
        {
            "optimized": {},
            "dedicatedServingEndpoint": {"privateServiceConnectConfig": {"enablePrivateServiceConnect": False}},
        },
        {},
        {"bigtable": {}},
        {**BIGTABLE, "optimized": {}},
        {**BIGTABLE, "embeddingManagement": {"enabled": True}},
        {**BIGTABLE, "dedicatedServingEndpoint": {}},
    ],
)
def test_an_endpoint_that_is_public_fails(inputs: dict[str, object]) -> None:
    found = outcome(CONTROL, R(TYPE, inputs))
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [PATH])


@pytest.mark.parametrize("embeddings", [{}, [], {"enabled": False}])
def test_a_store_on_bigtable_has_no_endpoint_of_its_own(embeddings: object) -> None:
    assert verdict(CONTROL, R(TYPE, BIGTABLE)) is Verdict.NOT_APPLICABLE
    assert verdict(CONTROL, R(TYPE, {**BIGTABLE, "embeddingManagement": embeddings})) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    "inputs",
    [
        {**BIGTABLE, "embeddingManagement": {"enabled": UNKNOWN}},
        {**BIGTABLE, "optimized": secret()},
        {"optimized": {"size": 7}, **PRIVATE},
    ],
)
def test_a_kind_that_cannot_be_read_is_indeterminate(inputs: dict[str, object]) -> None:
    assert verdict(CONTROL, R(TYPE, inputs)) is Verdict.INDETERMINATE


def test_a_private_store_with_embeddings_passes() -> None:
    assert verdict(CONTROL, R(TYPE, {**BIGTABLE, "embeddingManagement": {"enabled": True}, **PRIVATE})) is Verdict.PASS
