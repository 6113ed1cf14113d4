"""Values come over the protocol as documents hold them, but for secrets, which do not come at all."""

import math
from typing import Any

import pytest

from groundplan_policies.crossguard.properties import properties
from groundplan_policies.engine.values import ASSET, SECRET, SIGNATURE, UNKNOWN, redacted_secret
from tests.policies.crossguard.engine import struct

CANARY = "c4n4ry-in-a-secret"


@pytest.mark.parametrize(
    "value", ["text", "", True, False, 7, -1, 0, 1.5, None, [], {}, [1, [True, {"a": None}]], UNKNOWN]
)
def test_a_value_is_what_it_was_and_of_its_type(value: Any) -> None:
    (found,) = properties(struct({"it": value})).values()

    assert found == value
    assert type(found) is type(value)


def test_what_is_no_finite_number_stays_none() -> None:
    found = properties(struct({"it": math.inf}))["it"]

    assert found == math.inf


@pytest.mark.parametrize("inside", [CANARY, {"deep": [CANARY]}, {SIGNATURE: ASSET, "text": CANARY}])
def test_of_a_secret_only_that_it_is_one_is_kept(inside: Any) -> None:
    found = properties(struct({"block": [{"it": {SIGNATURE: SECRET, "value": inside}}]}))

    assert found == {"block": [{"it": redacted_secret()}]}


def test_an_asset_stays_one() -> None:
    asset = {SIGNATURE: ASSET, "path": "./main.py"}

    assert properties(struct({"it": asset})) == {"it": asset}
