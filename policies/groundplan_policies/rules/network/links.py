"""Which resource of this document a value names, where names alone decide: a firewall's network, a record's zone."""

from collections.abc import Mapping

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.graph import Graph
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

    A name in full says its project, and then only a resource of that project is meant, or one whose project nobody
    knows. None: the document does not tell what the value names.

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
    return tuple(each for each in found if _may_be_in(text, each, context))


def _may_be_in(text: str, target: Resource, context: Context) -> bool:
    project = text.rpartition("projects/")[2].partition("/")[0] if "projects/" in text else ""
    own = context.graph.effective(target, "project")
    return (
        not project or is_unknown(project) or project.isdigit() or own.state is not State.KNOWN or own.text == project
    )
