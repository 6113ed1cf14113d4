"""DAT-05: buckets prevent public access."""

from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import is_one_of
from groundplan_policies.engine.verdicts import Severity

_PREVENTION = is_one_of("publicAccessPrevention", "enforced")

CONTROL = Control(
    id="DAT-05",
    title="Buckets prevent public access",
    why=(
        "One grant to allUsers makes every object of a bucket readable by anybody. Public access prevention makes "
        "such a grant fail, whoever tries it. `inherited` leaves it to an organisation policy that this document does "
        "not show, so it fails."
    ),
    remedy="Use DataBucket, or set `public_access_prevention` to `enforced`.",
    severity=Severity.HIGH,
    objectives=("2.1.e",),
    clauses=(
        partial("google-ai", "GCS-CO-4.1", "The organisation policy that prevents it for everybody: IAM-24."),
        partial("cis-gcp-5.0", "5.1", "Grants that were made outside of this program before prevention was on."),
    ),
    reads=(_PREVENTION.reads("storage.Bucket"),),
    checks={"storage.Bucket": _PREVENTION},
)
