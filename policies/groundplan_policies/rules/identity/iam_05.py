"""IAM-05: service accounts hold no admin role."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, fail
from groundplan_policies.rules.identity.forms import WIDE, each_grant, grant_reads, unclear, unclear_member
from groundplan_policies.rules.identity.members import is_machine
from groundplan_policies.rules.identity.roles import is_admin, role_as_written


def _judge(grant: Grant, context: Context) -> Outcome:  # noqa: ARG001 - as every judge
    missing = unclear_member(grant)
    if missing is not None:
        return missing
    if not is_machine(grant.principal):
        return NOT_APPLICABLE
    if is_admin(grant.role):
        return fail("is an admin role of a machine", grant.role.path, role_as_written(grant.role))
    return unclear(grant.role) or PASS


CONTROL = Control(
    id="IAM-05",
    title="Service accounts hold no admin role",
    why=(
        "A workload runs code of many authors, and whoever gets into it has its account. With an admin role on a "
        "project that is the project. A role counts as one if it is owner, editor, or its name ends with admin. "
        "Federated workloads, and all service accounts of a project at once, count as service accounts; federated "
        "people do not. Google's own service agents are exempt: their roles are given by Google and used by no code "
        "of ours. An admin role on a single resource is not judged here."
    ),
    remedy="Use ServiceIdentity with the constructs' `grant_*` methods, or a role for the one thing that is needed.",
    severity=Severity.HIGH,
    objectives=("6.1.a",),
    clauses=(partial("cis-gcp-5.0", "1.6", "Grants that were made outside of this program."),),
    reads=grant_reads(WIDE),
    checks=dict.fromkeys(WIDE, each_grant(_judge)),
)
