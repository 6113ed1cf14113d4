"""Which resource of this document a value names, where names alone decide: a firewall's network, a record's zone."""

from collections.abc import Mapping

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.identities import bare, has_project, in_same_scope, named_project
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown
from groundplan_policies.rules.network.named import last_part

_NAME = Path("name")


def _by_name(graph: Graph) -> Mapping[tuple[str, str], tuple[Resource, ...]]:
    found: dict[tuple[str, str], list[Resource]] = {}
    for resource in graph.document.resources:
        name = _NAME.one(resource)
        if resource.custom and name.state is State.KNOWN and name.text:
            found.setdefault((short_name(resource.type), last_part(name.text)), []).append(resource)
    return {key: tuple(each) for key, each in found.items()}


def named_by(resource: Resource, reading: Reading, context: Context, *short: str) -> tuple[Resource, ...] | None:
    """Give the resources of these types that a value may name; none if it names one of elsewhere or nothing.

    A name in full says its project, and then only a resource of that project is meant; a bare one means one of the
    project of the resource that gives it. None: the document does not tell what the value names.

    Args:
        resource: The resource to which the value belongs.
        reading: The value.
        context: The deployment.
        short: Short names of the types that it may name.
    """
    if reading.state in {State.ABSENT, State.EMPTY}:
        return ()
    made = context.graph.resolve(resource, reading, *short)
    if made is not None:
        return (made,)
    text = reading.value if reading.state in {State.KNOWN, State.UNKNOWN} else None
    if not isinstance(text, str) or is_unknown(last_part(text)):
        return None
    names = context.graph.once(_by_name)
    found = [each for type_ in short for each in names.get((type_, last_part(text)), ())]
    means = [(each, _means(resource, reading.path, text, each, context.graph)) for each in found]
    if any(each is None for _, each in means):
        return None
    return tuple(each for each, is_meant in means if is_meant)


def _means(resource: Resource, path: str, text: str, named: Resource, graph: Graph) -> bool | None:
    """Whether a name with the last part of a resource's means that resource; None if nobody can tell."""
    if not has_project(named.type):
        own = _NAME.one(named).text
        return bare(text) == bare(own) if "/" in text and "/" in own and not is_unknown(text) else True
    if "projects/" not in text:
        same = graph.same_project(resource, named)
        return same and in_same_scope(resource, named, path, graph.document)
    project, own = named_project(text), graph.effective(named, "project").text
    if not project or not own or project.isdigit() != own.isdigit():
        return None
    return project == own
