"""Watches a program that runs on the real engine, for what the engine's preview leaves out.

That is of which resources' outputs each leaf of an input was made, which Pulumi says of top-level properties only, what
components say of themselves, and which line made what the engine refuses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from google.protobuf import empty_pb2
from pulumi.runtime import settings
from pulumi.runtime.proto import resource_pb2, resource_pb2_grpc

from mockcloud.doors.embedded.positions import Positions, readable
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
        lines: Type and name -> line of the program that asked for it, whatever the engine answered.
    """

    watches = True

    def __init__(self, monitor: resource_pb2_grpc.ResourceMonitorStub, root: Path) -> None:
        self._monitor = monitor
        self._positions = Positions(root)
        self.lines: dict[tuple[str, str], str] = {}
        self.seen: dict[str, Seen] = {}
        self.outputs: dict[str, Mapping[str, Value]] = {}

    def RegisterResource(  # noqa: N802 - gRPC's name
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        """Register a resource. What another process makes of a remote component is not seen, and passes as it is."""
        self._note(request)
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
        self._note(request)
        for value in request.properties.fields.values():
            lower_outputs(value)
        answer: resource_pb2.ReadResourceResponse = self._monitor.ReadResource(request)
        return answer

    def line_of(self, urn: str) -> str:
        """Give the line of the program that asked for a resource; "" for one of which nothing is known."""
        _, _, types, name = (*urn.split("::", 3), "", "", "", "")[:4]
        return self.lines.get((types.rpartition("$")[2], name), "")

    def _note(self, request: resource_pb2.RegisterResourceRequest | resource_pb2.ReadResourceRequest) -> None:
        source, frames = self._positions.of(request)
        if source or frames:
            self.lines[request.type, request.name] = readable(source, frames)

    def _register(self, request: resource_pb2.RegisterResourceRequest) -> resource_pb2.RegisterResourceResponse:
        answer: resource_pb2.RegisterResourceResponse = self._monitor.RegisterResource(request)
        return answer

    def __getattr__(self, name: str) -> object:
        """Be the engine's monitor in everything else."""
        return getattr(self._monitor, name)


def watch(root: Path) -> Watch:
    """Watch the current program. It calls this itself, before it makes its first resource.

    Args:
        root: The project's root, an absolute path.
    """
    install()
    watching = Watch(settings.SETTINGS.monitor, root)
    settings.SETTINGS.monitor = watching
    return watching


def _forget(_secret: Value) -> None:
    """Keep no secret."""
