"""Groups of network endpoints, and autoscalers."""

from typing import Any, Final

from mockcloud.cloud.call import Answer, Call
from mockcloud.cloud.store import Body
from mockcloud.services.compute import operations
from mockcloud.services.compute.api import SERVICE
from mockcloud.services.compute.lists import answer
from mockcloud.services.compute.standard import found

_KINDS: Final = ("networkEndpointGroups", "globalNetworkEndpointGroups", "regionNetworkEndpointGroups")


@SERVICE.method(*(f"{each}.{verb}" for each in _KINDS for verb in ("attachNetworkEndpoints", "detachNetworkEndpoints")))
def endpoints(call: Call) -> Answer | Body:
    """Add endpoints to a group, or take them out."""
    record = found(call)
    verb = call.method.id.rpartition(".")[2]
    named = call.body.get("networkEndpoints", [])
    held = [each for each in record.hidden.get("endpoints", ()) if each not in named]
    held += named if verb.startswith("attach") else []
    call.cloud.change(record, {**record.body, "size": len(held)}, hidden={**record.hidden, "endpoints": held})
    return operations.start(call, record.name, verb)


@SERVICE.method(*(f"{each}.listNetworkEndpoints" for each in _KINDS))
def list_endpoints(call: Call) -> Answer | Body:
    """Give the endpoints of a group."""
    return answer(call, [{"networkEndpoint": each} for each in found(call).hidden.get("endpoints", ())])


def _autoscaler(call: Call, name: str, body: dict[str, Any]) -> Body:
    del call, name
    policy = {"mode": "ON", "coolDownPeriodSec": 60, **body.get("autoscalingPolicy", {})}
    return {**body, "autoscalingPolicy": policy, "recommendedSize": policy.get("minNumReplicas", 2)}


SERVICE.collection(
    "projects.zones.autoscalers", "projects.regions.autoscalers", created=_autoscaler, required=("target",)
)
