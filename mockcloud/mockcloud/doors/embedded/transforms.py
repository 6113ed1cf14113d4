"""Runs a program's transforms: those of `opts.transforms`, of the parents, and of the stack.

The SDK serves transforms to the engine over gRPC. Here they are found by their token and called in this process, with
the requests that the real engine would send, so that each sees what it would see there. Source of the order and of
what is sent: pulumi `pkg/resource/deploy/source_eval.go` (RegisterResource, wrapTransformCallback, Invoke).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from google.protobuf import struct_pb2
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.proto import callback_pb2, resource_pb2

from mockcloud.doors.embedded.wire import OUTPUT, lower_outputs
from mockcloud.pulumi.values import SECRET, SIGNATURE, UNKNOWN

if TYPE_CHECKING:
    from mockcloud.doors.embedded.monitor import RecordingMonitor


class Callbacks(_CallbackServicer):
    """The SDK's table of callbacks, without the server that the SDK starts beside it."""

    def __init__(self, monitor: "RecordingMonitor", loop: asyncio.AbstractEventLoop) -> None:
        self._monitor = monitor  # type: ignore[assignment] # the SDK means any monitor, and names the one of gRPC
        self._loop = loop
        self._target = ""
        self._callbacks = {}
        self._transforms = {}
        self._state_migrations = {}

    def name(self, token: str) -> str:
        """Give the name of the function behind a token, as `module.function`."""
        for function, known in self._transforms.items():
            if known == token:
                module = getattr(function, "__module__", "")
                return f"{module}.{getattr(function, '__qualname__', type(function).__name__)}"
        return token

    async def transform_resource(
        self, token: str, request: resource_pb2.TransformRequest
    ) -> resource_pb2.TransformResponse:
        """Call one transform of resources."""
        answer = await self._callbacks[token](request.SerializeToString())
        if not isinstance(answer, resource_pb2.TransformResponse):
            raise TypeError(f"the SDK answered a transform with {type(answer).__name__}")
        return answer

    async def transform_invoke(
        self, token: str, request: resource_pb2.TransformInvokeRequest
    ) -> resource_pb2.TransformInvokeResponse:
        """Call one transform of function calls."""
        answer = await self._callbacks[token](request.SerializeToString())
        if not isinstance(answer, resource_pb2.TransformInvokeResponse):
            raise TypeError(f"the SDK answered a transform with {type(answer).__name__}")
        return answer


@dataclass(slots=True)
class Transformed:
    """What a resource's registration is after all transforms."""

    properties: struct_pb2.Struct
    options: resource_pb2.TransformResourceOptions
    dependencies: set[str]
    property_dependencies: dict[str, set[str]]


async def run_transforms(
    callbacks: Callbacks,
    tokens: Sequence[str],
    request: resource_pb2.RegisterResourceRequest,
    options: resource_pb2.TransformResourceOptions,
) -> Transformed:
    """Run the transforms of one resource, in order.

    Args:
        callbacks: Where to find them.
        tokens: The resource's own, its parents' from the nearest up, the stack's.
        request: The registration; its properties hold no output values any more.
        options: The registration's options.
    """
    own = bool(request.transforms)
    dependencies = {key: set(value.urns) for key, value in request.propertyDependencies.items()}
    properties = struct_pb2.Struct()
    properties.CopyFrom(request.object)
    for key, value in properties.fields.items():
        _raise_to_output(value)
        if own and dependencies.get(key):
            _add_dependencies(value, dependencies[key])
    for token in tokens:
        answer = await callbacks.transform_resource(
            token,
            resource_pb2.TransformRequest(
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent=request.parent,
                properties=properties,
                options=options,
            ),
        )
        properties = answer.properties if answer.HasField("properties") else properties
        options = answer.options if answer.HasField("options") else options
    return _collect(request, properties, options, dependencies, own=own)


def _collect(
    request: resource_pb2.RegisterResourceRequest,
    properties: struct_pb2.Struct,
    options: resource_pb2.TransformResourceOptions,
    property_dependencies: Mapping[str, set[str]],
    *,
    own: bool,
) -> Transformed:
    """Read the dependencies again, as the real engine does: anew only if the resource has transforms of its own."""
    found = {key: dependencies_in(value) for key, value in properties.fields.items()}
    if own:
        every = set(options.depends_on).union(*found.values())
        by_property = found
    else:
        every = set(request.dependencies)
        by_property = {key: set(urns) for key, urns in property_dependencies.items()}
        for key, urns in found.items():
            by_property.setdefault(key, set()).update(urns)
    for value in properties.fields.values():
        lower_outputs(value)
    return Transformed(properties, options, every, by_property)


def _raise_to_output(value: struct_pb2.Value) -> None:
    """Turn secrets and unknowns, in place, into output values: a transform sees them as outputs."""
    match value.WhichOneof("kind"):
        case "string_value" if value.string_value == UNKNOWN:
            value.struct_value.fields[SIGNATURE].string_value = OUTPUT
        case "struct_value":
            fields = value.struct_value.fields
            if SIGNATURE in fields and fields[SIGNATURE].string_value == SECRET:
                inner = struct_pb2.Value()
                inner.CopyFrom(fields["value"])
                value.Clear()
                fields = value.struct_value.fields
                fields[SIGNATURE].string_value = OUTPUT
                fields["secret"].bool_value = True
                # Unknown and secret is an output value without a value.
                if inner.string_value != UNKNOWN:
                    fields["value"].CopyFrom(inner)
            else:
                for key in list(fields):
                    _raise_to_output(fields[key])
        case "list_value":
            for item in value.list_value.values:
                _raise_to_output(item)
        case _:
            pass


def _add_dependencies(value: struct_pb2.Value, urns: set[str]) -> None:
    """Give a property, in place, its dependencies, as an output value."""
    fields = value.struct_value.fields
    if value.WhichOneof("kind") != "struct_value" or fields[SIGNATURE].string_value != OUTPUT:
        inner = struct_pb2.Value()
        inner.CopyFrom(value)
        value.Clear()
        fields = value.struct_value.fields
        fields[SIGNATURE].string_value = OUTPUT
        fields["value"].CopyFrom(inner)
    listed = fields["dependencies"].list_value
    listed.Clear()
    listed.extend(sorted(urns))


def dependencies_in(value: struct_pb2.Value) -> set[str]:
    """Collect the URNs that the output values inside a value depend on."""
    match value.WhichOneof("kind"):
        case "struct_value":
            fields = value.struct_value.fields
            found: set[str] = set()
            if SIGNATURE in fields and fields[SIGNATURE].string_value == OUTPUT:
                found = {item.string_value for item in fields["dependencies"].list_value.values}
            return found.union(*(dependencies_in(fields[key]) for key in fields if key != "dependencies"))
        case "list_value":
            return set().union(*(dependencies_in(item) for item in value.list_value.values))
        case _:
            return set()


def tokens_of(callbacks: Sequence[callback_pb2.Callback]) -> list[str]:
    """List the tokens of callbacks."""
    return [callback.token for callback in callbacks]
