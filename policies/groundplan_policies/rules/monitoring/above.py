"""What is set up above projects: for all of an organisation, or for those in a folder."""

from collections.abc import Iterable, Iterator
from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.projects import is_same
from groundplan_policies.engine.resource import Resource

_FOLDER: Final = "organizations.Folder"
_PROJECT: Final = "organizations.Project"
_OF, _IN, _UNDER = Path("folder"), Path("folderId"), Path("parent")


def reaches(graph: Graph, wide: Iterable[Resource], project: str) -> bool | None:
    """Whether something above projects is for a project, as `home` gives it; None if it may be.

    What is an organisation's is for all projects. What is a folder's is for those of which this document says that
    they are in it, or in a folder of it; any other may be.
    """
    found = list(wide)
    if any(not _is_of_folder(each) for each in found):
        return True
    around = set(_around(graph, project))
    if any(name in around for each in found for name in _names(graph, each, _OF.one(each))):
        return True
    return None if found else False


def _is_of_folder(resource: Resource) -> bool:
    return "folder" in short_name(resource.type).lower()


def _around(graph: Graph, project: str) -> Iterator[str]:
    """Give the names of the folders that a project is in, as far as this document tells."""
    for made in graph.of(_PROJECT):
        if made.urn == project or is_same(graph, made.urn, project):
            here, path, seen = made, _IN, set[str]()
            while here.urn not in seen:
                seen.add(here.urn)
                reading = path.one(here)
                yield from _names(graph, here, reading)
                folder = graph.resolve(here, reading, _FOLDER)
                if folder is None:
                    break
                here, path = folder, _UNDER


def _names(graph: Graph, resource: Resource, reading: Reading) -> Iterator[str]:
    """Give what names a folder, each the same for the same: its URN, and its number."""
    made = graph.resolve(resource, reading, _FOLDER)
    if made is not None:
        yield made.urn
    if reading.state is State.KNOWN and reading.text:
        yield reading.text.removeprefix("folders/")
