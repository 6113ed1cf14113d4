"""The contract: versions, ids, shares, rollout and rollback, machines, pool, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

import groundplan as gp
from groundplan.serving.deployment import Rollout
from tests.constructs.plan import UNKNOWN
from tests.constructs.serving.endpoints import CHAMPION, arguments, dataset, network, planned


def deployment(name: str, traffic: int, **more: Any) -> gp.ModelDeployment:
    return gp.ModelDeployment(**{"name": name, "model": "income", "version": "3", "traffic": traffic, **more})


def contract(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Any:
    return planned(tier, **more).outputs["contract"]


def test_without_models_it_binds_to_nothing() -> None:
    found = contract()
    assert (found["version"], found["deployedModels"], found["trafficSplit"]) == (1, [], {})
    assert found["endpoint"].startswith("projects/acme-ml-dev/locations/europe-west4/endpoints/")
    assert found["account"] == "serving@acme-ml-dev.iam.gserviceaccount.com"
    assert found["access"] == "private-service-connect"
    assert found["limits"] == {"latencyMs": 1000, "errorShare": 0.01}
    assert found["alerts"] == [UNKNOWN, UNKNOWN]


def test_a_deployment_is_what_google_is_asked_for() -> None:
    (model,) = contract(deployments=(CHAMPION,))["deployedModels"]
    assert model.pop("id").isdigit()
    assert model == {
        "displayName": "champion",
        "model": "projects/acme-ml-dev/locations/europe-west4/models/income@3",
        "serviceAccount": "serving@acme-ml-dev.iam.gserviceaccount.com",
        "enableAccessLogging": True,
        "dedicatedResources": {
            "machineSpec": {"machineType": "n2-standard-4"},
            "minReplicaCount": 2,
            "maxReplicaCount": 4,
            "autoscalingMetricSpecs": [
                {"metricName": "aiplatform.googleapis.com/prediction/online/cpu/utilization", "target": 60}
            ],
            "spot": False,
        },
    }


@pytest.mark.parametrize(("tier", "least"), [(gp.Tier.LEARNER, 1), (gp.Tier.TEAM, 2), (gp.Tier.REGULATED, 2)])
def test_replicas_are_as_many_as_the_tier_says(tier: gp.Tier, least: int) -> None:
    resources = contract(tier, deployments=(CHAMPION,))["deployedModels"][0]["dedicatedResources"]
    assert (resources["minReplicaCount"], resources["maxReplicaCount"]) == (least, 2 * least)


def test_ids_are_those_of_what_is_deployed() -> None:
    def number(**more: Any) -> str:
        return str(contract(deployments=(deployment("champion", 100, **more),))["deployedModels"][0]["id"])

    same, again = number(), number()
    assert same == again
    machine = gp.ServingMachine(machine_type="n2-standard-8")
    assert len({same, number(version="4"), number(model="price"), number(machine=machine)}) == 4
    # More replicas are no other deployment.
    assert number(machine=gp.ServingMachine(max_replicas=9)) == same


def test_gpus_scale_by_their_own_use() -> None:
    machine = gp.ServingMachine(machine_type="g2-standard-4", accelerator="NVIDIA_L4", utilisation=80, spot=True)
    resources = contract(deployments=(deployment("champion", 100, machine=machine),))["deployedModels"][0][
        "dedicatedResources"
    ]
    assert resources["machineSpec"] == {
        "machineType": "g2-standard-4",
        "acceleratorType": "NVIDIA_L4",
        "acceleratorCount": 1,
    }
    assert resources["autoscalingMetricSpecs"][0] == {
        "metricName": "aiplatform.googleapis.com/prediction/online/accelerator/duty_cycle",
        "target": 80,
    }
    assert resources["spot"] is True


def test_traffic_is_split_by_id_and_rolled_out_in_steps() -> None:
    found = contract(
        deployments=(deployment("champion", 0), deployment("challenger", 100, version="4")),
        rollout=Rollout(candidate="challenger"),
    )
    old, new = (model["id"] for model in found["deployedModels"])
    assert found["trafficSplit"] == {old: 0, new: 100}
    assert found["rollout"] == {
        "candidate": new,
        "stepMinutes": 30,
        "steps": [{old: 90, new: 10}, {old: 50, new: 50}, {old: 0, new: 100}],
        "rollback": {old: 100, new: 0},
    }


def test_a_test_of_two_keeps_the_proportions_of_the_rest() -> None:
    deployments = (deployment("a", 60), deployment("b", 30), deployment("c", 10))
    splits = Rollout(candidate="c", steps=(5, 10)).splits(deployments)
    assert splits == [{"a": 67, "b": 33, "c": 0}, {"a": 64, "b": 31, "c": 5}, {"a": 60, "b": 30, "c": 10}]
    assert all(sum(split.values()) == 100 for split in splits)


def test_a_pool_is_shared_by_all() -> None:
    found = planned(
        gp.Tier.LEARNER,
        pool=gp.ServingMachine(machine_type="g2-standard-4", accelerator="NVIDIA_L4"),
        deployments=(deployment("a", 50), deployment("b", 50)),
    )
    pool = found.one("AiDeploymentResourcePool").inputs
    assert pool["dedicatedResources"]["machineSpec"]["acceleratorType"] == "NVIDIA_L4"
    assert (pool["dedicatedResources"]["minReplicaCount"], pool["dedicatedResources"]["maxReplicaCount"]) == (1, 2)
    assert (pool["name"], pool["region"]) == ("gp-scores", "europe-west4")
    contracted = found.outputs["contract"]
    assert contracted["resourcePool"] == UNKNOWN
    assert [m["sharedResources"] for m in contracted["deployedModels"]] == [UNKNOWN, UNKNOWN]
    (condition,) = found.one("AlertPolicy", "scores-alert-saturation").inputs["conditions"]
    assert 'deployment_resource_pool_id="gp-scores"' in condition["conditionThreshold"]["filter"]
    assert "deployment_resource_pool/target_replicas" in condition["conditionThreshold"]["filter"]


def test_explanation_and_monitoring_are_stated() -> None:
    found = contract(
        explanation=gp.Explanation(samples=20),
        monitoring=gp.MonitoringPlan(
            baseline="acme-ml-dev.train.income", kinds=("skew", "drift", "attribution"), features={"age": 0.1}
        ),
        request_log=gp.RequestLog(dataset=dataset()),
    )
    assert found["explanation"] == {"sampledShapleyAttribution": {"pathCount": 20}}
    assert found["monitoring"] == {
        "baseline": "acme-ml-dev.train.income",
        "kinds": ["skew", "drift", "attribution"],
        "threshold": 0.3,
        "features": {"age": 0.1},
        "everyHours": 24,
    }


def test_the_gradients_count_steps() -> None:
    assert gp.Explanation(method="xrai", samples=100).exported() == {"xraiAttribution": {"stepCount": 100}}
    exported = gp.Explanation(method="integrated-gradients").exported()
    assert exported == {"integratedGradientsAttribution": {"stepCount": 10}}


def test_the_contract_is_typed_too() -> None:
    found: list[gp.DeployContract] = []
    planned(then=lambda made: found.append(made.contract), deployments=(CHAMPION,))
    (typed,) = found
    assert isinstance(typed.deployed_models[0], gp.DeployedModel)
    assert sum(typed.traffic.values()) == 100


PEERED = gp.PrivateServiceAccess.from_existing(range_name="services", network=network())
TWO = (deployment("a", 100), deployment("b", 0))
LOGGED = {"request_log": gp.RequestLog(dataset=dataset())}


def machine(**more: Any) -> dict[str, Any]:
    return {"deployments": (deployment("a", 100, machine=gp.ServingMachine(**more)),)}


def watched(**more: Any) -> dict[str, Any]:
    plan = gp.MonitoringPlan(**{"baseline": "acme-ml-dev.train.income", **more})
    return {"monitoring": plan, **LOGGED}


REFUSED: list[tuple[gp.Tier, dict[str, Any], str]] = [
    (gp.Tier.TEAM, {"deployments": (deployment("a", 60), deployment("b", 30))}, "do not sum to 100"),
    (gp.Tier.TEAM, {"deployments": (deployment("a", 100), deployment("a", 0))}, "names a deployment twice"),
    (gp.Tier.TEAM, {"deployments": ("champion",)}, "deployments[0]: is of the wrong type"),
    (gp.Tier.TEAM, {"deployments": (deployment("A", 100),)}, "deployments[0].name"),
    (gp.Tier.TEAM, {"deployments": (deployment("a", 101),)}, "deployments[0].traffic"),
    (gp.Tier.TEAM, {"deployments": (deployment("a", 100, version="default"),)}, "deployments[0].version"),
    (gp.Tier.TEAM, {"deployments": (deployment("a", 100, version=""),)}, "deployments[0].version"),
    (gp.Tier.TEAM, {"deployments": (deployment("a", 100, model="projects/x/models/1"),)}, "deployments[0].model"),
    (gp.Tier.TEAM, {"deployments": (deployment("a", 100, machine="n2"),)}, "deployments[0].machine: is of"),
    (
        gp.Tier.TEAM,
        {"deployments": tuple(deployment(f"m{n}", 100 if n == 0 else 0) for n in range(7))},
        "at most 6",
    ),
    (gp.Tier.TEAM, machine(min_replicas=1), "is below what tier team has"),
    (gp.Tier.TEAM, machine(min_replicas=4, max_replicas=3), "is below the least"),
    (gp.Tier.TEAM, machine(min_replicas=0), "min_replicas: is out of range"),
    (gp.Tier.TEAM, machine(utilisation=0), "utilisation: is out of range"),
    (gp.Tier.TEAM, machine(machine_type="n2-standard-5"), "machine_type: is not known"),
    (gp.Tier.TEAM, machine(accelerator="NVIDIA_L4"), "does not go with the machine type"),
    (gp.Tier.TEAM, machine(machine_type="g2-standard-4"), "accelerator: is missing"),
    (gp.Tier.TEAM, machine(machine_type="g2-standard-4", accelerator="NVIDIA_L4", accelerator_count=0), "count"),
    (gp.Tier.TEAM, {"deployments": TWO, "rollout": Rollout(candidate="c")}, "rollout.candidate"),
    (gp.Tier.TEAM, {"deployments": TWO, "rollout": Rollout(candidate="a", steps=(50, 10, 100))}, "rollout.steps"),
    (gp.Tier.TEAM, {"deployments": TWO, "rollout": Rollout(candidate="a", steps=(10, 50))}, "rising shares that end"),
    (gp.Tier.TEAM, {"deployments": TWO, "rollout": Rollout(candidate="a", steps=())}, "rollout.steps"),
    (gp.Tier.TEAM, {"deployments": TWO, "rollout": Rollout(candidate="a", step_minutes=1)}, "step_minutes"),
    (gp.Tier.TEAM, {"deployments": (CHAMPION,), "rollout": Rollout(candidate="champion")}, "is all there is"),
    (gp.Tier.TEAM, {"deployments": TWO, "rollout": "slow"}, "rollout: is of the wrong type"),
    (gp.Tier.TEAM, {"access": gp.ServiceAccess(access=PEERED), "deployments": TWO}, "takes one model"),
    (gp.Tier.TEAM, {"pool": gp.ServingMachine()}, "cannot be given a key of one's own"),
    (gp.Tier.LEARNER, {"pool": "shared"}, "pool: is of the wrong type"),
    (gp.Tier.LEARNER, {"pool": gp.ServingMachine(), **machine()}, "the endpoint has a pool for all"),
    (gp.Tier.TEAM, {"explanation": gp.Explanation(samples=51)}, "explanation.samples"),
    (gp.Tier.TEAM, {"explanation": "yes"}, "explanation: is of the wrong type"),
    (gp.Tier.TEAM, watched(kinds=("attribution",)), "no explanation to attribute by"),
    (gp.Tier.TEAM, watched(kinds=()), "monitoring.kinds: are none"),
    (gp.Tier.TEAM, watched(kinds=("bias",)), "monitoring.kinds[0]"),
    (gp.Tier.TEAM, watched(baseline="train"), "monitoring.baseline"),
    (gp.Tier.TEAM, watched(threshold=0), "monitoring.threshold"),
    (gp.Tier.TEAM, watched(features={"age": 2}), "monitoring.features['age']"),
    (gp.Tier.TEAM, watched(every_hours=0), "monitoring.every_hours"),
    (gp.Tier.TEAM, {"monitoring": "yes", **LOGGED}, "monitoring: is of the wrong type"),
]


@pytest.mark.parametrize(("tier", "more", "part"), REFUSED)
def test_refused(tier: gp.Tier, more: dict[str, Any], part: str) -> None:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(tier, **more)
    assert part in str(caught.value)
    assert all(word in str(caught.value) for word in ("given:", "allowed:", "do:"))


def test_an_unknown_method_of_explanation_is_refused() -> None:
    explanation = gp.Explanation(method="lime")  # type: ignore[arg-type] # the case
    with pytest.raises(gp.ArgumentError, match=r"explanation\.method"):
        planned(explanation=explanation)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(gp.ArgumentError, match="3 arguments"):
        planned(deployments=(deployment("A", 50, version="default"),))


def test_a_tier_of_ones_own_may_have_fewer_replicas() -> None:
    tier = gp.Tier.extending("team", name="lean", settings={"endpoint_min_replicas": 1})
    assert arguments(tier).env.defaults.endpoint_min_replicas == 1
    resources = contract(tier, deployments=(CHAMPION,))["deployedModels"][0]["dedicatedResources"]
    assert resources["minReplicaCount"] == 1
