from __future__ import annotations

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_17 import CONTROL
from tests.policies.rules.harness import outcomes, stated_verdicts, verdict
from tests.policies.rules.responsible.world import REVIEWED, SAID, WORLD, review

test_stated = stated_verdicts(CONTROL, [REVIEWED], best=Verdict.DECLARED, **WORLD)


@pytest.mark.parametrize("kind", ["model", "rule", "previous-version"])
def test_a_baseline_is_of_a_kind(kind: str) -> None:
    assert verdict(CONTROL, review(baseline={**SAID["baseline"], "kind": kind}), **WORLD) is Verdict.DECLARED


def test_other_kinds_and_no_baseline_fail() -> None:
    assert verdict(CONTROL, review(baseline={**SAID["baseline"], "kind": "feeling"}), **WORLD) is Verdict.FAIL
    assert verdict(CONTROL, review(baseline=None), **WORLD) is Verdict.FAIL
    assert verdict(CONTROL, review(baseline={**SAID["baseline"], "minimumGain": 0}), **WORLD) is Verdict.DECLARED
    assert verdict(CONTROL, review(baseline={**SAID["baseline"], "minimumGain": -0.1}), **WORLD) is Verdict.FAIL
    assert outcomes(CONTROL, **WORLD) == {}
