"""IAM-03: no basic roles on projects, folders or the organisation."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, fail
from groundplan_policies.rules.identity.forms import WIDE, each_grant, grant_reads, unclear
from groundplan_policies.rules.identity.roles import is_basic, role_as_written


def _judge(grant: Grant, context: Context) -> Outcome:  # noqa: ARG001 - as every judge
    if is_basic(grant.role):
        return fail("is a basic role", grant.role.path, role_as_written(grant.role))
    return unclear(grant.role) or PASS


CONTROL = Control(
    id="IAM-03",
    title="No basic roles on projects, folders or the organisation",
    why=(
        "Owner, editor and viewer hold thousands of permissions on everything, and on what a project gets tomorrow: a "
        "viewer reads every table, an editor every secret of every build. The newer admin, writer and reader are the "
        "same. Who holds such a role does not matter, so nobody is exempt: the one that Google gives its own agent "
        "needs no grant in a program. What a custom role allows is judged by IAM-22."
    ),
    remedy="Use the constructs' `grant_*` methods, or the predefined role for the one thing that is needed.",
    severity=Severity.HIGH,
    objectives=("6.1.a",),
    clauses=(partial("nist-800-53-r5", "AC-6", "Roles that are wide without being basic, and grants made elsewhere."),),
    reads=grant_reads(WIDE, members=False),
    checks=dict.fromkeys(WIDE, each_grant(_judge)),
)
