"""CST-06: queries have a price limit."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import either, is_number, is_true
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, all_of, any_of
from groundplan_policies.rules.cost.numbers import is_there

_TABLE, _JOB, _RESERVATION = "bigquery.Table", "bigquery.Job", "bigquery.Reservation"
_PARTITIONED: Final = (Path("timePartitioning"), Path("rangePartitioning"))
_QUERY: Final = Path("query")
_SLOTS: Final = is_number("maxSlots", at_least=1, unit="slot")
_AUTO_SLOTS: Final = is_number("autoscale.maxSlots", at_least=1, unit="slot")
_BYTES: Final = is_number("query.maximumBytesBilled", at_least=1, unit="byte")
_FILTER: Final = is_true("requirePartitionFilter")
_OLD_FILTER: Final = is_true("timePartitioning.requirePartitionFilter")
_FILES: Final = Path("externalDataConfiguration.hivePartitioningOptions")
_FILE_FILTER: Final = is_true(f"{_FILES.text}.requirePartitionFilter")


def _job(resource: Resource, context: Context) -> Outcome:
    return _BYTES(resource, context) if is_there(_QUERY.one(resource)) else NOT_APPLICABLE


def _table(resource: Resource, context: Context) -> Outcome:
    files = _FILE_FILTER(resource, context) if _FILES.one(resource).state is not State.ABSENT else NOT_APPLICABLE
    return all_of([_own(resource, context), files])


def _own(resource: Resource, context: Context) -> Outcome:
    """Judge what BigQuery itself keeps; files that are cut into partitions by their names say it themselves."""
    if not any(is_there(path.one(resource)) for path in _PARTITIONED):
        return NOT_APPLICABLE
    found = _FILTER(resource, context)
    return found if found is PASS else any_of([found, _OLD_FILTER(resource, context)])


CONTROL = Control(
    id="CST-06",
    title="Queries have a limit",
    why=(
        "A query without a filter reads ten years of data and bills them. A job of a query says how many bytes it may "
        "bill, a reservation how many slots it may grow to, and a table that is cut into partitions, in BigQuery or by "
        "the names of its files, refuses queries without a filter on them. Jobs that people start by hand are bounded "
        "by their project's quota."
    ),
    remedy="Use Warehouse, or set `maximum_bytes_billed`, `max_slots` and `require_partition_filter`.",
    severity=Severity.LOW,
    objectives=("2.1.a",),
    clauses=(partial("nist-800-53-r5", "SC-6", "Queries that people start by hand."),),
    reads=(
        _SLOTS.reads(_RESERVATION),
        Read.aside(_RESERVATION, _AUTO_SLOTS.path.text),
        _BYTES.reads(_JOB),
        Read(_TABLE, "requirePartitionFilter", absent=Verdict.FAIL),
        Read.aside(_TABLE, "timePartitioning.type"),
        _FILE_FILTER.reads(_TABLE),
    ),
    checks={_RESERVATION: either(_SLOTS, _AUTO_SLOTS), _JOB: _job, _TABLE: _table},
)
