"""NET-08: feature stores with an endpoint of their own serve privately."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import is_false, is_true, unreadable, wrong_type
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict
from groundplan_policies.engine.ways import other_way

_CONNECT = is_true("dedicatedServingEndpoint.privateServiceConnectConfig.enablePrivateServiceConnect")
_EMBEDDINGS = is_false("embeddingManagement.enabled", empty=Verdict.PASS)
_BIGTABLE, _OPTIMIZED, _ENDPOINT = Path("bigtable"), Path("optimized"), Path("dedicatedServingEndpoint")
_STORE = "vertex.AiFeatureOnlineStore"
_NOTHING = {State.ABSENT, State.EMPTY}


def _check(resource: Resource, context: Context) -> Outcome:
    optimized, embeddings = _OPTIMIZED.one(resource), _EMBEDDINGS(resource, context)
    if optimized.state not in _NOTHING:
        # The block holds no property, so there is nothing that could be in it.
        return unreadable(optimized, absent=NOT_APPLICABLE) or wrong_type(optimized, "an empty object")
    if embeddings.verdict is Verdict.INDETERMINATE:
        return embeddings
    on_bigtable = _BIGTABLE.one(resource).state is State.KNOWN and optimized.state is State.ABSENT
    if on_bigtable and _ENDPOINT.one(resource).state is State.ABSENT and embeddings is PASS:
        return NOT_APPLICABLE
    return _CONNECT(resource, context)


CONTROL = Control(
    id="NET-08",
    title="Feature stores with an endpoint of their own serve privately",
    why=(
        "An optimized store, and one that manages embeddings, serves from an endpoint of its own, which is public "
        "unless Private Service Connect is on. So absent fails. A store on Bigtable without embeddings has no such "
        "endpoint: it answers through Google's API, to which perimeters apply, and the control does not. A store "
        "that asks for such an endpoint, or of which neither kind is said, is judged as an optimized one."
    ),
    remedy="Use OnlineStore, or set `enable_private_service_connect` in `dedicated_serving_endpoint`.",
    severity=Severity.HIGH,
    objectives=("4.2.a", "4.2.b"),
    clauses=(partial("nist-800-53-r5", "SC-7", "The other boundaries of the system: these are feature stores alone."),),
    reads=(
        _CONNECT.reads(_STORE),
        other_way(Read(_STORE, "optimized")),
        other_way(_EMBEDDINGS.reads(_STORE)),
    ),
    checks={_STORE: _check},
)
