"""IAM-02: the accesses of BigQuery datasets are explicit."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable
from groundplan_policies.engine.grants import Form, Grant
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.principals import Kind
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, all_of, fail
from groundplan_policies.rules.identity.domains import in_domains
from groundplan_policies.rules.identity.forms import access_reads, each_grant, grant_reads, iam_types, unclear_member

_ACCESSES: Final = Path("accesses")
_SHARED: Final = {Kind.PROJECT_EDITOR: "projectWriters", Kind.PROJECT_VIEWER: "projectReaders"}
_IAM: Final = iam_types("bigquery.DatasetIam")


def _judge(grant: Grant, context: Context) -> Outcome:
    if grant.principal.public:
        return fail("gives access to everybody", grant.member.path, grant.principal.kind.value)
    if grant.principal.kind is Kind.DOMAIN:
        return in_domains(grant, context)
    return _shared(grant, context)


def _shared(grant: Grant, context: Context) -> Outcome:  # noqa: ARG001 - as every judge
    if grant.principal.kind in _SHARED:
        what = "gives access to all who hold a basic role on the project"
        return fail(what, grant.member.path, _SHARED[grant.principal.kind])
    return unclear_member(grant) or PASS


_EACH = each_grant(_judge, nothing=PASS)


def _dataset(resource: Resource, context: Context) -> Outcome:
    accesses = _ACCESSES.one(resource)
    default = fail("are absent, so BigQuery gives access to all who hold a basic role on the project", "accesses")
    missing = unreadable(accesses, absent=default)
    if missing is None:
        return _EACH(resource, context)
    if missing is default and any(_replaces(each) for each in context.graph.grants_on(resource)):
        return PASS
    return all_of([missing])


def _replaces(grant: Grant) -> bool:
    return grant.form is Form.POLICY and short_name(grant.resource.type) == "bigquery.DatasetIamPolicy"


CONTROL = Control(
    id="IAM-02",
    title="The accesses of BigQuery datasets are explicit",
    why=(
        "A dataset without a list of accesses gets BigQuery's own: every viewer of the project reads all of its tables "
        "and every editor changes them, whoever that is by then. Accesses in resources of their own and IAM members "
        "are added to that list and do not replace it, so they do not stand in for it; a whole IAM policy does, if it "
        "is known to be of the dataset's own project, as another project's dataset may have the same name. "
        "projectOwners may stay, as owners can give themselves any access. Authorised views, routines and datasets "
        "name no principal. A domain must be among the allowed ones; other members are judged by IAM-13. Of IAM on "
        "datasets only the holders of basic roles are judged here, the rest by IAM-01. Where changes of the list are "
        "ignored, as DatasetAccess resources keep the rest of it, the list in a program is only what the dataset began "
        "with: it is declared, and a state is judged by the list that the cloud had at the last refresh."
    ),
    remedy="Use Dataset, or set `accesses` to one owner by `iam_member` and grant the rest one by one.",
    ask="Look in BigQuery at the accesses that the dataset has now.",
    severity=Severity.CRITICAL,
    objectives=("2.1.e", "3.2.a"),
    clauses=(
        partial("google-ai", "BQ-CO-6.1", "Accesses that were given outside of this program."),
        partial("cis-gcp-5.0", "7.1", "Accesses that were given outside of this program."),
    ),
    reads=(
        Read("bigquery.Dataset", "accesses"),
        *access_reads("bigquery.Dataset", "accesses.", groupByEmail=Verdict.PASS),
        *access_reads("bigquery.DatasetAccess", groupByEmail=Verdict.PASS),
        *grant_reads(_IAM, roles=False),
    ),
    checks={
        "bigquery.Dataset": _dataset,
        "bigquery.DatasetAccess": each_grant(_judge),
        **dict.fromkeys(_IAM, each_grant(_shared)),
    },
    settings=("allowed_domains",),
)
