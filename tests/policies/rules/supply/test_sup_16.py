"""SUP-16: secrets rotate."""

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.supply.sup_16 import CONTROL
from tests.policies.rules.harness import R, outcome, put, stated_verdicts, verdict

SECRETS = ("secretmanager.Secret", "secretmanager.RegionalSecret")
INPUTS = {
    "rotation": {"rotationPeriod": "7776000s", "nextRotationTime": "2026-06-01T00:00:00Z"},
    "topics": [{"name": "projects/acme/topics/rotate"}],
}
PARAMETERS = Parameters(secret_rotation_days=90)

test_stated_verdicts = stated_verdicts(CONTROL, [R(each, INPUTS) for each in SECRETS], parameters=PARAMETERS)


@pytest.mark.parametrize("type_", SECRETS)
@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("7776000s", Verdict.PASS),
        ("3600s", Verdict.PASS),
        ("1s", Verdict.PASS),
        ("7776001s", Verdict.FAIL),
        ("0s", Verdict.FAIL),
        ("90d", Verdict.INDETERMINATE),
    ],
)
def test_a_period_is_at_most_that_of_the_tier(type_: str, period: str, expected: Verdict) -> None:
    found = outcome(CONTROL, R(type_, put(INPUTS, "rotation.rotationPeriod", period)), parameters=PARAMETERS)
    assert found.verdict is expected
    assert [(each.path, each.shown) for each in found.reasons] == {
        Verdict.PASS: [],
        Verdict.FAIL: [("rotation.rotationPeriod", period)],
        Verdict.INDETERMINATE: [("rotation.rotationPeriod", "")],
    }[expected]


def test_without_a_limit_nobody_can_tell() -> None:
    assert verdict(CONTROL, R(SECRETS[0], INPUTS), parameters=Parameters()) is Verdict.INDETERMINATE


def test_a_topic_of_this_document_is_known_later() -> None:
    topic = R("pubsub.Topic", {}, "rotate")
    found = R(SECRETS[0], put(INPUTS, "topics.name", UNKNOWN), origins={"topics[0].name": topic.urn})
    assert verdict(CONTROL, found, topic, parameters=PARAMETERS) is Verdict.PASS


def test_a_secret_that_never_rotates_fails_in_each_way() -> None:
    found = outcome(CONTROL, R(SECRETS[0], {"secretId": "db"}), parameters=PARAMETERS)
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [
        "rotation.rotationPeriod",
        "rotation.nextRotationTime",
        "topics.name",
    ]
