"""The provider as Pulumi's engine calls it: its gRPC service, on one mock cloud.

The engine attaches to it where `PULUMI_DEBUG_PROVIDERS` says `gcp:PORT`. One port serves several engines, each with
several providers: the engine opens a connection for each provider and configures it there, so the connection tells
which one a call means.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NoReturn

import grpc
from google.protobuf import any_pb2, empty_pb2
from google.rpc import status_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from mockcloud.doors.embedded.wire import from_struct, to_struct
from mockcloud.doors.pulumi.settings import settings_of
from mockcloud.errors import Error
from mockcloud.pulumi.api import Api, Transport
from mockcloud.pulumi.diffs import ADD, DELETE, UPDATE, Diff
from mockcloud.pulumi.lifecycle import Partial, Place, Settings, State
from mockcloud.pulumi.naming import DEFAULTS, Naming
from mockcloud.pulumi.package_schema import SETTINGS, package_schema
from mockcloud.pulumi.properties import VERSION
from mockcloud.pulumi.provider import Provider, ProviderError
from mockcloud.pulumi.values import is_unknown

_KINDS: Final = {
    (ADD, False): provider_pb2.PropertyDiff.ADD,
    (ADD, True): provider_pb2.PropertyDiff.ADD_REPLACE,
    (DELETE, False): provider_pb2.PropertyDiff.DELETE,
    (DELETE, True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    (UPDATE, False): provider_pb2.PropertyDiff.UPDATE,
    (UPDATE, True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}
_OPTIONS: Final = frozenset({*SETTINGS, "pluginDownloadURL", "skipRegionValidation", "version"})
"""What a program may set on the provider, beside endpoints (`…CustomEndpoint`), and what engines add."""

_MESSAGE: Final = 2000
"""Characters of an error that are sent: gRPC carries them in a header, which may have 8 KiB when all are escaped."""


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """Answers an engine.

    Args:
        transport: What carries calls to the cloud.
        strict: Whether a type that the mock cloud does not model is refused.
        project: Project where neither program nor environment says one.
    """

    def __init__(self, transport: Transport, *, strict: bool = False, project: str = "") -> None:
        self._transport, self._strict, self._project = transport, strict, project
        self._opaque: set[str] = set()
        self._connections: dict[str, _Connection] = {}
        self._last = self._connected(Settings(project))

    @property
    def opaque(self) -> tuple[str, ...]:
        """Types that were kept as they were given, and functions whose answers were made up: nothing models them."""
        return tuple(sorted(self._opaque))

    def _connected(self, settings: Settings) -> "_Connection":
        transport = _Stoppable(self._transport)
        return _Connection(Provider(Place(Api(transport), settings), self._strict, self._opaque), transport)

    def _of(self, context: grpc.ServicerContext) -> Provider:
        return self._connections.get(context.peer(), self._last).provider

    def Handshake(  # noqa: N802 - gRPC's name
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Agree on what both sides can do."""
        del request, context
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=False, accept_outputs=False, supports_autonaming_configuration=True
        )

    def Attach(self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802 - gRPC's name
        """Serve an engine that was not there when this began."""
        del request, context
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:  # noqa: N802 - gRPC's name
        """Say which version of the provider this stands for."""
        del request, context
        return plugin_pb2.PluginInfo(version=VERSION)

    def GetSchema(  # noqa: N802 - gRPC's name
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        """Give the schema of the package: YAML programs are read by it, and code is written by it."""
        del request, context
        return provider_pb2.GetSchemaResponse(schema=package_schema())

    def CheckConfig(  # noqa: N802 - gRPC's name
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Check what a program sets on the provider."""
        del context
        news = from_struct(request.news)
        failures = [
            provider_pb2.CheckFailure(property=name, reason=f"the provider has no setting {name}")
            for name in news
            if name not in _OPTIONS and not name.endswith("CustomEndpoint") and not name.startswith("__")
        ]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    def DiffConfig(  # noqa: N802 - gRPC's name
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """Say whether other settings mean other resources: a provider is never replaced for them."""
        del context
        old, new = from_struct(request.old_inputs or request.olds), from_struct(request.news)
        names = sorted(name for name in {*old, *new} if old.get(name) != new.get(name) and name != "version")
        changes = provider_pb2.DiffResponse.DIFF_SOME if names else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=changes, diffs=names)

    def Configure(  # noqa: N802 - gRPC's name
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        """Take the provider's settings, which hold for the connection."""
        variables = {name.removeprefix("gcp:config:"): value for name, value in request.variables.items()}
        given = {**variables, **from_struct(request.args)}
        known = {name: value for name, value in given.items() if not is_unknown(value)}
        settings = settings_of(known, environment=True, project=self._project)
        self._last = self._connections[context.peer()] = self._connected(settings)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True,
            supportsPreview=True,
            acceptResources=False,
            acceptOutputs=False,
            supports_autonaming_configuration=True,
        )

    def Check(  # noqa: N802 - gRPC's name
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Check the inputs of a resource."""
        checked = self._of(context).check(
            _type(request), from_struct(request.news), from_struct(request.olds), _naming(request)
        )
        failures = [provider_pb2.CheckFailure(property=each.path, reason=each.reason) for each in checked.failures]
        return provider_pb2.CheckResponse(inputs=to_struct(checked.inputs), failures=failures)

    def Diff(  # noqa: N802 - gRPC's name
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> provider_pb2.DiffResponse:
        """Say what a change of inputs means."""
        old, outputs = from_struct(request.old_inputs), from_struct(request.olds)
        new = from_struct(request.news)
        return _written(self._of(context).diff(_type(request), old, new, outputs, request.ignoreChanges))

    def Create(  # noqa: N802 - gRPC's name
        self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CreateResponse:
        """Make a resource."""
        token, inputs = _type(request), from_struct(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=to_struct(self._of(context).preview(token, inputs)))
        try:
            state = self._of(context).create(token, inputs, request.urn)
        except Partial as partial:
            _abort_partial(context, partial, inputs)
        except Error as error:
            _abort(context, error)
        return provider_pb2.CreateResponse(id=state.id, properties=to_struct(state.outputs))

    def Read(  # noqa: N802 - gRPC's name
        self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ReadResponse:
        """Read a resource, for a refresh or an import; an empty answer says that there is none."""
        inputs, outputs = from_struct(request.inputs), from_struct(request.properties)
        try:
            found = self._of(context).read(_type(request), request.id, inputs, outputs)
        except Error as error:
            _abort(context, error)
        if found is None:
            return provider_pb2.ReadResponse()
        state, actual = found
        return provider_pb2.ReadResponse(
            id=state.id,
            properties=to_struct(state.outputs),
            inputs=to_struct({**actual, DEFAULTS: actual.get(DEFAULTS, [])}),
        )

    def Update(  # noqa: N802 - gRPC's name
        self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext
    ) -> provider_pb2.UpdateResponse:
        """Change a resource."""
        token, new, outputs = _type(request), from_struct(request.news), from_struct(request.olds)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=to_struct(self._of(context).preview(token, new, outputs)))
        try:
            old = State(request.id, outputs)
            state = self._of(context).update(token, old, new, from_struct(request.old_inputs), request.urn)
        except Partial as partial:
            _abort_partial(context, partial, new)
        except Error as error:
            _abort(context, error)
        return provider_pb2.UpdateResponse(properties=to_struct(state.outputs))

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802 - gRPC's name
        """Remove a resource."""
        try:
            self._of(context).delete(_type(request), State(request.id, from_struct(request.properties)))
        except Error as error:
            _abort(context, error)
        return empty_pb2.Empty()

    def Invoke(  # noqa: N802 - gRPC's name
        self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.InvokeResponse:
        """Answer a function."""
        try:
            answer = self._of(context).invoke(request.tok, from_struct(request.args))
        except Error as error:
            _abort(context, error)
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(to_struct(answer))
        return response

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802 - gRPC's name
        """End what waits for an operation on the connection. Engines do so as they end, too."""
        del request
        connection = self._connections.pop(context.peer(), None)
        if connection is not None:
            connection.transport.stopped.set()
        return empty_pb2.Empty()


class _Stoppable:
    """A transport that waits no longer once the engine wants everything to end."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.stopped = threading.Event()

    def send(
        self, verb: str, host: str, path: str, query: str, body: bytes, media: str = "application/json"
    ) -> tuple[int, bytes]:
        """Send a request."""
        return self._transport.send(verb, host, path, query, body, media)

    def wait(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            ProviderError: The engine cancelled.
        """
        if self.stopped.is_set():
            raise ProviderError(
                "The engine cancelled the operation",
                given="a wait for Google's operation",
                allowed="",
                remedy="run `pulumi refresh`, which finds what came of it, and then go on",
            )
        self._transport.wait(seconds)

    def now(self) -> datetime:
        """Give the cloud's time."""
        return self._transport.now()


@dataclass(frozen=True, slots=True)
class _Connection:
    """One connection of an engine: one provider of a program."""

    provider: Provider
    transport: _Stoppable


def _type(request: Any) -> str:  # noqa: ANN401 - any request that is about a resource
    """Give the type of the resource that a request is about: the last part of its URN's types."""
    if request.type:
        return str(request.type)
    parts = str(request.urn).split("::")
    return parts[2].rpartition("$")[2] if len(parts) > 2 else ""  # noqa: PLR2004 - urn:pulumi:STACK::PROJECT::TYPES::NAME


def _naming(request: provider_pb2.CheckRequest) -> Naming:
    name = request.name or request.urn.rpartition("::")[2]
    modes = provider_pb2.CheckRequest.AutonamingOptions
    if not request.HasField("autonaming"):
        return Naming(name, request.randomSeed)
    autonaming = request.autonaming
    if autonaming.mode == modes.DISABLE:
        return Naming(name, request.randomSeed, strict=True)
    return Naming(name, request.randomSeed, autonaming.proposed_name, strict=autonaming.mode == modes.ENFORCE)


def _written(found: Diff) -> provider_pb2.DiffResponse:
    if not found.changes:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE, hasDetailedDiff=True)
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME,
        replaces=sorted({each.top for each in found.changes if each.replaces}),
        diffs=sorted({each.top for each in found.changes}),
        detailedDiff={
            each.path: provider_pb2.PropertyDiff(kind=_KINDS[each.kind, each.replaces], inputDiff=True)
            for each in found.changes
        },
        hasDetailedDiff=True,
        deleteBeforeReplace=found.delete_first,
    )


def _abort(context: grpc.ServicerContext, error: Error) -> NoReturn:
    context.abort(grpc.StatusCode.UNKNOWN, str(error)[:_MESSAGE])
    raise AssertionError  # abort raises


def _abort_partial(context: grpc.ServicerContext, partial: Partial, inputs: Mapping[str, Any]) -> NoReturn:
    """Say that a resource is there, but not as it should be: the engine keeps it, with the reasons."""
    detail = any_pb2.Any()
    detail.Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=partial.state.id,
            properties=to_struct(partial.state.outputs),
            reasons=partial.reasons,
            inputs=to_struct(inputs),
        )
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(partial), details=[detail])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, str(partial))
    raise AssertionError  # abort raises
