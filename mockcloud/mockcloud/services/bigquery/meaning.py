"""What a query means where its words mean something else to the database: rewritten before sqlglot writes them down."""

import re
from collections.abc import Mapping
from typing import Any, Final

from sqlglot import exp

from mockcloud.cloud.call import Call
from mockcloud.cloud.clock import stamp
from mockcloud.services.bigquery.limits import hold_size
from mockcloud.services.bigquery.refusals import not_done

_SPECIFIER: Final = re.compile(r"%([-+ #0']*(?:\d+)?(?:\.\d+)?)([a-zA-Z%])")
_KINDS: Final = {
    "s": "VARCHAR",
    "t": "VARCHAR",
    **dict.fromkeys("dixXo", "BIGINT"),
    **dict.fromkeys("feEgGF", "DOUBLE"),
}
"""Specifiers of FORMAT -> the type that the database wants there."""
_WEEK: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_ELSEWHERE: Final = frozenset({"aead", "ai", "hll_count", "keys", "kll_quantiles", "ml", "net", "obj"})
"""Families of functions, none of which the database has."""


def name_columns(statement: exp.Expression) -> None:
    """Name the columns of the result that have no name: `f0_`, `f1_` and so on."""
    front: Any = statement
    while isinstance(front, exp.SetOperation):
        front = front.this
    if isinstance(front, exp.Select):
        count = 0
        for each in list(front.expressions):
            if not isinstance(each, (exp.Alias, exp.Column, exp.Dot)) and not each.is_star:
                each.replace(exp.alias_(each.copy(), f"f{count}_"))
                count += 1


def meant(call: Call, statement: exp.Expression) -> exp.Expression:
    """Give a statement with what BigQuery means in the place of what it says.

    Raises:
        ApiError: 501, for a function that is not modelled.
    """
    # What is inside comes first: what is replaced is copied with all that it holds.
    for node in reversed(list(statement.find_all(*_REWRITES))):
        new = _REWRITES[type(node)](node)
        if new is not node:
            node.replace(new)
    moments = _moments(call)
    return statement.transform(lambda node: _replaced(node, moments))


def _moments(call: Call) -> dict[type[exp.Expression], exp.Expression]:
    now = call.cloud.clock.now
    return {
        exp.CurrentTimestamp: exp.cast(exp.Literal.string(stamp(now)), "TIMESTAMPTZ"),
        exp.CurrentDate: exp.cast(exp.Literal.string(now.date().isoformat()), "DATE"),
        exp.CurrentDatetime: exp.cast(exp.Literal.string(now.replace(tzinfo=None).isoformat()), "TIMESTAMP"),
        exp.CurrentTime: exp.cast(exp.Literal.string(now.time().isoformat()), "TIME"),
        exp.SessionUser: exp.Literal.string(call.caller.email),
        exp.CurrentUser: exp.Literal.string(call.caller.email),
    }


def _replaced(node: exp.Expression, moments: Mapping[type[exp.Expression], exp.Expression]) -> exp.Expression:
    if isinstance(node, exp.Literal) and not node.is_string and "." in node.this and "e" not in node.this.lower():
        # Such a number is a FLOAT64; DuckDB would take it for a decimal.
        return exp.Literal.number(f"{node.this}e0")
    found = moments.get(type(node))
    return hold_size(node) if found is None else found.copy()


# Rewriting
# ---------------------------------------------------------------------------------------------------------------------


def _called(name: str, *given: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=[each.copy() for each in given])


def _date(node: exp.Expression) -> exp.Expression:
    """A date and an interval are a date, where the database makes a moment of them."""
    return exp.cast(node.copy(), "DATE")


def _date_trunc(node: exp.Expression) -> exp.Expression:
    """A week begins on Sunday, or the day that is named, where the database begins it on Monday."""
    unit = node.args["unit"].sql(dialect="bigquery").upper()
    day = "SUNDAY" if unit == "WEEK" else unit.removeprefix("WEEK(").removesuffix(")")
    if day not in _WEEK:
        return _date(node)
    days = exp.Literal.number(_WEEK.index(day))
    monday = _called("date_trunc", exp.Literal.string("week"), exp.cast(node.this.copy(), "DATE") - days)
    return exp.cast(monday, "DATE") + days


def _unnest(node: exp.Expression) -> exp.Expression:
    """The place of an entry is counted from 0, where the database counts from 1."""
    offset = node.args.get("offset")
    if not offset or len(node.expressions) != 1:
        return node
    alias = node.args.get("alias")
    columns = alias.args.get("columns") if alias is not None else None
    value = columns[0].name if columns else "_value"
    (array,) = node.expressions
    place = _called("generate_subscripts", array, exp.Literal.number(1)) - 1
    rows = exp.select(
        exp.alias_(exp.Explode(this=array.copy()), value, quoted=True),
        exp.alias_(place, offset.name if isinstance(offset, exp.Expression) else "offset", quoted=True),
    )
    if isinstance(node.parent, exp.Join) and node.parent.side and not node.parent.args.get("on"):
        node.parent.set("on", exp.true())
    return exp.Subquery(this=rows, alias=exp.TableAlias(this=exp.to_identifier(f"_entries_of_{value}", quoted=True)))


def _entry(node: exp.Expression) -> exp.Expression:
    """`l[OFFSET(i)]` counts from 0 too; sqlglot knows that of numbers, not of what is counted out."""
    (place,) = node.expressions if len(node.expressions) == 1 else (None,)
    if node.args.get("offset") == 0 and place is not None and not isinstance(place, exp.Literal):
        node.set("expressions", [exp.Paren(this=place.copy()) + 1])
        node.set("offset", 1)
    return node


def _first_entries(node: exp.Expression) -> exp.Expression:
    """`ARRAY_AGG(x ORDER BY y LIMIT n)` has the first entries."""
    limit = node.this
    if not isinstance(limit, exp.Limit):
        return node
    entries: exp.Expression = exp.ArrayAgg(this=limit.this.copy())
    if isinstance(node, exp.GroupConcat) or isinstance(node.parent, exp.IgnoreNulls):
        entries = exp.IgnoreNulls(this=entries)
    first = _called("list_slice", entries, exp.Literal.number(1), limit.expression)
    if isinstance(node, exp.GroupConcat):
        return _called("array_to_string", first, node.args.get("separator") or exp.Literal.string(","))
    return first


def _format(node: exp.Expression) -> exp.Expression:
    """FORMAT is what the database calls `printf`, and has a specifier for what is of any type."""
    text = node.this
    if not (isinstance(text, exp.Literal) and text.is_string):
        return _called("printf", text, *node.expressions)
    left = list(node.expressions)
    given: list[exp.Expression] = []

    def read(found: re.Match[str]) -> str:
        if found[2] == "%":
            return "%%"
        kind = _KINDS.get(found[2])
        if kind is None or not left:
            raise not_done(f"FORMAT with '{found[0]}'")
        given.append(exp.cast(left.pop(0).copy(), kind))
        return f"%{found[1].replace(chr(39), ',')}{'s' if kind == 'VARCHAR' else found[2]}"

    return _called("printf", exp.Literal.string(_SPECIFIER.sub(read, text.this)), *given)


def _of_family(node: exp.Expression) -> exp.Expression:
    family = node.this.name.lower()
    if isinstance(node.expression, exp.Func) and family in _ELSEWHERE:
        called = node.expression.name or node.expression.sql_name()
        raise not_done(f"the function {family.upper()}.{called.upper()}")
    return node


_REWRITES: Final[Mapping[type[exp.Expression], Any]] = {
    exp.DateAdd: _date,
    exp.DateSub: _date,
    exp.DateTrunc: _date_trunc,
    exp.Unnest: _unnest,
    exp.Bracket: _entry,
    exp.ArrayAgg: _first_entries,
    exp.GroupConcat: _first_entries,
    exp.Format: _format,
    exp.Dot: _of_family,
}
