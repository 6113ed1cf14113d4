"""From BigQuery's SQL to DuckDB's: names of tables become those of the database, the rest is sqlglot's work."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Record
from mockcloud.services.bigquery import information_schema, names
from mockcloud.services.bigquery.access import hold_data
from mockcloud.services.bigquery.engine import Engine, engine
from mockcloud.services.bigquery.functions import Function, put_in
from mockcloud.services.bigquery.holding import hold_words, names_expression
from mockcloud.services.bigquery.limits import Limit
from mockcloud.services.bigquery.meaning import meant, name_columns
from mockcloud.services.bigquery.parameters import bind
from mockcloud.services.bigquery.partitions import PSEUDO, by_arrival, shown
from mockcloud.services.bigquery.refusals import bad_query, missing, not_done
from mockcloud.services.bigquery.row_access import filtered, predicates
from mockcloud.services.bigquery.service import API
from mockcloud.services.bigquery.tables import fields_of, rows_of
from mockcloud.services.bigquery.values import Row

logging.getLogger("sqlglot").setLevel(logging.ERROR)

_DEEPEST: Final = 16
"""Views in views that are followed, as Google follows them."""
_LEGACY_TABLE: Final = re.compile(r"\[(?:([\w-]+)[:.])?(\w+)\.([\w$]+)\]")
_LEARNING: Final = re.compile(r"\b((?:ML|AI)\.\w+)\s*\(\s*(?:MODEL|TABLE)\b", re.IGNORECASE)
"""Functions of BigQuery ML, not all of which sqlglot reads."""


@dataclass
class Reading:
    """What a statement is read with, and what is found out on the way.

    Attributes:
        call: The call.
        project: Project of names that do not say.
        dataset: Dataset of names that do not say; "" for none.
        location: Where the query runs; "" for wherever its tables are.
        parameters: Values for its parameters.
        tables: Full names of the tables that it reads.
        views: Views around the one that is read now.
        view: The view that is read now; empty for none.
        readable: The tables of the database that it may read.
        own: A database for it alone; by default the cloud's.
        limit: What the job may take.
        functions: Those that the job has defined for itself, by name in lower case.
    """

    call: Call
    project: str
    dataset: str = ""
    location: str = ""
    parameters: Sequence[Mapping[str, Any]] = ()
    tables: dict[str, Record] = field(default_factory=dict)
    views: int = 0
    view: Mapping[str, Any] = field(default_factory=dict)
    readable: set[str] = field(default_factory=set)
    own: Engine | None = None
    limit: Limit = field(default_factory=Limit)
    functions: dict[str, Function] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        """The database."""
        return self.own or engine(self.call.cloud)

    def load(self, name: str, fields: Sequence[Mapping[str, Any]], rows: Sequence[Row]) -> str:
        """Copy rows into the database, for this statement to read; gives the name of the table there."""
        identifier = self.engine.load(name, fields, rows)
        self.readable.add(identifier)
        return identifier


def parse(text: str, *, legacy: bool = False) -> list[exp.Expression]:
    """Read statements.

    Args:
        text: The SQL.
        legacy: Whether it is in the older dialect: names of tables in brackets are understood, the rest is taken to be
            the same.

    Raises:
        ApiError: `invalidQuery`.
    """
    if legacy:
        text = _LEGACY_TABLE.sub(lambda found: "`" + ".".join(each for each in found.groups() if each) + "`", text)
    try:
        found = [each for each in sqlglot.parse(text, dialect="bigquery") if each is not None]
    except SqlglotError as error:
        learning = _LEARNING.search(text)
        if learning is not None:
            raise not_done(f"the function {learning[1].upper()} of tables") from None
        raise bad_query(f"Syntax error: {_first(error)}") from None
    except RecursionError:
        raise bad_query("Syntax error: the query is nested too deeply") from None
    if not found:
        raise bad_query("Syntax error: Unexpected end of statement")
    return cast("list[exp.Expression]", found)


def _first(error: SqlglotError) -> str:
    details = getattr(error, "errors", None)
    if details:
        one = details[0]
        return f"{one.get('description', '')} at [{one.get('line', 1)}:{one.get('col', 1)}]"
    return str(error).partition("\n")[0]


def written(reading: Reading, statement: exp.Expression) -> str:
    """Give a statement as DuckDB reads it, with all its tables in the database.

    Raises:
        ApiError: A table is missing, or the statement makes no sense or is not modelled.
    """
    try:
        prepared = prepare(reading, bind(statement, reading.parameters))
        return prepared.sql(dialect="duckdb", unsupported_level=ErrorLevel.IGNORE)
    except SqlglotError as error:
        raise bad_query(_first(error)) from None
    except RecursionError:
        raise bad_query("The query is nested too deeply") from None


def prepare(reading: Reading, statement: exp.Expression) -> exp.Expression:
    """Put the database's tables in the place of BigQuery's, and what BigQuery means in the place of what it says."""
    statement = statement.copy()
    put_in(reading, statement)
    hold_words(statement)
    name_columns(statement)
    aliases = {each.alias_or_name.lower() for each in statement.find_all(exp.Table, exp.Subquery)}
    tables = {_with_dataset(each) for each in statement.find_all(exp.Table) if isinstance(each.this, exp.Identifier)}
    for each in list(statement.find_all(exp.Table)):
        if not names_expression(each):
            _replace_table(reading, each, aliases)
    for column in statement.find_all(exp.Column):
        # `dataset.table.column` is one; `record.member.member` is written the same way.
        if column.args.get("db") and f"{column.db}.{column.table}".lower() in tables:
            column.set("db", None)
            column.set("catalog", None)
    return meant(reading.call, statement)


def _with_dataset(table: exp.Table) -> str:
    """Give what a query names a table, dataset and id, in lower case."""
    return ".".join(".".join(each.name for each in table.parts).lower().split(".")[-2:])


# Tables
# ---------------------------------------------------------------------------------------------------------------------


def _replace_table(reading: Reading, node: exp.Table, aliases: set[str]) -> None:
    if not isinstance(node.this, exp.Identifier):
        function = node.this.sql(dialect="bigquery").partition("(")[0]
        raise not_done(f"the function {'.'.join(filter(None, (node.db, function)))} of tables")
    # INFORMATION_SCHEMA comes in one piece with the view's name; so may a name in backticks.
    parts = ".".join(each.name for each in node.parts).split(".")
    alias = node.alias or (node.name if "." not in node.name else parts[-1])
    *front, last = parts
    if len(front) == 1 and front[0].lower() in aliases - {alias.lower()} and not _is_dataset(reading, front[0]):
        _unnest(node, [front[0], last], alias)
        return
    described = information_schema.rows(reading, parts)
    if described is not None:
        identifier = reading.load(f"described {reading.project} {'.'.join(parts)}", *described)
        _point(node, identifier, alias)
        return
    name = named(reading, parts)
    if name.endswith("*"):
        _replace_wildcard(reading, node, name, alias)
        return
    record = found(reading, name)
    query = record.body.get("view", record.body.get("materializedView", {})).get("query")
    if query:
        _replace_view(reading, node, record, alias)
        return
    conditions = predicates(reading.call, record)
    identifier = _loaded(reading, record, arrivals=by_arrival(record.body) and _ask_arrivals(node))
    if conditions is None or not isinstance(node.parent, (exp.From, exp.Join)):
        _point(node, identifier, alias)
    else:
        read = [parse(f"SELECT {each}")[0].expressions[0] for each in conditions]
        seen = filtered(identifier, read, alias)
        seen.set("joins", node.args.get("joins"))
        node.replace(seen)


def _ask_arrivals(node: exp.Table) -> bool:
    """Whether the query around a table asks when its rows arrived; its `*` then leaves that out."""
    query = node.find_ancestor(exp.Select)
    if query is None or not any(each.name.upper() in PSEUDO for each in query.find_all(exp.Column)):
        return False
    for each in query.expressions:
        star = each.this if isinstance(each, exp.Column) else each
        if isinstance(star, exp.Star):
            star.set("except_", [*(star.args.get("except_") or ()), *(exp.column(name) for name in PSEUDO)])
    return True


def _is_dataset(reading: Reading, identifier: str) -> bool:
    return reading.call.cloud.store.get(API, names.dataset_name(reading.project, identifier)) is not None


def _unnest(node: exp.Table, parts: list[str], alias: str) -> None:
    """Turn `FROM t, t.items` into the rows of that array."""
    column = exp.column(parts[1], table=parts[0])
    label = exp.TableAlias(this=exp.to_identifier(f"_{alias}"), columns=[exp.to_identifier(alias)])
    node.replace(exp.Unnest(expressions=[column], alias=label))


def named(reading: Reading, parts: list[str]) -> str:
    """Give the full name of a table that a query names by its parts.

    Raises:
        ApiError: It says no dataset, and there is no default.
    """
    *front, table = parts
    dataset = front.pop() if front else reading.dataset
    project = ".".join(front) if front else reading.project
    if not dataset:
        raise bad_query(f'Table "{table}" must be qualified with a dataset (e.g. dataset.table).')
    return f"{names.dataset_name(reading.call.cloud.projects.id_of(project), dataset)}/tables/{table}"


def found(reading: Reading, name: str) -> Record:
    """Find a table where the query runs, and take note of it.

    Raises:
        ApiError: 404.
    """
    cloud = reading.call.cloud
    dataset = cloud.store.get(API, name.rpartition("/tables/")[0])
    if dataset is None or (reading.location and dataset.body["location"].lower() != reading.location.lower()):
        where = reading.location or "US"
        raise missing("Dataset", f"{names.colons(name.rpartition('/tables/')[0])} was not found in location {where}")
    reading.location = dataset.body["location"]
    record = names.shared(cloud, name)
    if record is None:
        raise missing("Table", f"{names.colons(name)} was not found in location {reading.location}")
    # A view that the dataset lists may read there, whoever asks the view.
    authorised = reading.view and any(each.get("view") == reading.view for each in dataset.body.get("access", ()))
    if not authorised:
        hold_data(reading.call, name, "getData")
    reading.tables[name] = record
    return record


def _loaded(reading: Reading, record: Record, *, arrivals: bool = False) -> str:
    """Give the database's name of a table, with or without the columns that say when its rows arrived."""
    if arrivals:
        fields, rows = shown(fields_of(record), rows_of(record))
        return reading.load(f"{record.name} with partitions", fields, rows)
    if record.body["type"] == "EXTERNAL":
        from mockcloud.services.bigquery.sources import external

        return reading.load(record.name, *external(reading.call, record))
    return reading.load(record.name, fields_of(record), rows_of(record))


def _point(node: exp.Table, identifier: str, alias: str) -> None:
    """Make a name of a table one of the database's, under the alias that the query knows it by."""
    node.set("this", exp.to_identifier(identifier))
    for each in ("db", "catalog", "version", "when"):
        node.set(each, None)
    if not isinstance(node.parent, (exp.Insert, exp.Schema)):
        columns = node.args["alias"].args.get("columns") if node.args.get("alias") else None
        node.set("alias", exp.TableAlias(this=exp.to_identifier(alias, quoted=True), columns=columns))


def _replace_view(reading: Reading, node: exp.Table, record: Record, alias: str) -> None:
    if reading.views >= _DEEPEST:
        raise bad_query("Views are nested too deeply")
    body = record.body
    view = body.get("view") or body["materializedView"]
    reference = body["tableReference"]
    statement = parse(view["query"], legacy=view.get("useLegacySql", False) is True)[0]
    inner = Reading(reading.call, reference["projectId"], reference["datasetId"], reading.location, (), reading.tables)
    inner.views, inner.view = reading.views + 1, reference
    inner.readable, inner.own = reading.readable, reading.own
    subquery = exp.Subquery(
        this=prepare(inner, statement),
        alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)),
        joins=node.args.get("joins"),
    )
    node.replace(subquery)


def _replace_wildcard(reading: Reading, node: exp.Table, name: str, alias: str) -> None:
    """Turn `events_*` into the rows of all tables that begin so, with `_TABLE_SUFFIX`."""
    collection, _, pattern = name.rpartition("/")
    start = pattern.removesuffix("*")
    records = [each for each in reading.call.cloud.store.page(API, collection) if each.id.startswith(start)]
    records = [each for each in records if each.body["type"] == "TABLE"]
    if not records:
        raise missing("Table", names.colons(name) + " does not match any table.")
    queries = []
    for each in records:
        found(reading, each.name)
        suffix = exp.alias_(exp.Literal.string(each.id[len(start) :]), "_TABLE_SUFFIX")
        queries.append(exp.select("*", suffix).from_(_loaded(reading, each)))
    whole: Any = queries[0]
    for each_query in queries[1:]:
        whole = exp.Union(this=whole, expression=each_query, distinct=False, by_name=True)
    node.replace(exp.Subquery(this=whole, alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True))))
