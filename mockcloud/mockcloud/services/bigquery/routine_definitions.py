"""Statements that define functions."""

from sqlglot import exp

from mockcloud.services.bigquery import clauses, functions, names, routines, sql
from mockcloud.services.bigquery.access import hold_definition
from mockcloud.services.bigquery.made import Made, parts, routine_target
from mockcloud.services.bigquery.refusals import duplicate
from mockcloud.services.bigquery.service import API
from mockcloud.services.bigquery.sql import Reading


def routine_name(reading: Reading, node: exp.Expression) -> str:
    """Give the full name of a routine."""
    dataset, _, identifier = sql.named(reading, parts(node)).partition("/tables/")
    return f"{dataset}/routines/{identifier}"


def create_function(reading: Reading, statement: exp.Create, *, dry: bool) -> Made:
    """Define a function, for good or for this job.

    Raises:
        ApiError: It exists, its dataset does not, or it is not modelled.
    """
    function = functions.read(statement)
    node = statement.this.this
    if clauses.of_kind(statement, exp.TemporaryProperty):
        reading.functions[node.name.lower()] = function
        return Made("CREATE_FUNCTION", {}, "CREATE")
    name = routine_name(reading, node)
    call, parent = reading.call, name.rpartition("/routines/")[0]
    names.dataset(call.cloud, parent)
    hold_definition(call, parent, "bigquery.routines.create")
    before = call.cloud.store.get(API, name)
    if before is not None and not statement.args.get("replace"):
        if statement.args.get("exists"):
            return Made("CREATE_FUNCTION", routine_target(name), "SKIP")
        raise duplicate("Routine", names.colons(name))
    arguments = [
        {"name": each.name, "dataType": functions.standard_type(each.args["kind"])}
        for each in statement.this.expressions
    ]
    returns = clauses.of_kind(statement, exp.ReturnsProperty)
    given = {
        "routineType": "SCALAR_FUNCTION",
        "language": "SQL",
        "definitionBody": statement.expression.unnest().sql(dialect="bigquery"),
        **({"arguments": arguments} if arguments else {}),
        **({"returnType": functions.standard_type(returns.this)} if returns else {}),
    }
    if not dry:
        if before is not None:
            call.cloud.delete(before)
        routines.create(call, name, given)
    return Made("CREATE_FUNCTION", routine_target(name), "REPLACE" if before is not None else "CREATE")
