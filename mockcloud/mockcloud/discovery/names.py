"""Names of resources: how a path becomes one, and what is inside."""

import re
from typing import Final

_VERSION: Final = re.compile(r"^(?:(?:[a-z]+/)?(?:v\d\w*|beta|alpha)/)")
"""What precedes a resource's name in a path: `v1/`, `compute/beta/`, `dns/v1/`, `sql/v1beta4/`."""


def without_version(path: str) -> str:
    """Strip API and version from the front of a path without its first slash."""
    return _VERSION.sub("", path)


def singular(collection: str) -> str:
    """Give the singular of a collection's name: `endpoints` -> `endpoint`, `repositories` -> `repository`."""
    if collection.endswith("ies"):
        return collection[:-3] + "y"
    if collection.endswith(("sses", "xes", "ches")):
        return collection[:-2]
    return collection.removesuffix("s")


def snake(name: str) -> str:
    """Give the snake_case of a camelCase name."""
    return re.sub(r"(?<!^)([A-Z])", lambda match: "_" + match[1].lower(), name).lower()


def camel(name: str) -> str:
    """Give the camelCase of a snake_case name, as JSON has the fields of a message."""
    return re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), name)
