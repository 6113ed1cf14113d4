"""Repositories of artifacts: what kind each is, and which one a name means."""

import re
from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.paths import Path, Reading, State
from groundplan_policies.engine.resource import Resource

REPOSITORY: Final = "artifactregistry.Repository"

FORMAT, MODE = Path("format"), Path("mode")
_ID = Path("repositoryId")
STANDARD: Final = "STANDARD_REPOSITORY"
"""Keeps what people push; the mode of a repository that names none."""
REMOTE: Final = "REMOTE_REPOSITORY"
"""Fetches from an upstream, and keeps what it fetched."""
VIRTUAL: Final = "VIRTUAL_REPOSITORY"
"""Shows several others under one name, and keeps nothing."""


def format_of(repository: Resource) -> str:
    """Give the format, in upper case; "" if it is not known."""
    return _word(FORMAT.one(repository))


def mode_of(repository: Resource) -> str:
    """Give the mode, in upper case; "" if it is not known."""
    return STANDARD if MODE.is_absent(repository.inputs) else _word(MODE.one(repository))


def _word(reading: Reading) -> str:
    return reading.text.upper() if reading.state is State.KNOWN else ""


def keeps_images(repository: Resource) -> bool:
    """Whether it may keep container images: so does one of which nobody knows the format or the mode."""
    return format_of(repository) in {"", "DOCKER"} and mode_of(repository) != VIRTUAL


_NAME: Final = re.compile(r"projects/([^/]+)/locations/([^/]+)/repositories/([^/]+)")


def repository_of(resource: Resource, reading: Reading, graph: Graph) -> Resource | None:
    """Give the repository of this document that a value names; None if it names none, or nobody can say."""
    found = _NAME.fullmatch(reading.text) if reading.state is State.KNOWN else None
    if found is not None:
        return graph.once(repositories_by_place).get((found[1], found[2].lower(), found[3]))
    return graph.resolve(resource, reading, REPOSITORY)


def repositories_by_place(graph: Graph) -> Mapping[tuple[str, str, str], Resource]:
    """Give the repositories of the document by project, location in lower case, and id, where all of it is known."""
    found: dict[tuple[str, str, str], Resource] = {}
    for each in graph.of(REPOSITORY):
        place = graph.effective(each, "project"), graph.effective(each, "location"), _ID.one(each)
        if all(part.state is State.KNOWN and part.text for part in place):
            project, location, name = (part.text for part in place)
            found[project, location.lower(), name] = each
    return found
