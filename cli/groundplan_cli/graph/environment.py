"""What a plan says of itself: its tier and region, its projects, and which of them each resource is in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from groundplan_policies.engine import Document, Resource, Value, is_unknown


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the plan.

    Attributes:
        id: Its id.
        number: Its number, "" where the plan does not say.
        roles: What it is for, such as `workload` and `keys`.
    """

    id: str
    number: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Environment:
    """What a plan says of itself.

    Attributes:
        name: Name of the stack.
        tier: Name of the tier, "" where the plan has none.
        region: The region that most of it is in, "" where the plan does not say.
        projects: The projects in which there are resources, in the order of their roles.
    """

    name: str
    tier: str
    region: str
    projects: tuple[Project, ...]

    def project(self, reference: str) -> Project | None:
        """Find a project by its id, its number, or either after `projects/`."""
        wanted = reference.removeprefix("projects/")
        return next((each for each in self.projects if wanted and wanted in {each.id, each.number}), None)


def environment_of(document: Document) -> Environment:
    """Read what a plan says of itself: from the environment that it exports, else from what its resources have."""
    exported = _member(_member(document.outputs.get("groundplan")), "environment")
    tier = text(_member(exported.get("tier")).get("name")) or _first(document, "tier")
    region = text(exported.get("region")) or _most(document, "region", "location")
    used = Counter(filter(None, (project_of(document, resource) for resource in document)))
    known = _projects(_member(exported.get("projects")))
    projects = [*known, *(Project(name, "", ()) for name in sorted(used) if name not in {each.id for each in known})]
    stack = document.stack
    name = stack.name if stack else "Plan"
    return Environment(name, tier, region, tuple(projects))


def project_of(document: Document, resource: Resource) -> str:
    """Give the id of the project that a resource is in: its own, else its provider's, "" where neither says so."""
    if not resource.custom or resource.is_provider or resource.type.startswith(_ABOVE_PROJECTS):
        return ""
    provider = document.get(resource.provider_urn)
    return text(resource.inputs.get("project")) or (text(provider.inputs.get("project")) if provider else "")


def projects_of(document: Document, resources: Iterable[Resource]) -> list[str]:
    """Give the ids of the projects that resources are in, the one with most first."""
    counts = Counter(filter(None, (project_of(document, resource) for resource in resources)))
    return [name for name, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]


def text(value: Value) -> str:
    """Give a text that is known, else ""."""
    return value if isinstance(value, str) and not is_unknown(value) else ""


def texts(value: Value) -> list[str]:
    """Give the known texts of a list, in its order."""
    return [found for each in value if (found := text(each))] if isinstance(value, list) else []


def _projects(exported: Mapping[str, Value]) -> list[Project]:
    found: dict[str, Project] = {}
    for role, entry in sorted(exported.items(), key=lambda each: _ROLES.get(each[0], len(_ROLES))):
        name, number = text(_member(entry).get("id")), text(_member(entry).get("number"))
        if name:
            roles = found[name].roles if name in found else ()
            found[name] = Project(name, number, (*roles, role))
    return list(found.values())


_ABOVE_PROJECTS = tuple(
    f"gcp:{service}/" for service in ("accesscontextmanager", "billing", "cloudidentity", "folder", "organizations")
)
"""Services whose resources are in an organisation, a folder or a billing account, whatever project asks for them."""

_ROLES = {"workload": 0, "network": 1, "keys": 2, "logs": 3, "build": 4}
"""The order in which projects are told."""


def _member(value: Value, key: str = "") -> Mapping[str, Value]:
    inner = value.get(key) if key and isinstance(value, Mapping) else value
    return inner if isinstance(inner, Mapping) else {}


def _first(document: Document, key: str) -> str:
    return next((found for each in document if each.is_component and (found := text(each.inputs.get(key)))), "")


def _most(document: Document, *keys: str) -> str:
    places = (text(resource.inputs.get(key)) for resource in document for key in keys)
    counts = Counter(place for place in places if "-" in place)
    return counts.most_common(1)[0][0] if counts else ""
