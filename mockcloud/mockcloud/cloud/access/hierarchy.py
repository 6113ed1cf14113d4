"""The hierarchy of resources: from a resource up to its organisation."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from mockcloud.cloud.organisations import ORGANISATION
from mockcloud.cloud.projects import API
from mockcloud.cloud.store import Record

if TYPE_CHECKING:
    from mockcloud.cloud.cloud import Cloud

CONTAINERS: Final = ("projects", "folders", "organizations")
_HOMES: Final = {"billingAccounts": "cloudbilling"}
"""Resources of one API below which others have theirs."""

_DEEPEST: Final = 12
"""Folders in folders: Google allows ten."""

Place = tuple[str, str]
"""API and full name of something that can have a policy."""


def lineage(cloud: "Cloud", api: str, name: str, project: str = "") -> Iterator[Place]:
    """Give a resource and everything above it, the resource first.

    Args:
        cloud: The cloud.
        api: API of the resource.
        name: Its full name; or that of a collection.
        project: Id of the project where the name holds none.
    """
    parts = name.split("/")
    if api == "storage" and parts[0] == "b":
        yield from ((api, each) for each in _in_bucket(parts))
        yield from ((API, each) for each in containers(cloud, container_of(cloud, api, "/".join(parts[:2]), project)))
        return
    least = 2 if parts[0] in CONTAINERS else 0
    for end in range(len(parts), least, -1):
        yield api, "/".join(parts[:end])
    home = _HOMES.get(parts[0], api)
    if home != api and len(parts) > 1:
        yield home, "/".join(parts[:2])
    yield from ((API, each) for each in containers(cloud, container_of(cloud, api, name, project)))


def _in_bucket(parts: list[str]) -> Iterator[str]:
    """Give what lies in a bucket, the managed folders above it, and the bucket.

    A name with slashes is one name: an object is not above another one.
    """
    bucket = "/".join(parts[:2])
    if len(parts) > 3:  # noqa: PLR2004 - bucket, word, name
        yield "/".join(parts)
        path = "/".join(parts[3:])
        for at in range(len(path) - 1, 0, -1):
            if path[at - 1] == "/":
                yield f"{bucket}/managedFolders/{path[:at]}"
    yield bucket


def container_of(cloud: "Cloud", api: str, name: str, project: str = "") -> str:
    """Give the project, folder or organisation in which a resource lies: `projects/acme`; "" where it is not known."""
    parts = name.split("/")
    if parts[0] in CONTAINERS:
        if len(parts) == 1:
            return f"projects/{project}" if project else ""
        return f"projects/{cloud.projects.id_of(parts[1])}" if parts[0] == "projects" else "/".join(parts[:2])
    for end in range(len(parts), 0, -1):
        record = cloud.store.get(_HOMES.get(parts[0], api), "/".join(parts[:end]))
        if record is not None and (found := _stated(cloud, record)):
            return found
    if parts[0] == "billingAccounts" and len(parts) > 1:
        # No method makes one, so whichever is named is the organisation's.
        return ORGANISATION
    # What does not exist yet will be in the call's project.
    return f"projects/{project}" if project else ""


def _stated(cloud: "Cloud", record: Record) -> str:
    """Read from a resource in which container it lies, in the fields in which Google's APIs say so."""
    number = record.body.get("projectNumber")
    if number:
        return f"projects/{cloud.projects.id_of(str(number))}"
    parent = record.body.get("parent")
    if not isinstance(parent, str) or not parent:
        return ""
    parent = parent.removeprefix("//cloudresourcemanager.googleapis.com/")
    if parent.split("/")[0] in CONTAINERS:
        return container_of(cloud, API, parent)
    above = cloud.store.get(record.api, parent)
    return _stated(cloud, above) if above is not None and above is not record else ""


def containers(cloud: "Cloud", container: str) -> Iterator[str]:
    """Give a project, folder or organisation and those above it: `projects/acme`, `folders/1`, `organizations/1`."""
    for _ in range(_DEEPEST):
        if not container:
            return
        yield container
        record = cloud.store.get(API, container)
        container = str(record.body.get("parent", "")) if record is not None else ""


def organisation_of(cloud: "Cloud", container: str) -> str:
    """Give the organisation above a container: `organizations/1`; "" for none."""
    return next((each for each in containers(cloud, container) if each.startswith("organizations/")), "")


def numbered(cloud: "Cloud", container: str) -> str:
    """Give a container with the project's number in the place of its id."""
    kind, _, identifier = container.partition("/")
    return f"projects/{cloud.projects.number_of(identifier)}" if kind == "projects" else container
