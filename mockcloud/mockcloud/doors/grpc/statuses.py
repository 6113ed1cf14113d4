"""Refusals as gRPC has them: a code, a message, and the details in a trailer (google/rpc/status.proto)."""

from typing import Final, NamedTuple

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.protobuf.json_format import ParseDict, ParseError
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from mockcloud.cloud.errors import GRPC_CODES, ApiError

DETAILS: Final = "grpc-status-details-bin"
_CODES: Final = {each.value[0]: each for each in grpc.StatusCode}
_LONGEST: Final = 4096
"""Bytes of details that are sent. Clients take 8 KiB of trailers."""


class Refusal(NamedTuple):
    """How a call ends that the cloud refuses.

    Attributes:
        code: The code.
        message: What is wrong, for people.
        trailers: Trailing metadata.
    """

    code: grpc.StatusCode
    message: str
    trailers: tuple[tuple[str, str | bytes], ...]


def refusal(error: ApiError) -> Refusal:
    """Give the status of a refusal."""
    number = GRPC_CODES.get(error.status, GRPC_CODES["UNKNOWN"])
    status = Status(code=number, message=error.message, details=_details(error))
    while len(status.SerializeToString()) > _LONGEST and status.details:
        status.details.pop()
    trailers = ((DETAILS, status.SerializeToString()),) if status.details else ()
    return Refusal(_CODES[number], error.message, trailers)


def _details(error: ApiError) -> list[Any]:
    found = []
    for each in error.details:
        try:
            found.append(ParseDict(dict(each), Any(), ignore_unknown_fields=True))
        except ParseError:
            continue  # of a type that this client's libraries do not have
    seconds = error.headers.get("Retry-After", "")
    if seconds.isdecimal():
        retry = Any()
        retry.Pack(RetryInfo(retry_delay=Duration(seconds=int(seconds))))
        found.append(retry)
    return found
