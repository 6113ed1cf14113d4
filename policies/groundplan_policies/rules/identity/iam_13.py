"""IAM-13: members come from allowed domains, projects and pools."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.grants import Form, Grant, Level
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.principals import Kind, Principals
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, Verdict, all_of, indeterminate
from groundplan_policies.rules.identity.domains import allowed_member
from groundplan_policies.rules.identity.forms import (
    ACLS,
    IAM,
    access_reads,
    acl_reads,
    each_grant,
    grant_reads,
    unclear_member,
)

_NOTHING: Final = Verdict.NOT_APPLICABLE
_ROWS: Final = "bigquery.RowAccessPolicy"
_GRANTEES, _TABLE = Path("grantees"), Path("tableId")
_ACCESSES: Final = ("bigquery.Dataset", "bigquery.DatasetAccess")


def known(grant: Grant, context: Context) -> Outcome:
    """Judge whose a member is."""
    missing = unclear_member(grant)
    if missing is not None:
        return missing
    if grant.principal.public or (grant.form is Form.ACCESS and grant.principal.kind is Kind.DOMAIN):
        return NOT_APPLICABLE  # IAM-01 and IAM-02 judge these
    if grant.principal.kind is Kind.DELETED:
        return indeterminate("is an identity that was deleted and may be restored", grant.member.path)
    return allowed_member(grant, context) or NOT_APPLICABLE


_CHECK = each_grant(known)


def _rows(resource: Resource, context: Context) -> Outcome:
    """Judge those to whom a row policy shows rows: a list of members without a role."""
    listed = _GRANTEES.one(resource)
    missing = unreadable(listed, absent=NOT_APPLICABLE)
    if missing is not None or not isinstance(listed.value, list):
        return missing or wrong_type(listed, "a list")
    principals = context.graph.once(Principals)
    role = Reading("", State.KNOWN, "roles/bigquery.filteredDataViewer")
    return all_of(
        known(
            Grant(
                resource,
                Form.BINDING,
                Level.RESOURCE,
                "bigquery.Table",
                _TABLE.one(resource),
                role,
                each,
                None,
                principals.read(resource, each),
            ),
            context,
        )
        for each in entries(listed)
    )


CONTROL = Control(
    id="IAM-13",
    title="Members come from allowed domains, projects and pools",
    why=(
        "A private address keeps its access when its owner leaves, and a typing error in a domain gives somebody "
        "else's people what is ours. Users, groups and domains must be of allowed domains, where a domain below an "
        "allowed one is another domain. Service accounts must be of this document, of a project that it makes or "
        "manages, or of an allowed one: what is only read makes neither itself nor its project an own one. Google's "
        "service agents act for the project whose number they carry, so they too are somebody's. Federated identities "
        "must be of a pool of this document or an allowed one. Public members are judged by IAM-01, and by DAT-23 "
        "where they get rows; domains in the accesses of datasets by IAM-02."
    ),
    remedy="Name members of your own, or add theirs to `allowed_domains`, `allowed_projects` or `allowed_pools`.",
    ask="Look in the cloud at the members that are there now, where others than this program may add some.",
    severity=Severity.HIGH,
    objectives=("2.1.e", "6.1.a"),
    clauses=(
        partial("google-ai", "COM-CO-4.1", "The organisation policy that makes other members impossible: IAM-24."),
        partial("cis-gcp-5.0", "1.2", "Which accounts exist, and members that were given access elsewhere."),
    ),
    reads=(
        *grant_reads(IAM, roles=False, nothing=_NOTHING),
        *acl_reads(_NOTHING),
        Read(_ROWS, _GRANTEES.text, absent=_NOTHING, empty=_NOTHING),
        Read("bigquery.Dataset", "accesses", absent=_NOTHING, empty=_NOTHING),
        *access_reads("bigquery.Dataset", "accesses.", domain=Verdict.PASS),
        *access_reads("bigquery.DatasetAccess", domain=Verdict.PASS),
    ),
    checks={**dict.fromkeys((*IAM, *ACLS, *_ACCESSES), _CHECK), _ROWS: _rows},
    settings=("allowed_domains", "allowed_projects", "allowed_pools", "service_agent_projects"),
)
