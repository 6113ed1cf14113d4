"""What the engine changes in Pulumi's SDK, for its own programs only.

Each function is wrapped once, when the first program runs, and acts only where the current monitor is ours, or one that
watches for the real engine (see `watching`): a program that runs under another monitor in the same process notices
nothing.

- *Provenance.* A registration names dependencies for each top-level property. The wire format has a finer notion, the
  output value, that Pulumi uses for remote components; here the serialiser writes one for each output of a resource
  that stands in a property, however deep. The monitor takes them out again before anything else sees them.
- *Speed*, on this engine only. The SDK makes four futures and a task for each property of a resource, and reads the
  source file of each frame of the stack for each resource. One future and the line number are enough. For each
  dependency it walks through all that the other resource depends on, by recursion, to find a cycle; where nothing
  depends on a resource yet, there can be none. It looks for everything else first in each text and number, twice,
  unwraps the same types again and again, makes a dozen futures for a URN that is used where there is no monitor, and
  sends debugging messages that nobody keeps.
"""

import asyncio
import pathlib
import sys
import threading
from collections.abc import Callable, Coroutine, Iterable
from functools import lru_cache, partial
from types import FrameType
from typing import Final, TypeVar

import pulumi
from pulumi import _types, log
from pulumi.output import Output, _OutputData
from pulumi.runtime import known_types, resource, rpc, settings
from pulumi.runtime.proto import source_pb2
from pulumi.runtime.resource_cycle_breaker import _DEPENDENCIES_PROPERTY, declare_dependency

from mockcloud.doors.embedded.wire import OUTPUT
from mockcloud.pulumi.values import SIGNATURE

T = TypeVar("T")

_PLAIN: Final = frozenset({str, int, float, bool, type(None)})
"""Types whose values go over the wire as they are; none of their subclasses, among which are enumerations."""
_INSTALLED: Final = threading.Event()
_LOCK: Final = threading.Lock()
_KEEP: Final = 3
"""Where `keep_output_values` stands among serialize_property's arguments after the property's key."""
_CONSTRUCTORS: Final = 3
"""How many constructors stand between the SDK and the program: of Resource, of its kind, of the resource's class."""

_NEEDED: Final = "_something_depends_on_it"
"""An attribute of resources on which others depend, kept beside the SDK's own of their dependencies."""

_Serializer = Callable[..., Coroutine[object, object, object]]


class _Tracks:
    """Asks for provenance where the SDK has its flag for output values. As it is false, the SDK does as without."""

    def __bool__(self) -> bool:
        return False


_TRACKS: Final = _Tracks()
_FLAG: Final = "keep_output_values"
_RESOURCE: Final = 2
"""Where the resource to which the properties belong stands among serialize_properties' arguments."""

_Declare = Callable[[pulumi.Resource, pulumi.Resource], bool]
_Transfer = Callable[[pulumi.Resource, "pulumi.Inputs", bool], dict[str, rpc.Resolver]]


def install() -> None:
    """Wrap the SDK's functions; a second call does nothing."""
    with _LOCK:
        if not _INSTALLED.is_set():
            # The names are module attributes that the SDK looks up at each call, which mypy takes for constants.
            vars(rpc)["serialize_properties"] = _tracking(rpc.serialize_properties)
            vars(rpc)["serialize_property"] = _tagging(rpc.serialize_property)
            vars(rpc)["declare_dependency"] = _declaring(declare_dependency)
            vars(resource)["create_urn"] = _naming(resource.create_urn)
            vars(_types)["unwrap_type"] = _remembering(_types.unwrap_type)
            vars(rpc)["contains_unknowns"] = _glancing(rpc.contains_unknowns)
            vars(log)["debug"] = _silencing(log.debug)
            vars(rpc)["transfer_properties"] = _transferring(rpc.transfer_properties)
            vars(resource)["_get_stack_trace"] = _tracing(resource._get_stack_trace)  # noqa: SLF001 - see above
            _INSTALLED.set()


def _ours() -> bool:
    """Whether the current program runs on this engine."""
    return getattr(settings.SETTINGS.monitor, "is_embedded", False)


def _tracking(serialize: _Serializer) -> _Serializer:
    async def serialize_properties(*args: object, **options: object) -> object:
        # The flag carries ours through the recursion. Of the real engine's programs only what resources are made of is
        # watched, and not where the SDK itself keeps output values.
        about_resource = len(args) > _RESOURCE and args[_RESOURCE] is not None and not options.get(_FLAG)
        if _ours() or (about_resource and getattr(settings.SETTINGS.monitor, "watches", False)):
            options[_FLAG] = _TRACKS
        return await serialize(*args, **options)

    return serialize_properties


def _tagging(serialize: _Serializer) -> _Serializer:
    async def serialize_property(
        value: object, deps: object, property_key: object, *args: object, **options: object
    ) -> object:
        keep = options.get(_FLAG, args[_KEEP] if len(args) > _KEEP else None) is _TRACKS
        if keep and type(value) in _PLAIN:
            return value  # as the SDK does, after asking whether it is anything else
        serialized = await serialize(value, deps, property_key, *args, **options)
        if not keep or serialized is None:
            return serialized
        made_of: Iterable[pulumi.Resource] = ()
        if isinstance(value, Output):
            made_of = await value.resources()
        elif known_types.is_resource(value) and isinstance(value, pulumi.Resource):
            made_of = (value,)
        urns = sorted({urn for urn in [await one.urn.future() for one in made_of] if urn})
        return {SIGNATURE: OUTPUT, "value": serialized, "dependencies": urns} if urns else serialized

    return serialize_property


def _declaring(declare: _Declare) -> _Declare:
    def declare_dependency(from_resource: pulumi.Resource, to_resource: pulumi.Resource) -> bool:
        if not _ours():
            return declare(from_resource, to_resource)
        vars(to_resource)[_NEEDED] = True
        if _NEEDED in vars(from_resource):
            return declare(from_resource, to_resource)
        vars(from_resource).setdefault(_DEPENDENCIES_PROPERTY, set()).add(to_resource)
        return True

    return declare_dependency


def _naming(create: Callable[..., Output[str]]) -> Callable[..., Output[str]]:
    def create_urn(name: object, type_: object, parent: object = None, *args: object) -> Output[str]:
        if not (isinstance(name, str) and isinstance(type_, str) and isinstance(parent, str) and _ours()):
            return create(name, type_, parent, *args)
        known: asyncio.Future[_OutputData[str]] = asyncio.get_running_loop().create_future()
        known.set_result(_OutputData(set(), f"{parent[: parent.rfind('::')]}${type_}::{name}", True, False))  # noqa: FBT003 - known, and no secret
        return _untracked(known)

    return create_urn


def _remembering(unwrap: Callable[[type], type]) -> Callable[[type], type]:
    remembered = lru_cache(maxsize=4096)(unwrap)

    def unwrap_type(val: type) -> type:
        try:
            return remembered(val)
        except TypeError:  # a type with something in it that has no hash
            return unwrap(val)

    return unwrap_type


def _glancing(search: Callable[[object], bool]) -> Callable[[object], bool]:
    def contains_unknowns(val: object) -> bool:
        return type(val) not in _PLAIN and search(val)

    return contains_unknowns


def _silencing(debug: Callable[..., None]) -> Callable[..., None]:
    def silenced(*args: object, **options: object) -> None:
        if not _ours():
            debug(*args, **options)

    return silenced


def _transferring(transfer: _Transfer) -> _Transfer:
    def transfer_properties(res: pulumi.Resource, props: pulumi.Inputs, custom: bool) -> dict[str, rpc.Resolver]:  # noqa: FBT001 - Pulumi's signature
        if not _ours():
            return transfer(res, props, custom)
        resolvers: dict[str, rpc.Resolver] = {}
        loop = asyncio.get_event_loop()
        for name in props:
            if name != "urn" and not (name == "id" and custom):
                data: asyncio.Future[_OutputData[object]] = loop.create_future()
                resolvers[name] = partial(_resolve, res, data)
                # It resolves with the registration, which is waited for.
                vars(res)[name] = _untracked(data)
        return resolvers

    return transfer_properties


def _untracked(data: "asyncio.Future[_OutputData[T]]") -> Output[T]:
    """Make an output that the run does not wait for, as it does for others."""
    output: Output[T] = object.__new__(Output)
    output._data = data  # noqa: SLF001 - as Output._from_data does
    return output


def _resolve(
    res: pulumi.Resource,
    data: "asyncio.Future[_OutputData[object]]",
    value: object,
    is_known: bool,  # noqa: FBT001 - Pulumi's signature
    is_secret: bool,  # noqa: FBT001 - Pulumi's signature
    deps: set[pulumi.Resource] | None,
    failed: Exception | None,
) -> None:
    if failed is not None:
        data.set_exception(failed)
    else:
        data.set_result(_OutputData({*(deps or ()), res}, value, is_known, is_secret))


def _tracing(trace: Callable[[], source_pb2.StackTrace]) -> Callable[[], source_pb2.StackTrace]:
    def get_stack_trace() -> source_pb2.StackTrace:
        if not _ours():
            return trace()
        # As the SDK does: the frames above the constructor of the resource's own class.
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 - what traceback.walk_stack does
        constructors, frames = 0, []
        while frame is not None:
            if constructors == _CONSTRUCTORS:
                frames.append(_frame(frame.f_code.co_filename, frame.f_lineno))
            elif frame.f_code.co_name == "__init__":
                constructors += 1
            frame = frame.f_back
        # Registrations arrive when their inputs are ready; the document wants them as the program made them.
        frames.append(source_pb2.StackFrame(pc=source_pb2.SourcePosition(line=next(settings.SETTINGS.monitor.made))))
        return source_pb2.StackTrace(frames=frames)

    return get_stack_trace


# A program's resources are made on few lines, and some twenty frames are above each.
@lru_cache(maxsize=4096)
def _frame(filename: str, line: int) -> source_pb2.StackFrame:
    """Give a line of a source file as the SDK sends it; a trace takes a copy."""
    return source_pb2.StackFrame(pc=source_pb2.SourcePosition(uri=_uri(filename), line=line))


@lru_cache(maxsize=4096)
def _uri(filename: str) -> str:
    """Give a source file's URI; "" for code that has no file."""
    path = pathlib.Path(filename)
    return path.as_uri() if path.is_absolute() else ""
