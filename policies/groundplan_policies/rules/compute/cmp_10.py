"""CMP-10: pools with accelerators are for their work alone."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    any_of,
    fail,
    indeterminate,
)
from groundplan_policies.rules.compute.pools import of_cluster
from groundplan_policies.rules.data.classes import is_restricted
from groundplan_policies.rules.identity.nodes import AUTOPILOT, NEW_POOLS, POOLS, REMOVED

_POOL, _CLUSTER = "container.NodePool", "container.Cluster"
_ACCELERATORS: Final = Path("nodeConfig.guestAccelerators")
_TAINTS: Final = Path("nodeConfig.taints")
_EFFECTS: Final = ("NO_SCHEDULE", "NO_EXECUTE", "NoSchedule", "NoExecute")
_SHARING: Final = "gpuSharingConfig"


def _check(resource: Resource, context: Context) -> Outcome:
    accelerators = _ACCELERATORS.one(resource)
    missing = unreadable(accelerators, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    return all_of([_tainted(_TAINTS.one(resource)), *_unshared(accelerators, resource, context)])


def _tainted(taints: Reading) -> Outcome:
    nothing = fail("keep no other work away", taints.path)
    missing = unreadable(taints, absent=nothing, empty=nothing)
    return missing or any_of([nothing, *map(_effect, entries(taints))])


def _effect(taint: Reading) -> Outcome:
    missing = unreadable(taint, absent=fail("keeps no other work away", taint.path))
    if missing is not None:
        return missing
    effect = read_value(taint.value, taint.path, "effect")[0]
    if effect.state is State.KNOWN:
        keeps = effect.value in _EFFECTS
        return PASS if keeps else fail("keeps no other work away", effect.path)
    return indeterminate("does not tell whether it keeps other work away", effect.path)


def _unshared(accelerators: Reading, resource: Resource, context: Context) -> Iterator[Outcome]:
    for each in entries(accelerators):
        sharing = read_value(each.value, each.path, _SHARING)[0] if isinstance(each.value, dict) else each
        if each.state is State.KNOWN and not isinstance(each.value, dict):
            yield wrong_type(each, "an object")
        elif sharing.state in {State.ABSENT, State.EMPTY}:
            yield PASS
        elif sharing.state is not State.KNOWN:
            yield indeterminate("may share accelerators", sharing.path)
        else:
            yield _shared(sharing, resource, context)


def _shared(sharing: Reading, resource: Resource, context: Context) -> Outcome:
    restricted = is_restricted(resource, context)
    if restricted is None:
        return indeterminate("the settings do not say which classes of data are restricted", sharing.path)
    return (
        fail("shares an accelerator, and its memory, between pods of restricted data", sharing.path)
        if restricted
        else PASS
    )


CONTROL = Control(
    id="CMP-10",
    title="Pools with accelerators are for their work alone",
    why=(
        "Whatever lands beside training on a node with accelerators shares its kernel, its drivers and its bill. A "
        "taint keeps other work away. Pods that share one accelerator are kept apart by the driver alone, which "
        "gives no guarantee for memory, so pools of restricted data, and those whose class nobody says, do not "
        "share. A part of an accelerator that the hardware cuts off (`gpuPartitionSize`) is no sharing in this "
        "sense. Pools that a cluster lists, and its default pool unless it is removed, are judged too; those that it "
        "provisions by itself get their taint from Google."
    ),
    remedy="Use TrainingCluster, or give the pool a taint NO_SCHEDULE and leave out `gpu_sharing_config`.",
    severity=Severity.MEDIUM,
    objectives=("3.2.d", "3.3.a"),
    clauses=(partial("nist-800-53-r5", "SC-39", "Isolation of processes on one node."),),
    reads=(
        Read(_POOL, "nodeConfig.taints"),
        Read(
            _POOL,
            "nodeConfig.guestAccelerators.gpuSharingConfig",
            absent=Verdict.PASS,
            empty=Verdict.PASS,
            wrong=Verdict.FAIL,
        ),
        Read(_CLUSTER, _ACCELERATORS.text, *[Verdict.NOT_APPLICABLE] * 2),
        Read(_CLUSTER, _TAINTS.text),
        Read(_CLUSTER, POOLS.text, absent=Verdict.PASS, empty=Verdict.PASS),
        *(Read.aside(_CLUSTER, each) for each in (AUTOPILOT.text, NEW_POOLS.text, REMOVED.text, "resourceLabels")),
    ),
    checks={_POOL: _check, _CLUSTER: of_cluster(_check, "resourceLabels")},
    settings=("restricted_classes", "classifications"),
)
