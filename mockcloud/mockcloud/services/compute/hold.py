"""What a body names must exist, and what is in use stays."""

from collections.abc import Iterator
from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.rules.chain import Rule
from mockcloud.cloud.store import Record
from mockcloud.discovery.names import singular
from mockcloud.services import catalogues
from mockcloud.services.catalogues.tables import table
from mockcloud.services.compute.errors import in_use, invalid, missing
from mockcloud.services.compute.links import named

API: Final = "compute"

_OFFERED: Final = frozenset(
    {"zones", "regions", "machineTypes", "acceleratorTypes", "diskTypes", "licenses", "images", "operations"}
    | {"interconnectLocations", "interconnectRemoteLocations"}
)
"""Collections that Google fills: nobody makes what they hold, so the store is not asked. Own images are looked up."""
_UP: Final = frozenset({"zone", "region"})


def references(call: Call, body: dict[str, Any], name: str) -> None:
    """Hold what a normalised body names to what exists, as far as its project is one of this cloud.

    Raises:
        ApiError: 404, for the first that does not.
    """
    if not call.cloud.rules.on(Rule.REFERENCES):
        return
    for each in named({key: value for key, value in body.items() if key not in _UP}):
        parts = each.split("/")
        if parts[0] != "projects" or len(parts) < 5 or each == name:  # noqa: PLR2004 - project, scope, collection, name
            continue
        if not _is_there(call, each, parts):
            raise missing(each)


def _is_there(call: Call, name: str, parts: list[str]) -> bool:
    if call.cloud.store.get(API, name) is not None:
        return True
    at = 3 if parts[2] == "global" else 4
    collection = parts[at]
    if collection == "networks" and parts[-1] == "default":
        from mockcloud.services.compute.default_network import ensure

        return ensure(call.cloud, parts[1])
    if collection == "subnetworks" and parts[-1] == "default":
        from mockcloud.services.compute.default_network import ensure

        return ensure(call.cloud, parts[1])
    if collection == "gateways":
        return parts[-1] == "default-internet-gateway"
    if collection in _OFFERED:
        return not call.cloud.rules.on(Rule.OFFERS) or _is_offered(call, parts, at)
    # What belongs to somebody else's project cannot be seen from here.
    return call.cloud.projects.get(parts[1]) is None


def _is_offered(call: Call, parts: list[str], at: int) -> bool:
    collection, name = parts[at], parts[-1]
    place = parts[3] if at > 3 else ""  # noqa: PLR2004 - a zone or region precedes the collection
    if collection == "machineTypes":
        there = catalogues.may_be_a_machine_type(name) and place in catalogues.zones()
        return there and (catalogues.machine_type(name) is None or catalogues.offered(name, place))
    if collection == "diskTypes":
        return name in table("disks")
    if collection == "acceleratorTypes":
        return any(each.name == name.removesuffix("-vws") for each in catalogues.accelerators_in(place))
    if collection == "images":
        from mockcloud.services.compute.disks import image_of

        return image_of(call.cloud, "/".join(parts)) is not None
    return True


def place(call: Call) -> None:
    """Hold zone and region of a call to those that there are, where what is offered counts.

    Raises:
        ApiError: 400, for a zone or region that there is not.
    """
    if not call.cloud.rules.on(Rule.OFFERS):
        return
    parts = call.name.split("/")
    if len(parts) > 3 and parts[2] in {"zones", "regions"} and parts[3] != "-":  # noqa: PLR2004 - the place is fourth
        known = catalogues.zones() if parts[2] == "zones" else catalogues.regions()
        if parts[3] not in known:
            raise invalid(parts[2][:-1], parts[3], f"Unknown {parts[2][:-1]}.")


def users(call: Call, name: str) -> Iterator[Record]:
    """Give the resources that name another one, but not its parts and companions."""
    for each in call.cloud.store.of(API):
        if "/operations/" in each.name or each.name == name or each.name.startswith(name + "/"):
            continue
        # What is made for it goes with it, so it does not count: routes of a network, the group of a manager.
        if each.hidden.get("companionOf") == name:
            continue
        if name in set(named({key: value for key, value in each.body.items() if key not in _PASSIVE})):
            yield each


_PASSIVE: Final = frozenset(
    {"selfLink", "zone", "region", "users", "subnetworks", "sourceImage", "sourceSnapshot", "sourceDisk"}
)
"""Fields by which nobody keeps what they name: the link to oneself, back links, and where something came from."""


def unused(call: Call, record: Record) -> None:
    """Refuse to delete what another resource needs.

    Raises:
        ApiError: 400, with the first that needs it.
    """
    if not call.cloud.rules.on(Rule.IN_USE):
        return
    user = next(users(call, record.name), None)
    if user is not None:
        collection = record.name.split("/")[-2]
        raise in_use(singular(collection), record.name, user.name)
