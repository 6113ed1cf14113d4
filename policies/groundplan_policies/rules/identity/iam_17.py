"""IAM-17: no storage HMAC keys."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, fail


def _judge(resource: Resource, context: Context) -> Outcome:  # noqa: ARG001 - the form of a check
    return fail("is a pair of access id and secret that never expires")


CONTROL = Control(
    id="IAM-17",
    title="No storage HMAC keys",
    why=(
        "An HMAC key is a secret without an end that opens every bucket its account may read, and it does not show in "
        "the list of an account's keys. It fails by being there: an inactive one is one update away from active."
    ),
    remedy="Delete the key; use signed URLs or short-lived tokens, or a storage transfer that signs in by federation.",
    severity=Severity.HIGH,
    objectives=("2.1.e",),
    clauses=(partial("google-ai", "GCS-CO-6.9", "Keys that were made outside of this program."),),
    checks={"storage.HmacKey": _judge},
)
