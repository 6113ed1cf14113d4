"""ENC-07: secrets and logs use customer-managed keys."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import Outcome, Severity, all_of
from groundplan_policies.rules.encryption.keys import KeyExpectation, expect_keys, reads_of
from groundplan_policies.rules.encryption.uses import AUTOMATIC_SECRET, LOGS, REGIONAL_SECRETS, REPLICATED_SECRET

_KEYS = expect_keys({**REGIONAL_SECRETS, **LOGS})
_AUTOMATIC, _REPLICATED = KeyExpectation(Path(AUTOMATIC_SECRET)), KeyExpectation(Path(REPLICATED_SECRET))
_WAYS = ((Path("replication.auto"), _AUTOMATIC), (Path("replication.userManaged"), _REPLICATED))


def _secret(resource: Resource, context: Context) -> Outcome:
    """Each way of replication that is there has its key; a secret that names none says nothing of a key either."""
    asked = [expectation for path, expectation in _WAYS if path.one(resource).state is not State.ABSENT]
    return all_of(each(resource, context) for each in asked or [_AUTOMATIC])


CONTROL = Control(
    id="ENC-07",
    title="Secrets and logs use customer-managed keys",
    why=(
        "A secret opens other systems, and logs tell who did what with data. With a key of one's own, both can be shut "
        "at once, and each use of the key is on record. Every replica of a secret needs a key, and so does every log "
        "bucket, also those of folders, organisations and billing accounts. An empty block of automatic replication "
        "asks for Google's key, so it fails."
    ),
    remedy=(
        "Use LogArchive with `key`, or set `cmek_settings.kms_key_name` of a log bucket; give "
        "`customer_managed_encryption` to each way of replication of a secret."
    ),
    severity=Severity.MEDIUM,
    objectives=("2.1.e", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "SC-12", "Rotation, protection and destruction: ENC-09 to ENC-12."),),
    reads=(
        _AUTOMATIC.reads("secretmanager.Secret"),
        _REPLICATED.reads("secretmanager.Secret"),
        *reads_of(_KEYS),
    ),
    checks={"secretmanager.Secret": _secret, **_KEYS},
    settings=("key_projects",),
)
