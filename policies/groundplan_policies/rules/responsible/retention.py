"""For how long a store keeps data, in days."""

import math
from datetime import date
from typing import Final, NamedTuple

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, fail, indeterminate
from groundplan_policies.rules.data.lifecycle import LIVE, deletes_within
from groundplan_policies.rules.data.numbers import number
from groundplan_policies.rules.data.targets import dataset_of

_DAY_MS: Final = 86_400_000
_EPOCH: Final = date(1970, 1, 1)
_DATASET: Final = "bigquery.Dataset"
_TABLES: Final = Path("defaultTableExpirationMs")
_ENDS: Final = Path("expirationTime")
_PARTITIONED: Final = Path("timePartitioning")
_BY_DEFAULT: Final = Path("defaultPartitionExpirationMs")
_PARTITIONS: Final = Path("timePartitioning.expirationMs")


class _Kept(NamedTuple):
    """For how many days a store keeps data.

    Attributes:
        least: The least, of a row that is written at any time; None if nobody can tell.
        most: The most.
    """

    least: float | None
    most: float | None


def kept_at_most(store: Resource, days: float, context: Context) -> Outcome:
    """Say whether a store deletes data within a number of days. What is no store of data itself does not apply."""
    match short_name(store.type):
        case "storage.Bucket":
            return deletes_within(store, LIVE, days)
        case "bigquery.Dataset" | "bigquery.Table":
            most = _kept(store, context).most
            if most is None:
                return indeterminate("keeps data for nobody knows how long")
            return PASS if most <= days else fail(f"keeps data for longer than {days:g} days")
    return PASS


def kept_at_least(store: Resource, days: float, context: Context) -> Outcome:
    """Say whether tables of a store keep data for a number of days."""
    least = _kept(store, context).least
    if least is None:
        return indeterminate("keeps data for nobody knows how long")
    return PASS if least >= days else fail(f"keeps data for less than {days:g} days")


def _kept(store: Resource, context: Context) -> _Kept:
    """Give for how long a table, or a dataset's tables by default, keep data; infinite where nothing ends it.

    A table's own expiration of partitions comes before its dataset's default for partitions, and that before the one
    for tables. Of tables that a dataset will have nobody knows whether they have partitions, so both count; and so
    does the default for tables beside partitions of which only the table says for how long they are kept. A table
    that ends on a day keeps what is written just before it for no time at all.
    """
    if short_name(store.type) == _DATASET:
        return _range(_all([_TABLES.one(store), *_given(_BY_DEFAULT.one(store))]))
    ends = _ENDS.one(store)
    has_end = bool(_given(ends)) and number(ends.value) != 0  # the provider leaves 0 out
    kept = _range(_of_table(store, context.graph, ends=has_end))
    if not has_end:
        return kept
    left = _days_left(ends, context.as_of)
    least = 0.0 if ends.state is State.KNOWN else None
    return _Kept(least, None if left is None or kept.most is None else min(left, kept.most))


def _of_table(table: Resource, graph: Graph, *, ends: bool) -> tuple[float, ...] | None:
    """Give the days for which a table keeps its rows but for its own end, which comes before its dataset's default."""
    own, home = _PARTITIONS.one(table), dataset_of(table, graph)
    by_default = _given(_BY_DEFAULT.one(home)) if home is not None else []
    partitioned = _PARTITIONED.one(table).state is not State.ABSENT
    if own.state is not State.ABSENT:
        tables = [] if by_default or ends or home is None else _given(_TABLES.one(home))
        return _all([own, *tables])
    if home is None:
        return (math.inf,) if ends else None
    if partitioned and by_default:
        return _all(by_default)
    return (math.inf,) if ends else _all([_TABLES.one(home)])


def _days_left(ends: Reading, today: date | None) -> float | None:
    """Give the days until a moment in milliseconds since 1970."""
    moment = number(ends.value) if ends.state is State.KNOWN else None
    if moment is None or today is None:
        return None
    return moment / _DAY_MS - (today - _EPOCH).days


def _range(found: tuple[float, ...] | None) -> _Kept:
    return _Kept(None, None) if found is None else _Kept(min(found), max(found))


def _given(reading: Reading) -> list[Reading]:
    return [] if reading.state in {State.ABSENT, State.EMPTY} else [reading]


def _all(readings: list[Reading]) -> tuple[float, ...] | None:
    found = [_days(each) for each in readings]
    known = tuple(each for each in found if each is not None)
    return known if len(known) == len(found) else None


def _days(reading: Reading) -> float | None:
    if reading.state in {State.ABSENT, State.EMPTY}:
        return math.inf
    found = number(reading.value) if reading.state is State.KNOWN else None
    return found / _DAY_MS if found is not None and found > 0 else None
