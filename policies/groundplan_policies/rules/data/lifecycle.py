"""Lifecycle rules of buckets: after how many days do they delete, and do they spare any object?

An object must meet every condition of a rule, so each further condition spares objects. The provider leaves out a
number of days that is 0, unless a switch of its own says to send it: such a condition is not there at all.
Source: "Object Lifecycle Management", Cloud Storage documentation; pulumi-gcp's `BucketLifecycleRuleCondition`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, contains_secret, contains_unknown
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, any_of, fail, indeterminate
from groundplan_policies.rules.data.numbers import number

RULES: Final = "lifecycleRules"
_RULES = Path(RULES)
_DELETE = {"type": "Delete"}
_NOTHING: tuple[Value, ...] = (None, "", 0, 0.0, False, [], {})


@dataclass(frozen=True, slots=True)
class Objects:
    """A kind of objects that rules delete.

    Attributes:
        name: What they are, for messages.
        states: Values of `withState` that reach them, beside none at all.
        counts: The conditions that count days for them, each with the switch that sends it where it is 0.
    """

    name: str
    states: tuple[str, ...]
    counts: Mapping[str, str]


_AGE = {"age": "sendAgeIfZero"}
LIVE: Final = Objects("live objects", ("LIVE", "ANY"), _AGE)
NONCURRENT: Final = Objects(
    "noncurrent versions",
    ("ARCHIVED", "ANY"),
    # The age counts from before an object became noncurrent, so it bounds those days too.
    {**_AGE, "daysSinceNoncurrentTime": "sendDaysSinceNoncurrentTimeIfZero"},
)


def deletes_within(resource: Resource, objects: Objects, days: float) -> Outcome:
    """Say whether some rule of a bucket deletes all objects of a kind within a number of days."""
    if _plainly(resource.inputs.get(RULES), objects, days):
        return PASS
    rules = _RULES.one(resource)
    nothing = fail(f"hold no rule that deletes all {objects.name} within {days:g} days", rules.path)
    missing = unreadable(rules, absent=nothing)
    return missing or any_of([nothing, *(_rule(rule, objects, days) for rule in entries(rules))])


def _plainly(rules: Value, objects: Objects, days: float) -> bool:
    """Whether a rule is as most are, and counts one kind of days: the quick answer to the usual case."""
    for rule in rules if isinstance(rules, list) else ():
        if not isinstance(rule, dict) or rule.get("action") != _DELETE:
            continue
        condition = rule.get("condition")
        if isinstance(condition, dict) and condition.get("withState", "ANY") in objects.states:
            rest = [(key, value) for key, value in condition.items() if key != "withState"]
            if len(rest) == 1 and rest[0][0] in objects.counts and type(rest[0][1]) is int and 0 < rest[0][1] <= days:
                return True
    return False


def _rule(rule: Reading, objects: Objects, days: float) -> Outcome:
    """Judge one rule. What it says of other objects, or does other than deleting, is no matter here."""
    action = read_value(rule.value, rule.path, "action.type")[0]
    if action.state is State.KNOWN and action.text and action.text != "Delete":
        return NOT_APPLICABLE
    condition = read_value(rule.value, rule.path, "condition")[0]
    for reading, right, name in ((rule, dict, "an object"), (action, str, "a text"), (condition, dict, "an object")):
        missing = unreadable(reading, absent=NOT_APPLICABLE)
        if missing is not None or not isinstance(reading.value, right):
            return missing or wrong_type(reading, name)
    given = condition.value if isinstance(condition.value, dict) else {}
    return _condition(given, condition.path, objects, days)


def _condition(condition: Mapping[str, Value], path: str, objects: Objects, days: float) -> Outcome:
    given = {key: value for key, value in condition.items() if not _is_nothing(value)}
    if any(contains_unknown(value) for value in given.values()):
        return indeterminate("holds what is known only after the deployment", path)
    if any(contains_secret(value) for value in given.values()):
        return indeterminate("holds a secret, so nobody can see what it is", path)
    # False and 0 are nothing to the other conditions. This one is a text, to which they are wrong.
    is_text = isinstance(condition.get("withState"), str | None)
    if not is_text or given.pop("withState", "ANY") not in objects.states:
        return NOT_APPLICABLE
    counted = _counted(condition, objects)
    if any(value is None for value in counted.values()):
        return indeterminate("counts days by what is no number", path)
    if set(given) - set(objects.counts) - set(objects.counts.values()) or not counted:
        return fail(f"spares {objects.name}: it has another condition than days", path)
    # A rule with two such conditions waits for the later one.
    most = max(value for value in counted.values() if value is not None)
    return PASS if most <= days else fail(f"deletes {objects.name} after more than {days:g} days", path, f"{most:g}")


def _counted(condition: Mapping[str, Value], objects: Objects) -> dict[str, float | None]:
    """Give the days of the conditions that Google gets, None for what is no number of days."""
    found: dict[str, float | None] = {}
    for key, switch in objects.counts.items():
        if not _is_nothing(condition.get(key)):
            days = number(condition[key])
            found[key] = days if days is not None and days > 0 else None
        elif condition.get(switch) is True:
            found[key] = 0.0
    return found


def _is_nothing(value: Value) -> bool:
    return any(value == nothing and type(value) is type(nothing) for nothing in _NOTHING)
