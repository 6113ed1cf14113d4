"""DAT-23: restricted tables have row policies."""

from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.grants import Form, Grant, Level
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import token
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.principals import Kind, Principals
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    any_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.classes import is_restricted
from groundplan_policies.rules.data.predicates import Lets, lets_through
from groundplan_policies.rules.data.targets import dataset_of

_POLICY = "bigquery.RowAccessPolicy"
_TABLE = "bigquery.Table"
_PREDICATE = Path("filterPredicate")
_GRANTEES = Path("grantees")
_NAME = Path("tableId")
_ACCESSES = Path("accesses")
_VIEWS = (Path("view"), Path("materializedView"))
_SEVERAL: Final = frozenset(
    {
        Kind.DOMAIN,
        Kind.PRINCIPAL_SET,
        Kind.ALL_USERS,
        Kind.ALL_AUTHENTICATED_USERS,
        Kind.PROJECT_OWNER,
        Kind.PROJECT_EDITOR,
        Kind.PROJECT_VIEWER,
    }
)
"""Members that stand for whoever comes along."""

_WITHOUT_ROWS: Final = frozenset(
    f"roles/bigquery.{name}" for name in ("metadataViewer", "jobUser", "user", "resourceViewer", "filteredDataViewer")
)
_OWNERS: Final = frozenset({"OWNER", "roles/bigquery.dataOwner", "roles/bigquery.admin"})
_OF_PROJECT: Final = frozenset({"roles/bigquery.dataViewer", "roles/bigquery.dataEditor"})


def _policy(resource: Resource, context: Context) -> Outcome:
    return all_of([_filters(_PREDICATE.one(resource)), _grantees(resource, context)])


def _filters(predicate: Reading) -> Outcome:
    missing = unreadable(predicate, absent=fail("lets every row through", predicate.path))
    if missing is not None or not predicate.text:
        return missing or wrong_type(predicate, "a text")
    lets = lets_through(predicate.text)
    if lets is Lets.ALL:
        return fail("lets every row through", predicate.path)
    if lets is Lets.UNTOLD:
        return indeterminate("may let every row through: what it says of a row cannot be told", predicate.path)
    return PASS


def _grantees(resource: Resource, context: Context) -> Outcome:
    listed = _GRANTEES.one(resource)
    unsaid = indeterminate("names nobody, so that nobody can see who gets the rows", listed.path)
    missing = unreadable(listed, absent=unsaid)
    if missing is not None or not isinstance(listed.value, list):
        return missing or wrong_type(listed, "a list")
    principals = context.graph.once(Principals)
    return all_of(_grantee(principals.read(resource, each).kind, each) for each in entries(listed))


def _grantee(kind: Kind, entry: Reading) -> Outcome:
    if kind in _SEVERAL:
        return fail("stands for whoever comes along", entry.path, kind.value)
    return indeterminate("is nobody that can be told", entry.path) if kind is Kind.UNKNOWN else PASS


def _table(resource: Resource, context: Context) -> Outcome:
    restricted = is_restricted(resource, context)
    if restricted is False or any(path.one(resource).state is State.KNOWN for path in _VIEWS):
        return NOT_APPLICABLE
    sure, unsure = _readers(resource, context)
    if sure + unsure <= 1:
        return NOT_APPLICABLE
    if restricted is None:
        return indeterminate("the settings do not say which classes are restricted")
    policies = context.graph.once(_policies).get(resource.urn, ())
    if policies:
        return any_of(_policy(each, context) for each in policies)
    if sure > 1:
        return fail("is shared with several, and has no policy that says who sees which rows")
    return indeterminate("may be shared with several, and has no policy that says who sees which rows")


def _readers(table: Resource, context: Context) -> tuple[int, int]:
    """Count who reads a table, beside its owners and accounts of workloads: for sure, and perhaps.

    Whoever stands for several counts as two.
    """
    sure: set[str] = set(_by_default(table, context))
    unsure = 0
    for grant in _grants(table, context):
        who = grant.principal
        if who.kind in _SEVERAL:
            sure |= {"", who.kind.value}
        elif who.kind is Kind.UNKNOWN or (who.kind is not Kind.SERVICE_ACCOUNT and not who.identity):
            unsure += 1
        elif who.kind not in {Kind.SERVICE_ACCOUNT, Kind.DELETED}:
            sure.add(who.identity)
    return len(sure), unsure


def _by_default(table: Resource, context: Context) -> Iterator[str]:
    """Give those to whom BigQuery itself gives a dataset that lists no accesses: all with a role on the project."""
    holder = dataset_of(table, context.graph)
    if holder is None or _ACCESSES.one(holder).state not in {State.ABSENT, State.EMPTY}:
        return
    if all(each.form is not Form.POLICY for each in context.graph.grants_on(holder)):
        yield from (Kind.PROJECT_EDITOR, Kind.PROJECT_VIEWER)


def _grants(table: Resource, context: Context) -> Iterator[Grant]:
    graph = context.graph
    holder = dataset_of(table, graph)
    near = (*graph.grants_on(table), *(graph.grants_on(holder) if holder is not None else ()))
    yield from (each for each in near if each.role.text not in _OWNERS | _WITHOUT_ROWS)
    project = graph.effective(table, "project")
    yield from (
        each for each in graph.once(_of_projects) if each.target.text == project.text and project.state is State.KNOWN
    )


def _of_projects(graph: Graph) -> tuple[Grant, ...]:
    return tuple(each for each in graph.grants if each.level is Level.PROJECT and each.role.text in _OF_PROJECT)


def _policies(graph: Graph) -> Mapping[str, tuple[Resource, ...]]:
    """The row policies of each table, by its URN."""
    tables: dict[tuple[str, str], Resource] = {}
    for table in graph.of(_TABLE):
        holder = dataset_of(table, graph)
        tables[holder.urn if holder is not None else "", _NAME.one(table).text] = table
    found: dict[str, list[Resource]] = {}
    for policy in graph.of(_POLICY):
        named, holder = _NAME.one(policy), dataset_of(policy, graph)
        made = [each for each in graph.origins(policy, named) if each.type == token(_TABLE)]
        place = (holder.urn if holder is not None else "", named.text)
        by_name = tables.get(place) if holder is not None else None
        whose = made[0] if len(made) == 1 else by_name
        if whose is not None:
            found.setdefault(whose.urn, []).append(policy)
    return {urn: tuple(each) for urn, each in found.items()}


CONTROL = Control(
    id="DAT-23",
    title="Restricted tables have row policies",
    why=(
        "Two teams that read one table of restricted data see each other's rows unless a policy parts them. Those who "
        "count are people: users, groups, and whoever stands for several. Owners of the data are left out, as they "
        "write the policies, and so are service accounts, as a workload reads all rows for what it computes. A policy "
        "that lets every row through, or whose grantees are a domain, parts nobody; a predicate that looks at no "
        "column, or may hold whatever a column has, is indeterminate. Views have no policies of their own. What "
        "carries no class counts as restricted."
    ),
    remedy="Give the table `row_policies` in Warehouse, or make a RowAccessPolicy for each group.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("2.1.e",),
    clauses=(
        partial("google-ai", "BQ-CO-6.6", "Tables that nobody marked as restricted."),
        partial("nist-800-53-r5", "AC-3", "Who may read the table at all: the controls of the family IAM."),
    ),
    reads=(
        Read(_POLICY, "filterPredicate"),
        Read(_POLICY, "grantees", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
    ),
    checks={_POLICY: _policy, _TABLE: _table},
    settings=("restricted_classes", "classifications"),
)
