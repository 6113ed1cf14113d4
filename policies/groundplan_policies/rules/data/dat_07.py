"""DAT-07: objects can be recovered after a change or a deletion."""

from dataclasses import replace

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import either, every, is_known, is_number, is_true
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict

_WEEK_SECONDS = 604_800
_VERSIONED = is_true("versioning.enabled")
_RETAINED = is_number("retentionPolicy.retentionPeriod", at_least=1, unit="s")
_KNOWN_RETENTION = replace(
    is_number(_RETAINED.path.text, at_least=0, unit="s", absent=Verdict.PASS), empty=Verdict.INDETERMINATE
)
_SOFT_DELETE = is_number(
    "softDeletePolicy.retentionDurationSeconds", at_least=_WEEK_SECONDS, unit="s", absent=Verdict.PASS
)

_RECOVERABLE = every(
    either(_VERSIONED, _RETAINED),
    is_known("versioning.enabled", "a boolean", bool),
    _KNOWN_RETENTION,
    _SOFT_DELETE,
)


def _check(resource: Resource, context: Context) -> Outcome:
    """Answer the usual case at once: versions, no retention, and soft delete of a week at least, or as Google does."""
    inputs = resource.inputs
    if _VERSIONED.path.plain(inputs) is True and "retentionPolicy" not in inputs:
        soft = _SOFT_DELETE.path.plain(inputs)
        if "softDeletePolicy" not in inputs or (type(soft) is int and soft >= _WEEK_SECONDS):
            return PASS
    return _RECOVERABLE(resource, context)


CONTROL = Control(
    id="DAT-07",
    title="Objects can be recovered after a change or a deletion",
    why=(
        "A training set or a model that somebody overwrites or deletes, by mistake or on purpose, is gone unless the "
        "bucket keeps old versions or forbids the change. Soft delete brings back what lifecycle rules and deleted "
        "buckets took; Google keeps it for seven days where nothing is said, and 0 turns it off. Versions survive "
        "a change and a retention policy forbids it, so one of the two is enough; one that cannot be read "
        "leaves the answer open."
    ),
    remedy="Use DataBucket, or set `versioning.enabled` and leave `soft_delete_policy` at 604800 seconds or more.",
    severity=Severity.MEDIUM,
    objectives=("2.1.a", "5.3.b"),
    clauses=(partial("google-ai", "GCS-CO-6.7", "Old versions in buckets that forbid changes instead."),),
    reads=(
        Read("storage.Bucket", "versioning.enabled", absent=Verdict.PASS, empty=Verdict.INDETERMINATE),
        Read("storage.Bucket", "retentionPolicy.retentionPeriod", absent=Verdict.PASS, empty=Verdict.INDETERMINATE),
        _SOFT_DELETE.reads("storage.Bucket"),
    ),
    checks={"storage.Bucket": _check},
)
