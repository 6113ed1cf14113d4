from __future__ import annotations

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_11 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict


def pool(sandbox: Any = None, **labels: Any) -> R:
    config: dict[str, Any] = {"labels": labels}
    if sandbox is not None:
        config["sandboxConfig"] = sandbox
    return R("container.NodePool", {"nodeConfig": config})


SAFE = pool({"type": "GVISOR"}, trust="untrusted")
test_stated = stated_verdicts(CONTROL, [SAFE, R("container.Cluster", SAFE.inputs)])


def test_pools_that_a_cluster_makes_itself_are_judged() -> None:
    bad = pool(trust="untrusted").inputs
    assert verdict(CONTROL, R("container.Cluster", {"nodePools": [SAFE.inputs]})) is Verdict.PASS
    assert verdict(CONTROL, R("container.Cluster", {"nodePools": [SAFE.inputs, bad]})) is Verdict.FAIL
    assert verdict(CONTROL, R("container.Cluster", bad)) is Verdict.FAIL
    assert verdict(CONTROL, R("container.Cluster", {**bad, "removeDefaultNodePool": True})) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("sandbox", "expected"),
    [
        ({"type": "GVISOR"}, Verdict.PASS),
        ({"sandboxType": "gvisor"}, Verdict.PASS),
        ({"type": "NONE"}, Verdict.FAIL),
        ({}, Verdict.FAIL),
        (None, Verdict.FAIL),
        ({"type": UNKNOWN}, Verdict.INDETERMINATE),
    ],
)
def test_untrusted_code_is_in_a_sandbox(sandbox: Any, expected: Verdict) -> None:
    assert verdict(CONTROL, pool(sandbox, trust="untrusted")) is expected


@pytest.mark.parametrize("labels", [{}, {"trust": "high"}, {"trust": ""}, {"other": "untrusted"}])
def test_other_pools_are_not_judged(labels: dict[str, str]) -> None:
    assert verdict(CONTROL, pool(None, **labels)) is Verdict.NOT_APPLICABLE


def test_a_label_that_is_not_known_leaves_it_open() -> None:
    assert verdict(CONTROL, pool(None, trust=UNKNOWN)) is Verdict.INDETERMINATE
