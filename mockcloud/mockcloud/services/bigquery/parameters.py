"""Parameters of queries, as expressions of SQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp

from mockcloud.services.bigquery.refusals import bad_query

_NUMERIC = frozenset({"INT64", "INTEGER", "FLOAT64", "FLOAT"})


def bind(statement: exp.Expression, parameters: Sequence[Mapping[str, Any]]) -> exp.Expression:
    """Put values in the place of a statement's parameters.

    Args:
        statement: The statement.
        parameters: As a job has them: named or by their place.

    Raises:
        ApiError: One is missing, or its value makes no sense.
    """
    named = {each["name"].lower(): each for each in parameters if each.get("name")}
    left = [each for each in parameters if not each.get("name")]

    def replaced(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Parameter):
            name = node.this.name if isinstance(node.this, exp.Expression) else str(node.this)
            if name.lower() not in named:
                raise bad_query(f"Query parameter '{name}' not found")
            return _expression(named[name.lower()])
        if isinstance(node, exp.Placeholder) and not node.this:
            if not left:
                raise bad_query("Query parameter number is out of range")
            return _expression(left.pop(0))
        return node

    return statement.transform(replaced)


def _expression(parameter: Mapping[str, Any]) -> exp.Expression:
    return _value(parameter.get("parameterType", {}), parameter.get("parameterValue", {}))


def _value(kind: Mapping[str, Any], value: Mapping[str, Any]) -> exp.Expression:
    name = str(kind.get("type", "STRING")).upper()
    if name == "ARRAY":
        inner = kind.get("arrayType", {})
        entries = [_value(inner, each) for each in value.get("arrayValues", [])]
        return exp.cast(exp.Array(expressions=entries), _sql(kind), dialect="bigquery")
    if name in {"STRUCT", "RECORD"}:
        values = value.get("structValues", {})
        members = [
            exp.PropertyEQ(
                this=exp.to_identifier(each.get("name", f"_field_{at + 1}"), quoted=True),
                expression=_value(each["type"], values.get(each.get("name", ""), {})),
            )
            for at, each in enumerate(kind.get("structTypes", []))
        ]
        return exp.Struct(expressions=members)
    text = value.get("value")
    if text is None:
        return exp.cast(exp.Null(), _sql(kind), dialect="bigquery")
    return exp.cast(exp.Literal.string(_plain(name, str(text))), _sql(kind), dialect="bigquery")


def _plain(kind: str, text: str) -> str:
    """Give a value as a cast reads it."""
    if kind == "BYTES":
        import base64

        return "".join(f"\\x{each:02X}" for each in base64.b64decode(text + "==="))
    return text.strip() if kind in _NUMERIC else text


def _sql(kind: Mapping[str, Any]) -> str:
    """Give the name of a type in SQL."""
    name = str(kind.get("type", "STRING")).upper()
    if name == "ARRAY":
        return f"ARRAY<{_sql(kind.get('arrayType', {}))}>"
    if name in {"STRUCT", "RECORD"}:
        members = ", ".join(f"`{each.get('name', '')}` {_sql(each['type'])}" for each in kind.get("structTypes", []))
        return f"STRUCT<{members}>"
    return {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL"}.get(name, name)
