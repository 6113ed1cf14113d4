"""A statement is held to the tables that were found for it, by what the database itself reads in it.

One database has the tables of all projects of a cloud, so that a name that gets past the translation would reach any.
"""

import json
import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, Final

from sqlglot import exp

from mockcloud.services.bigquery.refusals import bad_query

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MARK: Final = "_mockcloud_rows_"
"""How the names of the database's tables begin; no name of a query's own may."""


def hold_words(statement: exp.Expression) -> None:
    """Refuse words that are none: sqlglot writes what is in backticks there as it came.

    Raises:
        ApiError: `invalidQuery`.
    """
    for each in statement.find_all(exp.Var):
        if not re.fullmatch(r"\w+", each.name):
            raise bad_query(f"Syntax error: Unexpected `{each.name[:40]}`")
    for named in statement.find_all(exp.CTE):
        if named.alias.lower().startswith(MARK):
            raise bad_query(f"Names that begin with {MARK} are reserved: {named.alias}")


def names_expression(table: exp.Table) -> bool:
    """Whether a name is that of a common table expression, where it stands."""
    inside: Any = table
    name = "" if table.db else table.name.lower()
    while inside.parent is not None:
        outer = inside.parent
        if isinstance(outer, exp.With):
            # An expression knows those before it, and itself where it may recur.
            at = [each is inside for each in outer.expressions].index(True)
            seen = outer.expressions[: at + bool(outer.recursive)]
        else:
            front = outer.args.get("with_")
            seen = [] if front is None or front is inside else front.expressions
        if name in {each.alias.lower() for each in seen}:
            return True
        inside = outer
    return False


def hold_tables(database: "DuckDBPyConnection", sql: str, readable: Collection[str]) -> None:
    """Refuse what is not one query, or reads another table than it may.

    Args:
        database: The database, which reads the query without running it.
        sql: In DuckDB's words.
        readable: The tables that were found for it.

    Raises:
        ApiError: `invalidQuery`.
    """
    row = database.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone()
    try:
        read = json.loads(row[0]) if row else {}
        nodes = list(_nodes(read))
    except RecursionError:
        raise bad_query("The query is nested too deeply") from None
    if len(read.get("statements", ())) != 1:
        raise bad_query(f"Syntax error: {read.get('error_message') or 'Expected one query'}")
    expressions = {entry["key"].lower() for each in nodes for entry in (each.get("cte_map") or {}).get("map", ())}
    for each in nodes:
        kind = each.get("type")
        if kind == "SHOW_REF" or (kind == "TABLE_FUNCTION" and each["function"]["function_name"] != "unnest"):
            raise bad_query("Table functions are not allowed here")
        if kind == "BASE_TABLE" and "table_name" in each:
            name = each["table_name"]
            front = each.get("schema_name") or each.get("catalog_name")
            if front or (name not in readable and (name.startswith(MARK) or name.lower() not in expressions)):
                raise bad_query(f'Table "{name}" must be qualified with a dataset (e.g. dataset.table).')


def _nodes(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _nodes(each)
