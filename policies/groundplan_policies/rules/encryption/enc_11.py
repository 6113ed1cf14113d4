"""ENC-11: keys survive accidental destruction."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_one_of, unreadable
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail, indeterminate
from groundplan_policies.rules.encryption.durations import DAY, seconds

_DAYS: Final = 30
_LEAST: Final = f"{_DAYS * DAY}s"
_PERIOD = Path("destroyScheduledDuration")
_KEPT = is_one_of("deletionPolicy", "PREVENT")


def _key(resource: Resource, context: Context) -> Outcome:
    period = _period(resource)
    kept = PASS if resource.protect else _KEPT(resource, context)
    return PASS if period is PASS and kept is PASS else all_of((period, kept))


def _period(resource: Resource) -> Outcome:
    period = seconds(resource.inputs.get(_PERIOD.text, _LEAST))
    if period is not None and period >= _DAYS * DAY:
        return PASS
    reading = _PERIOD.one(resource)
    if period is not None:
        return fail(f"is shorter than {_DAYS} days", reading.path, reading.text)
    empty = indeterminate("is empty where a duration is expected", reading.path)
    missing = unreadable(reading, absent=PASS, empty=empty)
    return missing or indeterminate("is no duration in seconds, such as 2592000s", reading.path)


CONTROL = Control(
    id="ENC-11",
    title="Keys survive accidental destruction",
    why=(
        "Who destroys a key destroys everything that it encrypts, copies and backups too. Two things stand in the way: "
        "a plan that would delete the key must fail, by Pulumi's `protect` or by the provider's deletion policy "
        "PREVENT (its default deletes, and ABANDON leaves a key that nobody looks after); and a version that was "
        "marked for destruction must be recoverable for 30 days, which is Google's default where nothing is said."
    ),
    remedy="Use KeyRing, or set `deletion_policy` to PREVENT and leave out `destroy_scheduled_duration`.",
    severity=Severity.MEDIUM,
    objectives=("2.1.e",),
    clauses=(partial("nist-800-53-r5", "SC-12", "Who may destroy a key, and rotation: IAM, ENC-09 and ENC-16."),),
    reads=(
        Read("kms.CryptoKey", _PERIOD.text, absent=Verdict.PASS, empty=Verdict.INDETERMINATE),
        _KEPT.reads("kms.CryptoKey"),
        Read("kms.CryptoKey", "document:protect"),
    ),
    checks={"kms.CryptoKey": _key},
)
