"""REL-02: subscriptions try again, and set aside what fails."""

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.reliability.rel_02 import CONTROL
from tests.policies.rules.harness import R, outcome, outcomes, put, stated_verdicts, verdict

SUBSCRIPTION = "pubsub.Subscription"
INPUTS = {
    "topic": "projects/acme/topics/work",
    "deadLetterPolicy": {"deadLetterTopic": "projects/acme/topics/dead", "maxDeliveryAttempts": 5},
    "retryPolicy": {"minimumBackoff": "10s"},
}

test_stated_verdicts = stated_verdicts(CONTROL, [R(SUBSCRIPTION, INPUTS)])


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        (5, Verdict.PASS),
        (100, Verdict.PASS),
        (..., Verdict.PASS),
        (4, Verdict.FAIL),
        (101, Verdict.FAIL),
    ],
)
def test_attempts_are_what_google_takes(attempts: object, expected: Verdict) -> None:
    found = put(INPUTS, "deadLetterPolicy.maxDeliveryAttempts", attempts)
    assert verdict(CONTROL, R(SUBSCRIPTION, found)) is expected


def test_too_few_attempts_are_told_with_what_is_enough() -> None:
    found = outcome(CONTROL, R(SUBSCRIPTION, put(INPUTS, "deadLetterPolicy.maxDeliveryAttempts", 4)))
    assert [(each.path, each.message, each.shown) for each in found.reasons] == [
        ("deadLetterPolicy.maxDeliveryAttempts", "is not at least 5 and at most 100 attempts", "4")
    ]


def test_a_subscription_without_either_fails_in_both_ways() -> None:
    found = outcome(CONTROL, R(SUBSCRIPTION, {"topic": "work"}))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["deadLetterPolicy.deadLetterTopic", "retryPolicy"]


def test_a_topic_of_this_document_is_known_later() -> None:
    topic = R("pubsub.Topic", {}, "dead")
    found = R(
        SUBSCRIPTION,
        put(INPUTS, "deadLetterPolicy.deadLetterTopic", UNKNOWN),
        origins={"deadLetterPolicy.deadLetterTopic": topic.urn},
    )
    assert verdict(CONTROL, found, topic) is Verdict.PASS


def test_who_reads_what_was_set_aside_needs_no_more() -> None:
    work = R(SUBSCRIPTION, INPUTS, "work")
    dead = R(SUBSCRIPTION, {"topic": "projects/acme/topics/dead"}, "dead")
    other = R(SUBSCRIPTION, {"topic": "projects/acme/topics/other"}, "other")
    bare = R(SUBSCRIPTION, {"topic": "dead"}, "bare")
    found = outcomes(CONTROL, work, dead, other, bare)
    assert {name: each.verdict for name, each in found.items()} == {
        "work": Verdict.PASS,
        "dead": Verdict.PASS,
        "other": Verdict.FAIL,
        "bare": Verdict.FAIL,
    }


def test_the_topic_that_is_set_aside_to_may_be_known_later() -> None:
    topic = R("pubsub.Topic", {}, "dead")
    path = "deadLetterPolicy.deadLetterTopic"
    work = R(SUBSCRIPTION, put(INPUTS, path, UNKNOWN), "work", {path: topic.urn})
    dead = R(SUBSCRIPTION, {"topic": UNKNOWN}, "dead", {"topic": topic.urn})
    assert outcomes(CONTROL, topic, work, dead)["dead"].verdict is Verdict.PASS
    assert outcomes(CONTROL, topic, dead)["dead"].verdict is Verdict.FAIL


@pytest.mark.parametrize("retried", [{}, {"retryPolicy": {"minimumBackoff": "10s"}}])
def test_what_is_set_aside_does_not_go_round_in_a_circle(retried: dict[str, object]) -> None:
    path = "deadLetterPolicy.deadLetterTopic"
    itself = R(SUBSCRIPTION, {**put(INPUTS, path, INPUTS["topic"]), **retried}, "itself")
    found = outcome(CONTROL, itself)
    assert (found.verdict, [each.path for each in found.reasons]) == (Verdict.FAIL, [path])
    other = R(SUBSCRIPTION, {"topic": INPUTS["topic"]}, "other")
    assert outcomes(CONTROL, itself, other)["other"].verdict is Verdict.FAIL
    topic = R("pubsub.Topic", {}, "work")
    later = R(
        SUBSCRIPTION, put(put(INPUTS, path, UNKNOWN), "topic", UNKNOWN), "later", {path: topic.urn, "topic": topic.urn}
    )
    assert outcome(CONTROL, later, topic).verdict is Verdict.FAIL
