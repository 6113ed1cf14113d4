"""Functions that users define in SQL: each is put where it is called. Those in other languages are not modelled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from mockcloud.services.bigquery import clauses, names
from mockcloud.services.bigquery.refusals import bad_query, not_done
from mockcloud.services.bigquery.service import API

if TYPE_CHECKING:
    from mockcloud.services.bigquery.sql import Reading

_DEEPEST: Final = 16
"""Functions in functions that are followed."""
_MOST: Final = 1000
"""Calls of functions that one statement may come to."""


@dataclass(frozen=True)
class Function:
    """A function.

    Attributes:
        parameters: Their names, in lower case.
        body: The expression that it stands for.
        returns: Type of its value, in SQL; "" for that of the expression.
    """

    parameters: tuple[str, ...]
    body: exp.Expression
    returns: str = ""


def read(statement: exp.Create) -> Function:
    """Read the definition of a function.

    Raises:
        ApiError: 501, where it is in another language or gives a table.
    """
    language = clauses.of_kind(statement, exp.LanguageProperty)
    if language is not None:
        raise not_done(f"functions in {language.name.upper()}")
    if not isinstance(statement.expression, (exp.Paren, exp.Subquery)):
        raise not_done("functions that give tables")
    returns = clauses.of_kind(statement, exp.ReturnsProperty)
    parameters = tuple(each.name.lower() for each in statement.this.expressions)
    return Function(parameters, statement.expression, returns.this.sql(dialect="bigquery") if returns else "")


def _of_routine(body: Mapping[str, Any]) -> Function:
    kind = (body.get("routineType"), body.get("language", "SQL"))
    if kind != ("SCALAR_FUNCTION", "SQL"):
        raise not_done(f"calls of a {kind[0]} in {kind[1]}")
    parameters = tuple(str(each.get("name", "")).lower() for each in body.get("arguments", []))
    try:
        expression = sqlglot.parse_one(f"SELECT ({body.get('definitionBody', '')})", dialect="bigquery").expressions[0]
    except SqlglotError as error:
        raise bad_query(f"The function makes no sense: {str(error).partition(chr(10))[0]}") from None
    returns = body.get("returnType")
    return Function(parameters, expression, _sql(returns) if returns else "")


def put_in(reading: "Reading", statement: exp.Expression) -> None:
    """Put functions in the place of their calls.

    Raises:
        ApiError: One is called with too many or too few values, or they are nested too deeply.
    """
    count = 0
    for _ in range(_DEEPEST):
        calls = [(each, found) for each in statement.find_all(exp.Anonymous) if (found := _function(reading, each))]
        if not calls:
            return
        count += len(calls)
        if count > _MOST:
            break
        for each, found in calls:
            whole = each.parent if _front(each) else each
            if isinstance(whole, exp.Expression):
                whole.replace(_value(each, found))
    raise bad_query("Functions are nested too deeply")


def _front(node: exp.Anonymous) -> list[str]:
    """Give what stands before a function's name: dataset, or project and dataset."""
    outer = node.parent
    if not isinstance(outer, exp.Dot) or outer.expression is not node:
        return []
    return [each.name for each in outer.this.find_all(exp.Identifier, bfs=False)]


def _function(reading: "Reading", node: exp.Anonymous) -> Function | None:
    parts = [*_front(node), *node.name.split(".")]
    if len(parts) == 1:
        return reading.functions.get(parts[0].lower())
    *projects, dataset, identifier = parts
    project = reading.call.cloud.projects.id_of(".".join(projects) or reading.project)
    record = reading.call.cloud.store.get(API, f"{names.dataset_name(project, dataset)}/routines/{identifier}")
    return None if record is None else _of_routine(record.body)


def _value(call: exp.Anonymous, function: Function) -> exp.Expression:
    if len(call.expressions) != len(function.parameters):
        raise bad_query(f"No matching signature for function {call.name}")
    given = dict(zip(function.parameters, call.expressions, strict=True))

    def bound(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Column) and not node.table and node.name.lower() in given:
            return exp.Paren(this=given[node.name.lower()].copy())
        if isinstance(node, exp.Column) and node.table.lower() in given:
            return exp.Dot(this=exp.Paren(this=given[node.table.lower()].copy()), expression=node.this.copy())
        return node

    value = exp.Paren(this=function.body.copy()).transform(bound)
    return exp.cast(value, function.returns, dialect="bigquery") if function.returns else value


# Types, as routines have them
# ---------------------------------------------------------------------------------------------------------------------


def standard_type(kind: exp.Expression) -> dict[str, Any]:
    """Give a type as a routine's argument has it."""
    if isinstance(kind, exp.DataType) and kind.this is exp.DataType.Type.ARRAY:
        return {"typeKind": "ARRAY", "arrayElementType": standard_type(kind.expressions[0])}
    if isinstance(kind, exp.DataType) and kind.this is exp.DataType.Type.STRUCT:
        fields = [{"name": each.name, "type": standard_type(each.args["kind"])} for each in kind.expressions]
        return {"typeKind": "STRUCT", "structType": {"fields": fields}}
    return {"typeKind": kind.sql(dialect="bigquery").partition("(")[0].upper()}


def _sql(kind: Mapping[str, Any]) -> str:
    name = str(kind.get("typeKind", "STRING"))
    if name == "ARRAY":
        return f"ARRAY<{_sql(kind.get('arrayElementType', {}))}>"
    if name == "STRUCT":
        fields = [f"`{each['name']}` {_sql(each['type'])}" for each in kind.get("structType", {}).get("fields", [])]
        return f"STRUCT<{', '.join(fields)}>"
    return name
