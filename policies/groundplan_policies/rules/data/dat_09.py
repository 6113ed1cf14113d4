"""DAT-09: personal data expires."""

from collections.abc import Callable
from typing import TypeAlias

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import is_false
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.classes import is_personal
from groundplan_policies.rules.data.lifecycle import LIVE, RULES, deletes_within
from groundplan_policies.rules.data.numbers import number, within
from groundplan_policies.rules.data.targets import dataset_of

_InDays: TypeAlias = Callable[[Resource, Context, int], Outcome]

_DAY_SECONDS = 86_400
_DAY_MS = 86_400_000
_HOUR_MS = 3_600_000
_RETENTION = Path("retentionPolicy.retentionPeriod")
_NO_HOLD = is_false("defaultEventBasedHold")
_TABLES = Path("defaultTableExpirationMs")
_PARTITIONS = Path("defaultPartitionExpirationMs")
_OWN_PARTITIONS = Path("timePartitioning.expirationMs")
_OWN_DATE = Path("expirationTime")
_ELSEWHERE = (Path("view"), Path("materializedView"), Path("externalDataConfiguration"))


def _bucket(resource: Resource, context: Context, days: int) -> Outcome:
    retention = _RETENTION.one(resource)
    kept = within(retention, 0, days * _DAY_SECONDS, f"at most {days} days, in seconds", absent=PASS)
    return all_of([deletes_within(resource, LIVE, days), _NO_HOLD(resource, context), kept])


def _dataset(resource: Resource, _: Context, days: int) -> Outcome:
    tables = _TABLES.one(resource)
    absent = fail(f"is absent; expected is at most {days} days, in milliseconds", tables.path)
    return all_of([_expiry(tables, days, absent), _expiry(_PARTITIONS.one(resource), days, PASS)])


def _table(resource: Resource, context: Context, days: int) -> Outcome:
    if any(path.one(resource).state is State.KNOWN for path in _ELSEWHERE):
        return NOT_APPLICABLE
    date = _OWN_DATE.one(resource)
    if date.state is not State.ABSENT and number(date.value) != 0:
        return indeterminate("is a date of its own, which says nothing about the age of the data", date.path)
    own = _OWN_PARTITIONS.one(resource)
    if own.state is State.ABSENT and dataset_of(resource, context.graph) is None:
        return indeterminate("is absent, and so is the dataset whose default holds", own.path)
    return _expiry(own, days, PASS)


def _expiry(reading: Reading, days: int, absent: Outcome) -> Outcome:
    expected = f"an hour to {days} days, in milliseconds"
    return within(reading, _HOUR_MS, days * _DAY_MS, expected, absent=absent)


def _where_personal(check: _InDays) -> Check:
    def look(resource: Resource, context: Context) -> Outcome:
        personal, days = is_personal(resource, context), context.parameters.personal_max_days
        if personal is False:
            return NOT_APPLICABLE
        if personal is None or days is None:
            return indeterminate("the settings do not say which data is personal, or when it is deleted at the latest")
        return check(resource, context, days)

    return look


CONTROL = Control(
    id="DAT-09",
    title="Personal data expires",
    why=(
        "Data about people that nobody deletes is kept for longer than they were told, and is there to be stolen. A "
        "lifecycle rule counts if it deletes live objects by age and by nothing else; a hold or a longer retention "
        "keeps objects in spite of it. The tables' default expiration is what counts for a dataset: Google uses the "
        "partitions' in its place for partitioned tables, so that one may be absent. A table's own date or partition "
        "expiration comes before both. What carries no class counts as personal. Old versions are a matter of DAT-22."
    ),
    remedy=(
        "Use DataBucket and Warehouse, or set a `Delete` rule with `age`, and `default_table_expiration_ms`, within "
        "the days of the settings."
    ),
    severity=Severity.HIGH,
    objectives=("2.1.e",),
    clauses=(partial("google-ai", "GCS-CO-6.5", "Buckets whose data is not personal."),),
    reads=(
        # A class that cannot be read counts as personal: with everything else in order there is nothing to say.
        *(
            Read.aside(type_, "labels.classification")
            for type_ in ("storage.Bucket", "bigquery.Dataset", "bigquery.Table")
        ),
        Read("storage.Bucket", RULES),
        Read("storage.Bucket", "lifecycleRules.action.type"),
        Read("storage.Bucket", "lifecycleRules.condition.age"),
        Read(
            "storage.Bucket",
            "lifecycleRules.condition.withState",
            absent=Verdict.PASS,
            empty=Verdict.PASS,
            wrong=Verdict.FAIL,
        ),
        _NO_HOLD.reads("storage.Bucket"),
        Read("storage.Bucket", "retentionPolicy.retentionPeriod", absent=Verdict.PASS, empty=Verdict.PASS),
        Read("bigquery.Dataset", "defaultTableExpirationMs"),
        Read("bigquery.Dataset", "defaultPartitionExpirationMs", absent=Verdict.PASS, empty=Verdict.PASS),
        Read("bigquery.Table", "timePartitioning.expirationMs", absent=Verdict.PASS, empty=Verdict.PASS),
        Read("bigquery.Table", "expirationTime", absent=Verdict.PASS, empty=Verdict.INDETERMINATE),
    ),
    checks={
        "storage.Bucket": _where_personal(_bucket),
        "bigquery.Dataset": _where_personal(_dataset),
        "bigquery.Table": _where_personal(_table),
    },
    settings=("personal_classes", "classifications", "personal_max_days"),
)
