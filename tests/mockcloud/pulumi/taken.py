"""Takes fields away from what the cloud answers, one by one, as somebody might in the console."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from mockcloud.pulumi.lifecycle import Place, State
from mockcloud.pulumi.links import Link, Type, type_of
from mockcloud.pulumi.properties import Property
from mockcloud.pulumi.special import lifecycle_of
from mockcloud.pulumi.tabled import Tabled
from mockcloud.pulumi.translate import field_at
from tests.mockcloud.pulumi.lives import Example, World

EXCEPT = {
    "accesscontextmanager/servicePerimeterIngressPolicy:ServicePerimeterIngressPolicy": "another one is another item",
    "colab/runtimeTemplate:RuntimeTemplate": "all of eucConfig is only sent",
    "sql/user:User#mysql": "the host is part of the name",
    "vertex/aiIndexEndpointDeployedIndex:AiIndexEndpointDeployedIndex": "it is read from a list",
}


def assert_seen(here: World, example: Example, inputs: Mapping[str, Any], state: State) -> None:
    """Whatever is taken away of what a program set, a refresh sees."""
    life, kind = lifecycle_of(example.token), type_of(example.token)
    if not isinstance(life, Tabled) or kind is None or example.key in EXCEPT:
        return
    with without(()) as bodies:
        here.provider.read(example.token, state.id, inputs, state.outputs)
    for link in takeable(kind, inputs, bodies[-1] if bodies else {}):
        with without(link.path):
            found = here.provider.read(example.token, state.id, inputs, state.outputs)
        assert found is not None
        assert found[1].get(link.property.name) != inputs[link.property.name], link.property.name


def takeable(kind: Type, inputs: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[Link]:
    """Give the links of what a program set, the API shows, and somebody could take away."""
    ours = {kind.labels, "annotations", "region", "zone", "location", "project", "name"} | kind.in_url | kind.row.keep
    for link in kind.links:
        name = link.property.name
        shown = field_at(body, link.path) not in (None, "", 0, False, [], {})
        fixed = name in ours or link.property.required or f"{{{name}}}" in kind.row.self or link.field.input_only
        if shown and not fixed and not is_nothing(link.property, inputs.get(name)):
            yield link


def is_nothing(each: Property, given: Any) -> bool:
    """Whether an API would leave a value out."""
    if isinstance(given, dict) and each.fields:
        empty: tuple[object, ...] = (None, "", 0, False, [], {})
        return all(item in empty or is_nothing(each.fields[name], item) for name, item in given.items())
    return given in (None, "", 0, False, [], {}, each.default)


@contextmanager
def without(path: tuple[str, ...]) -> Iterator[list[dict[str, Any]]]:
    """Read resources without what is at a path. Gives the bodies that were read."""
    read = Tabled._read
    bodies: list[dict[str, Any]] = []

    def reading(self: Tabled, place: Place, values: Mapping[str, Any]) -> dict[str, Any] | None:
        found = read(self, place, values)
        bodies.append(found or {})
        return taken(found, path) if found is not None else None

    with patch.object(Tabled, "_read", reading):
        yield bodies


def taken(body: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Give a body without what is at a path."""
    if not path:
        return body
    head, *rest = path
    if not rest:
        return {name: value for name, value in body.items() if name != head}
    inner = body.get(head)
    return {**body, head: taken(inner, tuple(rest))} if isinstance(inner, dict) else body
