"""Serverless VPC Access: connectors of a network or a subnet."""

from typing import Any, Final

from mockcloud.cloud.call import Call
from mockcloud.cloud.errors import invalid
from mockcloud.cloud.store import Body
from mockcloud.discovery.schemas import Violation
from mockcloud.services.service import Service

API: Final = "vpcaccess"
SERVICE: Final = Service(API)


def _connector(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    subnet, cidr = body.get("subnet", {}), body.get("ipCidrRange", "")
    if bool(subnet.get("name")) == bool(cidr):
        raise invalid(
            "Either a subnet or a range must be set.", Violation("connector.ip_cidr_range", "One of the two.")
        )
    if cidr and not cidr.endswith("/28"):
        raise invalid(
            "The range of a connector is a /28.", Violation("connector.ip_cidr_range", "Its prefix is another.")
        )
    low, high = int(body.get("minInstances", 2)), int(body.get("maxInstances", 10))
    usual = {
        "machineType": "e2-micro",
        "minInstances": low,
        "maxInstances": high,
        "minThroughput": 100 * low,
        "maxThroughput": min(100 * high, 1000),
    }
    network = {} if subnet else {"network": "default"}
    return {**usual, **network, **body, "connectedProjects": []}


SERVICE.collection("projects.locations.connectors", created=_connector, state=("state", "READY"), seconds=60.0)
