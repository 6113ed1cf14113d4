"""ENC-01: buckets use customer-managed keys."""

from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.rules.encryption.keys import expect_keys, reads_of
from groundplan_policies.rules.encryption.uses import BUCKETS

_KEYS = expect_keys(BUCKETS)

CONTROL = Control(
    id="ENC-01",
    title="Buckets use customer-managed keys",
    why=(
        "Google encrypts every object, but with a key that nobody else can disable, rotate or audit. With a key of "
        "one's own, access to data ends when access to the key does, and each use is logged. The rule is the same in "
        "every tier; whether it blocks is the tier's to say. A version of a key, a key ring and a key of a project "
        "that the settings do not allow fail: rotation, or the owner of the key, would be out of sight. A value that "
        "is known only after the deployment and comes from one key of this document passes: a preview does not tell a "
        "version that a program makes of the key's name from the key, so what was deployed is to be checked as well."
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
    reads=reads_of(_KEYS),
    checks=_KEYS,
    settings=("key_projects",),
)
