"""The service by itself, to which the modules of this package add their methods."""

from collections.abc import Callable
from typing import Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Handler
from mockcloud.cloud.errors import not_found
from mockcloud.cloud.store import Body, Record
from mockcloud.services.service import Service

API: Final = "logging"
SERVICE: Final = Service(API, modelled=False)
ROOTS: Final = ("projects.", "folders.", "organizations.", "billingAccounts.", "")
"""What logs belong to. The last one stands for the paths that take any of them."""


SEVERITIES: Final = {
    "DEFAULT": 0, "DEBUG": 100, "INFO": 200, "NOTICE": 300, "WARNING": 400, "ERROR": 500, "CRITICAL": 600,
    "ALERT": 700, "EMERGENCY": 800,
}  # fmt: skip
"""Severities by number (google/logging/type/log_severity.proto)."""


def everywhere(*names: str) -> tuple[str, ...]:
    """Give ids of methods, or names of collections, below each of the roots."""
    return tuple(f"{root}{name}" for root in ROOTS for name in names)


def root_of(name: str) -> str:
    """Give the project, folder, organisation or billing account of a full name."""
    return "/".join(name.split("/")[:2])


def preceded(first: Callable[[Call], None], handler: Handler) -> Handler:
    """Give what does something before it handles a call."""

    def both(call: Call) -> Answer | Body:
        first(call)
        return handler(call)

    return both


def found(call: Call, name: str = "") -> Record:
    """Find what a call names.

    Raises:
        ApiError: 404.
    """
    record = call.cloud.store.get(API, name or call.name)
    if record is None:
        raise not_found(name or call.name)
    return record
