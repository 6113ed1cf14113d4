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
from groundplan_policies.engine.paths import State
from groundplan_policies.engine.principals import Kind
from groundplan_policies.engine.projects import home, is_same
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
from groundplan_policies.flow.rights import rights
from groundplan_policies.rules.identity.roles import WRITING, role_name
from groundplan_policies.rules.monitoring.sinks import DESTINATION, SINK, target

_WORKLOADS: Final = frozenset(
    {
        *("cloudbuild", "cloudbuildv2", "clouddeploy", "cloudfunctions", "cloudfunctionsv2", "cloudrun", "cloudrunv2"),
        *("colab", "composer", "compute", "container", "dataflow", "dataproc", "notebooks", "tpu", "vertex"),
        *("workbench", "workflows", "appengine", "artifactregistry"),
    }
)
"""Modules of what runs, builds or serves."""

_TAMPERING: Final = WRITING | frozenset(
    {
        *("roles/logging.admin", "roles/logging.configwriter", "roles/logging.bucketwriter"),
        *("roles/pubsub.admin", "roles/pubsub.editor", "roles/pubsub.publisher", "roles/pubsub.subscriber"),
        *("roles/resourcemanager.projectiamadmin", "roles/resourcemanager.projectdeleter"),
        *("roles/resourcemanager.folderadmin", "roles/resourcemanager.folderiamadmin"),
        *("roles/resourcemanager.organizationadmin", "roles/iam.securityadmin"),
    }
)
"""Roles, in lower case, with which entries can be written, taken away or deleted, or such a role be given.

Beside them are those that write the data of stores: see `rights`.
"""
_SERVICES: Final = ("storage", "bigquery")
_OF_PEOPLE: Final = "workforcePools/"

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
    yield from _tampering(context, {_project(context.graph, each) for each in sinks} - {""})


def _separate(sink: Resource, context: Context) -> Outcome:
    reading, project = DESTINATION.one(sink), _project(context.graph, sink)
    if project:
        same = {is_same(context.graph, project, each) for each in context.graph.once(_busy)}
        if True in same:
            return fail("is in a project in which the platform itself runs", reading.path)
        if None in same:
            return indeterminate("is in a project that may be one in which the platform itself runs", reading.path)
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


def _tampering(context: Context, projects: Collection[str]) -> Iterator[tuple[Resource, Outcome]]:
    """Judge grants to what logs are about on what holds logs."""
    found: dict[str, tuple[Resource, list[Outcome]]] = {}
    for grant in context.graph.grants:
        outcome = _judge(grant, projects, context)
        if outcome is not None:
            found.setdefault(grant.resource.urn, (grant.resource, []))[1].append(outcome)
    for resource, outcomes in found.values():
        yield resource, all_of(outcomes)


def _judge(grant: Grant, projects: Collection[str], context: Context) -> Outcome | None:
    """Judge one grant; None where it lets nobody change logs."""
    changes = _changes(grant, context)
    workload = _is_workload(grant, projects, context.graph) if changes is not False else False
    reaches = _reaches(context.graph, grant, projects) if workload is not False else False
    if reaches is False:
        return None
    if reaches and workload and changes:
        return fail("lets an account that logs are about change them", grant.role.path, grant.role.text)
    return indeterminate("may let an account that logs are about change them", grant.role.path)


def _changes(grant: Grant, context: Context) -> bool | None:
    """Whether a role lets its holder change what is there; None if nobody can tell, as of a role of one's own."""
    name = role_name(grant.role)
    if name in _TAMPERING:
        return True
    if not name.startswith("roles/"):
        return None
    allowed = [rights(grant, each, context) for each in _SERVICES]
    if any(each.writes and each.sure for each in allowed):
        return True
    return None if any(each.writes for each in allowed) else False


def _is_workload(grant: Grant, projects: Collection[str], graph: Graph) -> bool | None:
    """Whether a member is an account of what runs or builds here; None if nobody can tell.

    That is an account that this document makes, one that Google makes in each project, and everybody. An account of
    elsewhere may be what something here runs as, but for those of the project of the logs itself.
    """
    who = grant.principal
    if who.agent:
        return False
    if who.source is not None or who.default or who.public:
        return who.source is None or short_name(who.source.type) == _ACCOUNT
    if who.kind in {Kind.PRINCIPAL, Kind.PRINCIPAL_SET}:
        return False if _OF_PEOPLE in who.name else None
    if who.kind is Kind.SERVICE_ACCOUNT and who.project:
        return False if any(is_same(graph, who.project, each) for each in projects) else None
    return None if who.kind in {Kind.SERVICE_ACCOUNT, Kind.UNKNOWN} else False


def _reaches(graph: Graph, grant: Grant, projects: Collection[str]) -> bool | None:
    """Whether a grant is on what logs go to, its project, or above; None if nobody can tell."""
    if grant.level is Level.PROJECT:
        same = {is_same(graph, home(graph, grant.resource), each) for each in projects}
        return True if True in same else None if None in same else False
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
        "may stay in it. No account that this document makes for workloads and builds, and none that Google makes in "
        "every project, may write or delete there, by a role on the place itself, on its project, or above; a role of "
        "one's own is indeterminate, and so is an account of elsewhere. A sink writes as "
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
