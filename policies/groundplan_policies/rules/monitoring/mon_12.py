"""MON-12: exclusions, mutes and snoozes hide nothing that matters."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.expect import is_known, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.projects import home, is_id
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
from groundplan_policies.rules.monitoring.entries import protected
from groundplan_policies.rules.monitoring.filters import Both, FilterError, Node, parse
from groundplan_policies.rules.monitoring.matching import matches, pinned

_EXCLUSIONS: Final = (
    "logging.ProjectExclusion",
    "logging.FolderExclusion",
    "logging.OrganizationExclusion",
    "logging.BillingAccountExclusion",
)
_SINKS: Final = ("logging.ProjectSink", "logging.FolderSink", "logging.OrganizationSink", "logging.BillingAccountSink")
_MUTES: Final = (
    "securitycenter.MuteConfig",
    "securitycenter.V2ProjectMuteConfig",
    "securitycenter.V2FolderMuteConfig",
    "securitycenter.V2OrganizationMuteConfig",
)
_SNOOZE: Final = "monitoring.Snooze"
_LONGEST: Final = timedelta(days=7)

_FILTER, _LISTED = Path("filter"), Path("exclusions")
_END, _START = Path("interval.endTime"), Path("interval.startTime")
_SWITCH = is_known("disabled", "a boolean", bool)
_EVERYTHING: Final = Both(())
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)


def _exclusion(resource: Resource, context: Context) -> Outcome:
    if resource.inputs.get("disabled") is True:
        return PASS
    hidden = _hides(_FILTER.one(resource), _EVERYTHING, resource, context)
    return all_of([_SWITCH(resource, context), hidden])


def _sink(resource: Resource, context: Context) -> Outcome:
    listed = _LISTED.one(resource)
    missing = unreadable(listed, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    taken = _parsed(_FILTER.one(resource))
    routed = taken if not isinstance(taken, Outcome) else _EVERYTHING
    return all_of([each for entry in entries(listed) for each in _of_sink(entry, routed, resource, context)])


def _of_sink(entry: Reading, routed: Node, resource: Resource, context: Context) -> Iterator[Outcome]:
    missing = unreadable(entry, absent=NOT_APPLICABLE)
    if missing is not None or not isinstance(entry.value, dict):
        yield missing or wrong_type(entry, "an exclusion")
        return
    disabled, excluded = (read_value(entry.value, entry.path, each)[0] for each in ("disabled", "filter"))
    if disabled.value is True and disabled.state is State.KNOWN:
        yield PASS
        return
    if disabled.state is not State.ABSENT and disabled.value is not False:
        yield unreadable(disabled, absent=PASS) or wrong_type(disabled, "a boolean")
    yield _hides(excluded, routed, resource, context)


def _hides(reading: Reading, routed: Node, resource: Resource, context: Context) -> Outcome:
    """Say whether an exclusion can match what nothing may hide, of that which is routed there at all."""
    excluded = _parsed(reading)
    if isinstance(excluded, Outcome):
        return excluded
    project = home(context.graph, resource)
    found = {
        what: {matches(Both((routed, excluded)), each) for each in logs}
        for what, logs in protected(project if is_id(project) else "").items()
    }
    if sure := [what for what, answers in found.items() if True in answers]:
        return fail(f"hides {' and '.join(sure)}", reading.path)
    if maybe := [what for what, answers in found.items() if None in answers]:
        return fail(f"does not keep out {' and '.join(maybe)}, so that it may hide some", reading.path)
    return PASS


def _parsed(reading: Reading) -> Node | Outcome:
    """Read a filter; an outcome where that cannot be done."""
    missing = unreadable(reading, absent=fail("is absent, so that it matches everything", reading.path))
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a filter")
    try:
        return parse(reading.value)
    except FilterError:
        return indeterminate("is no filter that can be read here", reading.path)


def _mute(resource: Resource, _: Context) -> Outcome:
    muted = _parsed(_FILTER.one(resource))
    if isinstance(muted, Outcome):
        return muted
    categories = pinned(muted, ("category",)) or pinned(muted, ("finding", "category"))
    if len(categories) == 1:
        return PASS
    return fail("names not exactly one category, so that it mutes findings that nobody has seen yet", _FILTER.written)


def _snooze(resource: Resource, _: Context) -> Outcome:
    times = [_time(path.one(resource)) for path in (_START, _END)]
    known = [each for each in times if isinstance(each, datetime)]
    if len(known) < len(times):
        return all_of([each for each in times if isinstance(each, Outcome)])
    start, end = known
    return PASS if end - start <= _LONGEST else fail("is more than 7 days after the beginning", _END.written)


def _time(reading: Reading) -> datetime | Outcome:
    absent = indeterminate("is absent, so that nobody can see how long it lasts", reading.path)
    missing = unreadable(reading, absent=absent)
    if missing is not None:
        return missing
    found = _TIME.fullmatch(reading.text)
    if found is None:
        return wrong_type(reading, "a time such as 2026-01-31T08:00:00Z")
    try:
        return datetime.fromisoformat(found[1] + found[2].replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return wrong_type(reading, "a time such as 2026-01-31T08:00:00Z")


_CHECKS: Final[dict[str, Check]] = {
    **dict.fromkeys(_EXCLUSIONS, _exclusion),
    **dict.fromkeys(_SINKS, _sink),
    **dict.fromkeys(_MUTES, _mute),
    _SNOOZE: _snooze,
}

CONTROL = Control(
    id="MON-12",
    title="Exclusions, mutes and snoozes hide nothing that matters",
    why=(
        "What is excluded was never written, for whoever looks later. An exclusion may match no audit log, no log of "
        "predictions and none of firewalls, and must show that itself: by the log's name, as in "
        '`log_id("stdout")`, or by keeping those out. In a sink only what its filter lets through can be excluded. A '
        "mute names one category of findings, so that it silences nothing that nobody has seen yet. A snooze lasts 7 "
        "days at most; its beginning must be written down, since it is the moment of the deployment otherwise."
    ),
    remedy="Exclude by `log_id`, mute one category with a condition, and let alerts pause for a week at most.",
    severity=Severity.HIGH,
    objectives=("6.1.a", "6.2.e"),
    clauses=(
        partial("nist-800-53-r5", "AU-12", "What applications write."),
        partial("nist-800-53-r5", "SI-4", "What is silenced by hand."),
    ),
    reads=(
        *(Read(each, "filter") for each in (*_EXCLUSIONS, *_MUTES)),
        *(_SWITCH.reads(each) for each in _EXCLUSIONS),
        *(Read(each, "exclusions.filter") for each in _SINKS),
        *(Read(each, "exclusions.disabled", absent=Verdict.PASS, empty=Verdict.PASS) for each in _SINKS),
        *(Read.aside(each, "filter") for each in _SINKS),
        *(
            Read(_SNOOZE, f"interval.{each}", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE)
            for each in ("endTime", "startTime")
        ),
    ),
    checks=_CHECKS,
)
