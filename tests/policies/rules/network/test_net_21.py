"""NET-21: subnets reach Google's APIs privately."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_21 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

GOOD = R("compute.Subnetwork", {"privateIpGoogleAccess": True})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize("purpose", [None, "", "PRIVATE"])
def test_where_machines_stand_access_is_asked_for(purpose: str | None) -> None:
    found = outcome(CONTROL, R("compute.Subnetwork", {"purpose": purpose, "privateIpGoogleAccess": False}))
    assert [each.path for each in found.reasons] == ["privateIpGoogleAccess"]
    assert found.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "purpose",
    [
        "GLOBAL_MANAGED_PROXY",
        "INTERNAL_HTTPS_LOAD_BALANCER",
        "PEER_MIGRATION",
        "PRIVATE_NAT",
        "PRIVATE_SERVICE_CONNECT",
        "REGIONAL_MANAGED_PROXY",
    ],
)
def test_where_no_machine_can_stand_nothing_is_asked_for(purpose: str) -> None:
    assert verdict(CONTROL, R("compute.Subnetwork", {"purpose": purpose})) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("purpose", [UNKNOWN, secret()], ids=["unknown", "secret"])
def test_a_purpose_that_is_not_known_leaves_a_missing_access_open(purpose: object) -> None:
    assert verdict(CONTROL, R("compute.Subnetwork", {"purpose": purpose})) is Verdict.INDETERMINATE


def test_a_purpose_that_google_may_add_later_counts_as_for_machines() -> None:
    assert verdict(CONTROL, R("compute.Subnetwork", {"purpose": "AGGREGATE"})) is Verdict.FAIL
