"""Where an API is: `locations.list` and `locations.get`, for every API that has them (google.cloud.location)."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.cloud import Handler
from mockcloud.cloud.errors import not_found
from mockcloud.cloud.filters import matcher
from mockcloud.cloud.paging import slice_page
from mockcloud.cloud.rules.chain import Rule
from mockcloud.discovery.methods import Method
from mockcloud.services import catalogues

_LOCATIONS: Final = "projects.locations"


def handler(method: Method) -> Handler | None:
    """Give what a method on locations does; None for a method on something else."""
    if method.collection != _LOCATIONS or method.verb or method.http != "GET":
        return None
    return {"projects.locations.get": _get, "projects.locations.list": _list}.get(method.id)


def location(call: Call, identifier: str) -> dict[str, Any]:
    """Give a location as the API shows it."""
    labels = {"cloud.googleapis.com/region": identifier}
    if identifier in catalogues.zones():
        labels = {
            "cloud.googleapis.com/region": catalogues.region_of(identifier),
            "cloud.googleapis.com/zone": identifier,
        }
    return {
        "name": f"projects/{call.project}/locations/{identifier}",
        "locationId": identifier,
        "labels": labels,
    }


def _get(call: Call) -> Answer | dict[str, Any]:
    identifier = call.name.rpartition("/")[2]
    if call.cloud.rules.on(Rule.OFFERS) and identifier not in catalogues.locations(call.api):
        raise not_found(call.name, what="Location")
    return location(call, identifier)


def _list(call: Call) -> Answer | dict[str, Any]:
    keep = matcher(call.text("filter"))
    found = [location(call, each) for each in catalogues.locations(call.api)]
    chosen, token = slice_page(call, [each for each in found if keep is None or keep(each)])
    return {"locations": chosen, **({"nextPageToken": token} if token else {})}
