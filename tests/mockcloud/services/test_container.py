"""GKE by HTTP: setters in both forms of their paths, refusals."""

from typing import Any

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

PLACE = "projects/acme/locations/europe-west4"
ZONE = "projects/acme/zones/europe-west4-a"


@pytest.fixture
def gke() -> Asking:
    return Asking(new_cloud(), "container.googleapis.com", "/v1")


def _cluster(gke: Asking, place: str = PLACE, **more: Any) -> Any:
    gke.done("POST", f"{place}/clusters", {"cluster": {"name": "c", "initialNodeCount": 1, **more}})
    return gke.get(f"{place}/clusters/c")


@pytest.mark.parametrize(
    ("zonal", "regional", "body", "field", "value"),
    [
        ("logging", ":setLogging", {"loggingService": "none"}, "loggingService", "none"),
        ("monitoring", ":setMonitoring", {"monitoringService": "none"}, "monitoringService", "none"),
        ("locations", ":setLocations", {"locations": ["europe-west4-b"]}, "locations", ["europe-west4-b"]),
        ("legacyAbac", ":setLegacyAbac", {"enabled": True}, "legacyAbac", {"enabled": True}),
        (
            ":setNetworkPolicy",
            ":setNetworkPolicy",
            {"networkPolicy": {"enabled": True}},
            "networkPolicy",
            {"enabled": True},
        ),
    ],
)
def test_setters_set(gke: Asking, zonal: str, regional: str, body: Any, field: str, value: Any) -> None:
    _cluster(gke)
    gke.done("POST", f"{PLACE}/clusters/c{regional}", body)
    assert gke.get(f"{PLACE}/clusters/c")[field] == value
    _cluster(gke, ZONE)
    gke.done("POST", f"{ZONE}/clusters/c{zonal if zonal.startswith(':') else '/' + zonal}", body)
    assert gke.get(f"{ZONE}/clusters/c")[field] == value


def test_versions_are_whole(gke: Asking) -> None:
    made = _cluster(gke, initialClusterVersion="1.33", releaseChannel={"channel": "STABLE"})
    assert made["currentMasterVersion"] == "1.33.7-gke.1132000"
    gke.done("POST", f"{PLACE}/clusters/c:updateMaster", {"masterVersion": "latest"})
    newest = gke.get(f"{PLACE}/serverConfig")["validMasterVersions"][0]
    assert gke.get(f"{PLACE}/clusters/c")["currentMasterVersion"] == newest
    gke.done("PUT", f"{PLACE}/clusters/c", {"update": {"desiredMasterVersion": "1.34"}})
    assert gke.get(f"{PLACE}/clusters/c")["currentMasterVersion"].startswith("1.34.")
    assert (
        _cluster(gke, ZONE, initialClusterVersion="latest")["initialClusterVersion"]
        == gke.get(f"{ZONE}/serverconfig")["channels"][1]["validVersions"][0]
    )


def test_an_update_reaches_pools(gke: Asking) -> None:
    _cluster(
        gke, nodePools=[{"name": "a", "initialNodeCount": 1}, {"name": "b", "initialNodeCount": 1}], initialNodeCount=0
    )
    change = {
        "desiredNodePoolId": "a",
        "desiredNodePoolAutoscaling": {"enabled": True, "maxNodeCount": 3},
        "desiredImageType": "UBUNTU_CONTAINERD",
    }
    gke.done("PUT", f"{PLACE}/clusters/c", {"update": change})
    gke.done("PUT", f"{PLACE}/clusters/c", {"update": {"desiredNodeVersion": "-"}})
    pools = {each["name"]: each for each in gke.get(f"{PLACE}/clusters/c")["nodePools"]}
    assert (pools["a"]["autoscaling"]["maxNodeCount"], pools["a"]["config"]["imageType"]) == (3, "UBUNTU_CONTAINERD")
    assert "autoscaling" not in pools["b"]
    assert gke.refused("PUT", f"{PLACE}/clusters/c", {}) == 400
    gcfs = {"update": {"desiredGcfsConfig": {"enabled": True}}}
    gke.done("PUT", f"{PLACE}/clusters/c", gcfs)
    assert gke.get(f"{PLACE}/clusters/c")["nodePoolDefaults"]["nodeConfigDefaults"]["gcfsConfig"] == {"enabled": True}


def test_pools_are_set_in_both_ways(gke: Asking) -> None:
    _cluster(gke, ZONE)
    front = f"{ZONE}/clusters/c/nodePools/default-pool"
    gke.done("POST", f"{front}/autoscaling", {"autoscaling": {"enabled": True}})
    gke.done("POST", f"{front}/setManagement", {"management": {"autoRepair": False}})
    gke.done("POST", f"{front}/setSize", {"nodeCount": 5})
    gke.done(
        "POST",
        f"{front}/update",
        {"imageType": "COS_CONTAINERD", "locations": ["europe-west4-b"], "taints": {"taints": [{"key": "a"}]}},
    )
    gke.done(
        "PUT",
        "projects/acme/locations/europe-west4-a/clusters/c/nodePools/default-pool",
        {"upgradeSettings": {"maxSurge": 2}, "nodeNetworkConfig": {"enablePrivateNodes": True}},
    )
    found = gke.get(front)
    assert (found["initialNodeCount"], found["management"], found["config"]["taints"]) == (
        5,
        {"autoRepair": False},
        [{"key": "a"}],
    )
    assert (found["upgradeSettings"]["maxSurge"], found["networkConfig"]) == (2, {"enablePrivateNodes": True})
    gke.done("POST", f"{front}:rollback", {})
    assert (
        gke.done("POST", "projects/acme/locations/europe-west4-a/clusters/c/nodePools/default-pool:completeUpgrade", {})
        == {}
    )


@pytest.mark.parametrize(
    ("cluster", "status"),
    [
        ({}, 400),
        ({"name": "x", "initialNodeCount": 1, "nodePools": [{"name": "a"}]}, 400),
        ({"name": "x", "initialNodeCount": 1, "network": "projects/acme/global/networks/none"}, 400),
        ({"name": "x", "initialNodeCount": 1, "network": "projects/other/global/networks/theirs"}, 200),
    ],
)
def test_wrong_clusters_are_refused(gke: Asking, cluster: Any, status: int) -> None:
    assert gke.ask("POST", f"{PLACE}/clusters", {"cluster": cluster})[0] == status


def test_pools_of_autopilot_are_its_own(gke: Asking) -> None:
    gke.done("POST", f"{PLACE}/clusters", {"cluster": {"name": "auto", "autopilot": {"enabled": True}}})
    assert gke.refused("POST", f"{PLACE}/clusters/auto/nodePools", {"nodePool": {"name": "x"}}) == 400
    _cluster(gke, privateClusterConfig={"enablePrivateEndpoint": True})
    assert gke.get(f"{PLACE}/clusters/c")["endpoint"] == "172.16.0.2"
    assert gke.refused("POST", f"{PLACE}/clusters/c/nodePools", {"nodePool": {}}) == 400
    assert gke.refused("POST", f"{PLACE}/clusters/c/nodePools", {"nodePool": {"name": "default-pool"}}) == 409
    gke.done("POST", f"{PLACE}/clusters/c:startIpRotation", {})
    gke.done(
        "POST",
        f"{PLACE}/clusters/c:setMasterAuth",
        {"action": "SET_USERNAME", "update": {"username": "a", "password": "secret"}},
    )
    found = gke.get(f"{PLACE}/clusters/c")
    assert (found["masterAuth"]["username"], "secret" in str(found)) == ("a", False)


def test_operations_are_listed_and_cancelled(gke: Asking) -> None:
    status, started = gke.ask("POST", f"{PLACE}/clusters", {"cluster": {"name": "c", "initialNodeCount": 1}})
    assert status == 200
    (listed,) = gke.get(f"{PLACE}/operations")["operations"]
    assert listed == started
    gke.done("POST", f"{PLACE}/operations/{started['name']}:cancel", {})
    gke.done("POST", f"{PLACE}/operations/{started['name']}:cancel", {})
    assert gke.get(f"{PLACE}/operations/{started['name']}")["status"] == "DONE"
    # A cluster that is being made is waited for before it is deleted.
    gke.ask("POST", f"{PLACE}/clusters", {"cluster": {"name": "d", "initialNodeCount": 1}})
    gke.done("DELETE", f"{PLACE}/clusters/d")
    assert gke.refused("GET", f"{PLACE}/clusters/d") == 404
