"""Refusals as gRPC statuses."""

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2

from mockcloud.cloud.errors import GRPC_CODES, ApiError, aborted, denied, info, invalid, not_modelled
from mockcloud.discovery.schemas import Violation
from mockcloud.doors.grpc.statuses import DETAILS, refusal


@pytest.mark.parametrize("status", sorted(GRPC_CODES))
def test_every_canonical_code_has_its_own(status: str) -> None:
    found = refusal(ApiError(400, status, "why"))
    assert found.code.name == status.replace("CANCELED", "CANCELLED")
    assert found.message == "why"
    assert found.trailers == ()


def test_an_unknown_code_is_unknown() -> None:
    assert refusal(ApiError(418, "TEAPOT", "why")).code is grpc.StatusCode.UNKNOWN


def test_details_are_in_the_trailer() -> None:
    code, message, ((key, value),) = refusal(
        denied("no", info("SERVICE_DISABLED", "aiplatform", consumer="projects/1"))
    )
    assert (code, message, key) == (grpc.StatusCode.PERMISSION_DENIED, "no", DETAILS)
    assert isinstance(value, bytes)
    status = status_pb2.Status.FromString(value)
    assert (status.code, status.message) == (7, "no")
    detail = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(detail)
    assert (detail.reason, detail.metadata["consumer"]) == ("SERVICE_DISABLED", "projects/1")


def test_details_of_unknown_types_are_left_out() -> None:
    error = ApiError(400, "INVALID_ARGUMENT", "no", details=[{"@type": "type.googleapis.com/no.Such", "a": 1}])
    assert refusal(error).trailers == ()


def test_trailers_stay_below_what_clients_take() -> None:
    violations = [Violation(f"field{at}", "x" * 200) for at in range(100)]
    assert refusal(invalid("no", *violations)).trailers == ()
    ((_, value),) = refusal(invalid("no", *violations[:10])).trailers
    assert len(value) < 8192


def test_what_is_not_modelled_is_unimplemented() -> None:
    found = refusal(not_modelled("the method x"))
    assert (found.code, found.message) == (grpc.StatusCode.UNIMPLEMENTED, "The mock cloud does not model the method x.")
    assert refusal(aborted("stale")).code is grpc.StatusCode.ABORTED


def test_when_to_try_again_is_a_detail() -> None:
    ((_, value),) = refusal(ApiError(429, "RESOURCE_EXHAUSTED", "slow", headers={"Retry-After": "7"})).trailers
    assert isinstance(value, bytes)
    detail = error_details_pb2.RetryInfo()
    assert status_pb2.Status.FromString(value).details[0].Unpack(detail)
    assert detail.retry_delay.seconds == 7
