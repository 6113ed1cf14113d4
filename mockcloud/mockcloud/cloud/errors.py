"""What the simulated cloud answers when it refuses: Google's canonical errors."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mockcloud.discovery.schemas import Violation

STATUS_OF_HTTP: Final[Mapping[int, str]] = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
"""Canonical code by HTTP status, where only the status is known (google/rpc/code.proto)."""

GRPC_CODES: Final[Mapping[str, int]] = {
    "OK": 0,
    "CANCELLED": 1,
    "UNKNOWN": 2,
    "INVALID_ARGUMENT": 3,
    "DEADLINE_EXCEEDED": 4,
    "NOT_FOUND": 5,
    "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7,
    "RESOURCE_EXHAUSTED": 8,
    "FAILED_PRECONDITION": 9,
    "ABORTED": 10,
    "OUT_OF_RANGE": 11,
    "UNIMPLEMENTED": 12,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "DATA_LOSS": 15,
    "UNAUTHENTICATED": 16,
}
"""Number of each canonical code (google/rpc/code.proto)."""

ERROR_INFO: Final = "type.googleapis.com/google.rpc.ErrorInfo"
_BAD_REQUEST: Final = "type.googleapis.com/google.rpc.BadRequest"


_REALM: Final = 'Bearer realm="https://accounts.google.com/"'


class ApiError(Exception):
    """A refusal, as a client gets it.

    Args:
        code: HTTP status.
        status: Canonical code, such as `NOT_FOUND`.
        message: What is wrong, for people.
        reason: The older APIs' word for it, such as `notFound`.
        details: Further messages, each with its `@type`.
        headers: HTTP headers that belong to the answer.
    """

    def __init__(
        self,
        code: int,
        status: str,
        message: str,
        *,
        reason: str = "",
        details: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message
        self.reason = reason
        self.details = tuple(details)
        self.headers = dict(headers or {})


def info(reason: str, api: str, **metadata: str) -> dict[str, Any]:
    """Give an ErrorInfo, which says the reason in a word that programs read."""
    return {
        "@type": ERROR_INFO,
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": f"{api}.googleapis.com", **metadata},
    }


def invalid(message: str, *violations: Violation, reason: str = "badRequest") -> ApiError:
    """What was sent makes no sense."""
    fields = [
        {"field": each.field, "description": each.description} if each.field else {"description": each.description}
        for each in violations
    ]
    details = [{"@type": _BAD_REQUEST, "fieldViolations": fields}] if fields else []
    return ApiError(400, "INVALID_ARGUMENT", message, reason=reason, details=details)


def not_found(name: str, *, what: str = "Resource") -> ApiError:
    """There is no such resource."""
    return ApiError(404, "NOT_FOUND", f"{what} '{name}' was not found.", reason="notFound")


def already_exists(name: str, *, what: str = "Resource") -> ApiError:
    """A resource of this name is there already."""
    return ApiError(409, "ALREADY_EXISTS", f"{what} '{name}' already exists.", reason="alreadyExists")


def failed_precondition(message: str, *, code: int = 400, reason: str = "failedPrecondition") -> ApiError:
    """The cloud is not in a state for this. Older APIs say so with status 412 or 409."""
    return ApiError(code, "FAILED_PRECONDITION", message, reason=reason)


def aborted(message: str) -> ApiError:
    """Somebody else was faster: an etag is stale."""
    return ApiError(409, "ABORTED", message, reason="aborted")


def denied(message: str, *details: Mapping[str, Any], reason: str = "forbidden") -> ApiError:
    """The caller may not."""
    return ApiError(403, "PERMISSION_DENIED", message, reason=reason, details=details)


def unauthenticated(message: str, *details: Mapping[str, Any], challenge: str = "") -> ApiError:
    """Nobody knows who the caller is.

    Args:
        message: Why, for people.
        details: Further messages, each with its `@type`.
        challenge: What the header WWW-Authenticate says beside the realm (RFC 6750).
    """
    return ApiError(
        401,
        "UNAUTHENTICATED",
        message,
        reason="authError" if challenge else "required",
        details=details,
        headers={"WWW-Authenticate": ", ".join(filter(None, (_REALM, challenge)))},
    )


def exhausted(message: str, *details: Mapping[str, Any], reason: str = "rateLimitExceeded") -> ApiError:
    """A quota is used up."""
    return ApiError(429, "RESOURCE_EXHAUSTED", message, reason=reason, details=details)


def unavailable(message: str) -> ApiError:
    """The service cannot answer now; trying again may help."""
    return ApiError(503, "UNAVAILABLE", message, reason="backendError")


def not_modelled(what: str) -> ApiError:
    """The mock cloud does not do this, and says which method it was. It never pretends."""
    return ApiError(501, "UNIMPLEMENTED", f"The mock cloud does not model {what}.", reason="notImplemented")
