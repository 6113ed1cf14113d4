"""The resources of one run, and what a registration takes from the ones before it.

Source: pulumi `pkg/resource/deploy/source_eval.go` (inheritFromParent, resolveProvider, RegisterResource).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from pulumi.runtime.proto import resource_pb2

from mockcloud.doors.embedded.errors import DuplicateResource
from mockcloud.doors.embedded.goal import Goal
from mockcloud.doors.embedded.positions import Positions, readable
from mockcloud.doors.embedded.providers import Package, ProviderConfig, reference, urn_of
from mockcloud.doors.embedded.transforms import tokens_of
from mockcloud.doors.embedded.urns import Urns, ancestors, package_of, simple_type
from mockcloud.pulumi.values import Value

Registration = resource_pb2.RegisterResourceRequest
Options = resource_pb2.TransformResourceOptions


@dataclass(slots=True)
class Registry:
    """Keeps the resources of one run.

    Attributes:
        goals: The resources by URN, in the order in which their registrations arrived.
        provenance: URN -> property path of a leaf of the inputs -> URNs of the resources that it was made of.
        requests: URN -> fields of its registration that a state does not keep.
        stack_tokens: The transforms of every resource, by token.
        packages: Parameterised packages by the reference that the program got for them.
    """

    urns: Urns
    positions: Positions
    provider_config: ProviderConfig
    on_progress: Callable[[int], None]
    goals: dict[str, Goal] = field(default_factory=dict)
    provenance: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    requests: dict[str, dict[str, Value]] = field(default_factory=dict)
    stack_tokens: list[str] = field(default_factory=list)
    packages: dict[str, Package] = field(default_factory=dict)
    _parents: dict[str, str] = field(default_factory=dict)
    _default_providers: dict[Package, str] = field(default_factory=dict)

    def inherit(self, request: Registration) -> None:
        """Take from the parent, in place, what a registration leaves open."""
        parent = self.goals.get(request.parent)
        if parent is None:
            return
        options = parent.options
        if not request.deletedWith:
            request.deletedWith = options.deleted_with
        if not request.HasField("protect") and options.HasField("protect"):
            request.protect = options.protect
        if not request.HasField("retainOnDelete") and options.HasField("retain_on_delete"):
            request.retainOnDelete = options.retain_on_delete
        if not request.provider and parent.provider:
            served = package_of(simple_type(urn_of(parent.provider)))
            if not request.custom or served == package_of(request.type):
                request.provider = parent.provider

    def resolve_provider(self, request: Registration) -> str:
        """Find the provider that a registration names, itself or through the component that is its parent."""
        if request.provider or not request.custom:
            return request.provider
        package = package_of(request.type)
        parent = self.goals.get(request.parent)
        inherited = parent.providers.get(package, "") if parent else ""
        return request.providers.get(package, "") or inherited

    def inherit_providers(self, request: Registration, options: Options) -> None:
        """Give a component, in place, the providers of the component that is its parent."""
        parent = self.goals.get(request.parent)
        if parent is not None and not request.custom and not parent.custom:
            for package, provider in parent.providers.items():
                if package not in options.providers:
                    options.providers[package] = provider

    def package(self, ref: str, token: str, version: str, download_url: str) -> Package:
        """Find the plugin that a registration or a call asks for."""
        return self.packages.get(ref) or Package(package_of(token), version, download_url)

    def default_provider(self, token: str, package: Package) -> str:
        """Give the reference to the provider that the engine makes for a package, made at its first use.

        Args:
            token: The type or function that needs it, for a refusal's message.
            package: The plugin.

        Raises:
            ProgramFailed: Default providers of the package are disabled.
        """
        self.provider_config.check_default_allowed(package, token)
        urn = self._default_providers.get(package)
        if urn is None:
            type_, name = f"pulumi:providers:{package.name}", package.default_name()
            urn = self._default_providers[package] = self.urns.make("", type_, name)
            inputs = self.provider_config.inputs(package)
            self.goals[urn] = Goal(urn, type_, name, True, "", "", Options(), inputs)  # noqa: FBT003 - custom
        return reference(urn)

    def transforms_for(self, request: Registration) -> list[str]:
        """List the tokens of a resource's transforms: its own, its parents' from the nearest up, the stack's."""
        tokens = tokens_of(request.transforms)
        for urn in ancestors(request.parent, self._parents):
            tokens += self.goals[urn].own_transforms if urn in self.goals else ()
        return [*tokens, *self.stack_tokens]

    def keep(
        self, goal: Goal, request: Registration | resource_pb2.ReadResourceRequest, provenance: dict[str, list[str]]
    ) -> None:
        """Keep a resource.

        Raises:
            DuplicateResource: There is one with its URN.
        """
        goal.source, goal.trace = self.positions.of(request)
        goal.made = request.stackTrace.frames[-1].pc.line if request.stackTrace.frames else 0
        known = self.goals.get(goal.urn)
        if known is not None:
            raise DuplicateResource(
                f"Two resources have the URN {goal.urn}",
                given=f"{readable(known.source, known.trace)} and {readable(goal.source, goal.trace)}",
                allowed=f"one {goal.type} named {goal.name!r} for each chain of parent types",
                remedy="give one of them another name",
            )
        self.goals[goal.urn] = goal
        self._parents[goal.urn] = goal.parent
        if provenance:
            self.provenance[goal.urn] = dict(sorted(provenance.items()))
        self.on_progress(len(self.goals))

    def keep_request(self, goal: Goal, transforms: list[str]) -> None:
        """Keep what a registration said beyond what a state has room for; `transforms` are names of functions."""
        options = goal.options
        inherited = self.requests.get(goal.parent, {}).get("aliases", [])
        former = [str(alias) for alias in inherited] if isinstance(inherited, list) else []
        aliases = self.urns.aliases(options.aliases, goal.parent, goal.type, goal.name, former)
        said: dict[str, Value] = {
            "aliases": list(aliases),
            "deleteBeforeReplace": options.delete_before_replace,
            "pluginDownloadURL": options.plugin_download_url,
            "providers": dict(options.providers),
            "transforms": list(transforms),
            "version": options.version,
        }
        kept: dict[str, Value] = {key: value for key, value in said.items() if value}
        if kept:
            self.requests[goal.urn] = kept
