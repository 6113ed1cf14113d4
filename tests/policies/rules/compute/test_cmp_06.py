from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.compute.cmp_06 import CONTROL
from tests.policies.rules.harness import R, stated_verdicts, verdict

SETTINGS = Parameters(classifications=("internal", "restricted"), restricted_classes=("restricted",))
GOOD = (
    R("colab.RuntimeTemplate", {"eucConfig": {"eucDisabled": True}}),
    R("workbench.Instance", {"enableManagedEuc": False}),
)
test_stated = stated_verdicts(CONTROL, GOOD, parameters=SETTINGS)


@pytest.mark.parametrize(
    ("class_", "parameters", "expected"),
    [
        ("restricted", SETTINGS, Verdict.FAIL),
        (None, SETTINGS, Verdict.FAIL),
        ("internal", SETTINGS, Verdict.PASS),
        ("restricted", replace(SETTINGS, restricted_classes=None), Verdict.INDETERMINATE),
    ],
)
def test_restricted_data_is_not_worked_on_as_a_user(
    class_: str | None, parameters: Parameters, expected: Verdict
) -> None:
    labels: dict[str, Any] = {"labels": {"classification": class_}} if class_ else {}
    colab = R("colab.RuntimeTemplate", {"eucConfig": {"eucDisabled": False}, **labels})
    notebook = R("workbench.Instance", {"enableManagedEuc": True, **labels})
    assert verdict(CONTROL, colab, parameters=parameters) is expected
    assert verdict(CONTROL, notebook, parameters=parameters) is expected


def test_it_is_said_for_any_data() -> None:
    open_ = {"labels": {"classification": "internal"}}
    assert verdict(CONTROL, R("workbench.Instance", open_), parameters=SETTINGS) is Verdict.FAIL
    assert verdict(CONTROL, R("colab.RuntimeTemplate", open_), parameters=SETTINGS) is Verdict.FAIL
