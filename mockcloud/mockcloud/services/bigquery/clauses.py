"""What the clauses of a definition say of a table: columns and keys, partitioning, options, where external data lie."""

from collections.abc import Mapping
from typing import Any, Final

from sqlglot import exp

from mockcloud.cloud.clock import parse_stamp
from mockcloud.services.bigquery.fields import normal
from mockcloud.services.bigquery.refusals import bad_query, not_done
from mockcloud.services.bigquery.values import microseconds

_UNITS: Final = frozenset({"HOUR", "DAY", "MONTH", "YEAR"})
_DAY: Final = 86_400_000


def of_kind(statement: exp.Create, kind: type[exp.Expression]) -> exp.Expression | None:
    """Give a definition's property of a kind; None for none."""
    properties = statement.args.get("properties")
    return next((each for each in (properties.expressions if properties else ()) if isinstance(each, kind)), None)


def table_of(node: exp.Schema) -> dict[str, Any]:
    """Read the columns of a table, and its keys, which nothing enforces."""
    columns = [column_of(each) for each in node.expressions if isinstance(each, exp.ColumnDef)]
    found: dict[str, Any] = {"schema": {"fields": columns}}
    keys = [each for each in node.expressions if isinstance(each, exp.PrimaryKey)]
    if keys:
        found["tableConstraints"] = {"primaryKey": {"columns": [each.name for each in keys[0].expressions]}}
    return found


def external(statement: exp.Create, given: Mapping[str, Any]) -> dict[str, Any]:
    """Read where the data of an external table lie.

    Raises:
        ApiError: `invalidQuery`, where the statement does not say, or 501 for an option that is not modelled.
    """
    found: dict[str, Any] = {"autodetect": "schema" not in given}
    csv: dict[str, Any] = {}
    for each in statement.args["properties"].expressions:
        name = each.name.lower() if type(each) is exp.Property else ""
        if isinstance(each, exp.FileFormatProperty):
            found["sourceFormat"] = {"JSON": "NEWLINE_DELIMITED_JSON"}.get(each.name.upper(), each.name.upper())
        elif name == "uris":
            found["sourceUris"] = [uri.name for uri in each.args["value"].expressions]
        elif name == "skip_leading_rows":
            csv["skipLeadingRows"] = each.args["value"].name
        elif name == "field_delimiter":
            csv["fieldDelimiter"] = each.args["value"].name
        elif name and name not in {"description", "friendly_name", "labels", "expiration_timestamp"}:
            raise not_done(f"the option {name} of CREATE EXTERNAL TABLE")
    if not found.get("sourceFormat") or not found.get("sourceUris"):
        raise bad_query("CREATE EXTERNAL TABLE must have the options format and uris")
    return {**found, **({"csvOptions": csv} if csv else {})}


def column_of(node: exp.ColumnDef) -> dict[str, Any]:
    """Read a column.

    Raises:
        ApiError: `invalidQuery`, where it has no type.
    """
    kind = node.args.get("kind")
    if kind is None:
        raise bad_query(f"Column {node.name} has no type")
    found = field_of(node.name, kind)
    for each in node.args.get("constraints") or []:
        if isinstance(each.kind, exp.NotNullColumnConstraint):
            found["mode"] = "REQUIRED"
        if isinstance(each.kind, exp.DefaultColumnConstraint):
            found["defaultValueExpression"] = each.kind.this.sql(dialect="bigquery")
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


def options(statement: exp.Expression) -> dict[str, Any]:
    """Read PARTITION BY, CLUSTER BY and OPTIONS."""
    found: dict[str, Any] = {}
    properties = statement.args.get("properties")
    for each in properties.expressions if properties else []:
        if isinstance(each, exp.PartitionedByProperty):
            found.update(_partitioning(each.this))
        elif isinstance(each, exp.Cluster):
            found["clustering"] = {"fields": [column.name for column in each.expressions]}
        elif type(each) is exp.Property:
            option(found, each.name.lower(), each.args["value"])
    days = found.pop("partition_expiration_days", None)
    if days is not None and "timePartitioning" in found:
        found["timePartitioning"]["expirationMs"] = str(int(float(days) * _DAY))
    if "timePartitioning" in found and "requirePartitionFilter" in found:
        found["timePartitioning"]["requirePartitionFilter"] = found["requirePartitionFilter"]
    return found


def option(found: dict[str, Any], name: str, value: exp.Expression) -> None:
    """Put what an option says into the table."""
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
