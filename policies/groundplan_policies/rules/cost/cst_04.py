"""CST-04: what grows by itself has a maximum."""

from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Control, Read, partial
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.engine.ways import when_given
from groundplan_policies.rules import annotations
from groundplan_policies.rules.compute.pools import of_cluster
from groundplan_policies.rules.cost.nodes import LOCATIONS, NAMED, OF_REGION, zones
from groundplan_policies.rules.cost.numbers import capped, is_there
from groundplan_policies.rules.data.numbers import number
from groundplan_policies.rules.identity.nodes import AUTOPILOT, NEW_POOLS, POOLS, REMOVED

_POOL, _CLUSTER = "container.NodePool", "container.Cluster"
_FLEX, _CLASSIC = (
    f"workload.{each}.environment.maxWorkers"
    for each in ("dataflowFlexTemplateRequest.launchParameter", "dataflowLaunchTemplateRequest.launchParameters")
)
_SCALER: Final = "autoscalingPolicy.maxReplicas"
_MAXIMA: Final = {
    "vertex.AiDeploymentResourcePool": "dedicatedResources.maxReplicaCount",
    "dataflow.Job": "maxWorkers",
    "dataflow.FlexTemplateJob": "maxWorkers",
    "cloudfunctions.Function": "maxInstances",
    "cloudfunctionsv2.Function": "serviceConfig.maxInstanceCount",
    "vertex.AiReasoningEngine": "spec.deploymentSpec.maxInstances",
    "vertex.AiEndpointWithModelGardenDeployment": "deployConfig.dedicatedResources.maxReplicaCount",
    "compute.Autoscaler": _SCALER,
    "compute.RegionAutoscaler": _SCALER,
    "dataproc.AutoscalingPolicy": "workerConfig.maxInstances",
}
"""Type -> where it says how far it grows."""
_SCALING: Final = {
    "vertex.AiFeatureOnlineStore": ("bigtable.autoScaling", "maxNodeCount"),
    "vertex.AiFeatureStore": ("onlineServingConfig.scaling", "maxNodeCount"),
    "vertex.AiPersistentResource": ("resourcePools.autoscalingSpec", "maxReplicaCount"),
    "bigtable.Instance": ("clusters.autoscalingConfig", "maxNodes"),
    "composer.Environment": ("config.workloadsConfig.worker", "maxCount"),
    "sql.DatabaseInstance": ("settings.readPoolAutoScaleConfig", "maxNodeCount"),
}
"""Type -> the block by which it grows, where there is one, and its maximum."""
_BOUNDED: Final = {
    "dataproc.AutoscalingPolicy": ("secondaryWorkerConfig.maxInstances",),
    "vertex.AiIndexEndpointDeployedIndex": tuple(
        f"{block}.{each}ReplicaCount"
        for block in ("dedicatedResources", "automaticResources")
        for each in ("max", "min")
    ),
}
"""Type -> further numbers, of which none is needed: what says nothing there does not grow by itself."""
_RUN, _WORKERS = "cloudrunv2.Service", "cloudrunv2.WorkerPool"
_RUN_MAXIMA: Final = {
    _RUN: (Path("scaling.maxInstanceCount"), Path("template.scaling.maxInstanceCount")),
    _WORKERS: (Path("scaling.maxInstanceCount"),),
}
_MODE, _FIXED = Path("scaling.scalingMode"), Path("scaling.manualInstanceCount")
_MANUAL: Final = "MANUAL"
_SWITCHES: Final = {"sql.DatabaseInstance": "enabled"}
"""Type -> what switches the block off."""
_GROWS: Final = "is absent, so that it grows as far as the quota"
_REVISION: Final = Path("template.metadata.annotations", "autoscaling.knative.dev/maxScale")
_FIRST: Final = (_REVISION, annotations.of_service("maxScale"))
_SCALED: Final = Path("autoscaling")
_TOTAL, _PER_ZONE = "totalMaxNodeCount", "maxNodeCount"


def _asked(resource: Resource, context: Context) -> Outcome:
    short = short_name(resource.type)
    return all_of([_one_of([Path(_MAXIMA[short]).one(resource)], context), *_further(resource, short, context)])


def _further(resource: Resource, short: str, context: Context) -> list[Outcome]:
    return [_at_most(Path(each).one(resource), context) for each in _BOUNDED.get(short, ())]


def _at_most(reading: Reading, context: Context) -> Outcome:
    """Hold a number to the cap that may be 0, or not be there."""
    none = reading.state is State.KNOWN and number(reading.value) == 0
    return NOT_APPLICABLE if none else capped(reading, context.parameters.replica_cap, "replicas", NOT_APPLICABLE)


def _bounded(resource: Resource, context: Context) -> Outcome:
    return all_of(_further(resource, short_name(resource.type), context))


def _one_of(readings: list[Reading], context: Context) -> Outcome:
    """Hold all that is said to the cap. What says nothing has no maximum."""
    found = [each for each in readings if is_there(each)] or readings[:1]
    absent = fail(_GROWS, found[0].path)
    return all_of([capped(each, context.parameters.replica_cap, "replicas", absent) for each in found])


def _where_it_scales(resource: Resource, context: Context) -> Outcome:
    place, name = _SCALING[short_name(resource.type)]
    blocks = [entry for reading in Path(place).read(resource) for entry in entries(reading)]
    switch, cap = _SWITCHES.get(short_name(resource.type)), context.parameters.replica_cap
    readings = [read_value(each.value, each.path, name)[0] for each in blocks if _is_on(each, switch)]
    return all_of(capped(each, cap, "nodes", fail(_GROWS, each.path)) for each in readings)


def _is_on(block: Reading, switch: str | None) -> bool:
    """Whether a block is there, and does not say itself that it is switched off."""
    return is_there(block) and (switch is None or read_value(block.value, block.path, switch)[0].value is not False)


def _run(resource: Resource, context: Context) -> Outcome:
    """Judge what Cloud Run grows by itself, or keeps at a number. Workers grow only where that is asked for."""
    short, mode = short_name(resource.type), _MODE.one(resource)
    fixed = _at_most(_FIXED.one(resource), context)
    if mode.value == _MANUAL or (short == _WORKERS and not is_there(mode)):
        return all_of([fixed, *(_at_most(each.one(resource), context) for each in _RUN_MAXIMA[short])])
    return all_of([fixed, _one_of([each.one(resource) for each in _RUN_MAXIMA[short]], context)])


def _first_form(resource: Resource, context: Context) -> Outcome:
    """Judge a service in Cloud Run's first form, which says it in annotations."""
    return _one_of([each.one(resource) for each in _FIRST], context)


def _pool(resource: Resource, context: Context) -> Outcome:
    """Judge a pool that grows: to a number in all, or to one in each of its zones."""
    block = _SCALED.one(resource)
    if not is_there(block):
        return NOT_APPLICABLE
    total, each_zone = (read_value(block.value, block.path, name)[0] for name in (_TOTAL, _PER_ZONE))
    cap = context.parameters.replica_cap
    said = [each for each in (total, each_zone) if is_there(each) or each.state is State.WRONG] or [total]
    found = [capped(each, cap, "nodes", fail(_GROWS, total.path)) for each in said]
    return all_of([*found, *_in_all(each_zone, resource, context)])


def _in_all(each_zone: Reading, pool: Resource, context: Context) -> list[Outcome]:
    """Say whether what is good for one zone is too much in all of them."""
    cap, nodes = context.parameters.replica_cap, number(each_zone.value) if each_zone.state is State.KNOWN else None
    if cap is None or nodes is None or not 0 < nodes <= cap:
        return []
    known = zones(pool, context)
    most = nodes * (OF_REGION if known is None else known)
    if most <= cap:
        return []
    say = indeterminate if known is None else fail
    return [say(f"is more than {cap} nodes in all zones together", each_zone.path, f"{most:g}")]


def _maximum(path: str) -> Check:
    def check(resource: Resource, context: Context) -> Outcome:
        return _one_of([Path(path).one(resource)], context)

    return check


_BELOW: Final = ".launchParameter"
_WORKLOADS: Final = tuple(when_given(path.partition(_BELOW)[0], _maximum(path)) for path in (_FLEX, _CLASSIC))


def _pipeline(resource: Resource, context: Context) -> Outcome:
    return all_of([each(resource, context) for each in _WORKLOADS])


_NONE, _PASS = Verdict.NOT_APPLICABLE, Verdict.PASS

CONTROL = Control(
    id="CST-04",
    title="What grows by itself has a maximum",
    why=(
        "Whoever can send requests can make a service grow, and so can a loop in somebody's script. Whatever grows by "
        "itself says how far, and no further than the settings allow (`replica_cap`). Without a maximum some services "
        "have one of Google's, of a hundred or a thousand, which is no decision of anybody here. Pools and stores that "
        "do not grow by themselves are not judged. What a pool says for a zone counts in each of its zones: three, "
        "where it names none in a region. Groups of machines are bounded by their autoscaler, and what a cluster "
        "provisions by itself by limits that Google demands."
    ),
    remedy="Set the maximum.",
    severity=Severity.MEDIUM,
    objectives=("4.2.d", "6.2.e"),
    clauses=(
        partial("nist-800-53-r5", "SC-5", "Requests beside those that make it grow."),
        partial("nist-800-53-r5", "SC-6", "What does not grow by itself."),
    ),
    reads=(
        *(Read(type_, path) for type_, path in _MAXIMA.items()),
        *(Read(type_, path, absent=_PASS, empty=_PASS) for type_, paths in _BOUNDED.items() for path in paths),
        *(
            Read(type_, each.text, absent=_PASS, empty=_PASS)
            for type_, paths in _RUN_MAXIMA.items()
            for each in (*paths, _FIXED)
        ),
        *(Read.aside(type_, _MODE.text) for type_ in _RUN_MAXIMA),
        *(Read.aside(type_, f"{_SCALING[type_][0]}.{switch}") for type_, switch in _SWITCHES.items()),
        *(Read(type_, f"{block}.{name}") for type_, (block, name) in _SCALING.items()),
        Read(_POOL, f"{_SCALED.text}.{_TOTAL}", absent=_PASS, empty=_PASS),
        Read(_POOL, f"{_SCALED.text}.{_PER_ZONE}", absent=_PASS, empty=_PASS),
        *(Read.aside(_POOL, each.text) for each in (LOCATIONS, NAMED)),
        Read(_CLUSTER, POOLS.text, absent=_NONE, empty=_NONE),
        *(Read.aside(_CLUSTER, each.text) for each in (AUTOPILOT, NEW_POOLS, REMOVED, LOCATIONS)),
        annotations.read(_REVISION),
        annotations.read(_FIRST[1], absent=_PASS),
        *(
            read
            for each in (_FLEX, _CLASSIC)
            for read in (
                Read("dataflow.Pipeline", each),
                Read("dataflow.Pipeline", each.partition(_BELOW)[0], absent=_PASS),
            )
        ),
    ),
    checks={
        **dict.fromkeys(_SCALING, _where_it_scales),
        **dict.fromkeys(_BOUNDED, _bounded),
        **dict.fromkeys(_MAXIMA, _asked),
        **dict.fromkeys(_RUN_MAXIMA, _run),
        annotations.SERVICE: _first_form,
        "dataflow.Pipeline": _pipeline,
        _POOL: _pool,
        _CLUSTER: of_cluster(_pool, "location", LOCATIONS.text),
    },
    settings=("replica_cap",),
)
