"""REL-04: clusters are upgraded, and at a time that suits."""

from datetime import datetime, timedelta
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full
from groundplan_policies.engine.expect import is_one_of, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    all_of,
    fail,
    indeterminate,
)

_CLUSTER: Final = "container.Cluster"
_CHANNEL = is_one_of("releaseChannel.channel", "REGULAR", "STABLE")
_POLICY = Path("maintenancePolicy")
_WINDOWS: Final = tuple(
    Path(f"{_POLICY.text}.{each}")
    for each in (
        "recurringWindow.recurrence",
        "dailyMaintenanceWindow.startTime",
        "recurringMaintenanceWindow.recurrence",
    )
)
_EXCLUSIONS = Path(f"{_POLICY.text}.maintenanceExclusions")
_START, _END = "startTime", "endTime"
_LONGEST: Final = timedelta(days=30)


def _judge(resource: Resource, context: Context) -> Outcome:
    return all_of([_CHANNEL(resource, context), _window(resource), *_exclusions(resource)])


def _window(resource: Resource) -> Outcome:
    readings = [path.one(resource) for path in _WINDOWS]
    if any(each.state is State.KNOWN and isinstance(each.value, str) for each in readings):
        return PASS
    nothing = fail("sets no window, so that upgrades come at any time", _POLICY.text)
    said = [unreadable(each, absent=nothing) or wrong_type(each, "a text") for each in readings]
    return next((each for each in said if each is not nothing), nothing)


def _exclusions(resource: Resource) -> list[Outcome]:
    listed = _EXCLUSIONS.one(resource)
    missing = unreadable(listed, absent=NOT_APPLICABLE)
    return [missing] if missing is not None else [_exclusion(each) for each in entries(listed)]


def _exclusion(exclusion: Reading) -> Outcome:
    if exclusion.state is not State.KNOWN:
        return unreadable(exclusion, absent=NOT_APPLICABLE, empty=indeterminate("is empty", exclusion.path)) or PASS
    times: list[datetime] = []
    for key in (_START, _END):
        reading = read_value(exclusion.value, exclusion.path, key)[0]
        missing = unreadable(reading, absent=fail("is absent, so that there is no end to it", reading.path))
        moment = _moment(reading)
        if missing is not None or moment is None:
            return missing or indeterminate("is no time, such as 2026-06-01T00:00:00Z", reading.path)
        times.append(moment)
    start, end = times
    path = f"{exclusion.path}.{_END}"
    return PASS if end - start <= _LONGEST else fail("is more than 30 days after the start", path)


def _moment(reading: Reading) -> datetime | None:
    """Give a time with its zone; None for a text that is none."""
    try:
        found = datetime.fromisoformat(reading.text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


CONTROL = Control(
    id="REL-04",
    title="Clusters are upgraded, and at a time that suits",
    why=(
        "A cluster outside of a channel stays on a version with known holes until somebody remembers it; one in RAPID "
        "gets versions that few have tried. EXTENDED keeps old versions for longer, against a price and with fewer "
        "fixes, and fails too. Without a window upgrades come in the middle of a training run. An exclusion may span a "
        "busy time and not more than 30 days, so one without an end fails. That Autopilot picks a channel by itself is "
        "not counted: say which."
    ),
    remedy="Use TrainingCluster, or set `release_channel` to REGULAR and a window in `maintenance_policy`.",
    severity=Severity.MEDIUM,
    objectives=("3.2.c", "3.2.d"),
    clauses=(full("cis-gke-1.6", "5.5.4"),),
    reads=(
        _CHANNEL.reads(_CLUSTER),
        Read(_CLUSTER, _WINDOWS[0].text),
        *(Read.aside(_CLUSTER, each.text) for each in _WINDOWS[1:]),
        Read(_CLUSTER, f"{_EXCLUSIONS.text}.{_START}"),
        Read(_CLUSTER, f"{_EXCLUSIONS.text}.{_END}"),
    ),
    checks={_CLUSTER: _judge},
)
