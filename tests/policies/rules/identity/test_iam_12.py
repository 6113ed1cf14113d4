"""IAM-12: pods on GKE use identities of their own, and not those of their nodes."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.identity.iam_12 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

SERVED = {"workloadMetadataConfig": {"mode": "GKE_METADATA"}}
NODE_TOKENS = {"workloadMetadataConfig": {"mode": "GCE_METADATA"}}
POOL = {"workloadIdentityConfig": {"workloadPool": "acme-ml.svc.id.goog"}}

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [R("container.Cluster", {**POOL, "nodeConfig": SERVED}), R("container.NodePool", {"nodeConfig": SERVED})],
)


@pytest.mark.parametrize("mode", ["GCE_METADATA", "MODE_UNSPECIFIED", "gke_metadata"])
def test_nodes_with_another_server_fail(mode: str) -> None:
    found = outcome(CONTROL, R("container.NodePool", {"nodeConfig": {"workloadMetadataConfig": {"mode": mode}}}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("nodeConfig.workloadMetadataConfig.mode", mode)]


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        ("acme-ml.svc.id.goog", Verdict.PASS),
        ("acme.test:ml.svc.id.goog", Verdict.PASS),
        (f"{UNKNOWN}.svc.id.goog", Verdict.PASS),
        (f"acme-ml.{UNKNOWN}", Verdict.INDETERMINATE),
        ("acme-ml", Verdict.FAIL),
        (".svc.id.goog", Verdict.FAIL),
        ("acme-ml.svc.id.goog.evil.test", Verdict.FAIL),
    ],
)
def test_the_pool_is_that_of_a_project(pool: str, expected: Verdict) -> None:
    inputs = {"workloadIdentityConfig": {"workloadPool": pool}, "removeDefaultNodePool": True}
    assert verdict(CONTROL, R("container.Cluster", inputs)) is expected


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, Verdict.FAIL),
        (POOL, Verdict.FAIL),
        ({"enableAutopilot": True}, Verdict.PASS),
        ({"enableAutopilot": False, "removeDefaultNodePool": True}, Verdict.FAIL),
        ({**POOL, "removeDefaultNodePool": True, "nodeConfig": NODE_TOKENS}, Verdict.PASS),
        ({**POOL, "nodeConfig": NODE_TOKENS}, Verdict.FAIL),
        ({**POOL, "removeDefaultNodePool": True, "clusterAutoscaling": {"enabled": True}}, Verdict.PASS),
        ({**POOL, "nodePools": [{"nodeConfig": SERVED}]}, Verdict.PASS),
        ({**POOL, "nodePools": [{"nodeConfig": SERVED}, {"nodeConfig": NODE_TOKENS}]}, Verdict.FAIL),
        ({**POOL, "nodePools": [{"nodeConfig": SERVED}, {"name": "second"}]}, Verdict.FAIL),
    ],
)
def test_a_cluster_is_judged_with_the_nodes_that_it_makes(inputs: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, R("container.Cluster", inputs)) is expected
