"""One resource of a deployment document."""

from collections.abc import Mapping
from dataclasses import dataclass

from groundplan_policies.engine.source import Source
from groundplan_policies.engine.values import Value

STACK_TYPE = "pulumi:pulumi:Stack"
"""Type of the resource at the root of every stack."""

PROVIDER_PREFIX = "pulumi:providers:"
"""How the types of providers begin; the provider's package follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource as it was registered or as the state holds it. Names and meanings are Pulumi's.

    Attributes:
        urn: The unique name, such as `urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::logs`.
        type: The type token, such as `gcp:storage/bucket:Bucket`.
        name: The name in the program: the last part of the URN.
        custom: Whether a provider manages it; components and the stack itself are not custom.
        parent: URN of the parent, "" for the stack.
        inputs: What the program asked for, without the `__defaults` lists that bridged providers add. Of a list whose
            changes are ignored since other resources keep its entries, what the cloud has, where a state knows it.
        outputs: What the provider answered (state), or what a component or stack exports; empty where unknown.
        defaults: Names of the top-level inputs that the provider filled in, from `__defaults`.
        id: The provider's identifier, "" before the resource exists.
        dependencies: URNs on which the resource depends as a whole.
        property_dependencies: For each top-level input, the URNs from which its value came.
        provider: Reference `URN::ID` of the provider, "" for components.
        protect: Whether Pulumi refuses to delete it.
        external: Whether it is only read, not managed.
        retain_on_delete: Whether deleting it from the stack leaves it in the cloud.
        ignore_changes: Property paths whose changes are ignored.
        replace_on_changes: Property paths whose changes replace the resource.
        additional_secret_outputs: Names of outputs that are secret beside those that the provider marks.
        aliases: Earlier URNs of the same resource.
        deleted_with: URN of the resource that takes this one with it when it goes, "" if none.
        view_of: URN of the resource of which this is a view, "" if none.
        import_id: The identifier under which it is adopted, "" if it is created.
        init_errors: Why the resource exists but did not come up (state only).
        hide_diff: Property paths whose changes are not shown.
        hooks: For each moment, such as `beforeCreate`, the names of the hooks that run.
        pending_replacement: Whether it was deleted and is not yet made again (state only).
        taint: Whether the next update replaces it (state only).
        source: Line of the program, None if the document does not say.
    """

    urn: str
    type: str
    name: str
    custom: bool
    parent: str
    inputs: Mapping[str, Value]
    outputs: Mapping[str, Value]
    defaults: tuple[str, ...]
    id: str
    dependencies: tuple[str, ...]
    property_dependencies: Mapping[str, tuple[str, ...]]
    provider: str
    protect: bool
    external: bool
    retain_on_delete: bool
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    additional_secret_outputs: tuple[str, ...]
    aliases: tuple[str, ...]
    deleted_with: str
    view_of: str
    import_id: str
    init_errors: tuple[str, ...]
    hide_diff: tuple[str, ...]
    hooks: Mapping[str, tuple[str, ...]]
    pending_replacement: bool
    taint: bool
    source: Source | None

    @property
    def is_stack(self) -> bool:
        """Whether this is the root of the stack."""
        return self.type == STACK_TYPE

    @property
    def is_provider(self) -> bool:
        """Whether this is a provider, explicit or default."""
        return self.type.startswith(PROVIDER_PREFIX)

    @property
    def is_component(self) -> bool:
        """Whether this only groups others: neither managed by a provider nor the stack itself."""
        return not self.custom and not self.is_stack

    @property
    def provider_urn(self) -> str:
        """URN of the provider, "" if there is none: the reference without the identifier, which a preview lacks."""
        return self.provider.rpartition("::")[0]
