"""MON-13: logs are out of reach of those whom they are about."""

from collections.abc import Collection, Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, partial
from groundplan_policies.engine.expect import is_true, unreadable, wrong_type
from groundplan_policies.engine.grants import Grant, Level
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.identities import named_project
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Reading, State
from groundplan_policies.engine.principals import Kind
from groundplan_policies.engine.projects import home
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.monitoring.sinks import DESTINATION, SINK, target

_WORKLOADS: Final = frozenset(
    {
        *("cloudbuild", "cloudbuildv2", "clouddeploy", "cloudfunctions", "cloudfunctionsv2", "cloudrun", "cloudrunv2"),
        *("colab", "composer", "compute", "container", "dataflow", "dataproc", "notebooks", "tpu", "vertex"),
        *("workbench", "workflows", "appengine", "artifactregistry"),
    }
)
"""Modules of what runs, builds or serves."""

_TAMPERING: Final = frozenset(
    {
        *("roles/owner", "roles/editor", "roles/logging.admin", "roles/logging.configWriter"),
        *("roles/logging.bucketWriter", "roles/storage.admin", "roles/storage.objectAdmin", "roles/storage.objectUser"),
        *("roles/storage.objectCreator", "roles/bigquery.admin", "roles/bigquery.dataOwner"),
        *("roles/bigquery.dataEditor", "roles/resourcemanager.projectIamAdmin"),
    }
)
"""Roles with which entries can be written, changed or deleted, or such a role be given."""

_ACCOUNT: Final = "serviceaccount.Account"
_OWN_WRITER = is_true("uniqueWriterIdentity", absent=Verdict.PASS)


def _stack(context: Context) -> Iterator[tuple[Resource | None, Outcome]]:
    asked = context.parameters.log_separate_project
    sinks = list(context.graph.of(SINK))
    if asked is False or not sinks:
        return
    if asked is None:
        for sink in sinks:
            yield sink, indeterminate("the settings do not say whether logs need a project of their own")
        return
    for sink in sinks:
        yield sink, all_of([_separate(sink, context), _OWN_WRITER(sink, context)])
    yield from _tampering(context.graph, {_project(context.graph, each) for each in sinks} - {""})


def _separate(sink: Resource, context: Context) -> Outcome:
    reading, project = DESTINATION.one(sink), _project(context.graph, sink)
    if project:
        if project in context.graph.once(_busy):
            return fail("is in a project in which the platform itself runs", reading.path)
        return PASS
    missing = unreadable(reading, absent=fail("is absent; expected is where entries go", reading.path))
    if missing is not None or not reading.text:
        return missing or wrong_type(reading, "a text")
    return indeterminate("does not tell the project that entries go to", reading.path)


def _project(graph: Graph, sink: Resource) -> str:
    """Give the project that a sink sends to; "" where nobody can tell."""
    made = target(graph, sink)
    if made is not None:
        return home(graph, made)
    reading = DESTINATION.one(sink)
    return named_project(reading.text) if reading.state is State.KNOWN else ""


def _busy(graph: Graph) -> frozenset[str]:
    """The projects in which something runs, is built or served."""
    found = (
        home(graph, each)
        for token, resources in graph.by_token.items()
        if token.partition("/")[0].removeprefix("gcp:") in _WORKLOADS and "IAM" not in token and "Iam" not in token
        for each in resources
    )
    return frozenset(found) - {""}


def _tampering(graph: Graph, projects: Collection[str]) -> Iterator[tuple[Resource, Outcome]]:
    """Judge grants to accounts of this document on what holds logs."""
    found: dict[str, tuple[Resource, list[Outcome]]] = {}
    for grant in graph.grants:
        outcome = _judge(grant.role, reaches=_reaches(graph, grant, projects), workload=_is_workload(grant))
        if outcome is not None:
            found.setdefault(grant.resource.urn, (grant.resource, []))[1].append(outcome)
    for resource, outcomes in found.values():
        yield resource, all_of(outcomes)


def _judge(role: Reading, *, reaches: bool | None, workload: bool | None) -> Outcome | None:
    """Judge one grant; None where it lets nobody change logs."""
    if reaches is False or workload is False or (role.text.startswith("roles/") and role.text not in _TAMPERING):
        return None
    if reaches and workload and role.text in _TAMPERING:
        return fail("lets an account that logs are about change them", role.path, role.text)
    return indeterminate("may let an account that logs are about change them", role.path)


def _is_workload(grant: Grant) -> bool | None:
    """Whether a member is an account that this document makes; None if nobody can tell."""
    who = grant.principal
    if who.source is not None:
        return short_name(who.source.type) == _ACCOUNT and not who.agent
    untold = who.kind is Kind.UNKNOWN or (who.kind is Kind.SERVICE_ACCOUNT and not who.identity)
    return None if untold and not who.agent else False


def _reaches(graph: Graph, grant: Grant, projects: Collection[str]) -> bool | None:
    """Whether a grant is on what logs go to, its project, or above; None if nobody can tell."""
    if grant.level is Level.PROJECT:
        if grant.target.state is not State.UNKNOWN:
            return grant.target.text in projects
        made = graph.resolve(grant.resource, grant.target, "organizations.Project")
        return None if made is None else made.urn in projects
    if grant.level in {Level.ORGANIZATION, Level.FOLDER}:
        return True
    return grant.resource.urn in graph.once(_on_destinations)


def _on_destinations(graph: Graph) -> frozenset[str]:
    """The resources that grant something on what sinks send to."""
    made = (target(graph, each) for each in graph.of(SINK))
    return frozenset(grant.resource.urn for each in made if each is not None for grant in graph.grants_on(each))


CONTROL = Control(
    id="MON-13",
    title="Logs are out of reach of those whom they are about",
    why=(
        "Whoever takes over a workload takes over its project, and deletes what it logged there. Where the settings "
        "ask for it, entries go to a project in which nothing runs, is built or served: the log project's own entries "
        "may stay in it. No account that this document makes for workloads and builds may write or delete there, by a "
        "role on the place itself, on its project, or above; a role of one's own is indeterminate. A sink writes as "
        "an identity of its own, as it does unless it says otherwise. Who may read logs is another question."
    ),
    remedy="Use LogArchive with a project for logs in `Environment.projects`.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("6.1.a",),
    clauses=(partial("nist-800-53-r5", "AU-9", "Logs other than those that sinks send.", log_separate_project=True),),
    reads=(
        Read(SINK, "destination"),
        _OWN_WRITER.reads(SINK),
    ),
    stack=_stack,
    settings=("log_separate_project",),
)
