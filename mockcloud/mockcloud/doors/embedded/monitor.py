"""The monitor that records what a program registers.

It is Pulumi's own mock monitor with the bookkeeping of the real engine (pulumi `pkg/resource/deploy/source_eval.go`).
What a provider would answer is left unknown in a preview; else whoever applies the program says it.
"""

import itertools
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks
from pulumi.runtime.proto import callback_pb2, provider_pb2, resource_pb2
from pulumi.runtime.sync_await import _sync_await

from mockcloud.doors.embedded.applying import Applier, applied_id
from mockcloud.doors.embedded.errors import EngineError, ProgramFailed, UnsupportedFeature
from mockcloud.doors.embedded.goal import Goal, options_of, timeouts
from mockcloud.doors.embedded.invokes import Call, Invokes
from mockcloud.doors.embedded.providers import Package, urn_of, with_plugin
from mockcloud.doors.embedded.registry import Registry
from mockcloud.doors.embedded.stack_references import STACK_REFERENCE, StackReferences
from mockcloud.doors.embedded.transforms import Callbacks, Transformed, run_transforms, tokens_of
from mockcloud.doors.embedded.urns import is_provider, package_of
from mockcloud.doors.embedded.wire import Decoder, from_struct, lower_outputs, to_wire, wrap_secret
from mockcloud.pulumi.lifecycle import State
from mockcloud.pulumi.values import UNKNOWN, Value, leaves

if TYPE_CHECKING:
    Answer = resource_pb2.RegisterResourceResponse | Coroutine[object, object, resource_pb2.RegisterResourceResponse]

FEATURES: Final = (
    resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    resource_pb2.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
    resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS,
    resource_pb2.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS,
)
"""What the SDK may ask of this monitor."""


_STACK: Final = "pulumi:pulumi:Stack"


_LABELS: Final = frozenset({"effectiveAnnotations", "effectiveLabels", "pulumiLabels"})


class _Unanswered(Mocks):
    """Satisfies the mock monitor's constructor: this monitor answers everything itself."""

    def call(self, args: MockCallArgs) -> tuple[dict[str, Value], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, Value]]:
        raise NotImplementedError(args.typ)


class _Refusal(grpc.RpcError):
    """A refusal as a real monitor would send it."""

    def __init__(self, error: EngineError) -> None:
        super().__init__()
        self._error = error

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return str(self._error)


class RecordingMonitor(MockMonitor):
    """Records the registrations of one run, in a registry.

    Attributes:
        registry: What was registered.
        callbacks: The program's transforms; set when the program's loop exists.
        refusals: Calls that were not answered. A program may have handled them.
        made: Numbers the resources as the program makes them (see `sdk`).
        exported: What the stack exports and is not None, secrets with what they hold.
        is_embedded: Tells the SDK's functions whose program it is (see `sdk`).
    """

    is_embedded = True

    def __init__(
        self,
        registry: Registry,
        invokes: Invokes,
        stack_references: StackReferences,
        on_secret: Callable[[Value], None],
        applier: Applier | None = None,
    ) -> None:
        super().__init__(_Unanswered())
        self.registry = registry
        self.callbacks: Callbacks | None = None
        self.made = itertools.count(1)
        self.refusals: list[EngineError] = []
        self._invokes, self._stack_references, self._on_secret = invokes, stack_references, on_secret
        self._invoke_tokens: list[str] = []
        self._applier = applier
        self.exported: Mapping[str, Value] = {}

    def GetDeploymentInfo(self, request: empty_pb2.Empty) -> resource_pb2.DeploymentInfo:  # noqa: ARG002, N802 - gRPC's
        """Tell the SDK what this monitor supports."""
        return resource_pb2.DeploymentInfo(supportedFeatures=FEATURES)

    def RegisterStackTransform(self, request: callback_pb2.Callback) -> empty_pb2.Empty:  # noqa: N802 - gRPC's name
        """Remember a transform of every resource to come."""
        self.registry.stack_tokens.append(request.token)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: callback_pb2.Callback) -> empty_pb2.Empty:  # noqa: N802 - gRPC's
        """Remember a transform of every call to come."""
        self._invoke_tokens.append(request.token)
        return empty_pb2.Empty()

    def RegisterPackage(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.RegisterPackageRequest
    ) -> resource_pb2.RegisterPackageResponse:
        """Remember a parameterised package; its reference says what it is, so that runs repeat."""
        part = request.parameterization if request.HasField("parameterization") else request.extension
        ref = f"{part.name}@{part.version}"
        named = (("name", part.name), ("version", part.version))
        self.registry.packages[ref] = Package(part.name, part.version, request.download_url, named)
        return resource_pb2.RegisterPackageResponse(ref=ref)

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> "Answer":  # noqa: N802 - gRPC's name
        """Record one resource.

        Raises:
            DuplicateResource: Another resource has the same URN.
            UnsupportedFeature: It is a component that its provider builds.
        """
        if request.remote:
            raise UnsupportedFeature(
                f"{request.type} {request.name!r} is a component that its provider builds, in a process of its own",
                given=f"a remote component of package {package_of(request.type)!r}",
                allowed="resources, and components written in Python",
                remedy="use the real engine: `pulumi preview`",
            )
        self.registry.inherit(request)
        decoder = Decoder(self._on_secret)
        inputs = decoder.properties(request.object)
        if decoder.met_outputs:
            for value in request.object.fields.values():
                lower_outputs(value)
        options = options_of(request, self.registry.resolve_provider(request))
        tokens = self.registry.transforms_for(request)
        if tokens:
            return self._register_transformed(request, options, tokens, inputs, decoder.provenance)
        by_property = {key: set(value.urns) for key, value in request.propertyDependencies.items()}
        plain = Transformed(request.object, options, set(request.dependencies), by_property)
        return self._record(request, plain, inputs, decoder.provenance)

    async def _register_transformed(
        self,
        request: resource_pb2.RegisterResourceRequest,
        options: resource_pb2.TransformResourceOptions,
        tokens: Sequence[str],
        before: dict[str, Value],
        provenance: dict[str, list[str]],
    ) -> resource_pb2.RegisterResourceResponse:
        transformed = await run_transforms(self._known_callbacks(), tokens, request, options)
        inputs = Decoder(self._on_secret).properties(transformed.properties)
        # A leaf that a transform changed is no longer made of what it was made of before.
        old, new = dict(leaves(before, "")), dict(leaves(inputs, ""))
        kept = {path: urns for path, urns in provenance.items() if path in new and new[path] == old.get(path)}
        return self._record(request, transformed, inputs, kept)

    def _record(
        self,
        request: resource_pb2.RegisterResourceRequest,
        transformed: Transformed,
        inputs: dict[str, Value],
        provenance: dict[str, list[str]],
    ) -> resource_pb2.RegisterResourceResponse:
        options, registry, provider = transformed.options, self.registry, ""
        registry.inherit_providers(request, options)
        package = registry.package(request.packageRef, request.type, options.version, options.plugin_download_url)
        if is_provider(request.type):
            inputs = with_plugin(inputs, package, request.envVarMappings)
        elif request.custom:
            provider = options.provider or registry.default_provider(request.type, package)
        goal = Goal(
            registry.urns.make(request.parent, request.type, request.name),
            request.type,
            request.name,
            request.custom,
            request.parent,
            provider,
            options,
            inputs,
            dependencies=sorted(transformed.dependencies),
            property_dependencies={key: sorted(urns) for key, urns in transformed.property_dependencies.items()},
            own_transforms=tokens_of(request.transforms),
            providers={} if request.custom else dict(options.providers),
            answer=_echo(transformed.properties, options) if request.custom else struct_pb2.Struct(),
            timeouts=timeouts(options.custom_timeouts),
            replacement_trigger=Decoder(self._on_secret).value(options.replacement_trigger, ""),
        )
        registry.keep(goal, request, provenance)
        names = [self._known_callbacks().name(token) for token in registry.transforms_for(request)]
        registry.keep_request(goal, names)
        if self._applier is not None and request.custom:
            self._apply(goal, transformed.properties, self._applier)
        identifier = goal.id or getattr(options, "import")
        return resource_pb2.RegisterResourceResponse(urn=goal.urn, id=identifier, object=goal.answer)

    def _apply(self, goal: Goal, properties: struct_pb2.Struct, applier: Applier) -> None:
        """Make a resource on the mock cloud, and keep what came of it."""
        if is_provider(goal.type):
            goal.id = applied_id(goal.urn)
            return
        for value in properties.fields.values():
            lower_outputs(value)
        self._keep_state(goal, applier.create(goal, from_struct(properties), self._provider_inputs(goal)))
        checked = applier.checked(goal)
        if checked is not None:
            goal.inputs = Decoder(self._on_secret).properties(to_wire({**checked}).struct_value)

    def _keep_state(self, goal: Goal, state: State) -> None:
        goal.id = state.id
        goal.answer = to_wire(state.outputs).struct_value
        for key in goal.options.additional_secret_outputs:
            if key in goal.answer.fields:
                wrap_secret(goal.answer.fields[key])
        # The provider calls all labels secret, since some may be; they would hide common words everywhere.
        goal.outputs = {
            key: Decoder(_keep_nothing if key in _LABELS else self._on_secret).value(value, key)
            for key, value in sorted(goal.answer.fields.items())
        }

    def _provider_inputs(self, goal: Goal) -> Mapping[str, Value]:
        maker = self.registry.goals.get(urn_of(goal.provider))
        return maker.inputs if maker else {}

    def ReadResource(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
        """Record a resource that exists already. What it is like is unknown, but for a stack reference."""
        registry, decoder = self.registry, Decoder(self._on_secret)
        inputs = decoder.properties(request.properties)
        for value in request.properties.fields.values():
            lower_outputs(value)
        package = registry.package(request.packageRef, request.type, request.version, request.pluginDownloadURL)
        options = resource_pb2.TransformResourceOptions(
            additional_secret_outputs=request.additionalSecretOutputs, version=request.version
        )
        goal = Goal(
            registry.urns.make(request.parent, request.type, request.name),
            request.type,
            request.name,
            True,  # noqa: FBT003 - only a custom resource can be read
            request.parent,
            request.provider or registry.default_provider(request.type, package),
            options,
            inputs,
            dependencies=sorted(request.dependencies),
            external=True,
            id=request.id,
            answer=_echo(request.properties, options),
        )
        registry.keep(goal, request, decoder.provenance)
        registry.keep_request(goal, [])
        if request.type == STACK_REFERENCE:
            goal.answer = to_wire(self._stack_references.read(request.id)).struct_value
            goal.outputs = Decoder(self._on_secret).properties(goal.answer)
        elif self._applier is not None:
            state = self._applier.read(goal, from_struct(request.properties), self._provider_inputs(goal))
            self._keep_state(goal, state)
        return resource_pb2.ReadResourceResponse(urn=goal.urn, properties=goal.answer, id=goal.id)

    def RegisterResourceOutputs(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty:
        """Record the outputs of a component or of the stack."""
        outputs = Decoder(self._on_secret).properties(request.outputs)
        goal = self.registry.goals[request.urn]
        goal.outputs = {key: _without_mark(value) for key, value in outputs.items()}
        if goal.type == _STACK:
            self.exported = from_struct(request.outputs)
        return empty_pb2.Empty()

    def ExistsResource(  # noqa: N802 - gRPC's name
        self,
        request: resource_pb2.ExistsResourceRequest,  # noqa: ARG002 - gRPC's signature
    ) -> resource_pb2.ExistsResourceResponse:
        """Say that it is not known whether a cloud resource exists."""
        return resource_pb2.ExistsResourceResponse(unknown=True)

    def Invoke(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.ResourceInvokeRequest
    ) -> resource_pb2.ResourceInvokeResponse:
        """Answer a function of a provider.

        Raises:
            grpc.RpcError: Nothing says what it answers; see `refusals`.
        """
        for value in request.args.fields.values():
            lower_outputs(value)
        arguments = request.args
        options = resource_pb2.TransformInvokeOptions(
            provider=request.provider, version=request.version, plugin_download_url=request.pluginDownloadURL
        )
        for token in self._invoke_tokens:
            sent = resource_pb2.TransformInvokeRequest(token=request.tok, args=arguments, options=options)
            answer = _sync_await(self._known_callbacks().transform_invoke(token, sent))
            arguments, options = answer.args, answer.options if answer.HasField("options") else options
        if request.tok == "pulumi:pulumi:getResource":
            return _answer(self._get_resource(arguments.fields["urn"].string_value))
        registry = self.registry
        package = registry.package(request.packageRef, request.tok, options.version, options.plugin_download_url)
        provider = options.provider or registry.default_provider(request.tok, package)
        maker = registry.goals.get(urn_of(provider))
        plain = Decoder(self._on_secret).properties(arguments)
        try:
            answered = self._invokes.answer(Call(request.tok, plain, maker.inputs if maker else {}))
        except EngineError as error:
            # The SDK makes an exception of its own of this kind only, which a program may handle.
            self.refusals.append(error)
            raise _Refusal(error) from error
        return _answer(to_wire(answered).struct_value)

    def Call(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.ResourceCallRequest
    ) -> provider_pb2.CallResponse:
        """Refuse a method of a resource: only its provider could run it."""
        raise UnsupportedFeature(
            "The program calls a method of a resource, which its provider runs",
            given=f"the method {request.tok}",
            allowed="resources, components and functions",
            remedy="use the real engine: `pulumi preview`",
        )

    def _get_resource(self, urn: str) -> struct_pb2.Struct:
        goal = self.registry.goals.get(urn)
        if goal is None:
            raise ProgramFailed(
                "The program looks up a resource by a URN that no resource of this run has",
                given=urn,
                allowed="the URN of a resource that was made before",
                remedy="make the resource first, or read it by its id with `get`",
            )
        found = struct_pb2.Struct()
        found.fields["urn"].string_value = urn
        found.fields["id"].string_value = goal.id
        found.fields["state"].struct_value.CopyFrom(goal.answer)
        return found

    def _known_callbacks(self) -> Callbacks:
        if self.callbacks is None:
            raise RuntimeError("a transform was registered before the program's loop existed")
        return self.callbacks


def _echo(properties: struct_pb2.Struct, options: resource_pb2.TransformResourceOptions) -> struct_pb2.Struct:
    """Give the outputs that a preview knows: the inputs, and which of the rest will be secret."""
    if not options.additional_secret_outputs:
        return properties
    outputs = struct_pb2.Struct()
    outputs.CopyFrom(properties)
    for key in options.additional_secret_outputs:
        if key not in outputs.fields:
            outputs.fields[key].string_value = UNKNOWN
        wrap_secret(outputs.fields[key])
    return outputs


def _answer(result: struct_pb2.Struct) -> resource_pb2.ResourceInvokeResponse:
    answer = resource_pb2.ResourceInvokeResponse()
    getattr(answer, "return").CopyFrom(result)
    return answer


def _keep_nothing(value: Value) -> None:
    """Keep no secret."""


def _without_mark(value: Value) -> Value:
    """Drop the mark that the SDK puts on exported resources in a preview, for the real engine's display only."""
    if isinstance(value, dict):
        return {key: _without_mark(item) for key, item in value.items() if key != "@isPulumiResource"}
    return [_without_mark(item) for item in value] if isinstance(value, list) else value
