"""CST-07: what nobody reads moves to cheaper storage."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_true, unreadable
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    any_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.lifecycle import LIVE, RULES, deletes_within

_BUCKET: Final = "storage.Bucket"
_SOON: Final = 30
"""Days within which what is deleted is not worth moving: the least time that the next class bills for."""
_AUTOCLASS: Final = is_true("autoclass.enabled")
_RULES: Final = Path(RULES)
_COLDER: Final = ("NEARLINE", "COLDLINE", "ARCHIVE")
_CLASS: Final = Path("storageClass")
_OLD_ONLY: Final = ("numNewerVersions", "daysSinceNoncurrentTime", "noncurrentTimeBefore")
"""Conditions that only versions meet which something newer replaced."""


def _check(resource: Resource, context: Context) -> Outcome:
    if _CLASS.one(resource).text.upper() in _COLDER or deletes_within(resource, LIVE, _SOON) is PASS:
        return NOT_APPLICABLE
    auto = _AUTOCLASS(resource, context)
    return any_of([auto, _moves(_RULES.one(resource))])


def _moves(rules: Reading) -> Outcome:
    nothing = fail("hold none that moves objects to a cheaper class", rules.path)
    missing = unreadable(rules, absent=nothing, empty=nothing)
    return missing or any_of(map(_rule, entries(rules)))


def _rule(rule: Reading) -> Outcome:
    if rule.state is not State.KNOWN or not isinstance(rule.value, dict):
        return indeterminate("cannot be read", rule.path)
    kind = read_value(rule.value, rule.path, "action.type")[0]
    target = read_value(rule.value, rule.path, "action.storageClass")[0]
    moves = kind.value == "SetStorageClass" and target.value in _COLDER and not _spares_live(rule)
    return PASS if moves else fail("moves nothing to a cheaper class", rule.path)


def _spares_live(rule: Reading) -> bool:
    """Whether a rule waits until something newer replaced an object, so that what is only old stays where it is."""
    state = read_value(rule.value, rule.path, "condition.withState")[0]
    waits = (read_value(rule.value, rule.path, f"condition.{each}")[0] for each in _OLD_ONLY)
    return state.text == "ARCHIVED" or any(each.value for each in waits)


CONTROL = Control(
    id="CST-07",
    title="What nobody reads moves to cheaper storage",
    why=(
        "Old objects cost as much as new ones until somebody moves them, and nobody does it by hand. Autoclass moves "
        "what is not read, or a lifecycle rule sets a colder class. A bucket that deletes its objects within thirty "
        "days is not judged, as a colder class bills for at least that long, and neither is one that is cold itself. A "
        "rule for replaced versions alone leaves old objects where they are."
    ),
    remedy="Use DataBucket, or set `autoclass`.",
    severity=Severity.LOW,
    objectives=("2.1.a",),
    clauses=(partial("google-ai", "GCS-CO-6.11", "Whether the class fits how objects are read."),),
    reads=(
        Read(_BUCKET, "autoclass.enabled"),
        Read.aside(_BUCKET, _CLASS.text),
        Read(_BUCKET, "lifecycleRules", *[Verdict.PASS] * 5),
    ),
    checks={_BUCKET: _check},
)
