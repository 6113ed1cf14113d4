"""Row access policies: which rows of a table a caller sees (https://cloud.google.com/bigquery/docs/row-level-security-intro).

Where IAM is not asked, everybody owns everything and sees all.
"""

from collections.abc import Sequence

from sqlglot import exp

from mockcloud.cloud.call import Call
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Record
from mockcloud.services.bigquery.names import colons
from mockcloud.services.bigquery.refusals import JobFailure
from mockcloud.services.bigquery.service import API

_PERMISSION = "bigquery.rowAccessPolicies.getFilteredData"


def predicates(call: Call, table: Record) -> list[str] | None:
    """Give the conditions of which a row must meet one, as BigQuery's SQL; None where all rows are seen.

    A table with policies shows nothing to whom none of them names.
    """
    if not call.cloud.rules.on(Rule.ACCESS):
        return None
    policies = call.cloud.store.page(API, f"{table.name}/rowAccessPolicies")
    if not policies:
        return None
    return [each.body["filterPredicate"] for each in policies if call.cloud.allows(call, _PERMISSION, each.name, API)]


def hold_all_rows(call: Call, table: Record) -> None:
    """Hold what takes or changes a table as a whole to those who see all of it.

    Raises:
        ApiError: 403.
    """
    conditions = predicates(call, table)
    if conditions is not None and not any(each.strip().upper() == "TRUE" for each in conditions):
        raise JobFailure(
            "accessDenied",
            f"Access Denied: Table {colons(table.name)}: User may not access all rows of the table, "
            "as a row access policy with the filter TRUE gives it.",
        )


def filtered(identifier: str, conditions: Sequence[exp.Expression], alias: str) -> exp.Expression:
    """Give the rows of the database's table that meet one of some conditions, under an alias."""
    name = exp.to_identifier(alias, quoted=True)
    rows = exp.select("*").from_(exp.Table(this=exp.to_identifier(identifier), alias=exp.TableAlias(this=name)))
    rows = rows.where(exp.or_(*conditions) if conditions else exp.false())
    return exp.Subquery(this=rows, alias=exp.TableAlias(this=name.copy()))
