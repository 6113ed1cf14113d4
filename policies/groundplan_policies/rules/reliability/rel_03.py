"""REL-03: what serves survives a zone."""

import re
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, fail, indeterminate
from groundplan_policies.rules.data.numbers import within

_POOL, _CLUSTER = "vertex.AiDeploymentResourcePool", "container.Cluster"
_REPLICAS = Path("dedicatedResources.minReplicaCount")
_NODES = Path("nodeLocations")
_REGION: Final = re.compile(r"[a-z]+-[a-z]+[0-9]+")
_ZONE: Final = re.compile(rf"{_REGION.pattern}-[a-z]")


def _pool(resource: Resource, context: Context) -> Outcome:
    least = context.parameters.minimum_replicas
    if least is None:
        return indeterminate("the settings do not say how many replicas serve a model")
    reading = _REPLICAS.one(resource)
    expected = f"at least {least}, as the settings ask"
    return within(
        reading, least, float("inf"), expected, absent=fail(f"is absent; expected is {expected}", reading.path)
    )


def _cluster(resource: Resource, context: Context) -> Outcome:
    reading = context.graph.effective(resource, "location")
    nothing = indeterminate("is not said, so that it is where the provider's zone or region says", reading.path)
    missing = unreadable(reading, absent=nothing)
    if missing is not None:
        return missing
    if _REGION.fullmatch(reading.text):
        return _nodes(resource)
    if _ZONE.fullmatch(reading.text):
        return fail("is a zone; expected is a region", reading.path, reading.text)
    return indeterminate("is no region that this control knows the form of", reading.path)


def _nodes(resource: Resource) -> Outcome:
    """Ask that the nodes of a cluster in a region are in several of its zones, as they are if it names none."""
    listed = _NODES.one(resource)
    for each in (listed, *entries(listed)):
        missing = unreadable(each, absent=PASS)
        if missing is not None:
            return missing
    if not isinstance(listed.value, list):
        return wrong_type(listed, "a list of zones")
    zones = {each.text for each in entries(listed)}
    return PASS if len(zones) > 1 else fail("names one zone, so that all nodes are in it", listed.path)


CONTROL = Control(
    id="REL-03",
    title="What serves survives a zone",
    why=(
        "A zone fails as a whole. One replica is gone with it, and is not there either while its machine is replaced; "
        "how many a tier asks for is its own to say. A cluster in a zone has one control plane: in a region it has "
        "three, and nodes in several zones unless it names one of them alone; pools that name their own are for work "
        "that needs it. Where neither the cluster nor a provider of this document says where it "
        "is, nobody can tell."
    ),
    remedy="Set `min_replica_count` to what `minimum_replicas` asks, and `location` to a region.",
    severity=Severity.MEDIUM,
    objectives=("4.2.d",),
    clauses=(partial("nist-800-53-r5", "CP-10", "Whether anybody has tried."),),
    reads=(
        Read(_POOL, _REPLICAS.text),
        Read(_CLUSTER, _NODES.text, absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_CLUSTER, "location", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
    ),
    checks={_POOL: _pool, _CLUSTER: _cluster},
    settings=("minimum_replicas",),
)
