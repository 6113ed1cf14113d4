"""IAM-01: no grant is public."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.grants import Grant
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, fail
from groundplan_policies.rules.identity.forms import ACLS, IAM, acl_reads, each_grant, grant_reads, unclear_member

_ELSEWHERE = "Grants that were made outside of this program."


def public(grant: Grant, context: Context) -> Outcome:  # noqa: ARG001 - as every judge
    """Fail a grant to everybody, or to everybody with an account of Google."""
    if grant.principal.public:
        return fail("gives access to everybody", grant.member.path, grant.principal.kind.value)
    return unclear_member(grant) or PASS


_CHECK = each_grant(public, nothing=PASS)

CONTROL = Control(
    id="IAM-01",
    title="No grant is public",
    why=(
        "allUsers is the internet, and allAuthenticatedUsers is everybody who has an account of Google: no password of "
        "ours stands before either. What is granted does not matter: a list of names is enough to start from. Members, "
        "bindings, policies and access control lists are read on every type; the accesses of BigQuery datasets are "
        "judged by IAM-02. A member of which only the kind is known, such as one made of an account's e-mail address, "
        "is not public. A list that grants nobody anything passes."
    ),
    remedy="Name people, groups or accounts: the constructs' `grant_*` methods take nothing else.",
    severity=Severity.CRITICAL,
    objectives=("2.1.e", "6.1.a"),
    clauses=(
        partial("cis-gcp-5.0", "1.10", _ELSEWHERE),
        partial("cis-gcp-5.0", "5.1", _ELSEWHERE),
        partial(
            "cis-gcp-5.0", "7.1", "The lists of access of datasets, which IAM-02 reads, and grants made elsewhere."
        ),
        partial("google-ai", "BQ-CO-6.2", _ELSEWHERE),
    ),
    reads=(
        *grant_reads(IAM, roles=False, nothing=Verdict.PASS),
        *acl_reads(Verdict.PASS),
    ),
    checks=dict.fromkeys((*IAM, *ACLS), _CHECK),
)
