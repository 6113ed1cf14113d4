"""Google's public projects: everybody who is signed in reads what is in them, and nobody changes it."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from mockcloud.discovery.tables import read_table


@lru_cache(maxsize=1)
def _projects() -> Mapping[str, frozenset[str]]:
    data: dict[str, Any] = read_table(Path(__file__).parent / "public.yaml")
    found: dict[str, frozenset[str]] = {}
    for kind, names in data["projects"].items():
        for project in names:
            found[project] = found.get(project, frozenset()) | frozenset(data["permissions"][kind])
    return found


def is_public(project: str) -> bool:
    """Whether a project is one of Google's public ones, by its id."""
    return project in _projects()


def may_read(name: str, permission: str) -> bool:
    """Whether a permission on a resource is everybody's who is signed in.

    Args:
        name: Full name of the resource: `projects/debian-cloud/global/images/family/debian-12`.
        permission: Such as `compute.images.getFromFamily`.
    """
    word, _, rest = name.partition("/")
    return word == "projects" and permission in _projects().get(rest.partition("/")[0], ())
