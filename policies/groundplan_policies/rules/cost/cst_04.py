"""CST-04: what grows by itself has a maximum."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
)
from groundplan_policies.rules.cost.numbers import capped, is_there

_POOL: Final = "container.NodePool"
_STORE: Final = "vertex.AiFeatureOnlineStore"
_PERSISTENT: Final = "vertex.AiPersistentResource"
_MAXIMA: Final = {
    "vertex.AiDeploymentResourcePool": ("dedicatedResources.maxReplicaCount",),
    "dataflow.Job": ("maxWorkers",),
    "cloudrunv2.Service": ("scaling.maxInstanceCount", "template.scaling.maxInstanceCount"),
    "vertex.AiReasoningEngine": ("spec.deploymentSpec.maxInstances",),
    "vertex.AiEndpointWithModelGardenDeployment": ("deployConfig.dedicatedResources.maxReplicaCount",),
}
"""Type -> where it says how far it grows; any of several is enough."""
_SCALING: Final = {
    _POOL: ("autoscaling", ("totalMaxNodeCount", "maxNodeCount")),
    _STORE: ("bigtable.autoScaling", ("maxNodeCount",)),
    _PERSISTENT: ("resourcePools.autoscalingSpec", ("maxReplicaCount",)),
}
"""Type -> the block by which it grows, where there is one, and its maxima."""


def _always(resource: Resource, context: Context) -> Outcome:
    readings = [Path(path).one(resource) for path in _MAXIMA[short_name(resource.type)]]
    found = [each for each in readings if is_there(each)] or readings[:1]
    cap = context.parameters.replica_cap
    absent = fail("is absent, so that it grows as far as the quota", found[0].path)
    return all_of([capped(each, cap, "replicas", absent) for each in found])


def _where_it_scales(resource: Resource, context: Context) -> Outcome:
    place, names = _SCALING[short_name(resource.type)]
    blocks = [entry for reading in Path(place).read(resource) for entry in entries(reading)]
    return all_of(
        [_block(each.value, each.path, names, context) if is_there(each) else NOT_APPLICABLE for each in blocks]
    )


def _block(value: Value, path: str, names: tuple[str, ...], context: Context) -> Outcome:
    readings = [read_value(value, path, name)[0] for name in names]
    found = [each for each in readings if is_there(each) or each.state is State.WRONG] or readings[:1]
    absent = fail("is absent, so that it grows as far as the quota", found[0].path)
    return all_of([capped(each, context.parameters.replica_cap, "nodes", absent) for each in found])


CONTROL = Control(
    id="CST-04",
    title="What grows by itself has a maximum",
    why=(
        "Whoever can send requests can make a service grow, and so can a loop in somebody's script. Whatever grows "
        "by itself says how far, and no further than the settings allow (`replica_cap`). Without a maximum some "
        "services have one of Google's, of a hundred or a thousand, which is no decision of anybody here. Pools and "
        "stores that do not grow by themselves are not judged."
    ),
    remedy="Set the maximum.",
    severity=Severity.MEDIUM,
    objectives=("4.2.d", "6.2.e"),
    clauses=(
        partial("nist-800-53-r5", "SC-5", "Requests beside those that make it grow."),
        partial("nist-800-53-r5", "SC-6", "What does not grow by itself."),
    ),
    reads=(
        *(Read(type_, paths[0]) for type_, paths in _MAXIMA.items() if len(paths) == 1),
        Read("cloudrunv2.Service", "scaling.maxInstanceCount", absent=Verdict.PASS, empty=Verdict.PASS),
        Read("cloudrunv2.Service", "template.scaling.maxInstanceCount", absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_POOL, "autoscaling.totalMaxNodeCount", absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_POOL, "autoscaling.maxNodeCount", absent=Verdict.PASS, empty=Verdict.PASS),
        Read(_STORE, "bigtable.autoScaling.maxNodeCount"),
        Read(_PERSISTENT, "resourcePools.autoscalingSpec.maxReplicaCount"),
    ),
    checks={**dict.fromkeys(_MAXIMA, _always), **dict.fromkeys(_SCALING, _where_it_scales)},
    settings=("replica_cap",),
)
