"""CST-02: accelerators stay within caps."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, evidence, partial
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.paths import Path, Reading, State, entries, read_value
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    Outcome,
    Severity,
    Verdict,
    all_of,
)
from groundplan_policies.rules.compute.pools import of_cluster
from groundplan_policies.rules.cost.accelerators import NOTHING, PLACES, POOL, Place, blocks, brought_by, named_in
from groundplan_policies.rules.cost.caps import allowed, within_cap
from groundplan_policies.rules.cost.nodes import LOCATIONS, NAMED, zones
from groundplan_policies.rules.cost.slices import MACHINE, NAMES, SHAPED, machine, named
from groundplan_policies.rules.data.numbers import number
from groundplan_policies.rules.identity.nodes import AUTOPILOT, NEW_POOLS, POOLS, REMOVED

_POOL, _CLUSTER = "container.NodePool", "container.Cluster"
_TOTAL: Final = Path("autoscaling.totalMaxNodeCount")
_PER_ZONE: Final = tuple(map(Path, ("autoscaling.maxNodeCount", "nodeCount", "initialNodeCount")))
_LIMITS, _LIMITED, _MOST = Path("clusterAutoscaling.resourceLimits"), "resourceType", "maximum"
_NO_ACCELERATORS: Final = ("cpu", "memory")


def _check(resource: Resource, context: Context) -> Outcome:
    places = PLACES[short_name(resource.type)]
    return all_of([_block(block, place, [], context) for place in places for block in blocks(resource, place)])


def _pool(resource: Resource, context: Context) -> Outcome:
    """Judge a pool of nodes, which asks for what it says in each of its zones."""
    nodes = [*_nodes(resource, context)]
    return all_of([_block(block, POOL, nodes, context) for block in blocks(resource, POOL)])


def _nodes(pool: Resource, context: Context) -> Iterator[Reading]:
    """Give how many nodes a pool grows to: in all, or in each of its zones, and in how many these are.

    The provider leaves out a number that is 0.
    """
    total = _TOTAL.one(pool)
    if total.state not in NOTHING and number(total.value) != 0:
        yield total
        return
    found = next((each for path in _PER_ZONE if (each := path.one(pool)).state is not State.ABSENT), None)
    if found is not None:
        yield found
        yield _zones(pool, context)


def _zones(pool: Resource, context: Context) -> Reading:
    found = zones(pool, context)
    return Reading(LOCATIONS.text, State.UNKNOWN) if found is None else Reading(LOCATIONS.text, State.KNOWN, found)


def _block(block: Reading, place: Place, nodes: list[Reading], context: Context) -> Outcome:
    missing = unreadable(block, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not isinstance(block.value, dict):
        return wrong_type(block, "an object")
    grown = (read_value(block.value, block.path, path)[0] for path in place.times)
    machines = [*[each for each in grown if each.state is not State.ABSENT and number(each.value) != 0][:1], *nodes]
    judged = [_named(each, place, machines, context) for each in named_in(block, place)]
    found = [each for each in judged if each is not None]
    return all_of(found) if found or not place.machine else _built_in(block, place, machines, context)


def _named(entry: Reading, place: Place, machines: list[Reading], context: Context) -> Outcome | None:
    """Judge accelerators that have a name; None where there is none."""
    missing = unreadable(entry, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not isinstance(entry.value, dict):
        return wrong_type(entry, "an object")
    kind = read_value(entry.value, entry.path, place.kind)[0]
    if kind.state in NOTHING:
        return None
    count = read_value(entry.value, entry.path, place.number)[0] if place.number else Reading(kind.path, State.ABSENT)
    return all_of([allowed(kind, context), within_cap([count, *machines], count.path, context)])


def _built_in(block: Reading, place: Place, machines: list[Reading], context: Context) -> Outcome:
    """Judge the accelerators that a machine type has built in. A size that nobody knows may be one of these."""
    machine = read_value(block.value, block.path, place.machine)[0]
    missing = unreadable(machine, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not isinstance(machine.value, str):
        return wrong_type(machine, "a text")
    found = brought_by(machine.value)
    if found is None:
        return NOT_APPLICABLE
    kind, count = (Reading(machine.path, State.KNOWN, each) for each in found)
    return all_of([allowed(kind, context), within_cap([count, *machines], machine.path, context)])


def _limits(cluster: Resource, context: Context) -> Outcome:
    """Judge what a cluster may provision by itself of each kind of accelerator, beside processors and memory."""
    limits = [each for reading in _LIMITS.read(cluster) for each in entries(reading)]
    return all_of(_limit(each, context) for each in limits)


def _limit(limit: Reading, context: Context) -> Outcome:
    missing = unreadable(limit, absent=NOT_APPLICABLE)
    if missing is not None:
        return missing
    if not isinstance(limit.value, dict):
        return wrong_type(limit, "an object")
    kind = read_value(limit.value, limit.path, _LIMITED)[0]
    if kind.text in _NO_ACCELERATORS or kind.state in NOTHING:
        return NOT_APPLICABLE
    most = read_value(limit.value, limit.path, _MOST)[0]
    return all_of([allowed(kind, context), within_cap([most], most.path, context)])


_OWN_POOLS: Final = of_cluster(_pool, "initialNodeCount", "location", LOCATIONS.text)


def _cluster(resource: Resource, context: Context) -> Outcome:
    return all_of([_OWN_POOLS(resource, context), _limits(resource, context)])


def _reads(type_: str, place: Place, *, alone: bool) -> Iterator[Read]:
    """State what is said of missing values: where there are several places, the others decide."""
    nothing = Verdict.NOT_APPLICABLE if alone else Verdict.PASS
    before = ".".join(filter(None, (place.block, place.listed)))
    yield Read(type_, f"{before}.{place.kind}".lstrip("."), absent=nothing, empty=nothing)
    if place.number:
        yield Read(type_, f"{before}.{place.number}".lstrip("."), absent=Verdict.PASS, empty=Verdict.PASS)
    times = [f"{place.block}.{each}".lstrip(".") for each in place.times]
    yield from (Read(type_, each, absent=Verdict.PASS, empty=Verdict.PASS) for each in times[:1])
    machine_type = [f"{place.block}.{place.machine}".lstrip(".")] if place.machine else []
    yield from (Read.aside(type_, each) for each in (*times[1:], *machine_type))


_NONE, _PASS = Verdict.NOT_APPLICABLE, Verdict.PASS

CONTROL = Control(
    id="CST-02",
    title="Accelerators stay within caps",
    why=(
        "One line with a wrong number buys a hundred accelerators. The kind is among those that the settings allow "
        "(`accelerator_types`, where an empty list is all of them), and what a resource may grow to (accelerators of a "
        "machine times replicas, nodes and zones) is at most `accelerator_cap`: a pool without zones of its own in a "
        "region has its nodes in three. Machine types that have accelerators built in count as if they named them, and "
        "so do reservations, which are paid for whether or not anything runs. The size of a TPU slice is in its name "
        "or its topology; names of versions up to 4, and v5p, count two cores to a chip. What jobs ask for that start "
        "later is not seen: quotas bound it."
    ),
    remedy="Ask for fewer, or have the cap changed by whoever pays.",
    severity=Severity.MEDIUM,
    objectives=("3.3.a",),
    clauses=(
        partial("nist-800-53-r5", "SC-6", "Accelerators of jobs that start later."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.12", "What the energy of training is."),
    ),
    reads=(
        *(
            read
            for type_, places in PLACES.items()
            for place in places
            for read in _reads(type_, place, alone=len(places) == 1)
        ),
        *(read for type_ in (_POOL, _CLUSTER) for read in _reads(type_, POOL, alone=True)),
        Read(_POOL, _TOTAL.text, absent=_PASS, empty=_PASS),
        *(Read.aside(_POOL, each.text) for each in (*_PER_ZONE, LOCATIONS, NAMED)),
        Read(_CLUSTER, POOLS.text, absent=_PASS, empty=_PASS),
        Read(_CLUSTER, _LIMITS.text, absent=_PASS, empty=_PASS),
        Read(_CLUSTER, _PER_ZONE[-1].text, absent=_PASS, empty=_PASS),
        *(Read.aside(_CLUSTER, each.text) for each in (AUTOPILOT, NEW_POOLS, REMOVED, LOCATIONS)),
        *(Read(type_, path, absent=_NONE, empty=_NONE) for type_, path in NAMES.items()),
        Read(MACHINE, SHAPED.text, absent=_PASS, empty=_PASS),
    ),
    checks={
        **dict.fromkeys(PLACES, _check),
        _POOL: _pool,
        _CLUSTER: _cluster,
        **dict.fromkeys(NAMES, named),
        MACHINE: machine,
    },
    settings=("accelerator_types", "accelerator_cap"),
)
