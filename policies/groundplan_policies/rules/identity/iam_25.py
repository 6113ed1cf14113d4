"""IAM-25: elevated grants of people end."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity
from groundplan_policies.rules.identity.conditions import ends
from groundplan_policies.rules.identity.forms import WIDE, each_grant, grant_reads, unclear, unclear_member
from groundplan_policies.rules.identity.members import is_people
from groundplan_policies.rules.identity.roles import is_admin, is_basic, is_data, is_impersonation


def _judge(grant: Grant, context: Context) -> Outcome:  # noqa: ARG001 - as every judge
    missing = unclear_member(grant)
    if missing is not None:
        return missing
    if not is_people(grant.principal):
        return NOT_APPLICABLE
    missing = unclear(grant.role)
    if missing is not None:
        return missing
    if any(each(grant.role) for each in (is_admin, is_basic, is_data, is_impersonation)):
        return ends(grant.condition, grant.role.path)
    return NOT_APPLICABLE


CONTROL = Control(
    id="IAM-25",
    title="Elevated grants of people end",
    why=(
        "People change teams, and what they were given for an incident stays. A grant of an admin role, or of a role "
        "on data, to a user, a group, a domain or federated people, on a project or above it, must say when it ends. "
        "Access that people ask for through an entitlement ends by itself and is no grant here. Roles are told by "
        "Google's names: basic roles, as a viewer reads data too; what ends with admin; what acts as an account; in "
        "services that hold data, what reads or writes it. A condition that says the time in another way than a plain "
        "comparison is indeterminate."
    ),
    remedy="Add a condition `request.time < timestamp('…')`, or make it a privilegedaccessmanager.Entitlement.",
    severity=Severity.MEDIUM,
    objectives=("6.1.a",),
    clauses=(
        partial("nist-800-53-r5", "AC-2", "Accounts themselves, and grants that were made outside of this program."),
        partial("nist-800-53-r5", "AC-6", "Custom roles, and grants on single resources."),
    ),
    reads=(
        *grant_reads(WIDE),
        *(Read(type_, "condition.expression") for type_ in WIDE if not type_.endswith("Policy")),
    ),
    checks=dict.fromkeys(WIDE, each_grant(_judge)),
)
