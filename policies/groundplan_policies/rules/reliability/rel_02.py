"""REL-02: subscriptions try again, and set aside what fails."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import Expectation, is_number, is_set
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail

_SUBSCRIPTION, _TOPIC = "pubsub.Subscription", "pubsub.Topic"
_ASIDE = is_set("deadLetterPolicy.deadLetterTopic", _TOPIC, expected="a topic for what cannot be delivered")
_ATTEMPTS = is_number(
    "deadLetterPolicy.maxDeliveryAttempts", at_least=5, at_most=100, unit="attempts", absent=Verdict.PASS
)
_RETRY = Expectation(Path("retryPolicy"), "a policy", bool, "a policy", (dict,))
_SOURCE = Path("topic")


def _judge(resource: Resource, context: Context) -> Outcome:
    name = _name(resource, _SOURCE.one(resource), context.graph)
    if name and name == _name(resource, _ASIDE.path.one(resource), context.graph):
        return fail("is the topic that it reads, so that what cannot be delivered comes back", _ASIDE.path.text)
    if name and name in context.graph.once(_dead_letters):
        return PASS
    return all_of([each(resource, context) for each in (_ASIDE, _ATTEMPTS, _RETRY)])


def _dead_letters(graph: Graph) -> frozenset[str]:
    """Give the topics to which subscriptions of this document set messages aside."""
    found = ((_name(each, _SOURCE.one(each), graph), each) for each in graph.of(_SUBSCRIPTION))
    return frozenset(aside for read, each in found if (aside := _name(each, _ASIDE.path.one(each), graph)) != read) - {
        ""
    }


def _name(resource: Resource, reading: Reading, graph: Graph) -> str:
    """Give what is the same for the same topic: the URN of one of this document, or its name in full."""
    topic = graph.resolve(resource, reading, _TOPIC)
    if topic is not None:
        return topic.urn
    return reading.text if reading.state is State.KNOWN and "/" in reading.text else ""


CONTROL = Control(
    id="REL-02",
    title="Subscriptions try again, and set aside what fails",
    why=(
        "A message that its reader cannot take comes back at once, again and again, and holds up all the others until "
        "it is thrown away with nobody told. With a pause between attempts, and a topic for what failed too often, it "
        "can be looked at. Without a number of attempts Google takes five. The subscription that reads what others set "
        "aside needs no further one, and passes."
    ),
    remedy="Set `dead_letter_policy` with a `dead_letter_topic`, and `retry_policy`.",
    severity=Severity.LOW,
    evidence=Evidence.GRAPH,
    objectives=("5.1.d",),
    clauses=(partial("nist-800-53-r5", "SI-17", "What applications do when they fail."),),
    reads=(
        _ASIDE.reads(_SUBSCRIPTION),
        _ATTEMPTS.reads(_SUBSCRIPTION),
        _RETRY.reads(_SUBSCRIPTION),
        Read.aside(_SUBSCRIPTION, _SOURCE.text),
    ),
    checks={_SUBSCRIPTION: _judge},
)
