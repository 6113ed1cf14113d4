"""In which projects the resources of a document live."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import is_unknown

_NOT_SEEN: Final = frozenset({"orgpolicy", "organizations", "folder", "billing", "accesscontextmanager", "projects"})
"""Modules of which a resource's project says nothing about where the deployment runs."""

_ELSEWHERE: Final = frozenset(
    {
        *("parent", "organization", "orgId", "folder", "billingAccount"),
        *("bucket", "keyRing", "cryptoKey"),
    }
)
"""Properties that say of what a resource without a project is a part."""

_PROJECT: Final = "organizations.Project"


def home(graph: Graph, resource: Resource) -> str:
    """Give the project that a resource is in, the same text for the same project.

    It is the project's id; where nobody says one, what stands for the default of the provider; for a project that this
    document makes, its URN. It is "" where nobody can tell.
    """
    found = graph.effective(resource, "project")
    if found.state is State.KNOWN and found.text:
        return found.text
    if resource.inputs.get("project") is None:
        return "" if resource.external else f"default:{resource.provider}"
    made = graph.resolve(resource, found, _PROJECT)
    return "" if made is None else made.urn


def is_id(project: str) -> bool:
    """Whether what `home` gave is the id of a project, which can be shown."""
    return bool(project) and not project.startswith(("default:", "urn:"))


def is_same(graph: Graph, one: str, other: str) -> bool | None:
    """Whether two names, as `home` or a document gives them, mean one project; None if nobody can tell.

    A project has an id and a number, and either may be written. They are told to be one project's where this document
    makes or reads it; else an id and a number may be.
    """
    here, there = _id(graph, one), _id(graph, other)
    if here == there:
        return True if here else None
    if not is_id(here) or not is_id(there) or here.isdigit() != there.isdigit():
        return None
    return False


def _id(graph: Graph, project: str) -> str:
    name = project.removeprefix("projects/")
    return graph.once(_ids).get(name, name)


def _ids(graph: Graph) -> Mapping[str, str]:
    """Give the ids of the projects of this document by their numbers and URNs, as far as they are known."""
    found: dict[str, str] = {}
    for each in graph.of(_PROJECT):
        name, number = each.inputs.get("projectId"), each.outputs.get("number")
        if not isinstance(name, str) or not name or is_unknown(name):
            continue
        found[each.urn] = name
        if isinstance(number, (str, int)):
            found[str(number)] = name
    return found


def homes(graph: Graph) -> Mapping[str, Resource]:
    """Give the projects in which a deployment runs, in order, each with one of the resources that say so.

    Grants, policies and what projects are set up with say nothing about it: they may be for somebody else's project.
    """
    found: dict[str, Resource] = {}
    for token, resources in graph.by_token.items():
        module = token.partition("/")[0].removeprefix("gcp:")
        if not token.startswith("gcp:") or module in _NOT_SEEN or "iam" in token.rpartition(":")[2].lower():
            continue
        known = ""
        for resource in resources:
            named = resource.inputs.get("project")
            if isinstance(named, str) and named == known:  # the usual case at once
                continue
            if named is None and _ELSEWHERE & resource.inputs.keys():
                continue
            project = home(graph, resource)
            if project:
                known = project
                found.setdefault(project, resource)
    return dict(sorted(found.items()))
