"""IAM-04: nobody may act as every service account of a project."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, fail
from groundplan_policies.rules.identity.forms import WIDE, each_grant, grant_reads, unclear
from groundplan_policies.rules.identity.roles import is_impersonation, role_as_written


def _judge(grant: Grant, context: Context) -> Outcome:  # noqa: ARG001 - as every judge
    if is_impersonation(grant.role):
        return fail("lets its holder act as every service account below", grant.role.path, role_as_written(grant.role))
    return unclear(grant.role) or PASS


CONTROL = Control(
    id="IAM-04",
    title="Nobody may act as every service account of a project",
    why=(
        "Whoever holds one of the roles for acting as a service account on a project, a folder or the organisation "
        "acts as every account below, also as those with more rights and as those that are made later. A condition "
        "does not help: conditions cannot name single accounts. Agents of Google are not exempt, as each needs the "
        "role on the accounts that it works for only."
    ),
    remedy="Grant the role on one account: `grant_act_as` of ServiceIdentity does, or serviceaccount.IAMMember.",
    severity=Severity.HIGH,
    objectives=("2.2.b", "6.1.a"),
    clauses=(partial("cis-gcp-5.0", "1.7", "Grants that were made outside of this program."),),
    reads=grant_reads(WIDE, members=False),
    checks=dict.fromkeys(WIDE, each_grant(_judge)),
)
