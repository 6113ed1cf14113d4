"""MON-05: alerts are on, and reach somebody."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import every, is_true, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, declared, fail, indeterminate

_POLICY, _CHANNEL = "monitoring.AlertPolicy", "monitoring.NotificationChannel"
_ENABLED = is_true("enabled", absent=Verdict.PASS)
_CHANNELS = Path("notificationChannels")
_PROMPTS = Path("alertStrategy.notificationPrompts")
_OPENED = "OPENED"


def _delivered(resource: Resource, context: Context) -> Outcome:
    listed = _CHANNELS.one(resource)
    nobody = fail("names no notification channel, so that nobody is told", listed.path)
    missing = unreadable(listed, absent=nobody)
    return missing or all_of([_channel(resource, each, context) for each in entries(listed)])


def _prompted(resource: Resource, _: Context) -> Outcome:
    """Ask that somebody is told when an alert begins; where nothing is said, that is so."""
    listed = _PROMPTS.one(resource)
    for each in (listed, *entries(listed)):
        missing = unreadable(each, absent=PASS)
        if missing is not None:
            return missing
    if not isinstance(listed.value, list):
        return wrong_type(listed, "a list")
    told = any(each.text == _OPENED for each in entries(listed))
    return PASS if told else fail("leaves out OPENED, so that nobody is told when it begins", listed.path)


def _channel(resource: Resource, reading: Reading, context: Context) -> Outcome:
    named = reading.state is State.UNKNOWN or bool(reading.text)
    made = context.graph.made(resource, reading, _CHANNEL) if named else None
    if made is not None:
        return _on(reading, _ENABLED(made, context))
    missing = unreadable(reading, absent=fail("names no notification channel", reading.path))
    if missing is not None:
        return missing
    if not reading.text:
        return wrong_type(reading, "the name of a notification channel")
    if reading.value in (context.parameters.notification_channels or ()):
        return declared("is a channel of elsewhere that reaches somebody, as the settings say", reading.path)
    return indeterminate("is no channel of this document, and none of those that the settings name", reading.path)


def _on(reading: Reading, channel: Outcome) -> Outcome:
    """Say of the channel that a policy names what is wrong with it, at the policy."""
    if channel.verdict is Verdict.FAIL:
        return fail("is a channel that is switched off", reading.path)
    return channel if channel is PASS else indeterminate("is a channel that may be switched off", reading.path)


CONTROL = Control(
    id="MON-05",
    title="Alerts are on, and reach somebody",
    why=(
        "An alert that is switched off, or that no channel takes to anybody, is found by whoever looks for it after "
        "the fact. A policy and a channel are on unless they say otherwise, and a policy that names when it "
        "tells somebody does so when an alert begins. What is wrong with a channel is said of "
        "each policy that names it. A channel that this document does not make is declared if the settings name it. "
        "Whether the alerts of a model reach a person is a matter of RAI-16."
    ),
    remedy="Give the policy `notification_channels` that are on, and leave out `enabled`.",
    ask="Send a test notification to each channel that the settings name, and see who answers.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("6.2.e",),
    clauses=(partial("nist-800-53-r5", "SI-4", "Who reads what a channel takes to them."),),
    reads=(
        _ENABLED.reads(_POLICY),
        Read(_POLICY, "notificationChannels"),
        Read(_POLICY, _PROMPTS.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_CHANNEL, "enabled", *[Verdict.NOT_APPLICABLE] * 5),
    ),
    checks={_POLICY: every(_ENABLED, _delivered, _prompted)},
    settings=("notification_channels",),
)
