"""Whether whoever reads a table sees its personal columns, or what masks and policy tags leave of them."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.grants import Grant, place
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.principals import Kind
from groundplan_policies.engine.resource import Resource
from groundplan_policies.rules.identity.roles import custom_permissions, is_custom, role_name

_TAG: Final = "datacatalog.PolicyTag"
_CLEAR: Final = "roles/datacatalog.categoryfinegrainedreader"
"""The role that sees the values of tagged columns. Without it a reader sees them masked, or gets an error."""
_CLEAR_PERMISSION: Final = "datacatalog.categories.fineGrainedGet"
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
            told = grant.principal.kind is not Kind.UNKNOWN
            tag = place(graph, grant) if grant.on == _TAG else None
            found.setdefault(tag.urn if tag is not None else "", set()).add(grant.principal.identity if told else "")
    return {place: frozenset(readers) for place, readers in found.items()}


def _sees_values(grant: Grant, context: Context) -> bool:
    """Whether a role sees the values of tagged columns; on a tag also one of which nobody can tell what it allows."""
    name = role_name(grant.role)
    if is_custom(name):
        held = custom_permissions(name, context)
        return grant.on == _TAG if held is None else _CLEAR_PERMISSION in held
    return name == _CLEAR or (grant.on == _TAG and grant.role.state is not State.KNOWN)
