"""IAM-06: no service account has a key that somebody keeps."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, fail

_UPLOADED = Path("publicKeyData")


def _judge(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    if _UPLOADED.one(resource).state in {State.ABSENT, State.EMPTY}:
        return fail("is a key that Google makes and somebody has to keep; nothing ends it")
    return fail("is a key that somebody made and uploads; who else has the private half cannot be seen", _UPLOADED.text)


CONTROL = Control(
    id="IAM-06",
    title="No service account has a key that somebody keeps",
    why=(
        "A key file works for whoever has it, from anywhere, until somebody remembers to delete it; most leaked "
        "credentials of Google Cloud are such files. Attached accounts, impersonation and workload identity federation "
        "need none. The resource fails by being there, whatever its properties are, so no waiting for a value helps."
    ),
    remedy="Use ServiceIdentity attached to the workload, or WorkloadIdentity for what runs elsewhere; delete the key.",
    severity=Severity.HIGH,
    objectives=("2.2.b",),
    clauses=(
        partial("cis-gcp-5.0", "1.5", "Keys that were made outside of this program."),
        partial("cis-gcp-5.0", "1.8", "The age of keys that were made outside of this program."),
        partial("google-ai", "IAM-CO-4.2", "The organisation policy that forbids them to everybody: IAM-24."),
        partial("google-ai", "IAM-CO-4.3", "The organisation policy that forbids them to everybody: IAM-24."),
        partial("nist-800-53-r5", "IA-5", "Keys that were made outside of this program."),
    ),
    checks={"serviceaccount.Key": _judge},
)
