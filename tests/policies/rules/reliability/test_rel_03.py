"""REL-03: what serves survives a zone."""

import pytest

from groundplan_policies.engine.parameters import Parameters
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.reliability.rel_03 import CONTROL
from tests.policies.rules.harness import R, outcome, stated_verdicts, verdict

POOL, CLUSTER = "vertex.AiDeploymentResourcePool", "container.Cluster"
TWO = Parameters(minimum_replicas=2)
PROVIDER = R("Provider", {}, "main")
HERE = {"provider": f"{PROVIDER.urn}::id"}

NODES = {"location": "europe-west4", "nodeLocations": ["europe-west4-a", "europe-west4-b"]}

test_stated_verdicts = stated_verdicts(
    CONTROL,
    [R(POOL, {"dedicatedResources": {"minReplicaCount": 2}}), R(CLUSTER, NODES, record=HERE)],
    PROVIDER,
    parameters=TWO,
)


@pytest.mark.parametrize(
    ("count", "least", "expected"),
    [
        (1, 2, Verdict.FAIL),
        (2, 2, Verdict.PASS),
        (3, 2, Verdict.PASS),
        (1, 1, Verdict.PASS),
        (0, 1, Verdict.FAIL),
        (5, None, Verdict.INDETERMINATE),
    ],
)
def test_replicas_are_at_least_those_of_the_tier(count: int, least: int | None, expected: Verdict) -> None:
    pool = R(POOL, {"dedicatedResources": {"minReplicaCount": count}})
    assert verdict(CONTROL, pool, parameters=Parameters(minimum_replicas=least)) is expected


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("europe-west4", Verdict.PASS),
        ("us-central1", Verdict.PASS),
        ("northamerica-northeast1", Verdict.PASS),
        ("europe-west4-a", Verdict.FAIL),
        ("us-central1-f", Verdict.FAIL),
        ("europe", Verdict.INDETERMINATE),
        ("europe-west4-ab", Verdict.INDETERMINATE),
    ],
)
def test_a_cluster_is_in_a_region(location: str, expected: Verdict) -> None:
    found = outcome(CONTROL, R(CLUSTER, {"location": location}), parameters=TWO)
    assert found.verdict is expected
    shown = location if expected is Verdict.FAIL else ""
    assert [(each.path, each.shown) for each in found.reasons] == (
        [] if expected is Verdict.PASS else [("location", shown)]
    )


@pytest.mark.parametrize(("location", "expected"), [("europe-west4", Verdict.PASS), ("europe-west4-a", Verdict.FAIL)])
def test_a_cluster_may_be_where_its_provider_is(location: str, expected: Verdict) -> None:
    provider = R("Provider", {"location": location}, "main")
    assert verdict(CONTROL, R(CLUSTER, {}, record=HERE), provider, parameters=TWO) is expected


def test_without_a_provider_nobody_can_tell() -> None:
    assert verdict(CONTROL, R(CLUSTER, {}), parameters=TWO) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        (["europe-west4-a", "europe-west4-b"], Verdict.PASS),
        ([], Verdict.PASS),
        (["europe-west4-a"], Verdict.FAIL),
        (["europe-west4-a", "europe-west4-a"], Verdict.FAIL),
        (["europe-west4-a", UNKNOWN], Verdict.INDETERMINATE),
        (UNKNOWN, Verdict.INDETERMINATE),
        ("europe-west4-a", Verdict.INDETERMINATE),
    ],
)
def test_nodes_of_a_region_are_in_several_zones(zones: object, expected: Verdict) -> None:
    found = outcome(CONTROL, R(CLUSTER, {"location": "europe-west4", "nodeLocations": zones}))
    assert found.verdict is expected
    assert {each.path.partition("[")[0] for each in found.reasons} <= {"nodeLocations"}
    assert verdict(CONTROL, R(CLUSTER, {"location": "europe-west4-a", "nodeLocations": zones})) is Verdict.FAIL
