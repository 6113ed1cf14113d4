"""DAT-17: health stores enforce consent and keep history."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_17 import CONTROL
from tests.policies.rules.harness import R, outcome, put, stated_verdicts

GOOD = R(
    "healthcare.FhirStore",
    {
        "consentConfig": {"version": "V1", "accessEnforced": True},
        "disableResourceVersioning": False,
        "enableHistoryModifications": False,
    },
)

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("consentConfig.accessEnforced", False),
        ("disableResourceVersioning", True),
        ("enableHistoryModifications", True),
    ],
)
def test_each_switch_fails_at_its_property(path: str, value: bool) -> None:
    found = outcome(CONTROL, R("healthcare.FhirStore", put(GOOD.inputs, path, value)))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(path, str(value).lower())]
