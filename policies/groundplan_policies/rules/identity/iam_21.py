"""IAM-21: who may act as a service account is named."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.principals import Kind
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, fail, indeterminate
from groundplan_policies.rules.identity.federation import one_workload
from groundplan_policies.rules.identity.forms import each_grant, grant_reads, iam_types, unclear, unclear_member
from groundplan_policies.rules.identity.roles import takes_over

_TYPES: Final = iam_types("serviceaccount.IAM")
_NAMED: Final = frozenset({Kind.USER, Kind.GROUP, Kind.SERVICE_ACCOUNT, Kind.PRINCIPAL})


def _judge(grant: Grant, context: Context) -> Outcome:
    missing = unclear(grant.role)
    if missing is not None:
        return missing
    takes = takes_over(grant, context)
    if takes is False:
        return NOT_APPLICABLE
    return unclear_member(grant) or _whose(grant, context, sure=takes is True)


def _whose(grant: Grant, context: Context, *, sure: bool) -> Outcome:
    if grant.principal.kind in _NAMED:
        return PASS
    if not sure:
        return indeterminate("is a role that may let many act as the account", grant.role.path)
    if grant.principal.kind is Kind.PRINCIPAL_SET:
        return one_workload(grant, context)
    return fail("names more than one workload", grant.member.path, grant.principal.kind.value)


CONTROL = Control(
    id="IAM-21",
    title="Who may act as a service account is named",
    why=(
        "A grant to a whole identity pool lets everything that its issuer signs act as the account: for a public "
        "source host that is every repository of the world that passes the provider's condition. Roles that change the "
        "account's policy or make keys of it come to the same, as do owner and editor. Custom roles are looked into "
        "where this document has them. The member must be one user, group, account or subject, or a set of one "
        "attribute that says the repository or the subject. What an attribute says is read from the providers' "
        "mappings in this document; an attribute of a pool that is not here counts by its name, if that is a usual "
        "one; one that joins several claims must begin with such a claim, with a sign behind it that keeps the rest "
        "apart. Who is in a group cannot be seen here. Grants on projects are judged by IAM-04."
    ),
    remedy="Use `grant_act_as` of WorkloadIdentity, or grant to `attribute.repository/<owner>/<name>`.",
    severity=Severity.HIGH,
    objectives=("5.2.b", "6.1.a"),
    clauses=(
        partial("nist-800-53-r5", "AC-3", "What else the issuer signs for the same repository: IAM-11."),
        partial("nist-800-53-r5", "AC-6", "What the account may do."),
    ),
    reads=grant_reads(_TYPES),
    checks=dict.fromkeys(_TYPES, each_grant(_judge)),
)
