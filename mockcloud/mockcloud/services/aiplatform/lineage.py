"""What links metadata: contexts hold artifacts and executions, and events join the two.

So everything can tell where it came from.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body, Record
from mockcloud.discovery.schemas import Violation
from mockcloud.services.aiplatform.api import API, LOCATION, SERVICE, found, need, now, shown

_STORES: Final = f"{LOCATION}.metadataStores"
_MOST_HOPS: Final = 100
"""Events that are followed at most (QueryArtifactLineageSubgraphRequest.max_hops)."""


# What a resource knows of the others. Names are as clients see them.
# ---------------------------------------------------------------------------------------------------------------------


def parents(record: Record) -> list[str]:
    """Give the contexts above a context."""
    return list(record.body.get("parentContexts", []))


def children(record: Record) -> list[str]:
    """Give the contexts below a context."""
    return list(record.hidden.get("children", []))


def belongs(cloud: Cloud, record: Record) -> list[str]:
    """Give the contexts in which an artifact or execution is."""
    del cloud
    return list(record.hidden.get("contexts", []))


def _members(record: Record, kind: str) -> list[str]:
    return list(record.hidden.get(kind, []))


def _merged(before: Iterable[str], more: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*before, *more]))


# Contexts
# ---------------------------------------------------------------------------------------------------------------------


def put_in_context(cloud: Cloud, context: Record, *, artifacts: Iterable[Record], executions: Iterable[Record]) -> None:
    """Put artifacts and executions in a context. What is in it already stays there."""
    name = shown(cloud, context.name)
    added: dict[str, list[str]] = {}
    for kind, members in (("artifacts", artifacts), ("executions", executions)):
        records = list(members)
        for each in records:
            contexts = _merged(each.hidden.get("contexts", []), [name])
            cloud.change(each, each.body, hidden={**each.hidden, "contexts": contexts})
        added[kind] = _merged(_members(context, kind), (shown(cloud, each.name) for each in records))
    cloud.change(context, context.body, hidden={**context.hidden, **added})


def join_contexts(cloud: Cloud, parent: Record, below: Iterable[Record]) -> None:
    """Put contexts below another one.

    Raises:
        ApiError: It would lie below itself.
    """
    records = list(below)
    name = shown(cloud, parent.name)
    for each in records:
        if each.name == parent.name or name in _all_below(cloud, each):
            raise invalid(
                f"'{shown(cloud, each.name)}' cannot lie below itself.",
                Violation("child_contexts", "It makes a cycle."),
            )
        if name not in parents(each):
            _place(cloud, each, [*parents(each), name])
    names = _merged(children(parent), (shown(cloud, each.name) for each in records))
    cloud.change(parent, parent.body, hidden={**parent.hidden, "children": names})


def _place(cloud: Cloud, context: Record, above: list[str]) -> None:
    """Say which contexts are above one. Its etag stays: who has read it may still write it, as Google's client does."""
    body = {key: value for key, value in context.body.items() if key != "parentContexts"}
    cloud.change(context, {**body, **({"parentContexts": above} if above else {})})


def _all_below(cloud: Cloud, context: Record) -> set[str]:
    names: set[str] = set()
    waiting = children(context)
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            record = _present(cloud, name)
            waiting += children(record) if record is not None else []
    return names


@SERVICE.method(f"{_STORES}.contexts.addContextArtifactsAndExecutions")
def add_artifacts_and_executions(call: Call) -> Answer | Body:
    """Put artifacts and executions in a context."""
    context = found(call)
    put_in_context(
        call.cloud,
        context,
        artifacts=[need(call.cloud, each, "Artifact") for each in call.body.get("artifacts", [])],
        executions=[need(call.cloud, each, "Execution") for each in call.body.get("executions", [])],
    )
    return {}


@SERVICE.method(f"{_STORES}.contexts.addContextChildren")
def add_children(call: Call) -> Answer | Body:
    """Put contexts below another one."""
    names = call.body.get("childContexts", [])
    join_contexts(call.cloud, found(call), [need(call.cloud, each, "Context") for each in names])
    return {}


@SERVICE.method(f"{_STORES}.contexts.removeContextChildren")
def remove_children(call: Call) -> Answer | Body:
    """Take contexts from below another one."""
    context = found(call)
    name = shown(call.cloud, context.name)
    gone = [need(call.cloud, each, "Context") for each in call.body.get("childContexts", [])]
    for each in gone:
        _place(call.cloud, each, [one for one in parents(each) if one != name])
    names = {shown(call.cloud, each.name) for each in gone}
    kept = [each for each in children(context) if each not in names]
    call.cloud.change(context, context.body, hidden={**context.hidden, "children": kept})
    return {}


# Events
# ---------------------------------------------------------------------------------------------------------------------


def add_events(cloud: Cloud, execution: Record, events: Iterable[Body]) -> None:
    """Join an execution with artifacts. An event that is there already is not added again.

    Args:
        cloud: The cloud.
        execution: The execution.
        events: Each with the name of an `artifact` and a `type`.

    Raises:
        ApiError: An artifact is not there.
    """
    name = shown(cloud, execution.name)
    kept: list[Body] = list(execution.hidden.get("events", []))
    for each in events:
        artifact = need(cloud, each.get("artifact", ""), "Artifact")
        event = {**each, "artifact": shown(cloud, artifact.name), "execution": name, "eventTime": now(cloud)}
        if not any((one["artifact"], one.get("type")) == (event["artifact"], event.get("type")) for one in kept):
            kept.append(event)
            users = _merged(artifact.hidden.get("users", []), [name])
            cloud.change(artifact, artifact.body, hidden={**artifact.hidden, "users": users})
    cloud.change(execution, execution.body, hidden={**execution.hidden, "events": kept})


@SERVICE.method(f"{_STORES}.executions.addExecutionEvents")
def add_execution_events(call: Call) -> Answer | Body:
    """Join an execution with artifacts."""
    execution = found(call)
    add_events(call.cloud, execution, call.body.get("events", []))
    return {}


# Lineage
# ---------------------------------------------------------------------------------------------------------------------


def _present(cloud: Cloud, name: str) -> Record | None:
    head, project, rest = name.split("/", 2)
    return cloud.store.get(API, f"{head}/{cloud.projects.id_of(project)}/{rest}")


def _all(cloud: Cloud, names: Iterable[str]) -> Iterator[Record]:
    for each in names:
        record = _present(cloud, each)
        if record is not None:
            yield record


def _graph(cloud: Cloud, artifacts: Iterable[str], executions: Iterable[str]) -> dict[str, Any]:
    """Give what is there of artifacts and executions, with the events among them."""
    nodes = {each.body["name"]: each.body for each in _all(cloud, artifacts)}
    doers = list(_all(cloud, executions))
    events = [event for each in doers for event in each.hidden.get("events", []) if event["artifact"] in nodes]
    graph = {"artifacts": list(nodes.values()), "executions": [each.body for each in doers], "events": events}
    return {key: value for key, value in graph.items() if value}


@SERVICE.method(f"{_STORES}.contexts.queryContextLineageSubgraph")
def query_context(call: Call) -> Answer | Body:
    """Give what is in a context, and what the executions in it used and made."""
    context = found(call)
    executions = _members(context, "executions")
    joined = [event["artifact"] for each in _all(call.cloud, executions) for event in each.hidden.get("events", [])]
    return _graph(call.cloud, _merged(_members(context, "artifacts"), joined), executions)


@SERVICE.method(f"{_STORES}.executions.queryExecutionInputsAndOutputs")
def query_execution(call: Call) -> Answer | Body:
    """Give what an execution used and made."""
    execution = found(call)
    artifacts = [each["artifact"] for each in execution.hidden.get("events", [])]
    return _graph(call.cloud, _merged(artifacts, []), [execution.body["name"]])


@SERVICE.method(f"{_STORES}.artifacts.queryArtifactLineageSubgraph")
def query_artifact(call: Call) -> Answer | Body:
    """Give what is joined with an artifact, within so many events: all that there is unless the call says."""
    start = found(call).body["name"]
    given = call.text("maxHops")
    hops = _hops(given)
    artifacts, executions = {start}, set[str]()
    edge = {start}
    while edge and hops > 0:
        hops -= 1
        users = {user for each in _all(call.cloud, edge) for user in each.hidden.get("users", [])} - executions
        executions |= users
        if hops == 0:
            break
        hops -= 1
        edge = {
            event["artifact"] for each in _all(call.cloud, users) for event in each.hidden.get("events", [])
        } - artifacts
        artifacts |= edge
    return _graph(call.cloud, sorted(artifacts), sorted(executions))


def _hops(text: str) -> int:
    if not text:
        return _MOST_HOPS
    if not text.isdigit() or int(text) > _MOST_HOPS:
        raise invalid(f"Invalid number of hops: '{text}'.", Violation("max_hops", f"It must be 0 to {_MOST_HOPS}."))
    return int(text)
