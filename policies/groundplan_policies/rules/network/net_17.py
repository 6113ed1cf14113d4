"""NET-17: Kubernetes control planes answer listed networks only."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, full
from groundplan_policies.engine.expect import every, is_false
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, fail
from groundplan_policies.rules.network.clusters import IP_ENDPOINTS_OFF
from groundplan_policies.rules.network.ranges import NarrowRanges

_CLUSTER = "container.Cluster"
_BLOCK = Path("masterAuthorizedNetworksConfig")
_RANGES = NarrowRanges(f"{_BLOCK.text}.cidrBlocks.cidrBlock", absent=Verdict.PASS, empty=Verdict.PASS, lists=False)
_GOOGLE = is_false(f"{_BLOCK.text}.gcpPublicCidrsAccessEnabled", absent=Verdict.FAIL, empty=Verdict.FAIL)
_LISTED = every(_RANGES, _GOOGLE)


def _cluster(resource: Resource, context: Context) -> Outcome:
    off = IP_ENDPOINTS_OFF(resource, context)
    if off is PASS:
        return NOT_APPLICABLE
    if off.verdict is Verdict.INDETERMINATE:
        return off
    if _BLOCK.one(resource).state is State.ABSENT:
        return fail("is absent, so the control plane answers every address", _BLOCK.text)
    return _LISTED(resource, context)


CONTROL = Control(
    id="NET-17",
    title="Kubernetes control planes answer listed networks only",
    why=(
        "Without the block every address may try its luck at the control plane. With it and no ranges only the nodes "
        "may, which passes. A range that is the internet is no list, nor are several that are together. Addresses of "
        "Google's public ranges belong to all its customers, and who may come from them is open unless it is said: "
        "absent fails. Where the control plane has no IP endpoint there is nothing to list; that it is private does "
        "not lift the duty, as peered networks reach it."
    ),
    remedy="Use TrainingCluster, or set `cidr_blocks` and `gcp_public_cidrs_access_enabled` to false.",
    severity=Severity.HIGH,
    objectives=("3.2.c", "6.1.a"),
    clauses=(full("cis-gke-1.6", "5.6.3"),),
    reads=(
        _RANGES.reads(_CLUSTER),
        _GOOGLE.reads(_CLUSTER),
        Read(_CLUSTER, IP_ENDPOINTS_OFF.path.text, absent=Verdict.PASS, empty=Verdict.PASS),
    ),
    checks={_CLUSTER: _cluster},
)
