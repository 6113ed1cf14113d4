"""Filestore: where an instance is reached. No file is kept."""

from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Body
from mockcloud.services.given import address_in, range_of
from mockcloud.services.service import Service

SERVICE = Service("file")

_INSTANCES: Final = "projects.locations.instances"


def _reached(call: Call, name: str, body: dict[str, Any]) -> Body:
    """Give each network of an instance a range and an address."""
    del call
    networks = [
        {**each, "reservedIpRange": span, "ipAddresses": [address_in(span)]}
        for at, each in enumerate(body.get("networks", []))
        for span in [range_of(f"{name}/{at}", str(each.get("reservedIpRange", "")))]
    ]
    return {**body, **({"networks": networks} if networks else {})}


SERVICE.collection(_INSTANCES, created=_reached)
