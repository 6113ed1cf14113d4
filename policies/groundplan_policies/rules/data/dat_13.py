"""DAT-13: sensitive data discovery runs."""

from collections.abc import Iterator

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, full, partial
from groundplan_policies.engine.expect import is_one_of, unreadable
from groundplan_policies.engine.paths import Path, State
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
from groundplan_policies.rules.data.discovery import CATCH_ALL, WHAT, takes_in_all

_CONFIG = "dataloss.PreventionDiscoveryConfig"
_DATA = ("storage.Bucket", "bigquery.Dataset")
_RUNNING = is_one_of("status", "RUNNING")
_TARGETS = Path("targets")
_PARENT = Path("parent")
_ORGANIZATION = Path("orgConfig.location.organizationId")


def _config(resource: Resource, context: Context) -> Outcome:
    """Judge one configuration by the kinds of targets that it has; others may have the rest."""
    targets = _TARGETS.one(resource)
    missing = unreadable(targets, absent=fail("name nothing to look at", targets.path))
    kinds = [missing] if missing is not None else [takes_in_all(targets, kind) for kind in CATCH_ALL]
    if all(each.verdict is Verdict.NOT_APPLICABLE for each in kinds):
        return NOT_APPLICABLE
    return all_of([_RUNNING(resource, context), *kinds])


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    graph = context.graph
    found = (graph.effective(each, "project") for each in graph.of(*_DATA))
    projects = {each.text if each.state is State.KNOWN else "" for each in found}
    outcomes = [discovered(project, kind, context) for project in sorted(projects) for kind in CATCH_ALL]
    if outcomes:
        yield None, all_of(outcomes)


def discovered(project: str, kind: str, context: Context) -> Outcome:
    """Say whether discovery runs over all buckets or tables of a project.

    Args:
        project: Id of the project; "" for one that nobody knows.
        kind: The kind of targets: a key of `WHAT`.
        context: The deployment.
    """
    elsewhere = context.parameters.discovery_elsewhere
    covering = [_covers(each, project, kind, context) for each in context.graph.of(_CONFIG)]
    if elsewhere:
        covering.append(declared("is looked through from outside of this document, as the settings say", "", project))
    if any_of(covering).verdict in {Verdict.NOT_APPLICABLE, Verdict.FAIL}:
        if elsewhere is None or not project or not context.complete:
            covering.append(indeterminate("is covered by no discovery that this document shows", "", project))
        covering.append(fail(f"holds data, and no discovery that runs covers its {WHAT[kind]}", "", project))
    return any_of(covering)


def _covers(config: Resource, project: str, kind: str, context: Context) -> Outcome:
    parent, targets = _PARENT.one(config), _TARGETS.one(config)
    where, _, name = parent.text.partition("/")
    owner = name.partition("/")[0]
    unclear = unreadable(targets, absent=NOT_APPLICABLE)
    sound = unclear or takes_in_all(targets, kind)
    if sound.verdict is not Verdict.NOT_APPLICABLE:
        sound = all_of([_RUNNING(config, context), sound])
    if parent.state is State.KNOWN and where == "projects" and not owner.isdigit():
        return sound if owner == project else NOT_APPLICABLE
    if sound is not PASS:
        return NOT_APPLICABLE
    whole = parent.state is State.KNOWN and where == "organizations" and _ORGANIZATION.one(config).state is State.KNOWN
    return PASS if whole else indeterminate("may cover the project, or may not", parent.path)


CONTROL = Control(
    id="DAT-13",
    title="Sensitive data discovery runs",
    why=(
        "Personal data gets into tables and buckets that nobody classified as such, and is found by whoever looks "
        "first. Configurations must run, and take in all tables and all buckets, also those that were there before. "
        "Which of them does which is left open, as Google keeps one for each kind of storage. A target that is off, or "
        "whose conditions leave something out for good, is no discovery of it. "
        "Each covers its own project, or its organisation. Discovery is often the organisation's: the settings may say "
        "that it runs from elsewhere, which is a declaration; as long as they say nothing, a project without one is "
        "indeterminate."
    ),
    remedy="Use SensitiveDataDiscovery, or set `discovery_elsewhere` where the organisation runs one.",
    ask="See in Sensitive Data Protection that discovery runs over the projects, and read what it found.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("2.1.e", "5.1.a"),
    clauses=(
        full("google-ai", "COM-CO-5.1"),
        partial("cis-gcp-5.0", "7.4", "What is done with findings: DAT-01 and DAT-10."),
    ),
    reads=(
        _RUNNING.reads(_CONFIG),
        Read(_CONFIG, "targets"),
        *(Read(_CONFIG, f"targets.{kind}", absent=Verdict.PASS) for kind in CATCH_ALL),
    ),
    checks={_CONFIG: _config},
    stack=_stack,
    settings=("discovery_elsewhere",),
)
