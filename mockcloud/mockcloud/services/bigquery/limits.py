"""What a query may take: the time and memory of a job, the size of a result, and of what one function makes.

The database knows a limit of memory too, and does not count to it what a function makes for one row; nor can it be
interrupted within one function. So functions that make much out of little are held to a size before they are called.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from sqlglot import exp

from mockcloud.services.bigquery.refusals import bad_query, too_much

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SECONDS: Final = 30.0
"""How long the statements of a job may run together: nothing else is answered meanwhile."""
_MEMORY: Final = 2_000_000_000
"""Bytes by which the process may grow meanwhile."""
_LOOKS: Final = 0.05
"""Seconds between two looks at the memory."""
_ROWS: Final = 1_000_000
"""Rows that a statement may give: they are held in Python's memory, which the database's limit does not cover."""
_BYTES: Final = 256_000_000
"""Bytes of those rows, about."""
_PIECE: Final = 8_000_000
"""Bytes that are fetched at once, about."""
_STATM: Final = Path("/proc/self/statm")


class Limit:
    """Holds a job to its time, and where the system tells it (Linux) to its memory: `with limit: …`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._database: DuckDBPyConnection | None = None
        self._done = threading.Event()
        self._exceeded = ""

    def __enter__(self) -> Self:
        self._done.clear()
        threading.Thread(target=self._watch, args=(_resident(),), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()

    @contextmanager
    def over(self, database: "DuckDBPyConnection") -> Iterator[None]:
        """Hold what runs in a database.

        Raises:
            ApiError: `resourcesExceeded`, where the job's time is over already.
        """
        with self._lock:
            self.check()
            self._database = database
        try:
            yield
        finally:
            with self._lock:
                self._database = None

    def check(self) -> None:
        """Refuse where it was exceeded.

        Raises:
            ApiError: `resourcesExceeded`.
        """
        if self._exceeded:
            raise too_much(self._exceeded)

    def _watch(self, begun: int) -> None:
        looks = 0
        while not self._done.wait(_LOOKS):
            looks += 1
            if looks * _LOOKS >= _SECONDS:
                self._exceeded = f"it ran for more than {_SECONDS:g} s"
            elif _resident() - begun > _MEMORY:
                self._exceeded = f"it needs more memory than {_MEMORY / 1e9:g} GB"
            if self._exceeded:
                with self._lock:
                    if self._database is not None:
                        self._database.interrupt()


def _resident() -> int:
    """Give the bytes of memory that the process has; 0 where the system does not tell."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


# Results
# ---------------------------------------------------------------------------------------------------------------------


def fetched(database: "DuckDBPyConnection") -> list[tuple[Any, ...]]:
    """Fetch the result of a statement, piece by piece.

    Raises:
        ApiError: `resourcesExceeded`.
    """
    rows: list[tuple[Any, ...]] = []
    size, piece = 0, 1
    while found := database.fetchmany(piece):
        rows += found
        size += sum(_size(each) for row in found for each in row)
        if len(rows) > _ROWS:
            raise too_much(f"it gives more than {_ROWS} rows")
        if size > _BYTES:
            raise too_much(f"its result is larger than {_BYTES // 1_000_000} MB")
        piece = max(1, min(10 * len(rows), 10_000, _PIECE * len(rows) // (size + 1)))
    return rows


def _size(value: object) -> int:
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, dict):
        return sum(_size(each) for each in value.values())
    return sum(_size(each) for each in value) if isinstance(value, list) else 8


# Functions
# ---------------------------------------------------------------------------------------------------------------------

_ENTRIES: Final = 1_000_000
"""Entries of an array that a function makes, once, for `UNNEST`."""
_ENTRIES_EACH: Final = 100_000
"""The same, where it may be called for each row: some two thousand such arrays are made at once."""
_LONGEST: Final = 1 << 20
"""Bytes of a text that a function makes, as BigQuery has it."""

MACROS: Final = (
    """CREATE MACRO _mockcloud_end(low, high, step, most) AS CASE
    WHEN abs((high::DOUBLE - low::DOUBLE) / nullif(step::DOUBLE, 0)) >= most
    THEN error('Resources exceeded: an array may have ' || most || ' entries') ELSE high END""",
    """CREATE MACRO _mockcloud_end_time(low, high, step, most) AS CASE
    WHEN abs((epoch(high::TIMESTAMPTZ) - epoch(low::TIMESTAMPTZ)) / nullif(epoch(step), 0)) >= most
    THEN error('Resources exceeded: an array may have ' || most || ' entries') ELSE high END""",
    """CREATE MACRO _mockcloud_steps(low, high, step) AS
    list_transform(generate_series(0, floor((high - low) / step + 1e-9)::BIGINT), lambda turn: low + turn * step)""",
    f"""CREATE MACRO _mockcloud_times(size, times, called) AS CASE
    WHEN size::DOUBLE * times > {_LONGEST}
    THEN error('Output of ' || called || ' exceeds max allowed output size of 1MB') ELSE times END""",
)
"""Functions of the database that refuse or give back what they got."""

_FOREIGN: Final = frozenset({"range", "list_resize", "array_resize", "bar", "list_repeat", "repeat_row"})
"""Functions of the database that make much, and that BigQuery does not have."""
_TIMES: Final[Mapping[type[exp.Expression], tuple[str, str]]] = {
    exp.GenerateDateArray: ("DATE", "DAY"),
    exp.GenerateTimestampArray: ("TIMESTAMP", "SECOND"),
}


def hold_size(node: exp.Expression) -> exp.Expression:
    """Hold a function that makes much out of little to a size, in place; give what stands there then.

    Raises:
        ApiError: `invalidQuery`, for a function that BigQuery does not have.
    """
    if isinstance(node, exp.Anonymous) and node.name.lower() in _FOREIGN:
        raise bad_query(f"Function not found: {node.name}")
    if isinstance(node, exp.GenerateSeries):
        step = node.args.get("step") or exp.Literal.number(1)
        node.set("end", _call("_mockcloud_end", node.args["start"], node.args["end"], step, _most(node)))
        if any(isinstance(each, exp.Literal) and not each.is_int for each in (node.args["start"], step)):
            # The database makes such arrays of whole numbers only.
            return _call("_mockcloud_steps", node.args["start"], node.args["end"], step)
    elif type(node) in _TIMES:
        kind, unit = _TIMES[type(node)]
        low, high = (exp.cast(node.args[each].copy(), kind, dialect="bigquery") for each in ("start", "end"))
        step = node.args.get("step") or exp.Interval(this=exp.Literal.string("1"), unit=exp.Var(this=unit))
        node.set("end", exp.cast(_call("_mockcloud_end_time", low, high, step, _most(node)), kind, dialect="bigquery"))
        node.set("start", low)
    elif isinstance(node, exp.Repeat):
        size = exp.Anonymous(this="strlen", expressions=[exp.cast(node.this.copy(), "VARCHAR")])
        node.set("times", _call("_mockcloud_times", size, node.args["times"], exp.Literal.string("REPEAT")))
    elif isinstance(node, exp.Pad):
        called = exp.Literal.string("LPAD" if node.args.get("is_left") else "RPAD")
        node.set("expression", _call("_mockcloud_times", exp.Literal.number(1), node.expression, called))
    return node


def _call(macro: str, *given: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this=macro, expressions=[each.copy() for each in given])


def _most(node: exp.Expression) -> exp.Expression:
    once = isinstance(node.parent, exp.Unnest) and not node.find(exp.Column)
    return exp.Literal.number(_ENTRIES if once else _ENTRIES_EACH)
