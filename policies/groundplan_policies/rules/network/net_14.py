"""NET-14: build workers are private."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, partial
from groundplan_policies.engine.expect import every, is_set, is_true
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Severity, all_of
from groundplan_policies.engine.ways import when_given

_CLOSED = is_true("workerConfig.noExternalIp")
_PEERED = is_set("networkConfig.peeredNetwork", "compute.Network", expected="the full name of a network")
_ATTACHED = is_set(
    "privateServiceConnect.networkAttachment", "compute.NetworkAttachment", expected="a network attachment"
)
_ROUTED = is_true("privateServiceConnect.routeAllTraffic")
_BY_CONNECT = every(_ATTACHED, _ROUTED)
_GIVEN = (when_given("networkConfig", every(_PEERED, _CLOSED)), when_given("privateServiceConnect", _BY_CONNECT))


def _pool(resource: Resource, context: Context) -> Outcome:
    outcome = all_of([each(resource, context) for each in _GIVEN])
    return _BY_CONNECT(resource, context) if outcome is NOT_APPLICABLE else outcome


CONTROL = Control(
    id="NET-14",
    title="Build workers are private",
    why=(
        "A build holds the source, the credentials of the pipeline and the images to come. Workers with external "
        "addresses can send all of it anywhere. A peered pool needs no external address and a network; a pool on "
        "Private Service Connect an attachment, through which all traffic goes, as it otherwise keeps a way of its "
        "own to public addresses. A pool that names neither fails; one that names both is held to both."
    ),
    remedy="Use BuildPool, or set `network_attachment` and `route_all_traffic` in `private_service_connect`.",
    severity=Severity.MEDIUM,
    objectives=("5.1.d", "5.2.b"),
    clauses=(
        partial("google-ai", "CBD-CO-6.3", "Builds that run in the default pool; the triggers say where they run."),
    ),
    reads=tuple(each.reads("cloudbuild.WorkerPool") for each in (_PEERED, _CLOSED, _ATTACHED, _ROUTED)),
    checks={"cloudbuild.WorkerPool": _pool},
)
