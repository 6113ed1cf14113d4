"""Watches a program that runs on the real engine, for what the engine's preview leaves out.

That is of which resources' outputs each leaf of an input was made, which Pulumi says of top-level properties only, and
what components say of themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from google.protobuf import empty_pb2
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc

from mockcloud.doors.embedded.sdk import install
from mockcloud.doors.embedded.wire import Decoder, lower_outputs
from mockcloud.pulumi.values import Value


@dataclass(frozen=True, slots=True)
class Seen:
    """What a program asked of one resource.

    Attributes:
        inputs: Its inputs, without secrets.
        provenance: Property path of a leaf of them -> URNs of the resources of whose outputs it was made.
        dependencies: Name of an input -> URNs of the resources on which it depends, as Pulumi says it.
    """

    inputs: Mapping[str, Value]
    provenance: Mapping[str, list[str]]
    dependencies: Mapping[str, frozenset[str]]


class Watch:
    """Stands before the engine's monitor: takes out what the SDK's functions have put in, and passes on the rest.

    Attributes:
        watches: Asks those functions for it (see `sdk`).
        seen: URN -> what was asked, of the resources that the program itself makes.
        outputs: URN -> what a component or the stack says of itself, without secrets.
    """

    watches = True

    def __init__(self, monitor: resource_pb2_grpc.ResourceMonitorStub) -> None:
        self._monitor = monitor
        self.seen: dict[str, Seen] = {}
        self.outputs: dict[str, Mapping[str, Value]] = {}

    def RegisterResource(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        """Register a resource. What another process makes of a remote component is not seen, and passes as it is."""
        if request.remote:
            return self._register(request)
        decoder = Decoder(_forget)
        inputs = decoder.properties(request.object)
        for value in request.object.fields.values():
            lower_outputs(value)
        answer = self._register(request)
        dependencies = {key: frozenset(value.urns) for key, value in request.propertyDependencies.items()}
        self.seen[answer.urn] = Seen(inputs, decoder.provenance, dependencies)
        return answer

    def RegisterResourceOutputs(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty:
        """Take down the outputs of a component or of the stack."""
        self.outputs[request.urn] = Decoder(_forget).properties(request.outputs)
        answer: empty_pb2.Empty = self._monitor.RegisterResourceOutputs(request)
        return answer

    def ReadResource(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.ReadResourceRequest
    ) -> resource_pb2.ReadResourceResponse:
        """Read a resource."""
        for value in request.properties.fields.values():
            lower_outputs(value)
        answer: resource_pb2.ReadResourceResponse = self._monitor.ReadResource(request)
        return answer

    def _register(self, request: resource_pb2.RegisterResourceRequest) -> resource_pb2.RegisterResourceResponse:
        answer: resource_pb2.RegisterResourceResponse = self._monitor.RegisterResource(request)
        return answer

    def __getattr__(self, name: str) -> object:
        """Be the engine's monitor in everything else."""
        return getattr(self._monitor, name)


def watch() -> Watch:
    """Watch the current program. It calls this itself, before it makes its first resource."""
    install()
    watching = Watch(settings.SETTINGS.monitor)
    settings.SETTINGS.monitor = watching
    return watching


def _forget(_secret: Value) -> None:
    """Keep no secret."""
