"""Members of records that a statement sets: `UPDATE t SET r.a = 1` gives the whole of `r` a new value."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlglot import exp

from mockcloud.services.bigquery.refusals import bad_query

Members = dict[str, Any]
"""From the name of a member in lower case to its new value, or to those of its own members."""


def set_whole(statement: exp.Expression, fields: Sequence[Mapping[str, Any]], table: str) -> None:
    """Make a statement that sets members of records one that sets columns, in place.

    Args:
        statement: An UPDATE, of its own or of a MERGE.
        fields: Schema of its table.
        table: What the statement calls the table.

    Raises:
        ApiError: `invalidQuery`: it names no column, or sets one twice.
    """
    known = {each["name"].lower(): each for each in fields}
    asked: Members = {}
    for each in statement.expressions:
        path = [part.name for part in each.this.parts] if isinstance(each.this, exp.Column) else []
        if len(path) > 1 and path[0].lower() not in known:
            path = path[1:]  # the table's alias
        if not path or path[0].lower() not in known:
            raise bad_query(f"Column {each.this.sql(dialect='bigquery')} is not present in the table")
        _note(asked, path, each.expression)
    statement.set(
        "expressions",
        [
            exp.EQ(
                this=exp.to_identifier(known[name]["name"], quoted=True),
                expression=_value(known[name], exp.column(known[name]["name"], table=table, quoted=True), new),
            )
            for name, new in asked.items()
        ],
    )


def _note(asked: Members, path: list[str], value: exp.Expression) -> None:
    *front, last = (each.lower() for each in path)
    here = asked
    for each in front:
        inner = here.setdefault(each, {})
        if not isinstance(inner, dict):
            raise bad_query(f"Update item {'.'.join(path)} assigned more than once")
        here = inner
    if last in here:
        raise bad_query(f"Update item {'.'.join(path)} assigned more than once")
    here[last] = value


def _value(field: Mapping[str, Any], old: exp.Expression, new: exp.Expression | Members) -> exp.Expression:
    """Give what a field becomes.

    Args:
        field: The field.
        old: What it was.
        new: Its value, or those of its members.
    """
    if isinstance(new, exp.Expression):
        return new.copy()
    unknown = set(new) - {each["name"].lower() for each in field.get("fields", ())}
    if unknown or field["mode"] == "REPEATED":
        raise bad_query(f"Field name {min(unknown, default=field['name'])} does not exist in {field['name']}")
    members = []
    for each in field["fields"]:
        inner = exp.to_identifier(each["name"], quoted=True)
        was = exp.Dot(this=old.copy(), expression=inner.copy())
        asked = new.get(each["name"].lower())
        members.append(exp.PropertyEQ(this=inner, expression=was if asked is None else _value(each, was, asked)))
    return exp.Struct(expressions=members)
