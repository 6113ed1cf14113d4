"""DAT-22: erasure reaches hidden copies."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, evidence, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, fail, indeterminate
from groundplan_policies.rules.data.classes import is_personal
from groundplan_policies.rules.data.lifecycle import NONCURRENT, RULES, deletes_within
from groundplan_policies.rules.data.numbers import number

_DAY_SECONDS = 86_400
_SOFT_DELETE = Path("softDeletePolicy.retentionDurationSeconds")
_DEFAULT_SOFT_DELETE = 7 * _DAY_SECONDS
_VERSIONED = Path("versioning.enabled")
_LIFECYCLE_LAG_DAYS = 1
_TIME_TRAVEL = Path("maxTimeTravelHours")
_LONGEST_TIME_TRAVEL = 168
_FAIL_SAFE_DAYS = 7


def _bucket(resource: Resource, context: Context) -> Outcome:
    days = _days(resource, context)
    if isinstance(days, Outcome):
        return days
    soft = _SOFT_DELETE.one(resource)
    seconds = _number(soft, default=_DEFAULT_SOFT_DELETE)
    if isinstance(seconds, Outcome):
        return seconds
    left = days - seconds / _DAY_SECONDS
    if left < 0:
        return fail(f"keeps what was deleted for more than {days} days", soft.path, f"{seconds:.0f}")
    versioned = _VERSIONED.one(resource)
    missing = unreadable(versioned, absent=PASS)
    if missing is not None:
        return missing
    if not isinstance(versioned.value, bool):
        return wrong_type(versioned, "a boolean")
    return deletes_within(resource, NONCURRENT, left - _LIFECYCLE_LAG_DAYS) if versioned.value else PASS


def _dataset(resource: Resource, context: Context) -> Outcome:
    days = _days(resource, context)
    if isinstance(days, Outcome):
        return days
    window = _TIME_TRAVEL.one(resource)
    hours = _number(window, default=_LONGEST_TIME_TRAVEL)
    if isinstance(hours, Outcome):
        return hours
    if hours / 24 + _FAIL_SAFE_DAYS <= days:
        return PASS
    return fail(f"keeps deleted data for more than {days} days, with the fail-safe week", window.path, f"{hours:g}")


def _days(resource: Resource, context: Context) -> Outcome | int:
    """Give the days within which hidden copies of a resource's data must be gone."""
    personal, days = is_personal(resource, context), context.parameters.erasure_days
    if personal is False:
        return NOT_APPLICABLE
    if personal is None or days is None:
        return indeterminate("the settings do not say which data is personal, or when hidden copies must be gone")
    return days


def _number(reading: Reading, default: float) -> Outcome | float:
    """Give a number that is not negative. Where nobody says one, Google's default holds."""
    if reading.state in {State.ABSENT, State.EMPTY}:
        return default
    missing = unreadable(reading, absent=PASS)
    found = number(reading.value)
    if missing is not None or found is None or found < 0:
        return missing or wrong_type(reading, "a number")
    return found


CONTROL = Control(
    id="DAT-22",
    title="Erasure reaches hidden copies",
    why=(
        "A person who asks to be erased is still in the old versions of objects, in what soft delete keeps, and in the "
        "past that BigQuery can travel to. These follow one another: a deleted object becomes a version, and the "
        "version, once a lifecycle rule deletes it, is soft-deleted; so their days add up, with the day that Google "
        "takes for a rule. BigQuery adds a fail-safe week that nobody can shorten. Absent values count as Google's "
        "defaults: seven days of soft delete, seven of time travel. What carries no class counts as personal."
    ),
    remedy=(
        "Use DataBucket and Warehouse, or shorten `soft_delete_policy`, `max_time_travel_hours`, and a `Delete` rule "
        "with `days_since_noncurrent_time`."
    ),
    severity=Severity.MEDIUM,
    objectives=("2.1.e",),
    clauses=(
        partial("nist-800-53-r5", "SI-12", "Retention of data in use: DAT-09."),
        evidence("iso-42001-2023", "A.7.2", "Processes; this is erasure alone."),
    ),
    reads=(
        # A class that cannot be read counts as personal: with everything else in order there is nothing to say.
        *(Read.aside(type_, "labels.classification") for type_ in ("storage.Bucket", "bigquery.Dataset")),
        Read("storage.Bucket", "softDeletePolicy.retentionDurationSeconds", absent=Verdict.PASS, empty=Verdict.PASS),
        Read("storage.Bucket", "versioning.enabled", absent=Verdict.PASS, empty=Verdict.PASS),
        Read("storage.Bucket", RULES),
        Read("storage.Bucket", "lifecycleRules.condition.daysSinceNoncurrentTime"),
        Read("bigquery.Dataset", "maxTimeTravelHours", absent=Verdict.PASS, empty=Verdict.PASS),
    ),
    checks={"storage.Bucket": _bucket, "bigquery.Dataset": _dataset},
    settings=("personal_classes", "classifications", "erasure_days"),
)
