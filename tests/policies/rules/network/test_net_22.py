"""NET-22: no automatic and no default networks."""

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_22 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts

NETWORK = R("compute.Network", {"autoCreateSubnetworks": False})
PROJECT = R("organizations.Project", {"autoCreateNetwork": False})

test_stated_verdicts = stated_verdicts(CONTROL, [NETWORK, PROJECT])


@pytest.mark.parametrize(
    ("type_", "name"), [("compute.Network", "autoCreateSubnetworks"), ("organizations.Project", "autoCreateNetwork")]
)
def test_automatic_fails_at_the_property(type_: str, name: str) -> None:
    found = outcome(CONTROL, R(type_, {name: True}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [(name, "true")]
