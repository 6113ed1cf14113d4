"""Statements that define: tables, views and datasets made, changed and removed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlglot import exp

from mockcloud.cloud.clock import parse_stamp
from mockcloud.services.bigquery import datasets, names, sql, tables
from mockcloud.services.bigquery.fields import normal
from mockcloud.services.bigquery.refusals import JobFailure, bad_query, duplicate, missing, not_done
from mockcloud.services.bigquery.service import API
from mockcloud.services.bigquery.sql import Reading
from mockcloud.services.bigquery.values import microseconds

_UNITS: Final = frozenset({"HOUR", "DAY", "MONTH", "YEAR"})
_DAY: Final = 86_400_000


@dataclass
class Made:
    """What a definition did.

    Attributes:
        statement: Type of the statement.
        target: Field of the job's statistics, and the reference there.
        operation: `CREATE`, `SKIP`, `REPLACE`, `ALTER`, `DROP`.
        fields: Schema of what was made.
    """

    statement: str
    target: Mapping[str, Any]
    operation: str
    fields: list[dict[str, Any]] = field(default_factory=list)


def define(reading: Reading, statement: exp.Expression, *, dry: bool) -> Made | None:
    """Do what a definition says; None for a statement that is none of those that are modelled.

    Raises:
        ApiError: What it makes exists, what it removes does not, or it makes no sense.
    """
    kind = str(statement.args.get("kind") or "").upper()
    if isinstance(statement, exp.Create):
        if kind == "SCHEMA":
            return _create_dataset(reading, statement, dry=dry)
        if kind not in {"TABLE", "VIEW"}:
            raise not_done(f"the statement CREATE {kind}")
        return _create(reading, statement, kind, dry=dry)
    if isinstance(statement, exp.Drop):
        return _drop(reading, statement, kind, dry=dry)
    if isinstance(statement, exp.Alter) and kind == "TABLE":
        return _alter(reading, statement, dry=dry)
    return None


def _parts(node: exp.Expression) -> list[str]:
    table = node.this if isinstance(node, exp.Schema) else node
    if not isinstance(table, exp.Table):
        raise bad_query("The statement names no table")
    return ".".join(each.name for each in table.parts).split(".")


def _target(name: str) -> dict[str, Any]:
    _, project, _, dataset, _, table = name.split("/")
    return {"ddlTargetTable": {"projectId": project, "datasetId": dataset, "tableId": table}}


# Tables and views
# ---------------------------------------------------------------------------------------------------------------------


def _create(reading: Reading, statement: exp.Create, kind: str, *, dry: bool) -> Made:
    name = sql.named(reading, _parts(statement.this))
    names.hold_table_id(name.rpartition("/")[2])
    call, store = reading.call, reading.call.cloud.store
    names.dataset(call.cloud, name.rpartition("/tables/")[0])
    query = statement.expression
    word = f"CREATE_{kind}" + ("_AS_SELECT" if query is not None and kind == "TABLE" else "")
    before = store.get(API, name)
    if before is not None and not statement.args.get("replace"):
        if statement.args.get("exists"):
            return Made(word, _target(name), "SKIP")
        raise duplicate("Table", names.colons(name))
    given = _options(statement)
    if isinstance(statement.this, exp.Schema):
        given["schema"] = {"fields": [_column(each) for each in statement.this.expressions if _is_column(each)]}
    rows: list[Any] = []
    if kind == "VIEW":
        given["view"] = {"query": query.sql(dialect="bigquery"), "useLegacySql": False}
        given.pop("schema", None)
    elif query is not None:
        written = sql.written(reading, query)
        found, rows = reading.engine.query(written, reading.readable, reading.limit)
        given.setdefault("schema", {"fields": found})
    if not dry:
        if before is not None:
            call.cloud.delete(before)
        tables.create(call, name, given, rows)
    fields = given.get("schema", {}).get("fields", [])
    return Made(word, _target(name), "REPLACE" if before is not None else "CREATE", fields)


def _is_column(node: exp.Expression) -> bool:
    return isinstance(node, exp.ColumnDef)


def _column(node: exp.ColumnDef) -> dict[str, Any]:
    kind = node.args.get("kind")
    if kind is None:
        raise bad_query(f"Column {node.name} has no type")
    found = field_of(node.name, kind)
    for each in node.args.get("constraints") or []:
        if isinstance(each.kind, exp.NotNullColumnConstraint):
            found["mode"] = "REQUIRED"
        options = each.find(exp.Property)
        if options is not None and options.name.lower() == "description":
            found["description"] = options.args["value"].name
    return normal([found])[0]


def field_of(name: str, kind: exp.Expression) -> dict[str, Any]:
    """Give the field for a type of SQL."""
    if isinstance(kind, exp.DataType) and kind.this is exp.DataType.Type.ARRAY:
        return {**field_of(name, kind.expressions[0]), "mode": "REPEATED"}
    if isinstance(kind, exp.DataType) and kind.this is exp.DataType.Type.STRUCT:
        inner = [field_of(each.name, each.args["kind"]) for each in kind.expressions]
        return {"name": name, "type": "RECORD", "mode": "NULLABLE", "fields": inner}
    return {"name": name, "type": kind.sql(dialect="bigquery").partition("(")[0].upper(), "mode": "NULLABLE"}


def _options(statement: exp.Expression) -> dict[str, Any]:
    """Read PARTITION BY, CLUSTER BY and OPTIONS."""
    found: dict[str, Any] = {}
    properties = statement.args.get("properties")
    for each in properties.expressions if properties else []:
        if isinstance(each, exp.PartitionedByProperty):
            found.update(_partitioning(each.this))
        elif isinstance(each, exp.Cluster):
            found["clustering"] = {"fields": [column.name for column in each.expressions]}
        elif type(each) is exp.Property:
            _option(found, each.name.lower(), each.args["value"])
    days = found.pop("partition_expiration_days", None)
    if days is not None and "timePartitioning" in found:
        found["timePartitioning"]["expirationMs"] = str(int(float(days) * _DAY))
    if "timePartitioning" in found and "requirePartitionFilter" in found:
        found["timePartitioning"]["requirePartitionFilter"] = found["requirePartitionFilter"]
    return found


def _option(found: dict[str, Any], name: str, value: exp.Expression) -> None:
    if name == "description":
        found["description"] = value.name
    elif name == "friendly_name":
        found["friendlyName"] = value.name
    elif name == "labels":
        found["labels"] = {each.expressions[0].name: each.expressions[1].name for each in value.expressions}
    elif name == "require_partition_filter":
        found["requirePartitionFilter"] = isinstance(value, exp.Boolean) and bool(value.this)
    elif name == "partition_expiration_days":
        found[name] = value.name
    elif name == "expiration_timestamp":
        literal = value.find(exp.Literal)
        if literal is not None:
            moment = parse_stamp(literal.name if "Z" in literal.name or "+" in literal.name else literal.name + "Z")
            found["expirationTime"] = str(microseconds(moment) // 1000)
    elif name == "location":
        found["location"] = value.name


def _partitioning(node: exp.Expression) -> dict[str, Any]:
    """Read by what a table is partitioned: a column, or a function of one."""
    text = node.sql(dialect="bigquery").upper()
    column = node.find(exp.Column)
    name = column.name if column is not None else node.name
    if text.startswith("RANGE_BUCKET"):
        numbers = [each.name for each in node.find_all(exp.Literal)]
        if len(numbers) != 3:  # noqa: PLR2004 - start, end, interval
            raise bad_query("RANGE_BUCKET needs GENERATE_ARRAY(start, end, interval)")
        bounds = dict(zip(("start", "end", "interval"), numbers, strict=True))
        return {"rangePartitioning": {"field": name, "range": bounds}}
    unit = next((each for each in _UNITS if f", {each})" in text), "DAY")
    time = {"type": unit, **({} if name.upper() in {"_PARTITIONDATE", "_PARTITIONTIME", ""} else {"field": name})}
    return {"timePartitioning": time}


def _drop(reading: Reading, statement: exp.Drop, kind: str, *, dry: bool) -> Made:
    cloud = reading.call.cloud
    named: exp.Expression = statement.this or statement.args["tables"][0]
    if kind == "SCHEMA":
        name = _dataset_name(reading, named)
        record = cloud.store.get(API, name)
        label = "Dataset"
    elif kind in {"TABLE", "VIEW", "MATERIALIZED VIEW"} or statement.args.get("materialized"):
        name = sql.named(reading, _parts(named))
        record = cloud.store.get(API, name)
        label = "Table"
    else:
        raise not_done(f"the statement DROP {kind}")
    word = f"DROP_{kind.replace(' ', '_')}"
    target = _target(name) if label == "Table" else _dataset_target(name)
    if record is None:
        if statement.args.get("exists"):
            return Made(word, target, "SKIP")
        raise missing(label, names.colons(name))
    if label == "Dataset" and not statement.args.get("cascade") and cloud.store.holds(API, name):
        raise JobFailure("resourceInUse", f"Dataset {names.colons(name)} is still in use")
    if not dry:
        cloud.delete(record)
    return Made(word, target, "DROP")


def _alter(reading: Reading, statement: exp.Alter, *, dry: bool) -> Made:
    record = sql.found(reading, sql.named(reading, _parts(statement.this)))
    new = list(tables.fields_of(record))
    changes: dict[str, Any] = {}
    for each in statement.args.get("actions") or []:
        if isinstance(each, exp.ColumnDef):
            if each.name.lower() not in {field["name"].lower() for field in new}:
                new.append(_column(each))
            elif not each.args.get("exists"):
                raise bad_query(f"Column already exists: {each.name}")
        elif isinstance(each, exp.Drop) and str(each.args.get("kind")).upper() == "COLUMN":
            dropped = each.find(exp.Identifier)
            new = [field for field in new if dropped is None or field["name"].lower() != dropped.name.lower()]
        elif isinstance(each, exp.AlterSet):
            for option in each.find_all(exp.Property, exp.EQ):
                value = option.args.get("value") or option.expression
                _option(changes, option.name.lower() or option.this.name.lower(), value)
        else:
            raise not_done(f"the statement ALTER TABLE with {each.sql(dialect='bigquery')[:40]}")
    if not dry:
        kept = {each["name"].lower() for each in new}
        remaining = [each for each in tables.fields_of(record) if each["name"].lower() in kept]
        at = {each["name"].lower(): place for place, each in enumerate(tables.fields_of(record))}
        rows = [
            {
                "f": [row["f"][at[each["name"].lower()]] for each in remaining]
                + [{"v": [] if each["mode"] == "REPEATED" else None} for each in new[len(remaining) :]]
            }
            for row in tables.rows_of(record)
        ]
        schema = {**record.body.get("schema", {}), "fields": new}
        tables.store_rows(reading.call, record, rows, {**changes, "schema": schema})
    return Made("ALTER_TABLE", _target(record.name), "ALTER", new)


# Datasets
# ---------------------------------------------------------------------------------------------------------------------


def _dataset_name(reading: Reading, node: exp.Expression) -> str:
    parts = [each.name for each in node.parts if each.name] if isinstance(node, exp.Table) else [node.name]
    *projects, dataset = ".".join(parts).split(".")
    project = ".".join(projects) or reading.project
    return names.dataset_name(reading.call.cloud.projects.id_of(project), dataset)


def _dataset_target(name: str) -> dict[str, Any]:
    _, project, _, dataset = name.split("/")
    return {"ddlTargetDataset": {"projectId": project, "datasetId": dataset}}


def _create_dataset(reading: Reading, statement: exp.Create, *, dry: bool) -> Made:
    name = _dataset_name(reading, statement.this)
    if reading.call.cloud.store.get(API, name) is not None:
        if statement.args.get("exists"):
            return Made("CREATE_SCHEMA", _dataset_target(name), "SKIP")
        raise duplicate("Dataset", names.colons(name))
    _, project, _, dataset = name.split("/")
    names.hold_dataset_id(dataset)
    given = _options(statement)
    for each in statement.find_all(exp.LocationProperty):
        given["location"] = each.this.name
    if not dry:
        datasets.create(reading.call, project, dataset, {"location": reading.location or "US", **given})
    return Made("CREATE_SCHEMA", _dataset_target(name), "CREATE")
