"""The database that runs queries: a small local simulation, DuckDB in memory, one a cloud.

It holds nothing of its own: rows belong to the records of tables, and are copied here when a query asks for them.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlglot.dialects.bigquery import BigQuery

from mockcloud.cloud.cloud import Cloud
from mockcloud.services.bigquery.fields import Field, duck_structure, duck_type, from_duck, quoted
from mockcloud.services.bigquery.holding import MARK, hold_tables
from mockcloud.services.bigquery.limits import MACROS, Limit, fetched
from mockcloud.services.bigquery.refusals import JobFailure, bad_query, not_done, too_much
from mockcloud.services.bigquery.values import Row, for_duck, row_from_duck

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE: Final = 20_000
"""Rows that are handed over in one piece of JSON."""
_SETTINGS: Final[Mapping[str, str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "temp_directory": "",
    "threads": "1",
    "memory_limit": "2GB",
}


class Engine:
    """The database of one cloud.

    Args:
        directory: Where it may read and write files; "" for nowhere. Queries of clients never run in one that may.
    """

    def __init__(self, directory: str = "") -> None:
        self._directory = directory
        self._database: DuckDBPyConnection | None = None
        self._kept: dict[str, tuple[object, object, str]] = {}
        self._count = 0

    def snapshot(self) -> "Engine":
        """Give one that is empty: it fills when it is asked."""
        return Engine()

    @property
    def database(self) -> "DuckDBPyConnection":
        """The connection, opened when it is first needed."""
        if self._database is None:
            import duckdb

            database = duckdb.connect(":memory:", config={**_SETTINGS, "enable_external_access": "true"})
            if self._directory:
                database.execute("SET allowed_directories = $directories", {"directories": [self._directory]})
            # Whatever SQL says from here on, it reaches no other file, no network and no further code.
            database.execute("SET enable_external_access = false")
            self._database = database
            self._database.execute("SET TimeZone = 'UTC'")
            self._database.execute("SET lock_configuration = true")
            for each in MACROS:
                self._database.execute(each)
        return self._database

    def load(self, name: str, fields: Sequence[Field], rows: Sequence[Row]) -> str:
        """Copy rows, where they are not those that were copied last.

        Args:
            name: What they are called.
            fields: Their schema.
            rows: The rows; nobody changes the list in place.

        Returns:
            The name of the table that holds them here.
        """
        kept = self._kept.get(name)
        if kept is not None and kept[0] is rows and kept[1] is fields:
            return kept[2]
        if kept is None:
            self._count += 1
        identifier = kept[2] if kept else f"{MARK}{self._count}"
        columns = ", ".join(
            f"{quoted(each['name'])} {duck_type(each)}{' NOT NULL' if each['mode'] == 'REQUIRED' else ''}"
            for each in fields
        )
        self.database.execute(f"CREATE OR REPLACE TABLE {identifier} ({columns or '_empty BOOLEAN'})")
        self._fill(identifier, fields, rows)
        self._kept[name] = (rows, fields, identifier)
        return identifier

    def _fill(self, identifier: str, fields: Sequence[Field], rows: Sequence[Row]) -> None:
        if not fields:
            return
        structure = json.dumps([{each["name"]: duck_structure(each) for each in fields}]).replace("'", "''")
        # The name is one that we gave, and the structure is quoted; everything else is a parameter.
        query = f"INSERT INTO {identifier} SELECT unnest(from_json(?::JSON, '{structure}'), max_depth := 2)"
        for start in range(0, len(rows), _AT_ONCE):
            text = json.dumps([for_duck(fields, each) for each in rows[start : start + _AT_ONCE]])
            self.database.execute(query, [text])

    def query(self, sql: str, readable: Collection[str], limit: Limit) -> tuple[list[dict[str, Any]], list[Row]]:
        """Run a query.

        Args:
            sql: In DuckDB's words.
            readable: The tables of this database that it may read.
            limit: What its job may take.

        Raises:
            ApiError: `invalidQuery`.
        """
        hold_tables(self.database, sql, readable)
        values = self._run(sql, limit)
        told = self.database.description or []
        found = [from_duck(each[0], each[1]) for each in told]
        return found, [row_from_duck(found, each) for each in values]

    def execute(self, sql: str, limit: Limit) -> list[tuple[Any, ...]]:
        """Run a statement, and give what the database answers.

        Raises:
            ApiError: `invalidQuery`.
        """
        return self._run(sql, limit)

    def _run(self, sql: str, limit: Limit) -> list[tuple[Any, ...]]:
        import duckdb

        try:
            with limit.over(self.database):
                return fetched(self.database.execute(sql))
        except duckdb.InterruptException:
            limit.check()
            raise too_much("it was interrupted") from None
        except (duckdb.OutOfMemoryException, MemoryError):
            raise too_much(f"it needs more memory than {_SETTINGS['memory_limit']}") from None
        except duckdb.Error as error:
            raise _understood(str(error)) from None
        except (OverflowError, ValueError) as error:
            # A date that DuckDB knows and Python does not.
            raise bad_query(f"A value of the result is out of range: {error}") from None


_MESSAGES: Final = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r'Referenced column "([^"]+)" (?:not found|was not found)', "Unrecognized name: {}"),
        (r'Table "[^"]+" does not have a column named "([^"]+)"', "Name {} not found inside the table"),
        (
            r'column "([^"]+)" must appear in the GROUP BY',
            "SELECT list expression references column {} which is neither grouped nor aggregated",
        ),
        (r"NOT NULL constraint failed: \w+\.(\w+)", "Required field {} cannot be null"),
        (r'Ambiguous reference to column name "([^"]+)"', "Column name {} is ambiguous"),
    )
)
"""What DuckDB says -> what BigQuery says."""


_FUNCTION: Final = re.compile(r'Function with name "?([^" ]+)"? (?:does not exist|is not in the catalog)')
_FAMILIES: Final = ("JSON_", "KLL_", "LAX_", "RANGE_", "S2_", "ST_")
"""How the names of BigQuery's functions begin that sqlglot does not list."""
_FURTHER: Final = frozenset(
    {"CODE_POINTS_TO_BYTES", "CODE_POINTS_TO_STRING", "IEEE_DIVIDE", "SEARCH", "TO_CODE_POINTS"}
)


def _no_function(name: str) -> JobFailure:
    """Say of a function that the database does not have whether BigQuery has it."""
    known = name.upper() in BigQuery.Parser.FUNCTIONS or name.upper() in _FURTHER
    if known or name.upper().startswith(_FAMILIES):
        return not_done(f"the function {name.upper()}")
    return bad_query(f"Function not found: {name}")


def _understood(message: str) -> JobFailure:
    unknown = _FUNCTION.search(message)
    if unknown is not None:
        return _no_function(unknown[1])
    for pattern, words in _MESSAGES:
        found = pattern.search(message)
        if found is not None:
            return bad_query(words.format(found[1]))
    line = message.partition("\n")[0]
    exceeded = line.partition("Resources exceeded: ")[2]
    if exceeded:
        return too_much(exceeded)
    return bad_query(line.partition("Error: ")[2] or line)


def engine(cloud: Cloud) -> Engine:
    """Give the database of a cloud."""
    found = cloud.parts.get("bigquery")
    if not isinstance(found, Engine):
        found = cloud.parts["bigquery"] = Engine()
    return found
