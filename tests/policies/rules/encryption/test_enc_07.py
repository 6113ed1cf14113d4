"""ENC-07: secrets and logs use customer-managed keys."""

from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.encryption.enc_07 import CONTROL
from groundplan_policies.rules.encryption.uses import AUTOMATIC_SECRET, LOGS, REGIONAL_SECRETS
from tests.policies.rules.encryption.samples import FOREIGN, NAME, keyed
from tests.policies.rules.harness import R, outcome, put, secret, stated_verdicts

KEYED = {"customerManagedEncryption": {"kmsKeyName": NAME}}
SECRET = R("secretmanager.Secret", {"replication": {"auto": KEYED, "userManaged": {"replicas": [KEYED]}}})

test_stated_verdicts = stated_verdicts(CONTROL, [SECRET, *keyed({**REGIONAL_SECRETS, **LOGS})])


def of(replication: Any) -> Outcome:
    return outcome(CONTROL, R("secretmanager.Secret", {"replication": replication}))


@pytest.mark.parametrize(("type_", "path"), {**REGIONAL_SECRETS, **LOGS}.items())
def test_every_type_is_held_to_its_key(type_: str, path: str) -> None:
    found = outcome(CONTROL, R(type_, put({}, path, FOREIGN)))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, path)


def test_one_way_of_replication_is_enough() -> None:
    assert of({"auto": KEYED}).verdict is Verdict.PASS
    assert of({"userManaged": {"replicas": [KEYED, KEYED]}}).verdict is Verdict.PASS
    assert of({"auto": KEYED, "userManaged": None}).verdict is Verdict.PASS


def test_each_way_that_is_there_has_its_key() -> None:
    assert of({"auto": {}, "userManaged": {"replicas": [KEYED]}}).verdict is Verdict.FAIL
    assert of({"auto": KEYED, "userManaged": {"replicas": [{}]}}).verdict is Verdict.FAIL


def test_an_empty_block_asks_for_googles_key() -> None:
    found = of({"auto": {}})
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, AUTOMATIC_SECRET)
    assert of({"userManaged": {}}).verdict is Verdict.FAIL
    assert of({"userManaged": {"replicas": []}}).verdict is Verdict.FAIL
    assert of({"auto": {"customerManagedEncryption": {}}}).verdict is Verdict.FAIL


def test_every_replica_has_a_key() -> None:
    found = of({"userManaged": {"replicas": [KEYED, {"location": "europe-west4"}]}})
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [
        "replication.userManaged.replicas[1].customerManagedEncryption.kmsKeyName"
    ]


def test_a_secret_that_says_nothing_of_replication_says_nothing_of_a_key() -> None:
    nothing: list[Any] = [None, {}, []]
    for replication in nothing:
        assert of(replication).verdict is Verdict.FAIL, replication
    for unclear in (UNKNOWN, secret(), "auto"):
        assert of(unclear).verdict is Verdict.INDETERMINATE, unclear
