"""Reads what a state holds, as it now is in the cloud: by the mock cloud's provider, or from the engine's answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from groundplan_policies.engine import Document, Resource, Value, is_secret, leaves
from mockcloud.doors.environment import DEFAULT_PROJECT
from mockcloud.doors.pulumi.settings import settings_of
from mockcloud.errors import Error
from mockcloud.pulumi.api import Api, Transport
from mockcloud.pulumi.lifecycle import Place
from mockcloud.pulumi.provider import Provider
from mockcloud.pulumi.special import lifecycle_of
from mockcloud.pulumi.values import from_document

_GONE = frozenset({"delete", "delete-replaced", "discard"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A resource of the state, and what there is of it in the cloud.

    Attributes:
        resource: As the state has it.
        there: Whether it is there.
        inputs: What a program would have to set for it to be as it is.
        outputs: As it is.
        problem: Why it could not be read; "" where it could.
        refused: Whether the cloud refused. Else nothing here knows its type.
    """

    resource: Resource
    there: bool = True
    inputs: Mapping[str, Value]
    outputs: Mapping[str, Value]
    problem: str = ""
    refused: bool = False


def managed(document: Document) -> Iterator[Resource]:
    """Give the resources that are to be as the state says: those that a provider of Google Cloud manages."""
    for each in document:
        if each.custom and not each.is_provider and not each.external and each.type.startswith("gcp:"):
            yield each


def read_by_provider(document: Document, transport: Transport) -> Iterator[Seen]:
    """Read each resource with the provider of the mock cloud."""
    providers: dict[str, Provider] = {}
    for resource in managed(document):
        if resource.provider_urn not in providers:
            found = document.get(resource.provider_urn)
            settings = settings_of(
                found.inputs if found is not None else {}, environment=False, project=DEFAULT_PROJECT
            )
            providers[resource.provider_urn] = Provider(Place(Api(transport), settings))
        yield _read(providers[resource.provider_urn], resource)


def read_by_engine(document: Document, raw: Mapping[str, Value]) -> Iterator[Seen]:
    """Read the answer of `pulumi refresh --preview-only --json`.

    Args:
        document: The state.
        raw: The answer.
    """
    steps: dict[str, Mapping[str, Any]] = {}
    for step in raw.get("steps") or ():  # type: ignore[union-attr] # a list, by the engine's format
        if isinstance(step, Mapping):
            steps[str(step.get("urn", ""))] = step
    for resource in managed(document):
        found = steps.get(resource.urn)
        if found is None:
            yield _unread(resource, "the engine says nothing of it", refused=True)
        elif found.get("op") in _GONE or not found.get("newState"):
            yield Seen(resource=resource, there=False, inputs={}, outputs={})
        else:
            new = found["newState"]
            yield Seen(resource=resource, inputs=new.get("inputs") or {}, outputs=new.get("outputs") or {})


def _read(provider: Provider, resource: Resource) -> Seen:
    if lifecycle_of(resource.type) is None:
        return _unread(resource, f"the mock cloud does not model {resource.type}", refused=False)
    inputs, outputs = _on_the_wire(resource.inputs), _on_the_wire(resource.outputs)
    try:
        found = provider.read(resource.type, resource.id, inputs, outputs)
    except Error as error:
        return _unread(resource, " ".join(f"{error.what}: {error.given}".split()), refused=True)
    if found is None:
        return Seen(resource=resource, there=False, inputs={}, outputs={})
    state, actual = found
    return Seen(resource=resource, inputs=actual, outputs=state.outputs)


def _on_the_wire(values: Mapping[str, Value]) -> dict[str, Any]:
    """Give values as a provider takes them; what is encrypted is left out, as nobody here can read it."""
    return {
        name: from_document(value)  # type: ignore[arg-type] # JSON both
        for name, value in values.items()
        if not holds_secret(value)
    }


def _unread(resource: Resource, reason: str, *, refused: bool) -> Seen:
    return Seen(resource=resource, inputs={}, outputs={}, problem=reason, refused=refused)


def holds_secret(value: Value) -> bool:
    """Whether a part of a value is a secret, which cannot be compared."""
    return any(is_secret(leaf) for _, leaf in leaves(value))
