"""Links: how compute names what it is about, whichever form somebody wrote.

Bodies keep links of version v1; whoever asks in another version sees that one.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from mockcloud.cloud.cloud import Cloud

ROOT: Final = "https://www.googleapis.com/compute/"
V1: Final = ROOT + "v1/"

_PLACE: Final = r"(?:global|regions/[a-z0-9-]+|zones/[a-z0-9-]+)"
_FULL: Final = re.compile(
    r"(?:(?:https?:)?//[a-z0-9.-]+/(?:compute/)?(?:v1|beta|alpha)/)?"
    rf"projects/(?P<project>[a-z0-9.:-]+)/(?:global/)?(?P<rest>(?:regions|zones)/[a-z0-9-]+|{_PLACE}/[A-Za-z0-9_./-]+)/?"
)
_PARTIAL: Final = re.compile(rf"(?P<rest>{_PLACE}/[A-Za-z]+/[A-Za-z0-9_./-]+)")
_ORGANISATION: Final = re.compile(
    r"(?:https?://[a-z0-9.-]+/(?:compute/)?(?:v1|beta|alpha)/)?(?P<rest>locations/global/firewallPolicies/[a-z0-9-]+)"
)

PLAIN: Final = frozenset(
    {"description", "value", "displayName", "name", "expression", "userLicenses", "title", "shortName", "labels"}
)
"""Fields with text that people write: what looks like a link there is none."""


def link(name: str, version: str = "v1") -> str:
    """Give the link to a full name."""
    return f"{ROOT}{version}/{name}"


def name_of(text: str, project: str) -> str | None:
    """Read a link of any form: whole, from `projects/` on, or from `global/`, `regions/` or `zones/` on.

    Args:
        text: What may be a link.
        project: Id of the project that a link without one means.

    Returns:
        The full name; None for what is no link.
    """
    if found := _FULL.fullmatch(text):
        return f"projects/{found['project']}/{found['rest']}"
    if found := _PARTIAL.fullmatch(text):
        return f"projects/{project}/{found['rest']}"
    if found := _ORGANISATION.fullmatch(text):
        return found["rest"]
    return None


def whole(cloud: Cloud, text: str, project: str) -> str:
    """Give a link in its whole form; what is none stays as it is."""
    name = name_of(text, project)
    if name is None:
        return text
    parts = name.split("/")
    if parts[0] == "projects":
        parts[1] = cloud.projects.id_of(parts[1])
    return V1 + "/".join(parts)


def normalised(cloud: Cloud, body: Any, project: str) -> Any:  # noqa: ANN401 - JSON
    """Give a body with all its links in their whole form."""
    if isinstance(body, Mapping):
        return {key: each if key in PLAIN else normalised(cloud, each, project) for key, each in body.items()}
    if isinstance(body, list):
        return [normalised(cloud, each, project) for each in body]
    return whole(cloud, body, project) if isinstance(body, str) and "/" in body else body


def named(body: object) -> Iterator[str]:
    """Give the full names to which the links of a normalised body lead."""
    if isinstance(body, Mapping):
        for key, each in body.items():
            if key not in PLAIN:
                yield from named(each)
    elif isinstance(body, list):
        for each in body:
            yield from named(each)
    elif isinstance(body, str) and body.startswith(V1):
        yield body[len(V1) :]


def short(text: str) -> str:
    """Give the last segment of a link."""
    return text.rpartition("/")[2]


@lru_cache(maxsize=1024)
def scope(name: str) -> str:
    """Give where a full name lies: `global`, `regions/R`, `zones/Z`; an organisation's policy in `locations/global`."""
    parts = name.split("/")
    if parts[0] != "projects":
        return "/".join(parts[:2])
    return "global" if parts[2:3] in (["global"], []) else "/".join(parts[2:4])


def in_version(text: bytes, version: str) -> bytes:
    """Give JSON with the links of a version."""
    return text if version == "v1" else text.replace(b'"' + V1.encode(), b'"' + f"{ROOT}{version}/".encode())
