"""A resource as the engine shows it to a policy pack, and how it becomes one of a document."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from groundplan_policies.engine.record import read_record
from groundplan_policies.engine.resource import PROVIDER_PREFIX, Resource
from groundplan_policies.engine.values import UNKNOWN, Value

_GOOGLE = "gcp:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The provider of a resource, as the engine shows it beside the resource.

    Attributes:
        urn: Its URN.
        type: Its type token.
        inputs: Its settings.
    """

    urn: str
    type: str
    inputs: Mapping[str, Value]

    def resource(self) -> Resource:
        """Give it as a resource of a document."""
        record: dict[str, Value] = {"urn": self.urn, "type": self.type, "custom": True, "inputs": self.inputs}
        return read_record(record, 0, steps=False, defaults=False, libraries=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A resource as the engine shows it.

    Attributes:
        urn: Its URN.
        type: Its type token.
        properties: Its inputs where it is about to be made, its outputs where the whole stack is looked at.
        provider: Its provider, None for a component.
        parent: URN of its parent.
        protect: Whether Pulumi refuses to delete it.
        ignore_changes: Property paths whose changes are ignored.
        aliases: Earlier URNs.
        additional_secret_outputs: Names of outputs that are secret beside those that the provider marks.
        dependencies: URNs on which it depends as a whole; only known for the whole stack.
        property_dependencies: For each top-level input, the URNs it came from; only known for the whole stack.
    """

    urn: str
    type: str
    properties: Mapping[str, Value]
    provider: Provider | None = None
    parent: str = ""
    protect: bool = False
    ignore_changes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    additional_secret_outputs: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def custom(self) -> bool:
        """Whether a provider manages it. The protocol does not say; a component has no provider."""
        return self.provider is not None or self.type.startswith((PROVIDER_PREFIX, _GOOGLE))

    def resource(
        self, inputs: Mapping[str, Value], *, outputs: Mapping[str, Value] | None = None, external: bool = False
    ) -> Resource:
        """Give it as a resource of a document.

        Args:
            inputs: What the program asked for.
            outputs: What the provider answered, None where that is not known yet.
            external: Whether nobody has shown what the program asked for.

        Raises:
            DocumentError: Its URN is none, or contradicts its type.
        """
        identifier = (outputs or {}).get("id")
        record: dict[str, Value] = {
            "urn": self.urn,
            "type": self.type,
            "custom": self.custom,
            "parent": self.parent,
            "inputs": inputs,
            "outputs": outputs,
            "id": identifier if isinstance(identifier, str) and identifier != UNKNOWN else None,
            "provider": f"{self.provider.urn}::{UNKNOWN}" if self.provider is not None else None,
            "protect": self.protect,
            "external": external,
            "ignoreChanges": list(self.ignore_changes),
            "aliases": list(self.aliases),
            "additionalSecretOutputs": list(self.additional_secret_outputs),
            "dependencies": list(self.dependencies),
            "propertyDependencies": {key: list(urns) for key, urns in self.property_dependencies.items()},
        }
        return read_record(record, 0, steps=False, defaults=False, libraries=())
