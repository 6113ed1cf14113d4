"""NET-32: public DNS zones are signed."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.network.net_32 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

GOOD = R("dns.ManagedZone", {"dnssecConfig": {"state": "on"}})

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


@pytest.mark.parametrize("state", ["off", "transfer", "ON"])
def test_a_public_zone_without_signatures_fails(state: str) -> None:
    found = outcome(CONTROL, R("dns.ManagedZone", {"visibility": "public", "dnssecConfig": {"state": state}}))
    assert [(each.path, each.shown) for each in found.reasons] == [("dnssecConfig.state", state)]
    assert found.verdict is Verdict.FAIL


def test_a_private_zone_is_left_out() -> None:
    assert verdict(CONTROL, R("dns.ManagedZone", {"visibility": "private"})) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("visibility", [UNKNOWN, "Private", f"private{UNKNOWN}"])
def test_whatever_is_not_known_to_be_private_counts_as_public(visibility: str) -> None:
    assert verdict(CONTROL, R("dns.ManagedZone", {"visibility": visibility})) is Verdict.FAIL


@pytest.mark.parametrize("algorithm", ["rsasha1", "RSASHA1"])
def test_one_key_with_sha1_among_several_fails(algorithm: str) -> None:
    specs: list[dict[str, Any]] = [{"algorithm": "rsasha256"}, {"algorithm": algorithm}]
    found = outcome(CONTROL, R("dns.ManagedZone", {"dnssecConfig": {"state": "on", "defaultKeySpecs": specs}}))
    assert [(each.path, each.shown) for each in found.reasons] == [
        ("dnssecConfig.defaultKeySpecs[1].algorithm", algorithm)
    ]
    assert found.verdict is Verdict.FAIL


def test_other_algorithms_pass() -> None:
    spec = {"state": "on", "defaultKeySpecs": [{"algorithm": "ecdsap256sha256"}]}
    assert verdict(CONTROL, R("dns.ManagedZone", {"dnssecConfig": spec})) is Verdict.PASS
