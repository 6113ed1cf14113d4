"""For how long a store keeps data, in days."""

import math
from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, fail, indeterminate
from groundplan_policies.rules.data.lifecycle import LIVE, deletes_within
from groundplan_policies.rules.data.numbers import number
from groundplan_policies.rules.data.targets import dataset_of

_DAY_MS: Final = 86_400_000
_DATASET: Final = Path("defaultTableExpirationMs")
_PARTITIONED: Final = Path("timePartitioning")
_BY_DEFAULT: Final = Path("defaultPartitionExpirationMs")
_PARTITIONS: Final = Path("timePartitioning.expirationMs")


def kept_at_most(store: Resource, days: float, graph: Graph) -> Outcome:
    """Say whether a store deletes data within a number of days. What is no store of data itself does not apply."""
    match short_name(store.type):
        case "storage.Bucket":
            return deletes_within(store, LIVE, days)
        case "bigquery.Dataset" | "bigquery.Table":
            kept = _kept(store, graph)
            if kept is None:
                return indeterminate("keeps data for nobody knows how long")
            return PASS if max(kept) <= days else fail(f"keeps data for longer than {days:g} days")
    return PASS


def kept_at_least(store: Resource, days: float, graph: Graph) -> Outcome:
    """Say whether tables of a store keep data for a number of days."""
    kept = _kept(store, graph)
    if kept is None:
        return indeterminate("keeps data for nobody knows how long")
    return PASS if min(kept) >= days else fail(f"keeps data for less than {days:g} days")


def _kept(store: Resource, graph: Graph) -> tuple[float, ...] | None:
    """Give the days for which a table, or a dataset's tables by default, keep data; infinite where nothing ends it.

    A table's own expiration of partitions comes before its dataset's default for partitions, and that before the one
    for tables. Of tables that a dataset will have nobody knows whether they have partitions, so both count.
    """
    if short_name(store.type) == "bigquery.Dataset":
        return _all([_DATASET.one(store), *_given(_BY_DEFAULT.one(store))])
    own = _PARTITIONS.one(store)
    if own.state is not State.ABSENT:
        return _all([own])
    home = dataset_of(store, graph)
    if home is None:
        return None
    partitioned = _PARTITIONED.one(store).state is not State.ABSENT
    return _all((_given(_BY_DEFAULT.one(home)) if partitioned else []) or [_DATASET.one(home)])


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
