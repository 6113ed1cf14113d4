"""Networks that Vertex resources are peered with."""

from typing import Final

from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation

_SEGMENTS: Final = 5


def hold_network(body: Body, field: str = "network") -> None:
    """Hold the network of a body to the form of its name. Whether it exists is held for every service alike.

    Raises:
        ApiError: 400 for a name of another form.
    """
    name = body.get(field) or ""
    if not name:
        return
    parts = name.split("/")
    if len(parts) != _SEGMENTS or parts[0] != "projects" or parts[2:4] != ["global", "networks"]:
        raise invalid(
            f"Invalid network: '{name}'. It must have the form projects/NUMBER/global/networks/NAME.",
            Violation(field, "It has another form."),
        )
