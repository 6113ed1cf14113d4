"""What BigQuery answers when it refuses: its own words and reasons."""

from collections.abc import Mapping
from typing import Any, Final

from mockcloud.cloud.errors import ApiError

_STATUS: Final[Mapping[str, tuple[int, str]]] = {
    "invalid": (400, "INVALID_ARGUMENT"),
    "invalidQuery": (400, "INVALID_ARGUMENT"),
    "required": (400, "INVALID_ARGUMENT"),
    "resourcesExceeded": (400, "RESOURCE_EXHAUSTED"),
    "resourceInUse": (400, "FAILED_PRECONDITION"),
    "accessDenied": (403, "PERMISSION_DENIED"),
    "notFound": (404, "NOT_FOUND"),
    "duplicate": (409, "ALREADY_EXISTS"),
    "conditionNotMet": (412, "FAILED_PRECONDITION"),
    "stopped": (400, "CANCELLED"),
    "notImplemented": (501, "UNIMPLEMENTED"),
}
"""Status of each reason (https://cloud.google.com/bigquery/docs/error-messages, 2026-11)."""


class JobFailure(ApiError):
    """A refusal with the reason that BigQuery gives, and with the place in the query or source.

    Args:
        reason: One of BigQuery's reasons.
        message: What is wrong.
        location: Where: `query`, a file, a field.
    """

    def __init__(self, reason: str, message: str, location: str = "") -> None:
        code, status = _STATUS[reason]
        super().__init__(code, status, message, reason=reason)
        self.location = location

    @property
    def proto(self) -> dict[str, Any]:
        """Give it as the status of a job holds it."""
        return {
            "reason": self.reason,
            **({"location": self.location} if self.location else {}),
            "message": self.message,
        }


def missing(kind: str, name: str) -> JobFailure:
    """There is no such dataset, table or the like."""
    return JobFailure("notFound", f"Not found: {kind} {name}")


def duplicate(kind: str, name: str) -> JobFailure:
    """There is one already."""
    return JobFailure("duplicate", f"Already Exists: {kind} {name}")


def bad(message: str, location: str = "") -> JobFailure:
    """What was sent makes no sense."""
    return JobFailure("invalid", message, location)


def bad_query(message: str) -> JobFailure:
    """A query makes no sense."""
    return JobFailure("invalidQuery", message, "query")


def too_much(why: str) -> JobFailure:
    """A query needs more than the mock cloud gives it."""
    return JobFailure("resourcesExceeded", f"Resources exceeded during query execution: {why}.", "query")


def not_done(what: str) -> JobFailure:
    """The mock cloud does not do this, and says so."""
    return JobFailure("notImplemented", f"The mock cloud does not model {what}.")
