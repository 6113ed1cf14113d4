"""REL-03: what serves survives a zone."""

import re
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, Verdict, fail, indeterminate
from groundplan_policies.rules.data.numbers import within

_POOL, _CLUSTER = "vertex.AiDeploymentResourcePool", "container.Cluster"
_REPLICAS = Path("dedicatedResources.minReplicaCount")
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
        return PASS
    if _ZONE.fullmatch(reading.text):
        return fail("is a zone; expected is a region", reading.path, reading.text)
    return indeterminate("is no region that this control knows the form of", reading.path)


CONTROL = Control(
    id="REL-03",
    title="What serves survives a zone",
    why=(
        "A zone fails as a whole. One replica is gone with it, and is not there either while its machine is replaced; "
        "how many a tier asks for is its own to say. A cluster in a zone has one control plane: in a region it has "
        "three, and nodes in several zones. Where neither the cluster nor a provider of this document says where it "
        "is, nobody can tell."
    ),
    remedy="Set `min_replica_count` to what `minimum_replicas` asks, and `location` to a region.",
    severity=Severity.MEDIUM,
    objectives=("4.2.d",),
    clauses=(partial("nist-800-53-r5", "CP-10", "Whether anybody has tried."),),
    reads=(
        Read(_POOL, _REPLICAS.text),
        Read(_CLUSTER, "location", absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
    ),
    checks={_POOL: _pool, _CLUSTER: _cluster},
    settings=("minimum_replicas",),
)
