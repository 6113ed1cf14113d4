"""The service by itself, to which the modules of this package add their methods."""

import re
from typing import Final

from mockcloud.cloud.errors import invalid
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

API: Final = "pubsub"
SERVICE: Final = Service(API)

_ID: Final = re.compile(r"(?!goog)[A-Za-z][A-Za-z0-9._~+%-]{2,254}")


def hold_id(name: str, what: str) -> None:
    """Hold the id of a new resource to the rules (https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names).

    Raises:
        ApiError: It breaks one.
    """
    identifier = name.rpartition("/")[2]
    if not _ID.fullmatch(identifier):
        raise invalid(
            f"Invalid [{what}] name: (name={name})",
            Violation("name", "It holds what an id may not."),
        )
