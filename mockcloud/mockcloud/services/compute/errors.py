"""Compute's refusals."""

from typing import Final

from mockcloud.cloud.errors import ApiError
from mockcloud.discovery.schemas import Violation

NAME: Final = "(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)"
"""What names look like (RFC 1035)."""


def missing(name: str) -> ApiError:
    """What is named is not there."""
    return ApiError(404, "NOT_FOUND", f"The resource '{name}' was not found", reason="notFound")


def taken(name: str) -> ApiError:
    """The name is taken."""
    return ApiError(409, "ALREADY_EXISTS", f"The resource '{name}' already exists", reason="alreadyExists")


def invalid(field: str, value: object, why: str) -> ApiError:
    """A field holds what it may not."""
    message = f"Invalid value for field '{field}': '{value}'. {why}"
    details = [
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [_violation(Violation(field, why))]}
    ]
    return ApiError(400, "INVALID_ARGUMENT", message, reason="invalid", details=details)


def _violation(each: Violation) -> dict[str, str]:
    return {"field": each.field, "description": each.description}


def stale(what: str) -> ApiError:
    """A fingerprint is stale."""
    return ApiError(
        412,
        "FAILED_PRECONDITION",
        f"{what} fingerprint either invalid or resource was changed.",
        reason="conditionNotMet",
    )


def in_use(kind: str, name: str, user: str) -> ApiError:
    """Something else needs it."""
    return ApiError(
        400,
        "FAILED_PRECONDITION",
        f"The {kind} resource '{name}' is already being used by '{user}'",
        reason="resourceInUseByAnotherResource",
    )


def not_ready(name: str, why: str) -> ApiError:
    """The resource is in no state for this."""
    return ApiError(400, "FAILED_PRECONDITION", f"The resource '{name}' is not ready: {why}", reason="resourceNotReady")
