"""ENC-13: buckets with restricted data refuse other encryption."""

from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import every, is_one_of
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.rules.encryption.restricted import WhereRestricted

_REFUSED = tuple(
    is_one_of(f"encryption.{kind}EncryptionEnforcementConfig.restrictionMode", "FullyRestricted")
    for kind in ("googleManaged", "customerSupplied")
)

CONTROL = Control(
    id="ENC-13",
    title="Buckets with restricted data refuse other encryption",
    why=(
        "A bucket's key is only a default: whoever writes an object can name Google's key, or bring one that nobody "
        "else has. Two settings make the bucket refuse that. They are asked of restricted data, in tiers that ask for "
        "it; a bucket without a class, or with one that the settings do not know, counts as restricted."
    ),
    remedy=(
        "Use DataBucket, or set `restriction_mode` to FullyRestricted in both "
        "`encryption.google_managed_encryption_enforcement_config` and "
        "`encryption.customer_supplied_encryption_enforcement_config`."
    ),
    severity=Severity.LOW,
    objectives=("2.1.e",),
    clauses=(partial("google-ai", "COM-CO-2.3", "The key itself, for which ENC-01 stands, and other services."),),
    reads=(
        *(each.reads("storage.Bucket") for each in _REFUSED),
        Read.aside("storage.Bucket", "labels"),
    ),
    checks={
        "storage.Bucket": WhereRestricted(
            every(*_REFUSED),
            lambda parameters: parameters.bucket_key_enforcement,
            "buckets that refuse other encryption",
        )
    },
    settings=("bucket_key_enforcement", "restricted_classes", "classifications"),
)
