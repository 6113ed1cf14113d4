"""Whether whoever reads a table sees its personal columns, or what masks and policy tags leave of them."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.grants import Grant, place
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, State, entries
from groundplan_policies.engine.principals import Kind, Principal, Principals
from groundplan_policies.engine.resource import Resource
from groundplan_policies.rules.identity.roles import custom_permissions, is_custom, role_name

_TAG: Final = "datacatalog.PolicyTag"
_CLEAR: Final = "roles/datacatalog.categoryfinegrainedreader"
"""The role that sees the values of tagged columns. Without it a reader sees them masked, or gets an error."""
_RAW: Final = "roles/bigquerydatapolicy.rawdatareader"
"""The role that sees the values of columns to which data policies are attached."""
_CLEAR_PERMISSIONS: Final = frozenset({"datacatalog.categories.fineGrainedGet", "bigquery.dataPolicies.getRawData"})
_POLICY_V2: Final = "bigquery.Datapolicyv2DataPolicy"
_POLICIES: Final = frozenset({"bigquerydatapolicy.DataPolicy", _POLICY_V2})
_GRANTEES: Final = Path("grantees")
"""Whom a data policy lets see the values, with no role: of each type but the one that masks."""
_ACCOUNT: Final = re.compile(r"principal://iam\.googleapis\.com/projects/[^/]+/serviceAccounts/([^/]+@[^/]+)")
_SCHEMA: Final = Path("schema")


def tags_of(table: Resource, graph: Graph) -> frozenset[str]:
    """Give the URNs of the policy tags of this document that the columns of a table carry."""
    return graph.once(_tags).get(table.urn, frozenset())


def is_masked(graph: Graph, table: Resource, identity: str) -> bool:
    """Whether a reader of a table has no right to the values of its tagged columns, of which there are some.

    That each personal column carries a tag is a matter of its own (DAT-10); so is that tags are enforced (DAT-11).

    Args:
        graph: The deployment.
        table: The table.
        identity: Whose reading it is: see `Principal.identity`.
    """
    tags = tags_of(table, graph)
    if not tags or not identity:
        return False
    clear = graph.once(_clear_readers)
    return not any(reader in clear.get(place, frozenset()) for place in (*tags, "") for reader in (identity, ""))


def _tags(graph: Graph) -> Mapping[str, frozenset[str]]:
    """URNs of the tags that the schema of each table uses."""
    tags = {each.urn: _names(each) for each in graph.of(_TAG)}
    found: dict[str, frozenset[str]] = {}
    for table in graph.of("bigquery.Table"):
        schema = _SCHEMA.one(table)
        made = {each.urn for each in graph.origins(table, schema) if short_name(each.type) == _TAG}
        if schema.state is State.KNOWN:
            made |= {urn for urn, names in tags.items() if any(f'"{name}"' in schema.text for name in names)}
        found[table.urn] = frozenset(made)
    return found


def _names(tag: Resource) -> tuple[str, ...]:
    return tuple(name for name in (tag.id, tag.outputs.get("name")) if isinstance(name, str) and name)


def _clear_readers(graph: Graph) -> Mapping[str, frozenset[str]]:
    """Who sees the values of each tag, by its URN; under "" who sees those of tags that are not told one by one.

    A reader that cannot be told is "", and may be anybody.
    """
    found: dict[str, set[str]] = {}
    context = Context(graph=graph)  # what roles allow hangs on no setting
    for grant in graph.grants:
        if _sees_values(grant, context):
            tag = place(graph, grant) if grant.on == _TAG else None
            found.setdefault(tag.urn if tag is not None else "", set()).add(_reader(grant.principal))
    found.setdefault("", set()).update(_reader(each) for each in _grantees(graph))
    return {place: frozenset(readers) for place, readers in found.items()}


def _reader(who: Principal) -> str:
    return "" if who.public or who.kind in {Kind.UNKNOWN, Kind.PRINCIPAL_SET} else who.identity


def _grantees(graph: Graph) -> Iterator[Principal]:
    """Give whom data policies name themselves. Which columns a policy is on is not looked at."""
    principals = graph.once(Principals)
    for policy in graph.of(_POLICY_V2):
        for reading in entries(_GRANTEES.one(policy)):
            account = _ACCOUNT.fullmatch(reading.text)
            member = reading if account is None else reading._replace(value=f"serviceAccount:{account[1]}")
            if reading.state not in {State.ABSENT, State.EMPTY}:
                yield principals.read(policy, member)


def _sees_values(grant: Grant, context: Context) -> bool:
    """Whether a role sees the values of tagged columns; on a tag also one of which nobody can tell what it allows."""
    name, near = role_name(grant.role), grant.on == _TAG or grant.on in _POLICIES
    if is_custom(name):
        held = custom_permissions(name, context)
        return near if held is None else bool(_CLEAR_PERMISSIONS & held)
    return name in {_CLEAR, _RAW} or (near and grant.role.state is not State.KNOWN)
