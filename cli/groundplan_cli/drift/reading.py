"""Reads what a state holds, as it now is in the cloud: by the mock cloud's provider, or from the engine's answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from groundplan_cli.drift.labels import Beside, Labels, beside
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
        labels: All labels beside the program's, by the property that holds them, where they can be told.
        problem: Why it could not be read; "" where it could.
        refused: Whether the cloud refused. Else nothing here knows its type.
    """

    resource: Resource
    there: bool = True
    inputs: Mapping[str, Value]
    outputs: Mapping[str, Value]
    labels: Mapping[str, Beside] = field(default_factory=dict)
    problem: str = ""
    refused: bool = False


def managed(document: Document) -> Iterator[Resource]:
    """Give the resources that are to be as the state says: those that a provider of Google Cloud manages."""
    for each in document:
        if each.custom and not each.is_provider and not each.external and each.type.startswith("gcp:"):
            yield each


def read_by_provider(document: Document, transport: Transport) -> Iterator[Seen]:
    """Read each resource with the provider of the mock cloud."""
    providers = _Providers(document, transport)
    for resource in managed(document):
        yield _read(providers.of(resource), resource)


class _Providers:
    """The providers of a state's resources, each made once."""

    def __init__(self, document: Document, transport: Transport) -> None:
        self._document, self._transport = document, transport
        self._made: dict[str, Provider] = {}

    def of(self, resource: Resource) -> Provider:
        """Give the provider of a resource."""
        if resource.provider_urn not in self._made:
            found = self._document.get(resource.provider_urn)
            settings = settings_of(
                found.inputs if found is not None else {}, environment=False, project=DEFAULT_PROJECT
            )
            self._made[resource.provider_urn] = Provider(Place(Api(self._transport), settings))
        return self._made[resource.provider_urn]


def read_by_engine(
    document: Document,
    raw: Mapping[str, Value],
    *,
    transport: Transport | None = None,
    labels: Mapping[str, Mapping[str, Labels]] | None = None,
) -> Iterator[Seen]:
    """Read the answer of `pulumi refresh --preview-only --json`.

    Args:
        document: The state.
        raw: The answer.
        transport: What asks the cloud for labels, which the answer has as secrets; None for not to ask.
        labels: All labels that the engine recorded, by URN and property.
    """
    providers = _Providers(document, transport) if transport is not None else None
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
            shown = (labels or {}).get(resource.urn, {})
            told = _read(providers.of(resource), resource, shown).labels if providers is not None and shown else {}
            yield Seen(resource=resource, inputs=new.get("inputs") or {}, outputs=new.get("outputs") or {}, labels=told)


def _read(provider: Provider, resource: Resource, shown: Mapping[str, Labels] | None = None) -> Seen:
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
    labels = beside(resource, state.outputs, provider.place.settings.labels, shown or {})
    return Seen(resource=resource, inputs=actual, outputs=state.outputs, labels=labels)


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
