"""DAT-06: buckets use uniform access."""

from groundplan_policies.engine.control import Control, full, partial
from groundplan_policies.engine.expect import is_true
from groundplan_policies.engine.verdicts import Severity

_UNIFORM = is_true("uniformBucketLevelAccess")

CONTROL = Control(
    id="DAT-06",
    title="Buckets use uniform access",
    why=(
        "With access lists on objects, whoever may write an object may share it with anybody, and no policy of the "
        "bucket shows it. The provider turns uniform access on only where it is asked to, so absent fails."
    ),
    remedy="Use DataBucket, or set `uniform_bucket_level_access` to true.",
    severity=Severity.HIGH,
    objectives=("2.1.e",),
    clauses=(
        full("cis-gcp-5.0", "5.2"),
        partial("google-ai", "GCS-CO-4.2", "The organisation policy that demands it of everybody: IAM-24."),
    ),
    reads=(_UNIFORM.reads("storage.Bucket"),),
    checks={"storage.Bucket": _UNIFORM},
)
