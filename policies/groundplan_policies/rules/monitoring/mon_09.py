"""MON-09: Security Command Center is wired."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import is_set, unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.projects import home, homes
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, declared, fail, indeterminate
from groundplan_policies.rules.monitoring.above import reaches
from groundplan_policies.rules.monitoring.everywhere import SETTING, lacking
from groundplan_policies.rules.monitoring.matching import matches
from groundplan_policies.rules.monitoring.sinks import topics
from groundplan_policies.rules.monitoring.watching import read_filter

_OF_PROJECT: Final = ("securitycenter.ProjectNotificationConfig", "securitycenter.V2ProjectNotificationConfig")
_WIDE: Final = (
    "securitycenter.NotificationConfig",
    "securitycenter.FolderNotificationConfig",
    "securitycenter.V2FolderNotificationConfig",
    "securitycenter.V2OrganizationNotificationConfig",
)
_POSTURE, _FRAMEWORK = "securityposture.PostureDeployment", "cloudsecuritycompliance.FrameworkDeployment"
_TOPIC: Final = Path("pubsubTopic")
_FILTER: Final = Path("streamingConfig.filter")
_GRAVE: Final = tuple({"state": "ACTIVE", "severity": each} for each in ("CRITICAL", "HIGH"))
"""What is known of the findings that every notification is to send."""
_ELSEWHERE: Final = "posture_elsewhere"
_OF_POSTURE = is_set("postureId", "securityposture.Posture", expected="a posture")
_OF_FRAMEWORK = is_set(
    "framework.framework", "cloudsecuritycompliance.Framework", expected="a framework of Security Command Center"
)


def _sends(resource: Resource, context: Context) -> Outcome:
    return all_of([_notification(resource, context), _lets_through(_FILTER.one(resource))])


def _lets_through(reading: Reading) -> Outcome:
    """Ask that a filter keeps out no finding only because it is active and grave. Without one, all are sent."""
    if reading.state in {State.ABSENT, State.EMPTY}:
        return PASS
    found = read_filter(reading)
    if isinstance(found, Outcome):
        return found
    if all(matches(found, each) is not False for each in _GRAVE):
        return PASS
    return fail("keeps out active findings of high or critical severity", reading.path)


def _notification(resource: Resource, context: Context) -> Outcome:
    topic = _TOPIC.one(resource)
    if topic.state is State.UNKNOWN and context.graph.made(resource, topic, "pubsub.Topic") is not None:
        return PASS
    missing = unreadable(topic, absent=fail("is absent, so that findings go nowhere", topic.path))
    if missing is not None or not topic.text:
        return missing or wrong_type(topic, "a topic")
    if topic.text in context.graph.once(topics):
        return PASS
    return indeterminate("is no topic of this document, so that nobody sees who listens", topic.path)


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    graph = context.graph
    projects = graph.once(homes)
    if not projects:
        return
    there = {home(graph, each) for each in graph.of(*_OF_PROJECT)}
    above = {each: reaches(graph, graph.of(*_WIDE), each) for each in projects.keys() - there}
    message = "sends findings of Security Command Center nowhere"
    told = [
        lacking([each for each in above if above[each] is False], message, context, unclear="" in there),
        lacking([each for each in above if above[each] is None], message, context, unclear=True),
    ]
    yield None, all_of([*told, _posture(graph, context)])


def _posture(graph: Graph, context: Context) -> Outcome:
    if any(True for _ in graph.of(_POSTURE, _FRAMEWORK)):
        return PASS
    if context.parameters.posture_elsewhere:
        return declared("a posture or framework is deployed from outside of this document, as the settings say")
    message = "no posture and no framework of Security Command Center is deployed"
    if context.parameters.posture_elsewhere is None:
        return indeterminate(f"{message} here, and the settings do not say whether one is elsewhere")
    return fail(message)


CONTROL = Control(
    id="MON-09",
    title="Security Command Center is wired",
    why=(
        "Security Command Center sees what a program cannot: leaked keys, odd behaviour, changes by hand. Its findings "
        "of every project go to a topic of this document, by a notification of the project, a folder or the "
        "organisation, and a posture or a framework says what it holds projects to. Both are often the organisation's: "
        "then the settings say so, which is a declaration. Whether it is active at all, and who listens to the topic, "
        "cannot be seen. A notification may let through some findings only, but no filter keeps out what is active and "
        "grave."
    ),
    remedy="Use SecurityAlerts with `feeds`, and set `posture_elsewhere` where the organisation deploys a posture.",
    ask="See in Security Command Center that it is active for the projects, and ask who reads its findings.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("6.1.a",),
    clauses=(
        partial("google-ai", "SCC-CO-6.1", "What is switched on by hand."),
        partial("google-ai", "SCC-CO-7.1", "Who listens to the topic, and which findings reach it."),
    ),
    reads=(
        *(Read(each, "pubsubTopic") for each in (*_OF_PROJECT, *_WIDE)),
        *(Read(each, _FILTER.text, absent=Verdict.PASS, empty=Verdict.PASS) for each in (*_OF_PROJECT, *_WIDE)),
        _OF_POSTURE.reads(_POSTURE),
        _OF_FRAMEWORK.reads(_FRAMEWORK),
    ),
    checks={
        **dict.fromkeys((*_OF_PROJECT, *_WIDE), _sends),
        _POSTURE: _OF_POSTURE,
        _FRAMEWORK: _OF_FRAMEWORK,
    },
    stack=_stack,
    settings=(SETTING, _ELSEWHERE),
)
