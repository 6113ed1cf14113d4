"""Networks that Vertex resources are peered with."""

from typing import Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import invalid, not_found
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.references import resolve

_SEGMENTS: Final = 5


def hold_network(call: Call, body: Body, field: str = "network") -> None:
    """Hold the network of a body to what there is. `default` is in every project, whether or not somebody made it.

    Raises:
        ApiError: 400 for a name of another form, 404 for a network that there is not.
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
    elsewhere = call.cloud.projects.get(parts[1]) is None
    if parts[-1] == "default" or elsewhere or not call.cloud.rules.on(Rule.REFERENCES):
        return
    if resolve(call.cloud, name, "compute") is None:
        raise not_found(name, what="Network")
