"""Whether something tells every output of a resource: a field of the API, the row, or the class of the type."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from mockcloud.pulumi.lifecycle import State
from mockcloud.pulumi.links import type_of
from mockcloud.pulumi.properties import properties_of
from tests.mockcloud.pulumi.lives import Example


@cache
def untold() -> Mapping[str, frozenset[str]]:
    """Give the outputs of types that stay empty for a reason."""
    found: dict[str, frozenset[str]] = {}
    for types in yaml.safe_load(Path(__file__).with_name("untold.yaml").read_bytes()).values():
        for kind, names in types.items():
            found[kind] = found.get(kind, frozenset()) | frozenset(names)
    return found


def assert_told(example: Example, state: State) -> None:
    """Each output is what a field of the API is, or has a value."""
    kind = type_of(example.token)
    linked = {link.property.name for link in kind.links} if kind is not None else set()
    empty = {
        name
        for name, each in (properties_of(example.token) or {}).items()
        if each.output and name not in linked and state.outputs.get(name) is None
    }
    assert empty <= untold().get(example.token.removeprefix("gcp:"), frozenset())
