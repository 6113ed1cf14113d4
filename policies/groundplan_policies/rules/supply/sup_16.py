"""SUP-16: secrets rotate."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full
from groundplan_policies.engine.expect import is_set, unreadable
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail, indeterminate
from groundplan_policies.rules.encryption.durations import DAY, seconds

_SECRETS: Final = ("secretmanager.Secret", "secretmanager.RegionalSecret")
_PERIOD = Path("rotation.rotationPeriod")
_NEXT = is_set("rotation.nextRotationTime", expected="the time of the next rotation")
_TOPIC = is_set("topics.name", "pubsub.Topic", expected="a topic that tells who rotates")


def _judge(resource: Resource, context: Context) -> Outcome:
    return all_of([_period(resource, context), _NEXT(resource, context), _TOPIC(resource, context)])


def _period(resource: Resource, context: Context) -> Outcome:
    reading = _PERIOD.one(resource)
    missing = unreadable(reading, absent=fail("is absent: nobody is told to replace the secret", reading.path))
    if missing is not None:
        return missing
    period = seconds(reading.value)
    if period is None:
        return indeterminate("is no duration in seconds, such as 7776000s", reading.path)
    days = context.parameters.secret_rotation_days
    if days is None:
        return indeterminate("the settings do not say after how many days secrets rotate", reading.path)
    return PASS if 0 < period <= days * DAY else fail(f"is longer than {days} days", reading.path, reading.text)


CONTROL = Control(
    id="SUP-16",
    title="Secrets rotate",
    why=(
        "A password that leaked stays good until somebody replaces it. Secret Manager replaces nothing by itself: at "
        "each period it writes to a topic, and what listens there makes the new version. So a period needs a time to "
        "begin and a topic to tell. How long it may be is the tier's to say. Whether anybody listens is not seen."
    ),
    remedy="Set `rotation` with `rotation_period` and `next_rotation_time`, and `topics`.",
    severity=Severity.MEDIUM,
    objectives=("2.2.d", "6.1.a"),
    clauses=(full("google-ai", "SM-CO-6.2"),),
    reads=tuple(
        read for type_ in _SECRETS for read in (Read(type_, _PERIOD.text), _NEXT.reads(type_), _TOPIC.reads(type_))
    ),
    checks=dict.fromkeys(_SECRETS, _judge),
    settings=("secret_rotation_days",),
)
