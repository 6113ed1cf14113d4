"""Columns that agreements on the data say are about somebody."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from groundplan.core.references import AgreementRef
from groundplan.core.validation import Checks
from groundplan.data.columns import Column, Personal
from groundplan.data.table import Table


def agreed_fields(agreements: Sequence[AgreementRef]) -> dict[str, str]:
    """Return what agreements say of columns, by name; of two that disagree the last is heard."""
    return {name: kind for agreement in agreements for name, kind in agreement.terms.personal_fields.items()}


def marked(table: Table, agreements: Sequence[AgreementRef]) -> Table:
    """Return a table whose columns are marked as personal where agreements say so and they say nothing themselves."""
    fields = agreed_fields(agreements)
    if not fields or not all(isinstance(column, Column) for column in table.columns):
        return table
    return dataclasses.replace(table, columns=tuple(_marked(column, fields) for column in table.columns))


def _marked(column: Column, fields: Mapping[str, str]) -> Column:
    inner = tuple(_marked(each, fields) for each in column.fields if isinstance(each, Column))
    agreed = fields.get(column.name)
    personal = column.personal if column.personal is not None or agreed is None else Personal(agreed)
    return dataclasses.replace(
        column, personal=personal, fields=inner if len(inner) == len(column.fields) else column.fields
    )


def check_agreed_columns(checks: Checks, tables: Sequence[Table], agreements: Sequence[AgreementRef]) -> None:
    """Record where tables contradict what agreements say about people, or about how long data is kept."""
    for index, table in enumerate(tables):
        for agreement in agreements:
            _check_kinds(checks, f"tables[{index}].columns", table, agreement)
            days, agreed = table.expires_days, agreement.terms.retention_days
            checks.that(
                not isinstance(days, int) or days <= agreed,
                f"tables[{index}].expires_days",
                f"keeps rows for longer than the agreement {agreement.label} says",
                given=days,
                allowed=f"1 to {agreed} days",
                do="shorten it, or have the agreement changed by whoever answers for the data",
            )
    for index, agreement in enumerate(agreements):
        kinds = agreement.terms.personal_data
        checks.that(
            not kinds or not tables or any(table.personal for table in tables),
            f"agreements[{index}]",
            "says that there is personal data, and no column is marked as such, so that none would be masked",
            given=f"{', '.join(kinds)}, under {agreement.label}",
            allowed="tables with personal columns, or an agreement that names them in personal_fields",
            do="mark the columns that are about somebody",
        )


def _check_kinds(checks: Checks, field: str, table: Table, agreement: AgreementRef) -> None:
    known = (column for column in table.columns if isinstance(column, Column))
    for column in (inner for outer in known for inner in outer.walk()):
        agreed = agreement.terms.personal_fields.get(column.name)
        checks.that(
            agreed is None or column.personal == agreed,
            field,
            f"mark {column.name} otherwise than the agreement {agreement.label}",
            given=column.personal,
            allowed=str(agreed),
            do="leave the mark out, so that it follows the agreement",
        )
        checks.that(
            column.personal is None or agreement.terms.personal_data,
            field,
            f"mark {column.name} as personal, and the agreement {agreement.label} says that there is no personal data",
            given=column.personal,
            allowed="no personal column under an agreement without personal data",
            do="have the agreement name the kinds of personal data",
        )
