"""The classes of grpc that ours derive from: generic in their stubs, but not when they run."""

from typing import TYPE_CHECKING, Any

import grpc
from grpc import aio

if TYPE_CHECKING:
    from grpc import _CallFuture, _CallIterator

    CallFuture = _CallFuture[Any]
    CallIterator = _CallIterator[Any]
    UnaryUnaryBase = grpc.UnaryUnaryMultiCallable[Any, Any]
    UnaryStreamBase = grpc.UnaryStreamMultiCallable[Any, Any]
    StreamUnaryBase = grpc.StreamUnaryMultiCallable[Any, Any]
    StreamStreamBase = grpc.StreamStreamMultiCallable[Any, Any]
    AioUnaryUnaryBase = aio.UnaryUnaryMultiCallable[Any, Any]
    AioUnaryStreamBase = aio.UnaryStreamMultiCallable[Any, Any]
    AioStreamUnaryBase = aio.StreamUnaryMultiCallable[Any, Any]
    AioStreamStreamBase = aio.StreamStreamMultiCallable[Any, Any]
    AioUnaryUnaryCall = aio.UnaryUnaryCall[Any, Any]
    AioUnaryStreamCall = aio.UnaryStreamCall[Any, Any]
    AioStreamUnaryCall = aio.StreamUnaryCall[Any, Any]
    AioStreamStreamCall = aio.StreamStreamCall[Any, Any]
else:

    class CallFuture(grpc.Call, grpc.Future):
        """A call that is a future too."""

    class CallIterator:
        """A call that gives answers."""

    UnaryUnaryBase = grpc.UnaryUnaryMultiCallable
    UnaryStreamBase = grpc.UnaryStreamMultiCallable
    StreamUnaryBase = grpc.StreamUnaryMultiCallable
    StreamStreamBase = grpc.StreamStreamMultiCallable
    AioUnaryUnaryBase = aio.UnaryUnaryMultiCallable
    AioUnaryStreamBase = aio.UnaryStreamMultiCallable
    AioStreamUnaryBase = aio.StreamUnaryMultiCallable
    AioStreamStreamBase = aio.StreamStreamMultiCallable
    AioUnaryUnaryCall = aio.UnaryUnaryCall
    AioUnaryStreamCall = aio.UnaryStreamCall
    AioStreamUnaryCall = aio.StreamUnaryCall
    AioStreamStreamCall = aio.StreamStreamCall
