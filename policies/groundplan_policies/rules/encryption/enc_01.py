"""ENC-01: buckets use customer-managed keys."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_absent
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, all_of
from groundplan_policies.rules.encryption.keys import expect_keys, judge_key, reads_of
from groundplan_policies.rules.encryption.uses import BUCKETS

_KEYS = expect_keys(BUCKETS)
_OBJECT = "storage.BucketObject"
_OBJECT_KEY = Path("kmsKeyName")
_BROUGHT = is_absent("customerEncryption", "a key that whoever writes the object brings")


def _object(resource: Resource, context: Context) -> Outcome:
    """An object without a key of its own has its bucket's."""
    brought = _BROUGHT(resource, context)
    named = judge_key(resource, _OBJECT_KEY.one(resource), context, NOT_APPLICABLE)
    return named if brought is PASS else all_of([brought, named])


CONTROL = Control(
    id="ENC-01",
    title="Buckets use customer-managed keys",
    why=(
        "Google encrypts every object, but with a key that nobody else can disable, rotate or audit. With a key of "
        "one's own, access to data ends when access to the key does, and each use is logged. The rule is the same in "
        "every tier; whether it blocks is the tier's to say. A version of a key, a key ring and a key of a project "
        "that the settings do not allow fail: rotation, or the owner of the key, would be out of sight. An object may "
        "name another key than its bucket, which must be as good, and must not bring one that nobody else has. A value "
        "that is known only after the deployment and comes from one key of this document passes: a preview does not "
        "tell a version that a program makes of the key's name from the key, so what was deployed is to be checked as "
        "well."
    ),
    remedy="Use DataBucket with `keys`, or set `encryption.default_kms_key_name` to a key of this program.",
    severity=Severity.HIGH,
    objectives=("2.1.e", "3.2.a"),
    clauses=(
        partial("google-ai", "COM-CO-2.3", "Other services, for which ENC-02 to ENC-08 and ENC-15 stand."),
        partial(
            "nist-800-53-r5", "SC-28", "Data outside of Cloud Storage, and objects that were there before the key."
        ),
    ),
    reads=(
        *reads_of(_KEYS),
        Read(_OBJECT, _OBJECT_KEY.text, absent=Verdict.NOT_APPLICABLE, empty=Verdict.NOT_APPLICABLE),
        _BROUGHT.reads(_OBJECT),
    ),
    checks={**_KEYS, _OBJECT: _object},
    settings=("key_projects",),
)
