"""Queries run: what they give, and what they change."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlglot import exp

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Record
from mockcloud.services.bigquery import definitions, names, sql
from mockcloud.services.bigquery.access import hold_data
from mockcloud.services.bigquery.engine import Engine
from mockcloud.services.bigquery.members import set_whole
from mockcloud.services.bigquery.partitions import still
from mockcloud.services.bigquery.refusals import bad_query, not_done
from mockcloud.services.bigquery.row_access import hold_all_rows, predicates
from mockcloud.services.bigquery.sql import Reading
from mockcloud.services.bigquery.tables import fields_of, rows_of, store_rows
from mockcloud.services.bigquery.values import Row, row_from_duck

_KINDS: Final = "SNAPSHOT|SEARCH|VECTOR|ROW|ACCESS|EXTERNAL|MATERIALIZED|ALL"
_STATEMENT: Final = re.compile(rf"(?:CREATE|ALTER|DROP)(?: OR REPLACE)?(?: (?:{_KINDS}))* \w+|\w+", re.IGNORECASE)
"""The words of a statement that say which one it is."""


@dataclass
class Result:
    """What a query gave.

    Attributes:
        fields: Schema of the rows.
        rows: The rows.
        statement: Type of the statement: `SELECT`, `INSERT`, …
        changed: Rows that were inserted, updated and deleted, where the statement changes rows.
        target: What a definition made or removed: the field of the job's statistics, and its reference.
        operation: What a definition did: `CREATE`, `SKIP`, `REPLACE`, `ALTER`, `DROP`.
    """

    fields: list[dict[str, Any]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    statement: str = "SELECT"
    changed: Mapping[str, int] | None = None
    target: Mapping[str, Any] | None = None
    operation: str = ""

    @property
    def affected(self) -> int:
        """How many rows were changed."""
        return sum(self.changed.values()) if self.changed else 0


def run(reading: Reading, text: str, *, legacy: bool = False, dry: bool = False) -> Result:
    """Run a query, or several with semicolons between: the last one's result counts.

    Args:
        reading: What it is read with.
        text: The SQL.
        legacy: Whether it is in the older dialect.
        dry: Whether only schema and tables are found out.

    Raises:
        ApiError: It makes no sense, a table is missing, or it is not modelled.
    """
    statements = sql.parse(text, legacy=legacy)
    result = Result()
    with reading.limit:
        for each in statements:
            try:
                result = _one(reading, each, dry=dry)
            except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
                # SQL has more forms than are known here, and sqlglot reads more of them than BigQuery.
                raise not_done(f"a part of this query ({error})") from None
    if len(statements) > 1:
        result.statement = "SCRIPT"
    return result


def schema_of(call: Call, text: str, reference: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the schema of a query's result, without running it.

    Raises:
        ApiError: It makes no sense here.
    """
    reading = Reading(call, reference["projectId"], reference["datasetId"])
    return run(reading, text, dry=True).fields


def visible_rows(call: Call, table: Record) -> Sequence[Row]:
    """Give those rows of a table that the caller sees.

    Raises:
        ApiError: A row access policy makes no sense here.
    """
    if predicates(call, table) is None:
        return rows_of(table)
    reference = table.body["tableReference"]
    reading = Reading(call, reference["projectId"], reference["datasetId"])
    return run(reading, f"SELECT * FROM `{reference['tableId']}`").rows  # noqa: S608 - such a name has no backtick


def _one(reading: Reading, statement: exp.Expression, *, dry: bool) -> Result:
    if isinstance(statement, (exp.Query, exp.Subquery)):
        return _select(reading, statement, dry=dry)
    change = _CHANGES.get(type(statement))
    if change is not None:
        return change(reading, statement, dry)
    if isinstance(statement, exp.Alias) and statement.this.name.upper() == "ASSERT":
        raise not_done("the statement ASSERT")
    if isinstance(statement, (exp.Condition, exp.Alias)):
        raise bad_query(f'Syntax error: Unexpected "{statement.sql(dialect="bigquery")[:40]}"')
    if isinstance(statement, exp.Command):
        raise not_done(f"the statement {_words(statement)}")
    made = definitions.define(reading, statement, dry=dry)
    if made is None:
        raise not_done(f"the statement {type(statement).__name__.upper()}")
    return Result(statement=made.statement, target=made.target, operation=made.operation, fields=made.fields)


def _words(statement: exp.Command) -> str:
    """Give the words that say which statement it is: `CREATE SNAPSHOT TABLE`."""
    rest = statement.args.get("expression") or ""
    found = _STATEMENT.match(f"{statement.name} {(rest.name if isinstance(rest, exp.Expression) else rest).strip()}")
    return (found[0] if found is not None else statement.name).upper()


def _select(reading: Reading, statement: exp.Expression, *, dry: bool) -> Result:
    written = sql.written(reading, statement)
    if dry:
        fields, _ = reading.engine.query(f"SELECT * FROM ({written}) LIMIT 0", reading.readable, reading.limit)  # noqa: S608 - sqlglot wrote it
        return Result(fields=fields)
    reading.engine.execute("SELECT setseed(0.5)", reading.limit)
    fields, rows = reading.engine.query(written, reading.readable, reading.limit)
    return Result(fields=fields, rows=rows)


# Statements that change rows
# ---------------------------------------------------------------------------------------------------------------------


def _target(statement: exp.Expression) -> exp.Table:
    node = statement.this
    if isinstance(node, exp.Schema):
        node = node.this
    if not isinstance(node, exp.Table):
        raise bad_query("The statement names no table")
    return node


def _called(table: exp.Table) -> str:
    """Give what a statement calls a table: its alias, else the last part of its name."""
    return table.alias or table.name.rpartition(".")[2]


def _changed_table(reading: Reading, statement: exp.Expression) -> Record:
    """Find the table that a statement changes."""
    parts = ".".join(each.name for each in _target(statement).parts).split(".")
    return sql.found(reading, sql.named(reading, parts))


def _change(
    reading: Reading,
    statement: exp.Expression,
    name: str,
    dry: bool,  # noqa: FBT001 - passed through
    count: Callable[[Sequence[tuple[Any, ...]]], Mapping[str, int]],
    end: str = "",
) -> Result:
    """Run a statement that changes the rows of a table, and keep them."""
    record = _changed_table(reading, statement)
    if record.body["type"] != "TABLE":
        raise bad_query(f"{names.colons(record.name)} is not a table that can be changed")
    hold_data(reading.call, record.name, "updateData")
    hold_all_rows(reading.call, record)
    # What changes rows runs in a database of its own, where there is nothing but the tables that were found for it.
    own = replace(reading, own=Engine())
    written = sql.written(own, statement)
    if dry:
        return Result(statement=name, changed={})
    fields = fields_of(record)
    identifier = own.load(record.name, fields, rows_of(record))
    engine = own.engine
    engine.execute("SELECT setseed(0.5)", reading.limit)
    changed = count(engine.execute(written + end, reading.limit))
    rows = [row_from_duck(fields, each) for each in engine.execute(f"SELECT * FROM {identifier}", reading.limit)]  # noqa: S608 - our name
    store_rows(reading.call, record, still(rows_of(record), rows))
    return Result(statement=name, changed=changed)


def _insert(reading: Reading, statement: exp.Expression, dry: bool) -> Result:  # noqa: FBT001 - one of a table of them
    _add_defaults(reading, statement)
    return _change(reading, statement, "INSERT", dry, lambda found: {"insertedRowCount": int(found[0][0])})


def _add_defaults(reading: Reading, statement: exp.Expression) -> None:
    """Name the columns that a statement leaves out and that have a value by themselves, with those values."""
    schema, source = statement.this, statement.expression
    if not isinstance(schema, exp.Schema):
        return
    named = {each.name.lower() for each in schema.expressions}
    fields = fields_of(_changed_table(reading, statement))
    left = [each for each in fields if each.get("defaultValueExpression") and each["name"].lower() not in named]
    values = [sql.parse(f"SELECT {each['defaultValueExpression']}")[0].expressions[0] for each in left]
    if not left:
        return
    for each in left:
        schema.append("expressions", exp.to_identifier(each["name"], quoted=True))
    if isinstance(source, exp.Values):
        for row in source.expressions:
            for value in values:
                row.append("expressions", value.copy())
    else:
        given = exp.Subquery(this=source.copy(), alias=exp.TableAlias(this=exp.to_identifier("_given")))
        statement.set("expression", exp.select("*", *values).from_(given))


def _update(reading: Reading, statement: exp.Expression, dry: bool) -> Result:  # noqa: FBT001 - as above
    if statement.args.get("where") is None:
        raise bad_query("UPDATE must have a WHERE clause")
    set_whole(statement, fields_of(_changed_table(reading, statement)), _called(_target(statement)))
    return _change(reading, statement, "UPDATE", dry, lambda found: {"updatedRowCount": int(found[0][0])})


def _delete(reading: Reading, statement: exp.Expression, dry: bool) -> Result:  # noqa: FBT001 - as above
    where = statement.args.get("where")
    if where is None:
        raise bad_query("DELETE must have a WHERE clause")
    # `DELETE t WHERE …` without FROM is one of BigQuery's forms.
    target = statement.this or (statement.args.get("tables") or [None])[0]
    plain = exp.Delete(this=target, where=where)
    return _change(reading, plain, "DELETE", dry, lambda found: {"deletedRowCount": int(found[0][0])})


_ACTIONS: Final = {"INSERT": "insertedRowCount", "UPDATE": "updatedRowCount", "DELETE": "deletedRowCount"}


def _merge(reading: Reading, statement: exp.Expression, dry: bool) -> Result:  # noqa: FBT001 - as above
    fields = fields_of(_changed_table(reading, statement))
    for each in statement.find_all(exp.Update):
        if each.expressions:
            set_whole(each, fields, _called(_target(statement)))

    def count(found: Sequence[tuple[Any, ...]]) -> Mapping[str, int]:
        actions = [str(each[0]) for each in found]
        return {field: actions.count(word) for word, field in _ACTIONS.items()}

    return _change(reading, statement, "MERGE", dry, count, " RETURNING merge_action")


def _truncate(reading: Reading, statement: exp.Expression, dry: bool) -> Result:  # noqa: FBT001 - as above
    parts = ".".join(each.name for each in statement.expressions[0].parts).split(".")
    record = sql.found(reading, sql.named(reading, parts))
    hold_data(reading.call, record.name, "updateData")
    count = len(rows_of(record))
    if not dry:
        store_rows(reading.call, record, [])
    return Result(statement="TRUNCATE_TABLE", changed={"deletedRowCount": count})


_CHANGES: Final[Mapping[type[exp.Expression], Callable[[Reading, exp.Expression, bool], Result]]] = {
    exp.Insert: _insert,
    exp.Update: _update,
    exp.Delete: _delete,
    exp.Merge: _merge,
    exp.TruncateTable: _truncate,
}
