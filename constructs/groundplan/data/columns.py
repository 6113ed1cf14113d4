"""Columns of a table: their types, which of them are about a person, and the schema that BigQuery reads."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from groundplan.core import names
from groundplan.core.validation import Checks

# GoogleSQL's name -> the name that the API answers with, so that no later run sees a difference.
# Source: TableFieldSchema, BigQuery API reference.
_TYPES: Final[Mapping[str, str]] = {
    **{
        name: name
        for name in (
            "STRING", "BYTES", "INTEGER", "FLOAT", "NUMERIC", "BIGNUMERIC", "BOOLEAN", "TIMESTAMP", "DATE", "TIME",
            "DATETIME", "GEOGRAPHY", "JSON", "RECORD",
        )
    },
    "INT64": "INTEGER",
    "FLOAT64": "FLOAT",
    "BOOL": "BOOLEAN",
    "STRUCT": "RECORD",
}  # fmt: skip
_MODES: Final = ("NULLABLE", "REQUIRED", "REPEATED")
_RECORD: Final = "RECORD"
_LONGEST_DESCRIPTION: Final = 1024
_DEEPEST: Final = 15


class Personal(enum.StrEnum):
    """What a personal column says about somebody; decides what a reader without clearance sees instead."""

    IDENTIFIER = "identifier"
    """Who it is (name, e-mail, number): masked by its SHA-256 digest, so that it still joins. Text or bytes only.

    A digest is no anonymity: whoever has a list of addresses can find theirs in it.
    """
    DATE = "date"
    """A date of somebody's life: masked to its year. Dates and times only."""
    SENSITIVE = "sensitive"
    """Anything else about somebody (health, income, place): masked by NULL."""

    @property
    def masking(self) -> str:
        """BigQuery's name of the masking rule."""
        return _MASKING[self][0]

    @property
    def types(self) -> frozenset[str] | None:
        """Types of column that the rule takes; None for all."""
        return _MASKING[self][1]


# Source: "Masking rules", introduction to data masking, BigQuery documentation.
_MASKING: Final[Mapping[Personal, tuple[str, frozenset[str] | None]]] = {
    Personal.IDENTIFIER: ("SHA256", frozenset({"STRING", "BYTES"})),
    Personal.DATE: ("DATE_YEAR_MASK", frozenset({"DATE", "DATETIME", "TIMESTAMP"})),
    Personal.SENSITIVE: ("ALWAYS_NULL", None),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table, or a field of a record."""

    name: str
    """Up to 300 letters, digits and underscores, first no digit."""
    type: str
    """GoogleSQL type, such as ``STRING``, ``INT64``, ``TIMESTAMP``; ``RECORD`` has ``fields``."""
    mode: str = "NULLABLE"
    """``NULLABLE``, ``REQUIRED`` or ``REPEATED``."""
    description: str = ""
    """What a reader must know: meaning, unit, source."""
    personal: Personal | None = None
    """What it says about somebody; such a column is masked for whoever has no clearance."""
    fields: tuple[Column, ...] = ()
    """Fields of a ``RECORD``."""

    @property
    def api_type(self) -> str:
        """The type as the API names it; empty where BigQuery has no such type."""
        return _TYPES.get(self.type, "")

    def walk(self) -> Iterator[Column]:
        """Yield the column and the fields below it."""
        yield self
        for inner in self.fields:
            if isinstance(inner, Column):
                yield from inner.walk()

    def check(self, checks: Checks, where: str, depth: int = 0) -> None:
        """Record what is wrong with the column."""
        checks.that(
            names.limit("column").accepts(self.name),
            f"{where}.name",
            "is no name of a column",
            given=self.name,
            allowed=str(names.limit("column")),
            do="use letters, digits and underscores",
        )
        if not checks.one_of(f"{where}.type", self.type, _TYPES):
            return
        checks.one_of(f"{where}.mode", self.mode, _MODES)
        checks.that(
            len(self.description) <= _LONGEST_DESCRIPTION,
            f"{where}.description",
            "is too long",
            given=f"{len(self.description)} characters",
            allowed=f"at most {_LONGEST_DESCRIPTION} characters",
            do="shorten it",
        )
        self._check_personal(checks, where)
        self._check_fields(checks, where, depth)

    def _check_personal(self, checks: Checks, where: str) -> None:
        if self.personal is None or not checks.instance(
            f"{where}.personal", self.personal, Personal, "a Personal, such as Personal.SENSITIVE"
        ):
            return
        checks.that(
            self.api_type != _RECORD,
            f"{where}.personal",
            "marks a record, and BigQuery takes policy tags on its fields only",
            given=self.type,
            allowed="columns and fields that are no records",
            do="mark the fields inside",
        )
        allowed = self.personal.types
        checks.that(
            allowed is None or self.api_type in allowed,
            f"{where}.personal",
            f"is masked by {self.personal.masking}, which does not take the column's type",
            given=f"{self.personal.value} on {self.type}",
            allowed=", ".join(sorted(allowed or ())),
            do="mark it Personal.SENSITIVE",
        )

    def _check_fields(self, checks: Checks, where: str, depth: int) -> None:
        checks.that(
            bool(self.fields) == (self.api_type == _RECORD),
            f"{where}.fields",
            "do not go with the type",
            given=f"{len(self.fields)} fields of a {self.type}",
            allowed="fields in a RECORD, and only there",
            do="give the record its fields, or change the type",
        )
        if depth >= _DEEPEST:
            checks.within(f"{where}.fields", depth, 0, _DEEPEST - 1, "levels of records")
            return
        check_columns(checks, f"{where}.fields", self.fields, depth + 1)


def check_columns(checks: Checks, where: str, columns: Iterable[Column], depth: int = 0) -> bool:
    """Record what is wrong with columns that stand side by side; return whether all of them are columns."""
    listed = list(columns)
    typed = [checks.instance(f"{where}[{index}]", column, Column, "a Column") for index, column in enumerate(listed)]
    if not all(typed):
        return False
    checks.unique(where, (column.name.lower() for column in listed), "column")
    for index, column in enumerate(listed):
        column.check(checks, f"{where}[{index}]", depth)
    return True


def schema_json(columns: Iterable[Column], tags: Mapping[Personal, str]) -> str:
    """Return the schema as the API takes it: the same columns, the same text.

    ``tags`` names the policy tag of each kind of personal column.
    """
    return json.dumps([_field(column, tags) for column in columns], separators=(",", ":"), ensure_ascii=False)


def _field(column: Column, tags: Mapping[Personal, str]) -> dict[str, object]:
    field: dict[str, object] = {"name": column.name, "type": column.api_type, "mode": column.mode}
    if column.description:
        field["description"] = column.description
    if column.personal is not None:
        field["policyTags"] = {"names": [tags[column.personal]]}
    if column.fields:
        field["fields"] = [_field(inner, tags) for inner in column.fields]
    return field
