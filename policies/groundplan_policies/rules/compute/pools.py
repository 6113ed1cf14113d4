"""Pools of nodes of GKE that a cluster makes itself, judged as pools that are resources of their own are."""

from collections.abc import Iterator
from dataclasses import replace

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Reading, entries
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, all_of
from groundplan_policies.rules.identity.nodes import POOLS, Makes, made_by


def of_cluster(judge: Check, *shared: str) -> Check:
    """Make a check of a cluster from one of a pool: for its default pool, if it is kept, and for those that it lists.

    Args:
        judge: Looks at a pool. It is given the cluster, with the properties of the pool in the place of its own.
        shared: Properties of the cluster that hold for its pools too.
    """

    def check(resource: Resource, context: Context) -> Outcome:
        return all_of(_outcomes(resource, judge, shared, context))

    return check


def _outcomes(cluster: Resource, judge: Check, shared: tuple[str, ...], context: Context) -> Iterator[Outcome]:
    made = made_by(cluster)
    common: dict[str, Value] = {key: cluster.inputs[key] for key in shared if key in cluster.inputs}
    if Makes.DEFAULT in made:
        yield judge(replace(cluster, inputs={**common, "nodeConfig": cluster.inputs.get("nodeConfig")}), context)
    for pool in entries(POOLS.one(cluster)) if Makes.POOLS in made else ():
        missing = unreadable(pool, absent=NOT_APPLICABLE)
        if missing is not None:
            yield missing
        elif not isinstance(pool.value, dict):
            yield wrong_type(pool, "a pool of nodes")
        else:
            yield _below(pool, judge(replace(cluster, inputs={**common, **pool.value}), context))


def _below(pool: Reading, found: Outcome) -> Outcome:
    """Give what was said of a pool with the paths that its properties have in the cluster."""
    if not found.reasons:
        return found
    moved = (each._replace(path=f"{pool.path}.{each.path}" if each.path else pool.path) for each in found.reasons)
    return Outcome(found.verdict, tuple(moved))
