"""NET-05: prediction endpoints are private."""

from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import every, is_false, is_set, is_true
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.engine.ways import one_way, other_way

_CONNECT = is_true("privateServiceConnectConfig.enablePrivateServiceConnect")
_PEERED = is_set("network", "compute.Network", expected="the full name of a network")
_DEDICATED = is_false("dedicatedEndpointEnabled")
_GARDEN_CONNECT = is_true("endpointConfig.privateServiceConnectConfig.enablePrivateServiceConnect")
_GARDEN_DEDICATED = is_false("endpointConfig.dedicatedEndpointEnabled")

CONTROL = Control(
    id="NET-05",
    title="Prediction endpoints are private",
    why=(
        "An endpoint without a network of its own answers on a public address, where only IAM stands between the "
        "model and the world. It is private by Private Service Connect or by peering; neither, or an empty block, "
        "fails. A dedicated endpoint gets a public DNS name, so that fails even beside the other two: a private one "
        "does not need it."
    ),
    remedy="Use OnlineEndpoint, or set `enable_private_service_connect` and leave out `dedicated_endpoint_enabled`.",
    severity=Severity.HIGH,
    objectives=("4.2.b", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "SC-7", "The other boundaries of the system: these are the endpoints alone."),),
    reads=(
        _CONNECT.reads("vertex.AiEndpoint"),
        other_way(_PEERED.reads("vertex.AiEndpoint")),
        _DEDICATED.reads("vertex.AiEndpoint"),
        _GARDEN_CONNECT.reads("vertex.AiEndpointWithModelGardenDeployment"),
        _GARDEN_DEDICATED.reads("vertex.AiEndpointWithModelGardenDeployment"),
    ),
    checks={
        "vertex.AiEndpoint": every(one_way(_CONNECT, _PEERED), _DEDICATED),
        "vertex.AiEndpointWithModelGardenDeployment": every(_GARDEN_CONNECT, _GARDEN_DEDICATED),
    },
)
