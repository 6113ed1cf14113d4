"""ENC-16: keys decrypt for workloads only, one key at a time."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.principals import Kind
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, fail, indeterminate
from groundplan_policies.rules.identity.forms import WIDE, each_grant, grant_reads, iam_types, unclear, unclear_member
from groundplan_policies.rules.identity.members import is_workforce
from groundplan_policies.rules.identity.roles import WRITING, decrypts, role_as_written, role_name

_KEYS: Final = iam_types("kms.CryptoKeyIAM")
_RINGS: Final = iam_types("kms.KeyRingIAM")


def _on_key(grant: Grant, context: Context) -> Outcome:
    missing = unclear(grant.role)
    if missing is not None:
        return missing
    opens = _opens(grant, context)
    if opens is False:
        return NOT_APPLICABLE
    return unclear_member(grant) or _whose(grant, sure=opens is True)


def _whose(grant: Grant, *, sure: bool) -> Outcome:
    who, path = grant.principal, grant.member.path
    if who.default:
        message = "every workload that runs as the default account decrypt"
        return fail(f"lets {message}", path) if sure else indeterminate(f"may let {message}", path)
    if who.kind is Kind.SERVICE_ACCOUNT or (who.kind is Kind.PRINCIPAL and not is_workforce(who)):
        return PASS
    if not sure:
        return indeterminate("may decrypt, which only a service agent or one named workload may", path, who.kind.value)
    return fail("decrypts, which only a service agent or one named workload may", path, who.kind.value)


def _on_ring(grant: Grant, context: Context) -> Outcome:
    return _below(grant, _opens(grant, context))


def _wider(grant: Grant, context: Context) -> Outcome:
    return _below(grant, decrypts(grant, context))


def _below(grant: Grant, opens: bool | None) -> Outcome:  # noqa: FBT001 - the one thing that decides
    missing = unclear(grant.role)
    if missing is not None or opens is False:
        return missing or PASS
    path, role = grant.role.path, role_as_written(grant.role)
    if opens is None:
        return indeterminate("may decrypt with every key below", path, role)
    return fail("decrypts with every key below", path, role)


def _opens(grant: Grant, context: Context) -> bool | None:
    """Whether a role on a key or its ring decrypts. There, basic roles are nobody else's to judge."""
    return role_name(grant.role) in WRITING or decrypts(grant, context)


CONTROL = Control(
    id="ENC-16",
    title="Keys decrypt for workloads only, one key at a time",
    why=(
        "Own keys separate who stores data from who reads it only as long as nobody else can decrypt. A person who can "
        "needs no access to the data's own service, and leaves no trace there; a role on a key ring or a project holds "
        "for every key in it, also for those that come later. So roles that decrypt go to Google's service agents and "
        "to named accounts, on one key each; an account that is only read is judged by its id. Custom roles are looked "
        "into where this document has them. Owner and editor of a key or a ring count too; on a project they are "
        "judged by IAM-03. Who may hand out keys is judged by IAM-09."
    ),
    remedy="Use `grant_use` or `grant_agent` of a key, with the account of the workload.",
    severity=Severity.HIGH,
    objectives=("2.1.e", "6.1.a"),
    clauses=(
        partial("nist-800-53-r5", "SC-12", "How keys are made, kept and destroyed."),
        partial("nist-800-53-r5", "AC-6", "Grants that were made outside of this program."),
    ),
    reads=(*grant_reads(_KEYS), *grant_reads((*_RINGS, *WIDE), members=False)),
    checks={
        **dict.fromkeys(_KEYS, each_grant(_on_key)),
        **dict.fromkeys(_RINGS, each_grant(_on_ring)),
        **dict.fromkeys(WIDE, each_grant(_wider)),
    },
)
