"""KeyRing: what it plans in each tier, who may use keys, what it refuses."""

import pytest

import groundplan as gp
from tests.constructs.plan import environment, plan


def test_team_shares_one_key() -> None:
    ring = plan(lambda: gp.KeyRing("main", gp.KeyRingArgs(env=environment(gp.Tier.TEAM))))
    print(ring.resources)
    assert ring.inventory() == {"gcp:kms/cryptoKey:CryptoKey": 1, "gcp:kms/keyRing:KeyRing": 1}
