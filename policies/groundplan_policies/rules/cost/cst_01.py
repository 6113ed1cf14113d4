"""CST-01: a budget watches what is spent."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries
from groundplan_policies.engine.projects import homes, is_id
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown
from groundplan_policies.engine.verdicts import (
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    any_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.numbers import number

_BUDGET: Final = "billing.Budget"
_PROJECTS: Final = Path("budgetFilter.projects")
_THRESHOLDS: Final = Path("thresholdRules.thresholdPercent")
_CHANNELS: Final = Path("allUpdatesRule.monitoringNotificationChannels")
_TOPIC: Final = Path("allUpdatesRule.pubsubTopic")
_WANTED: Final = (0.5, 1.0)
_PREFIX: Final = "projects/"
_PARTS: Final = tuple(Path(f"budgetFilter.{each}") for each in ("services", "labels", "subaccounts"))
"""What makes a budget one of a part of what its projects cost."""


def _check(budget: Resource, context: Context) -> Outcome:
    return all_of([_filtered(budget, context), _thresholds(budget), _heard(budget)])


def _filtered(budget: Resource, context: Context) -> Outcome:
    projects = _PROJECTS.one(budget)
    nothing = fail("names no project, so that it watches the whole billing account", projects.path)
    missing = unreadable(projects, absent=nothing, empty=nothing)
    return missing or all_of([*(_project(each) for each in entries(projects)), _of_ours(projects, context)])


def _of_ours(projects: Reading, context: Context) -> Outcome:
    """Say whether a budget may watch a project of this deployment. Which one a number means is not in the document."""
    ours = [*homes(context.graph)]
    named = {each.text.removeprefix(_PREFIX) for each in entries(projects)}
    told = all(map(is_id, ours)) and all(each and not each.isdecimal() and not is_unknown(each) for each in named)
    if told and ours and named.isdisjoint(ours):
        return fail("are none of the projects in which this deployment runs", projects.path)
    return PASS


def _project(reading: Reading) -> Outcome:
    missing = unreadable(reading, absent=indeterminate("names no project", reading.path))
    if missing is not None:
        return missing
    named = isinstance(reading.value, str) and reading.text.startswith(_PREFIX)
    return PASS if named else wrong_type(reading, "a project, projects/NUMBER")


def _thresholds(budget: Resource) -> Outcome:
    found = _THRESHOLDS.read(budget)
    nothing = fail("has no alert at half of the budget and at all of it", found[0].path)
    missing = unreadable(found[0], absent=nothing, empty=nothing)
    if missing is not None:
        return missing
    values = [number(each.value) if each.state is State.KNOWN else None for each in found]
    if all(wanted in values for wanted in _WANTED):
        return PASS
    if None in values:
        return indeterminate("holds something else than numbers", found[0].path)
    return fail("has no alert at half of the budget, or none at all of it", found[0].path)


def _heard(budget: Resource) -> Outcome:
    return any_of([_set(_CHANNELS.one(budget)), _set(_TOPIC.one(budget))])


def _set(reading: Reading) -> Outcome:
    nothing = fail("tells nobody but the administrators of billing", reading.path)
    if isinstance(reading.value, list) and reading.value:
        return any_of([_set(each) for each in entries(reading)])
    missing = unreadable(reading, absent=nothing)
    if missing is None:
        return PASS if isinstance(reading.value, str) else wrong_type(reading, "a name, or several")
    return PASS if reading.state is State.UNKNOWN else missing


def _part(budget: Resource) -> Outcome:
    """Say whether a budget watches all that its projects cost, and not some services or labels alone."""
    readings = [each for path in _PARTS for each in path.read(budget) if each.state not in {State.ABSENT, State.EMPTY}]
    if not readings:
        return PASS
    unclear = next((each for each in readings if each.state is not State.KNOWN), None)
    if unclear is not None:
        return indeterminate("has no budget of which it is known that it watches all that is spent")
    return fail("has no budget but those of some services or labels, so that nobody hears of the rest")


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    """Something that costs is there, and no budget that watches all of it."""
    parts = [_part(each) for each in context.graph.of(_BUDGET)]
    if PASS in parts:
        return
    if parts:
        yield None, any_of(parts)
        return
    if any(each.custom and each.type.startswith("gcp:") for each in context.graph.document.resources):
        none = fail("has no budget, so that nobody hears what it costs")
        yield None, none if context.complete else indeterminate("has no budget, as far as the document shows")


CONTROL = Control(
    id="CST-01",
    title="A budget watches what is spent",
    why=(
        "An accelerator that somebody forgot costs more in a week than a team in a month, and the bill comes "
        "afterwards. A budget names the projects that it watches, alerts at half of it and at all of it, and tells a "
        "channel or a topic. A channel that is made in the same run is known only afterwards, and counts. A budget of "
        "some services or labels alone may stand beside one of everything. A budget stops nothing: it only tells. "
        "Where an organisation has its budgets elsewhere, that takes a waiver."
    ),
    remedy="Use ProjectFoundation with a budget, or set `budget_filter`, `threshold_rules` and `all_updates_rule`.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("2.2.b", "6.2.e"),
    clauses=(partial("google-ai", "CB-CO-6.1", "Budgets of projects that this program does not watch."),),
    reads=(
        Read(_BUDGET, "budgetFilter.projects"),
        Read(_BUDGET, "thresholdRules.thresholdPercent"),
        Read(_BUDGET, "allUpdatesRule.monitoringNotificationChannels", unknown=Verdict.PASS),
        Read.aside(_BUDGET, "allUpdatesRule.pubsubTopic"),
        *(Read.aside(_BUDGET, each.text) for each in _PARTS),
    ),
    checks={_BUDGET: _check},
    stack=_stack,
)
