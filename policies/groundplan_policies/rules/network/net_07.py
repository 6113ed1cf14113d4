"""NET-07: vector index endpoints are private."""

from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import every, is_false, is_set, is_true
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.engine.ways import one_way, other_way

_PUBLIC = is_false("publicEndpointEnabled")
_CONNECT = is_true("privateServiceConnectConfig.enablePrivateServiceConnect")
_PEERED = is_set("network", "compute.Network", expected="the full name of a network")

CONTROL = Control(
    id="NET-07",
    title="Vector index endpoints are private",
    why=(
        "An index gives away what was embedded in it to whoever may ask often enough. A public endpoint puts it on "
        "the internet; one with neither a network nor Private Service Connect is not yet private, so that fails too."
    ),
    remedy="Set `enable_private_service_connect` or `network`, and leave out `public_endpoint_enabled`.",
    severity=Severity.HIGH,
    objectives=("4.2.b", "6.1.a"),
    clauses=(partial("nist-800-53-r5", "SC-7", "The other boundaries of the system: these are the indexes alone."),),
    reads=(
        _PUBLIC.reads("vertex.AiIndexEndpoint"),
        _CONNECT.reads("vertex.AiIndexEndpoint"),
        other_way(_PEERED.reads("vertex.AiIndexEndpoint")),
    ),
    checks={"vertex.AiIndexEndpoint": every(_PUBLIC, one_way(_CONNECT, _PEERED))},
)
