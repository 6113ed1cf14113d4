"""Memorystore for Memcached: where its nodes are reached. No Memcached runs."""

from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.store import Body, Record
from mockcloud.services import catalogues
from mockcloud.services.given import address_in, range_of
from mockcloud.services.service import Service

SERVICE = Service("memcache")

_INSTANCES: Final = "projects.locations.instances"
_PORT: Final = 11211
_VERSIONS: Final = {"MEMCACHE_1_5": "memcached-1.5.16", "MEMCACHE_1_6_15": "memcached-1.6.15"}
"""Source: the API's description of `Instance.memcacheFullVersion`, 2026-11."""


def _reached(call: Call, name: str, body: dict[str, Any]) -> Body:
    """Give an instance its nodes, each with an address, and one where a client asks for them."""
    del call
    version = body.get("memcacheVersion", "MEMCACHE_1_5")
    region = name.split("/")[3]
    zones = body.get("zones") or list(catalogues.zones_of(region)) or [f"{region}-a"]
    nodes = [
        {
            "nodeId": f"node-{zones[at % len(zones)].rpartition('-')[2]}-{at + 1}",
            "zone": zones[at % len(zones)],
            "state": "READY",
            "host": address_in(range_of(f"{name}/{at}")),
            "port": _PORT,
        }
        for at in range(int(body.get("nodeCount", 1)))
    ]
    return {
        **body,
        "memcacheVersion": version,
        "memcacheFullVersion": _VERSIONS.get(version, ""),
        "memcacheNodes": nodes,
        "discoveryEndpoint": f"{address_in(range_of(name))}:{_PORT}",
    }


def _resized(call: Call, record: Record, body: dict[str, Any]) -> Body:
    return _reached(call, record.name, body)


SERVICE.collection(_INSTANCES, created=_reached, changed=_resized)
