"""Partitions by time: which one a row is in, and what `table$20260102`, `_PARTITIONTIME` and `_PARTITIONDATE` mean.

Of a table that is partitioned by a column, a row says it itself. Of one that is partitioned by arrival, each row keeps
when that was (https://cloud.google.com/bigquery/docs/querying-partitioned-tables, 2026-11).
"""

import json
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Record
from mockcloud.services.bigquery.fields import Field
from mockcloud.services.bigquery.refusals import bad
from mockcloud.services.bigquery.values import Row, microseconds

ARRIVED: Final = "at"
"""Member of a row: when its partition begins, in microseconds since 1970."""
PSEUDO: Final = ("_PARTITIONTIME", "_PARTITIONDATE")
"""Columns that only a table has which is partitioned by arrival, and that `*` leaves out."""
_FIELDS: Final = (
    {"name": PSEUDO[0], "type": "TIMESTAMP", "mode": "NULLABLE"},
    {"name": PSEUDO[1], "type": "DATE", "mode": "NULLABLE"},
)
_FORMATS: Final[Mapping[str, str]] = {"YEAR": "%Y", "MONTH": "%Y%m", "DAY": "%Y%m%d", "HOUR": "%Y%m%d%H"}
_LENGTHS: Final = {4: "YEAR", 6: "MONTH", 8: "DAY", 10: "HOUR"}
_NULL: Final = "__NULL__"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def split(name: str) -> tuple[str, str]:
    """Give the full name of a table, and the partition behind the `$`; "" for all of it."""
    table, _, partition = name.partition("$")
    return table, partition


def by_arrival(body: Mapping[str, Any]) -> bool:
    """Whether a table is partitioned by when its rows arrive."""
    return "timePartitioning" in body and not body["timePartitioning"].get("field")


def _format(body: Mapping[str, Any]) -> str:
    return _FORMATS.get(body.get("timePartitioning", {}).get("type", "DAY"), _FORMATS["DAY"])


def begin(body: Mapping[str, Any], partition: str) -> int:
    """Give when a partition begins, in microseconds since 1970.

    Raises:
        ApiError: The table has no such partitions.
    """
    form = _format(body)
    try:
        moment = datetime.strptime(partition, form).replace(tzinfo=UTC)
    except ValueError:
        moment = None
    if moment is None or "timePartitioning" not in body or moment.strftime(form) != partition:
        raise bad(f"Invalid partition '{partition}': the table is not partitioned so.")
    return microseconds(moment)


def usual(partition: str) -> dict[str, Any]:
    """Give how a table is partitioned that is made by writing to a partition of it."""
    return {"type": _LENGTHS.get(len(partition), "DAY")}


def arrived(call: Call, body: Mapping[str, Any], rows: Sequence[Row]) -> list[Row]:
    """Give rows with when they arrived: those that do not say arrive now. Of another table, as they are."""
    if not by_arrival(body):
        return list(rows)
    now = begin(body, call.cloud.clock.now.strftime(_format(body)))
    return [row if ARRIVED in row else {**row, ARRIVED: now} for row in rows]


def still(old: Sequence[Row], new: Sequence[Row]) -> list[Row]:
    """Give changed rows with when they arrived: each at its place, or where rows went or came, by what is in it."""
    if len(old) == len(new):
        return [{**row, **_arrival(before)} for before, row in zip(old, new, strict=True)]
    known: defaultdict[str, deque[Row]] = defaultdict(deque)
    for before in old:
        known[json.dumps(before["f"])].append(before)
    return [{**row, **_arrival(known[key].popleft())} if known[key := json.dumps(row["f"])] else row for row in new]


def _arrival(row: Row) -> dict[str, Any]:
    return {ARRIVED: row[ARRIVED]} if ARRIVED in row else {}


def partition_of(table: Record, row: Row) -> str:
    """Give the partition that a row is in."""
    column = table.body.get("timePartitioning", {}).get("field")
    if not column:
        return _moment(row.get(ARRIVED)).strftime(_format(table.body)) if ARRIVED in row else _NULL
    names = [each["name"].lower() for each in table.body.get("schema", {}).get("fields", [])]
    value = row["f"][names.index(column.lower())]["v"] if column.lower() in names else None
    if value is None:
        return _NULL
    moment = _moment(value) if value.lstrip("-").isdigit() else datetime.fromisoformat(value)
    return moment.strftime(_format(table.body))


def _moment(value: Any) -> datetime:  # noqa: ANN401 - a number, or a text of one
    return _EPOCH + timedelta(microseconds=int(value))


def counts(table: Record, rows: Sequence[Row]) -> Mapping[str, int]:
    """Give how many rows are in each partition, sorted; of a table without partitions none."""
    if "timePartitioning" not in table.body:
        return {}
    return dict(sorted(Counter(partition_of(table, each) for each in rows).items()))


def shown(fields: Sequence[Field], rows: Sequence[Row]) -> tuple[list[Field], list[Row]]:
    """Give the rows of a table that is partitioned by arrival with the columns that say when that was."""
    found: list[Row] = []
    for row in rows:
        at = row.get(ARRIVED)
        told = ({"v": None}, {"v": None}) if at is None else ({"v": str(at)}, {"v": _moment(at).date().isoformat()})
        found.append({"f": [*row["f"], *told]})
    return [*fields, *_FIELDS], found
