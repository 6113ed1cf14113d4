"""Statements that define: tables, views and datasets made, changed and removed."""

from typing import Any

from sqlglot import exp

from mockcloud.services.bigquery import clauses, datasets, names, sql, tables
from mockcloud.services.bigquery.access import hold_definition
from mockcloud.services.bigquery.made import Made, parts, routine_target, table_target
from mockcloud.services.bigquery.refusals import JobFailure, bad_query, duplicate, missing, not_done
from mockcloud.services.bigquery.routine_definitions import create_function, routine_name
from mockcloud.services.bigquery.row_access import hold_all_rows
from mockcloud.services.bigquery.service import API
from mockcloud.services.bigquery.sql import Reading


def define(reading: Reading, statement: exp.Expression, *, dry: bool) -> Made | None:
    """Do what a definition says; None for a statement that is none of those that are modelled.

    Raises:
        ApiError: What it makes exists, what it removes does not, or it makes no sense.
    """
    kind = str(statement.args.get("kind") or "").upper()
    if isinstance(statement, exp.Create):
        if kind == "SCHEMA":
            return _create_dataset(reading, statement, dry=dry)
        if kind == "FUNCTION":
            return create_function(reading, statement, dry=dry)
        if kind not in {"TABLE", "VIEW"}:
            raise not_done(f"the statement CREATE {kind}")
        return _create(reading, statement, kind, dry=dry)
    if isinstance(statement, exp.Drop):
        return _drop(reading, statement, kind, dry=dry)
    if isinstance(statement, exp.Alter) and kind == "TABLE":
        return _alter(reading, statement, dry=dry)
    return None


# Tables and views
# ---------------------------------------------------------------------------------------------------------------------


def _create(reading: Reading, statement: exp.Create, kind: str, *, dry: bool) -> Made:
    name = sql.named(reading, parts(statement.this))
    names.hold_table_id(name.rpartition("/")[2])
    call, store = reading.call, reading.call.cloud.store
    names.dataset(call.cloud, name.rpartition("/tables/")[0])
    hold_definition(call, name.rpartition("/tables/")[0], "bigquery.tables.create")
    query = statement.expression
    word = f"CREATE_{kind}" + ("_AS_SELECT" if query is not None and kind == "TABLE" else "")
    before = store.get(API, name)
    if before is not None and not statement.args.get("replace"):
        if statement.args.get("exists"):
            return Made(word, table_target(name), "SKIP")
        raise duplicate("Table", names.colons(name))
    given = clauses.options(statement)
    if isinstance(statement.this, exp.Schema):
        given.update(clauses.table_of(statement.this))
    rows: list[Any] = []
    source = _source(statement)
    if source is not None:
        rows = _as(reading, given, source)
    elif kind == "VIEW":
        field = "materializedView" if clauses.of_kind(statement, exp.MaterializedProperty) else "view"
        plain = {"useLegacySql": False} if field == "view" else {}
        given[field] = {"query": query.sql(dialect="bigquery"), **plain}
        given.pop("schema", None)
    elif clauses.of_kind(statement, exp.ExternalProperty):
        given["externalDataConfiguration"] = clauses.external(statement, given)
    elif query is not None:
        written = sql.written(reading, query)
        found, rows = reading.engine.query(written, reading.readable, reading.limit)
        given.setdefault("schema", {"fields": found})
    if not dry:
        if before is not None:
            call.cloud.delete(before)
        tables.create(call, name, given, rows)
    fields = given.get("schema", {}).get("fields", [])
    return Made(word, table_target(name), "REPLACE" if before is not None else "CREATE", fields)


def _source(statement: exp.Create) -> exp.Expression | None:
    """Give what names the table that a new one is a copy of, or is made like; None for no such table."""
    found: exp.Expression | None = statement.args.get("clone") or clauses.of_kind(statement, exp.LikeProperty)
    return found


def _as(reading: Reading, given: dict[str, Any], source: exp.Expression) -> list[Any]:
    """Complete a table that is a copy of another one; give its rows."""
    record = sql.found(reading, sql.named(reading, parts(source.this)))
    if record.body["type"] not in {"TABLE", "SNAPSHOT"}:
        raise bad_query(f"{names.colons(record.name)} is not a table that can be copied")
    if not isinstance(source, exp.LikeProperty):
        hold_all_rows(reading.call, record)
    for each in ("schema", "timePartitioning", "rangePartitioning", "clustering"):
        if each in record.body:
            given.setdefault(each, record.body[each])
    return [] if isinstance(source, exp.LikeProperty) else list(tables.rows_of(record))


def _drop(reading: Reading, statement: exp.Drop, kind: str, *, dry: bool) -> Made:
    cloud = reading.call.cloud
    named: exp.Expression = statement.this or statement.args["tables"][0]
    if kind == "SCHEMA":
        name = _dataset_name(reading, named)
        record = cloud.store.get(API, name)
        label = "Dataset"
    elif kind in {"TABLE", "VIEW", "MATERIALIZED VIEW"} or statement.args.get("materialized"):
        name = sql.named(reading, parts(named))
        record = cloud.store.get(API, name)
        label = "Table"
    elif kind == "FUNCTION":
        name = routine_name(reading, named)
        record = cloud.store.get(API, name)
        label = "Routine"
    else:
        raise not_done(f"the statement DROP {kind}")
    word = f"DROP_{kind.replace(' ', '_')}"
    target = {"Table": table_target, "Dataset": _dataset_target, "Routine": routine_target}[label](name)
    hold_definition(reading.call, name, f"bigquery.{label.lower()}s.delete")
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
    name = sql.named(reading, parts(statement.this))
    hold_definition(reading.call, name, "bigquery.tables.update")
    record = sql.found(reading, name)
    new = list(tables.fields_of(record))
    changes: dict[str, Any] = {}
    for each in statement.args.get("actions") or []:
        if isinstance(each, exp.ColumnDef):
            if each.name.lower() not in {field["name"].lower() for field in new}:
                new.append(clauses.column_of(each))
            elif not each.args.get("exists"):
                raise bad_query(f"Column already exists: {each.name}")
        elif isinstance(each, exp.Drop) and str(each.args.get("kind")).upper() == "COLUMN":
            dropped = each.find(exp.Identifier)
            new = [field for field in new if dropped is None or field["name"].lower() != dropped.name.lower()]
        elif isinstance(each, exp.AlterSet):
            for option in each.find_all(exp.Property, exp.EQ):
                value = option.args.get("value") or option.expression
                clauses.option(changes, option.name.lower() or option.this.name.lower(), value)
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
    return Made("ALTER_TABLE", table_target(record.name), "ALTER", new)


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
    hold_definition(reading.call, f"projects/{project}", "bigquery.datasets.create")
    names.hold_dataset_id(dataset)
    given = clauses.options(statement)
    for each in statement.find_all(exp.LocationProperty):
        given["location"] = each.this.name
    if not dry:
        datasets.create(reading.call, project, dataset, {"location": reading.location or "US", **given})
    return Made("CREATE_SCHEMA", _dataset_target(name), "CREATE")
