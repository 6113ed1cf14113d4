"""ENC-05: messages, artifacts and repositories use customer-managed keys."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.encryption.enc_05 import CONTROL
from groundplan_policies.rules.encryption.uses import MESSAGES, REPOSITORIES
from tests.policies.rules.encryption.samples import FOREIGN, NAME, keyed
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

TYPES = {**MESSAGES, **REPOSITORIES}

test_stated_verdicts = stated_verdicts(CONTROL, keyed(TYPES))


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_is_held_to_its_key(type_: str) -> None:
    found = outcome(CONTROL, R(type_, {"kmsKeyName": FOREIGN}))
    assert (found.verdict, found.reasons[0].path) == (Verdict.FAIL, "kmsKeyName")


def test_virtual_repositories_keep_nothing() -> None:
    assert verdict(CONTROL, R("artifactregistry.Repository", {"mode": "VIRTUAL_REPOSITORY"})) is Verdict.NOT_APPLICABLE
    for mode in ("STANDARD_REPOSITORY", "REMOTE_REPOSITORY", "virtual_repository", "", None):
        assert verdict(CONTROL, R("artifactregistry.Repository", {"mode": mode})) is Verdict.FAIL, mode
    assert verdict(CONTROL, R("pubsub.Topic", {"mode": "VIRTUAL_REPOSITORY"})) is Verdict.FAIL


@pytest.mark.parametrize("mode", [UNKNOWN, secret()])
def test_what_may_be_virtual_is_left_open(mode: object) -> None:
    found = outcome(CONTROL, R("artifactregistry.Repository", {"mode": mode}))
    assert (found.verdict, found.reasons[0].path) == (Verdict.INDETERMINATE, "mode")
    assert verdict(CONTROL, R("artifactregistry.Repository", {"mode": mode, "kmsKeyName": NAME})) is Verdict.PASS
