"""CST-02: accelerators stay within caps."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, evidence, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.data.numbers import number

_SPECS: Final = {
    "workbench.Instance": ("gceSetup.acceleratorConfigs", "type", "coreCount", ()),
    "colab.RuntimeTemplate": ("machineSpec", "acceleratorType", "acceleratorCount", ()),
    "vertex.AiPersistentResource": (
        *("resourcePools", "machineSpec.acceleratorType", "machineSpec.acceleratorCount"),
        ("autoscalingSpec.maxReplicaCount", "replicaCount"),
    ),
    "vertex.AiDeploymentResourcePool": (
        *("dedicatedResources", "machineSpec.acceleratorType", "machineSpec.acceleratorCount"),
        ("maxReplicaCount", "minReplicaCount"),
    ),
    "container.NodePool": ("nodeConfig.guestAccelerators", "type", "count", ()),
}
"""Type -> blocks with accelerators, in each the kind, the count, and what multiplies it: the first that is there."""
_TPUS: Final = {"tpu.V2Vm": "acceleratorType", "tpu.V2QueuedResource": "tpu.nodeSpecs.node.acceleratorType"}
_KINDS: Final = (
    ("workbench.Instance", "gceSetup.acceleratorConfigs.type"),
    ("colab.RuntimeTemplate", "machineSpec.acceleratorType"),
    ("vertex.AiPersistentResource", "resourcePools.machineSpec.acceleratorType"),
    ("vertex.AiDeploymentResourcePool", "dedicatedResources.machineSpec.acceleratorType"),
    ("container.NodePool", "nodeConfig.guestAccelerators.type"),
)
_NUMBERS: Final = (
    ("workbench.Instance", "gceSetup.acceleratorConfigs.coreCount"),
    ("colab.RuntimeTemplate", "machineSpec.acceleratorCount"),
    ("vertex.AiPersistentResource", "resourcePools.machineSpec.acceleratorCount"),
    ("vertex.AiPersistentResource", "resourcePools.autoscalingSpec.maxReplicaCount"),
    ("vertex.AiDeploymentResourcePool", "dedicatedResources.machineSpec.acceleratorCount"),
    ("vertex.AiDeploymentResourcePool", "dedicatedResources.maxReplicaCount"),
    ("container.NodePool", "nodeConfig.guestAccelerators.count"),
    ("container.NodePool", "autoscaling.totalMaxNodeCount"),
)
_NODES: Final = ("autoscaling.totalMaxNodeCount", "autoscaling.maxNodeCount", "nodeCount", "initialNodeCount")
_ZONES: Final = Path("nodeLocations")
_PER_ZONE: Final = frozenset({"autoscaling.maxNodeCount", "nodeCount", "initialNodeCount"})
_SIZED: Final = re.compile(r"(v\d+[a-z]*)-(\d+)")
_CORES: Final = frozenset({"v2", "v3", "v4", "v5p"})
"""Versions of TPUs whose names count cores, two to a chip (cloud.google.com/tpu/docs/regions-zones)."""


def _check(resource: Resource, context: Context) -> Outcome:
    place, kind, count, times = _SPECS[short_name(resource.type)]
    blocks = [entry for reading in Path(place).read(resource) for entry in entries(reading)]
    return all_of([_block(each, kind, count, times, resource, context) for each in blocks])


def _block(
    block: Reading, kind: str, count: str, times: tuple[str, ...], resource: Resource, context: Context
) -> Outcome:
    missing = unreadable(block, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not isinstance(block.value, dict):
        return wrong_type(block, "an object")
    named = read_value(block.value, block.path, kind)[0]
    if named.state in {State.ABSENT, State.EMPTY}:
        return NOT_APPLICABLE
    each = read_value(block.value, block.path, count)[0]
    grown = (read_value(block.value, block.path, path)[0] for path in times)
    factors = [each, *_first(grown), *_nodes(resource)]
    return all_of([_allowed(named, context), _within(factors, each, context)])


def _first(readings: Iterator[Reading]) -> Iterator[Reading]:
    yield from islice((each for each in readings if each.state is not State.ABSENT), 1)


def _nodes(resource: Resource) -> Iterator[Reading]:
    """Give how many nodes a pool grows to: in all, or in each of its zones."""
    if short_name(resource.type) != "container.NodePool":
        return
    for path in _NODES:
        reading = Path(path).one(resource)
        if reading.state is State.ABSENT:
            continue
        yield reading
        zones = _ZONES.plain(resource.inputs)
        if path in _PER_ZONE and isinstance(zones, list):
            yield Reading(_ZONES.text, State.KNOWN, len(zones))
        return


def _allowed(named: Reading, context: Context) -> Outcome:
    missing = unreadable(named, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not isinstance(named.value, str):
        return wrong_type(named, "a text")
    allowed = context.parameters.accelerator_types
    if allowed is None:
        return indeterminate("the settings do not say which accelerators may be used", named.path)
    good = not allowed or _plain(named.text) in {_plain(each) for each in allowed}
    return PASS if good else fail("is none of the accelerators that the settings allow", named.path, named.text)


def _plain(name: str) -> str:
    """Give the name of an accelerator in one form: APIs write NVIDIA_L4 and nvidia-l4, some say Tesla."""
    return name.lower().replace("_", "-").replace("nvidia-tesla-", "nvidia-")


def _within(factors: list[Reading], count: Reading, context: Context) -> Outcome:
    cap = context.parameters.accelerator_cap
    if cap is None:
        return indeterminate("the settings do not say how many accelerators there may be", count.path)
    total = 1.0
    for each in factors:
        if each.state in {State.ABSENT, State.EMPTY}:
            continue  # one
        found = number(each.value) if each.state is State.KNOWN else None
        if found is None:
            return indeterminate("does not tell how many accelerators there may be", each.path)
        total *= found
    return PASS if total <= cap else fail(f"may grow to more than {cap} accelerators", count.path, f"{total:g}")


def _tpu(resource: Resource, context: Context) -> Outcome:
    return all_of([_slice(each, context) for each in Path(_TPUS[short_name(resource.type)]).read(resource)])


def _slice(named: Reading, context: Context) -> Outcome:
    missing = unreadable(named, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    found = _SIZED.fullmatch(_version(named.text))
    if found is None:
        return indeterminate("does not tell a version and a size", named.path)
    version, chips = found[1], int(found[2]) // (2 if found[1] in _CORES else 1)
    kind = _allowed(Reading(named.path, State.KNOWN, version), context)
    return all_of([kind, _within([Reading(named.path, State.KNOWN, chips)], named, context)])


def _version(name: str) -> str:
    """Give the name of a slice as people say it: `v5litepod-8` is `v5e-8`."""
    return name.lower().replace("litepod", "e")


CONTROL = Control(
    id="CST-02",
    title="Accelerators stay within caps",
    why=(
        "One line with a wrong number buys a hundred accelerators. The kind is among those that the settings allow "
        "(`accelerator_types`, where an empty list is all of them), and what a resource may grow to (accelerators of "
        "a machine times replicas, nodes and zones) is at most `accelerator_cap`. The size of a TPU slice is in its "
        "name; versions up to 4, and v5p, count two cores to a chip. Machine types that bring accelerators without "
        "naming them are not seen, and neither is what jobs ask for that start later: quotas bound those."
    ),
    remedy="Ask for fewer, or have the cap changed by whoever pays.",
    severity=Severity.MEDIUM,
    objectives=("3.3.a",),
    clauses=(
        partial("nist-800-53-r5", "SC-6", "Accelerators of jobs that start later."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.12", "What the energy of training is."),
    ),
    reads=(
        *(Read(type_, path, *[Verdict.NOT_APPLICABLE] * 2) for type_, path in (*_KINDS, *_TPUS.items())),
        *(Read(type_, path, absent=Verdict.PASS, empty=Verdict.PASS) for type_, path in _NUMBERS),
    ),
    checks={**dict.fromkeys(_SPECS, _check), **dict.fromkeys(_TPUS, _tpu)},
    settings=("accelerator_types", "accelerator_cap"),
)
