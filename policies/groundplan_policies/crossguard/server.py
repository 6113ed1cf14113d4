"""Serves the pack to Pulumi's engine."""

import sys
from concurrent import futures
from datetime import UTC, date, datetime

import grpc
from pulumi.runtime.proto import analyzer_pb2_grpc

from groundplan_policies.crossguard.servicer import GuardrailsAnalyzer

_LARGEST_MESSAGE = 400 * 1024 * 1024
"""Bytes of a message that is taken: as much as Pulumi's engine sends (`rpcutil.GrpcChannelOptions`)."""

_LOOPBACK = "127.0.0.1:0"


def today() -> date:
    """Give the day in UTC, so that it is the same wherever the pack runs."""
    return datetime.now(UTC).date()


def serve() -> None:
    """Serve until the engine ends the process. Prints the port, as the engine expects of its plugins."""
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=4), options=[("grpc.max_receive_message_length", _LARGEST_MESSAGE)]
    )
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(GuardrailsAnalyzer(today), server)
    port = server.add_insecure_port(_LOOPBACK)
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        server.wait_for_termination()
    except KeyboardInterrupt:
        server.stop(grace=None)
