"""ENC-16: keys decrypt for workloads only, one key at a time."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.principals import Kind
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, fail
from groundplan_policies.rules.identity.forms import WIDE, each_grant, grant_reads, iam_types, unclear, unclear_member
from groundplan_policies.rules.identity.members import is_workforce
from groundplan_policies.rules.identity.roles import decrypts, role_as_written

_KEYS: Final = iam_types("kms.CryptoKeyIAM")
_WIDER: Final = (*iam_types("kms.KeyRingIAM"), *WIDE)


def _on_key(grant: Grant, context: Context) -> Outcome:  # noqa: ARG001 - as every judge
    missing = unclear(grant.role)
    if missing is not None:
        return missing
    if not decrypts(grant.role):
        return NOT_APPLICABLE
    missing = unclear_member(grant)
    if missing is not None:
        return missing
    who, path = grant.principal, grant.member.path
    if who.default:
        return fail("lets every workload that runs as the default account decrypt", path)
    if who.kind is Kind.SERVICE_ACCOUNT or (who.kind is Kind.PRINCIPAL and not is_workforce(who)):
        return PASS
    return fail("decrypts, which only a service agent or one named workload may", path, who.kind.value)


def _wider(grant: Grant, context: Context) -> Outcome:  # noqa: ARG001 - as every judge
    if decrypts(grant.role):
        return fail("decrypts with every key below", grant.role.path, role_as_written(grant.role))
    return unclear(grant.role) or PASS


CONTROL = Control(
    id="ENC-16",
    title="Keys decrypt for workloads only, one key at a time",
    why=(
        "Own keys separate who stores data from who reads it only as long as nobody else can decrypt. A person who can "
        "needs no access to the data's own service, and leaves no trace there; a role on a key ring or a project holds "
        "for every key in it, also for those that come later. So roles that decrypt go to Google's service agents and "
        "to named accounts, on one key each. Who may hand out keys is judged by IAM-09, custom roles by IAM-22."
    ),
    remedy="Use `grant_use` or `grant_agent` of a key, with the account of the workload.",
    severity=Severity.HIGH,
    objectives=("2.1.e", "6.1.a"),
    clauses=(
        partial("nist-800-53-r5", "SC-12", "How keys are made, kept and destroyed."),
        partial("nist-800-53-r5", "AC-6", "Grants that were made outside of this program."),
    ),
    reads=(*grant_reads(_KEYS), *grant_reads(_WIDER, members=False)),
    checks={**dict.fromkeys(_KEYS, each_grant(_on_key)), **dict.fromkeys(_WIDER, each_grant(_wider))},
)
