"""What a definition names, and what it did."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from mockcloud.services.bigquery.refusals import bad_query


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


def parts(node: exp.Expression) -> list[str]:
    """Give the parts of the name of what a definition is about.

    Raises:
        ApiError: `invalidQuery`, where it names nothing.
    """
    table = node.this if isinstance(node, exp.Schema) else node
    if not isinstance(table, exp.Table):
        raise bad_query("The statement names no table")
    return ".".join(each.name for each in table.parts).split(".")


def table_target(name: str) -> dict[str, Any]:
    """Give what a job says of a table that it made."""
    _, project, _, dataset, _, table = name.split("/")
    return {"ddlTargetTable": {"projectId": project, "datasetId": dataset, "tableId": table}}


def routine_target(name: str) -> dict[str, Any]:
    """Give what a job says of a routine that it made."""
    _, project, _, dataset, _, routine = name.split("/")
    return {"ddlTargetRoutine": {"projectId": project, "datasetId": dataset, "routineId": routine}}
