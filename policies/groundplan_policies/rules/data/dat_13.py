"""DAT-13: sensitive data discovery runs."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, full
from groundplan_policies.engine.expect import every, is_one_of, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    any_of,
    declared,
    fail,
    indeterminate,
)

_CONFIG = "dataloss.PreventionDiscoveryConfig"
_DATA = ("storage.Bucket", "bigquery.Dataset")
_RUNNING = is_one_of("status", "RUNNING")
_TARGETS = Path("targets")
_PARENT = Path("parent")
_ORGANIZATION = Path("orgConfig.location.organizationId")
_CATCH_ALL: Final = {"bigQueryTarget": "filter.otherTables", "cloudStorageTarget": "filter.others"}
"""Targets, each with the filter that takes in whatever no other target does."""


def _reaches_all(resource: Resource, _context: Context) -> Outcome:
    targets = _TARGETS.one(resource)
    missing = unreadable(targets, absent=fail("name nothing to look at", targets.path))
    return missing or all_of(_has_target(targets, kind, catch_all) for kind, catch_all in _CATCH_ALL.items())


def _has_target(targets: Reading, kind: str, catch_all: str) -> Outcome:
    nothing = fail(f"hold no {kind} that is on and takes in all", targets.path)
    return any_of([nothing, *(_target(each, kind, catch_all) for each in entries(targets))])


def _target(target: Reading, kind: str, catch_all: str) -> Outcome:
    missing = unreadable(target, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    block = read_value(target.value, target.path, kind)[0]
    missing = unreadable(block, absent=NOT_APPLICABLE)
    if missing is not None or not isinstance(block.value, dict):
        return missing or wrong_type(block, "an object")
    return all_of(_takes_in_all(block, catch_all))


def _takes_in_all(block: Reading, catch_all: str) -> Iterator[Outcome]:
    """Judge a target that is there. Blocks without anything in them say something by being there."""
    disabled, everything, since = (
        read_value(block.value, block.path, below)[0] for below in ("disabled", catch_all, "conditions.createdAfter")
    )
    yield PASS if disabled.state is State.ABSENT else fail("turns the target off", disabled.path)
    yield PASS if since.state in {State.ABSENT, State.EMPTY} else fail("leaves out what was there before", since.path)
    is_block = isinstance(block.value, dict) and Path(catch_all).plain(block.value) == {}
    some = fail("takes in only some", block.path)
    missing = unreadable(everything, absent=some, empty=PASS if is_block else some)
    if missing is not None or isinstance(everything.value, dict):
        yield missing or PASS
    else:
        yield wrong_type(everything, "an object")


_SOUND = every(_RUNNING, _reaches_all)


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    graph = context.graph
    found = (graph.effective(each, "project") for each in graph.of(*_DATA))
    projects = {each.text if each.state is State.KNOWN else "" for each in found}
    outcomes = [_project(project, context) for project in sorted(projects)]
    if outcomes:
        yield None, all_of(outcomes)


def _project(project: str, context: Context) -> Outcome:
    elsewhere = context.parameters.discovery_elsewhere
    covering = [_covers(each, project, context) for each in context.graph.of(_CONFIG)]
    if elsewhere:
        covering.append(declared("is looked through from outside of this document, as the settings say", "", project))
    if any_of(covering).verdict in {Verdict.NOT_APPLICABLE, Verdict.FAIL}:
        if elsewhere is None or not project or not context.complete:
            covering.append(indeterminate("is covered by no discovery that this document shows", "", project))
        covering.append(fail("holds data, and no discovery that runs covers it", "", project))
    return any_of(covering)


def _covers(config: Resource, project: str, context: Context) -> Outcome:
    parent = _PARENT.one(config)
    kind, _, name = parent.text.partition("/")
    owner = name.partition("/")[0]
    if parent.state is State.KNOWN and kind == "projects" and not owner.isdigit():
        return _SOUND(config, context) if owner == project else NOT_APPLICABLE
    sound = _SOUND(config, context)
    if sound is not PASS:
        return NOT_APPLICABLE
    whole = parent.state is State.KNOWN and kind == "organizations" and _ORGANIZATION.one(config).state is State.KNOWN
    return PASS if whole else indeterminate("may cover the project, or may not", parent.path)


CONTROL = Control(
    id="DAT-13",
    title="Sensitive data discovery runs",
    why=(
        "Personal data gets into tables and buckets that nobody classified as such, and is found by whoever looks "
        "first. A configuration must run, and take in all tables and all buckets, also those that were there before. "
        "It covers its own project, or its organisation. Discovery is often the organisation's: the settings may say "
        "that it runs from elsewhere, which is a declaration; as long as they say nothing, a project without one is "
        "indeterminate."
    ),
    remedy="Add a discovery configuration with both targets, or set `discovery_elsewhere`.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("2.1.e", "5.1.a"),
    clauses=(full("google-ai", "COM-CO-5.1"),),
    reads=(
        _RUNNING.reads(_CONFIG),
        Read(_CONFIG, "targets"),
        Read(_CONFIG, "targets.bigQueryTarget"),
        Read(_CONFIG, "targets.cloudStorageTarget"),
    ),
    checks={_CONFIG: _SOUND},
    stack=_stack,
    settings=("discovery_elsewhere",),
)
