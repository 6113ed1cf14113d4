"""Compute by HTTP: groups, load balancing, policies, projects."""

from typing import Any

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

PLACE = "regions/europe-west4"
ZONE = "zones/europe-west4-a"


@pytest.fixture
def v1() -> Asking:
    return Asking(new_cloud(), "compute.googleapis.com", "/compute/v1/projects/acme")


def _vm(asking: Asking, name: str) -> None:
    body = {"name": name, "machineType": f"{ZONE}/machineTypes/e2-small", "disks": [{"boot": True}]}
    asking.done("POST", f"{ZONE}/instances", body)


def _manager(asking: Asking, place: str = ZONE) -> str:
    properties = {"machineType": "e2-small", "disks": [{"boot": True, "autoDelete": True}], "networkInterfaces": [{}]}
    asking.done("POST", "global/instanceTemplates", {"name": "t", "properties": properties})
    group = {"name": "g", "targetSize": 2, "versions": [{"instanceTemplate": "global/instanceTemplates/t"}]}
    asking.done("POST", f"{place}/instanceGroupManagers", group)
    return f"{place}/instanceGroupManagers/g"


@pytest.mark.parametrize("place", [ZONE, PLACE])
def test_members_of_a_managed_group(v1: Asking, place: str) -> None:
    front = _manager(v1, place)
    members = v1.done("POST", f"{front}/listManagedInstances")["managedInstances"]
    assert len(members) == 2
    first = members[0]["instance"]
    v1.done("POST", f"{front}/deleteInstances", {"instances": [first]})
    assert v1.get(front)["targetSize"] == 1
    v1.done("POST", f"{front}/createInstances", {"instances": [{"name": "more"}]})
    v1.done("POST", f"{front}/recreateInstances", {"instances": [members[1]["instance"]]})
    v1.done("POST", f"{front}/abandonInstances", {"instances": [members[1]["instance"]]})
    assert v1.get(front)["currentActions"]["none"] == 1
    v1.done("POST", f"{front}/applyUpdatesToInstances", {"allInstances": True})
    assert v1.get(f"{front}/listErrors") == {}
    v1.done("PATCH", front, {"targetSize": 3})
    listed = v1.done("POST", f"{place}/instanceGroups/g/listInstances", {})
    assert len(listed["items"]) == 3
    assert v1.refused("POST", f"{front}/resize", None, "size=many") == 400
    v1.done("POST", f"{front}/stopInstances", {"instances": [listed["items"][0]["instance"]]})
    config = {"perInstanceConfigs": [{"name": "one", "preservedState": {"metadata": {"a": "b"}}}]}
    v1.done("POST", f"{front}/updatePerInstanceConfigs", config)
    assert v1.done("POST", f"{front}/listPerInstanceConfigs")["items"][0]["status"] == "EFFECTIVE"
    assert v1.get(f"{ZONE}/instances/more")["name"] == "more"
    v1.done("POST", f"{front}/deletePerInstanceConfigs", {"names": ["one", "more"]})
    assert v1.done("POST", f"{front}/listPerInstanceConfigs") == {}


def test_wrong_groups_are_refused(v1: Asking) -> None:
    _manager(v1)
    body = {"name": "h", "baseInstanceName": "No", "instanceTemplate": "global/instanceTemplates/t"}
    assert v1.refused("POST", f"{ZONE}/instanceGroupManagers", body) == 400
    assert v1.refused("POST", "global/instanceTemplates", {"name": "empty"}) == 400
    target = {"name": "a", "target": f"{ZONE}/instanceGroupManagers/g", "autoscalingPolicy": {"minNumReplicas": 1}}
    v1.done("POST", f"{ZONE}/autoscalers", target)
    v1.done("PATCH", f"{ZONE}/autoscalers", {"autoscalingPolicy": {"maxNumReplicas": 5}}, "autoscaler=a")
    found = v1.get(f"{ZONE}/autoscalers/a")
    assert (found["autoscalingPolicy"]["maxNumReplicas"], found["recommendedSize"]) == (5, 1)


def test_groups_without_a_manager(v1: Asking) -> None:
    _vm(v1, "vm")
    v1.done("POST", f"{ZONE}/instanceGroups", {"name": "g"})
    instances = {"instances": [{"instance": f"{ZONE}/instances/vm"}]}
    v1.done("POST", f"{ZONE}/instanceGroups/g/addInstances", instances)
    group = v1.get(f"{ZONE}/instanceGroups/g")
    assert (group["size"], group["network"].rpartition("/")[2]) == (1, "default")
    referrers = v1.get(f"{ZONE}/instances/vm/referrers")["items"]
    assert referrers[0]["referrer"].endswith("/instanceGroups/g")
    ports = {"namedPorts": [{"name": "http", "port": 8080}], "fingerprint": group["fingerprint"]}
    v1.done("POST", f"{ZONE}/instanceGroups/g/setNamedPorts", ports)
    v1.done("POST", "global/backendServices", {"name": "b", "backends": [{"group": f"{ZONE}/instanceGroups/g"}]})
    backend = v1.get("global/backendServices/b")["backends"][0]
    assert backend["balancingMode"] == "UTILIZATION"
    health = v1.done("POST", "global/backendServices/b/getHealth", {"group": f"{ZONE}/instanceGroups/g"})
    assert [each["healthState"] for each in health["healthStatus"]] == ["HEALTHY"]
    v1.done("POST", f"{ZONE}/instanceGroups/g/removeInstances", instances)
    assert v1.get(f"{ZONE}/instanceGroups/g")["size"] == 0


def test_endpoints_of_groups(v1: Asking) -> None:
    v1.done("POST", f"{ZONE}/networkEndpointGroups", {"name": "n", "networkEndpointType": "GCE_VM_IP_PORT"})
    front = f"{ZONE}/networkEndpointGroups/n"
    points = {"networkEndpoints": [{"ipAddress": "10.0.0.9", "port": 80}]}
    v1.done("POST", f"{front}/attachNetworkEndpoints", points)
    assert v1.get(front)["size"] == 1
    listed = v1.done("POST", f"{front}/listNetworkEndpoints", {})
    assert listed["items"][0]["networkEndpoint"]["ipAddress"] == "10.0.0.9"
    v1.done("POST", f"{front}/detachNetworkEndpoints", points)
    assert v1.get(front)["size"] == 0


def test_target_pools(v1: Asking) -> None:
    _vm(v1, "vm")
    v1.done("POST", f"{PLACE}/targetPools", {"name": "p"})
    front = f"{PLACE}/targetPools/p"
    v1.done("POST", f"{front}/addInstance", {"instances": [{"instance": f"{ZONE}/instances/vm"}]})
    assert v1.get(front)["instances"][0].endswith("/vm")
    health = v1.done("POST", f"{front}/getHealth", {"instance": f"{ZONE}/instances/vm"})
    assert health["kind"] == "compute#targetPoolInstanceHealth"
    v1.done("POST", f"{PLACE}/targetPools", {"name": "q"})
    v1.done("POST", f"{front}/setBackup", {"target": f"{PLACE}/targetPools/q"}, "failoverRatio=0.5")
    found = v1.get(front)
    assert (found["failoverRatio"], found["backupPool"].rpartition("/")[2]) == (0.5, "q")


def test_parts_of_load_balancers(v1: Asking) -> None:
    v1.done("POST", "global/healthChecks", {"name": "tcp", "type": "TCP", "tcpHealthCheck": {"port": 443}})
    assert v1.refused("POST", "global/healthChecks", {"name": "bad", "checkIntervalSec": 1, "timeoutSec": 5}) == 400
    v1.done(
        "POST", "global/backendServices", {"name": "b", "protocol": "TCP", "loadBalancingScheme": "EXTERNAL_MANAGED"}
    )
    v1.done("POST", "global/backendServices/b/addSignedUrlKey", {"keyName": "k", "keyValue": "c2VjcmV0"})
    assert v1.get("global/backendServices/b")["cdnPolicy"]["signedUrlKeyNames"] == ["k"]
    v1.done("POST", "global/backendServices/b/deleteSignedUrlKey", None, "keyName=k")
    assert v1.refused("POST", "global/backendServices/b/addSignedUrlKey", {}) == 400
    assert len(v1.get("global/backendServices/listUsable")["items"]) == 1
    loads = v1.done("POST", "global/urlMaps/m/validate", {"resource": {"defaultService": "x"}})["result"]
    assert loads["loadSucceeded"] is True
    assert v1.done("POST", "global/urlMaps/m/validate", {})["result"]["loadErrors"]
    v1.done("POST", "global/urlMaps", {"name": "m", "defaultService": "global/backendServices/b"})
    v1.done("POST", "global/urlMaps/m/invalidateCache", {"path": "/*"})
    managed = {"name": "c", "type": "MANAGED", "managed": {"domains": ["a.test"]}}
    v1.done("POST", "global/sslCertificates", managed)
    assert v1.get("global/sslCertificates/c")["managed"]["domainStatus"] == {"a.test": "ACTIVE"}
    v1.done("POST", "global/sslCertificates", {"name": "own", "certificate": "none", "privateKey": "secret"})
    own = v1.get("global/sslCertificates/own")
    assert "privateKey" not in own
    assert own["type"] == "SELF_MANAGED"
    v1.done(
        "POST",
        "global/targetHttpsProxies",
        {"name": "h", "urlMap": "global/urlMaps/m", "sslCertificates": ["global/sslCertificates/c"]},
    )
    v1.done("POST", "targetHttpsProxies/h/setSslCertificates", {"sslCertificates": ["global/sslCertificates/own"]})
    v1.done("POST", "global/targetHttpsProxies/h/setQuicOverride", {"quicOverride": "ENABLE"})
    found = v1.get("global/targetHttpsProxies/h")
    assert (found["quicOverride"], found["sslCertificates"][0].rpartition("/")[2]) == ("ENABLE", "own")
    assert "TLS_AES_128_GCM_SHA256" in v1.get("global/sslPolicies/listAvailableFeatures")["features"]


def test_vpn_gateways_have_two_addresses(v1: Asking) -> None:
    for name in ("one", "two"):
        v1.done("POST", f"{PLACE}/interconnectAttachments", {"name": name})
    over = [{"interconnectAttachment": f"{PLACE}/interconnectAttachments/{name}"} for name in ("one", "two")]
    for name, told in (("g", {}), ("h", {"vpnInterfaces": over})):
        v1.done("POST", f"{PLACE}/vpnGateways", {"name": name, "network": "global/networks/default", **told})
    interfaces, inside = (v1.get(f"{PLACE}/vpnGateways/{name}")["vpnInterfaces"] for name in "gh")
    assert [each["id"] for each in interfaces] == [0, 1]
    assert len({each["ipAddress"] for each in interfaces}) == 2
    assert [set(each) for each in inside] == [{"id", "interconnectAttachment"}] * 2


def test_vpn_tunnels_hide_their_secret(v1: Asking) -> None:
    v1.done("POST", f"{PLACE}/vpnGateways", {"name": "g", "network": "global/networks/default"})
    tunnel = {"name": "t", "sharedSecret": "secret", "vpnGateway": f"{PLACE}/vpnGateways/g", "vpnGatewayInterface": 0}
    v1.done("POST", f"{PLACE}/vpnTunnels", tunnel)
    found = v1.get(f"{PLACE}/vpnTunnels/t")
    assert "secret" not in str(found)
    assert (found["status"], found["ikeVersion"]) == ("ESTABLISHED", 2)
    connections = v1.get(f"{PLACE}/vpnGateways/g/getStatus")["result"]["vpnConnections"]
    assert connections[0]["tunnels"][0]["tunnelUrl"].endswith("/t")


def test_security_policies_end_with_a_rule_for_all(v1: Asking) -> None:
    v1.done("POST", "global/securityPolicies", {"name": "s"})
    front = "global/securityPolicies/s"
    rule = {"priority": 10, "action": "deny(403)", "match": {"expr": {"expression": "true"}}}
    v1.done("POST", f"{front}/addRule", rule)
    v1.done("POST", f"{front}/patchRule", {"action": "allow"}, "priority=10")
    assert v1.get(f"{front}/getRule", "priority=10")["action"] == "allow"
    assert [each["priority"] for each in v1.get(front)["rules"]] == [10, 2147483647]
    assert v1.refused("POST", f"{front}/addRule", {**rule, "priority": -1}) == 400
    assert v1.get("global/securityPolicies/listPreconfiguredExpressionSets")["preconfiguredExpressionSets"]


def test_an_organisation_has_firewall_policies(v1: Asking) -> None:
    root = Asking(v1.cloud, "compute.googleapis.com", "/compute/v1/locations/global")
    started = root.done("POST", "firewallPolicies", {"shortName": "org"}, "parentId=organizations/1")
    name = started["targetLink"].rpartition("/")[2]
    assert name.isdigit()
    assert root.get(f"firewallPolicies/{name}")["parent"] == "organizations/1"
    assert len(root.get("firewallPolicies", "parentId=organizations/1")["items"]) == 1
    root.done("POST", f"firewallPolicies/{name}/addAssociation", {"name": "f", "attachmentTarget": "folders/2"})
    assert (
        root.refused("POST", f"firewallPolicies/{name}/addAssociation", {"name": "f", "attachmentTarget": "folders/2"})
        == 400
    )
    root.done(
        "POST",
        f"firewallPolicies/{name}/addAssociation",
        {"name": "f", "attachmentTarget": "folders/3"},
        "replaceExistingAssociation=true",
    )
    found = root.get("firewallPolicies/listAssociations", "targetResource=folders/3")["associations"]
    assert [each["shortName"] for each in found] == ["org"]
    assert root.get(f"firewallPolicies/{name}/getAssociation", "name=f")["attachmentTarget"] == "folders/3"
    root.done("POST", f"firewallPolicies/{name}/removeAssociation", None, "name=f")
    assert root.refused("GET", f"firewallPolicies/{name}/getAssociation", None, "name=f") == 400
    root.done("POST", f"firewallPolicies/{name}/move", None, "parentId=folders/9")
    other = root.done("POST", "firewallPolicies", {"shortName": "copy"})["targetLink"].rpartition("/")[2]
    root.done("POST", f"firewallPolicies/{name}/addRule", {"priority": 1, "action": "allow", "direction": "INGRESS"})
    root.done(
        "POST",
        f"firewallPolicies/{other}/cloneRules",
        None,
        f"sourceFirewallPolicy=locations/global/firewallPolicies/{name}",
    )
    assert root.get(f"firewallPolicies/{other}")["rules"][0]["priority"] == 1
    assert root.refused("POST", "firewallPolicies", {}) == 400
    armour = root.done("POST", "securityPolicies", {"shortName": "armour"}, "parentId=organizations/1")
    assert armour["targetLink"].rpartition("/")[2].isdigit()
    operation = root.get(f"operations/{armour['name']}")
    assert operation["status"] == "DONE"


def test_packets_are_mirrored_by_rules(v1: Asking) -> None:
    v1.done("POST", "global/firewallPolicies", {"name": "p"})
    front = "global/firewallPolicies/p"
    v1.done("POST", f"{front}/addPacketMirroringRule", {"priority": 7, "action": "mirror", "direction": "INGRESS"})
    assert v1.refused("POST", f"{front}/addPacketMirroringRule", {"priority": 7}) == 400
    v1.done("POST", f"{front}/patchPacketMirroringRule", {"action": "do_not_mirror"}, "priority=7")
    assert v1.get(f"{front}/getPacketMirroringRule", "priority=7")["action"] == "do_not_mirror"
    v1.done("POST", f"{front}/removePacketMirroringRule", None, "priority=7")
    assert v1.refused("GET", f"{front}/getPacketMirroringRule", None, "priority=7") == 400


def test_nodes_and_reservations(v1: Asking) -> None:
    v1.done("POST", f"{PLACE}/nodeTemplates", {"name": "t", "nodeType": "n1-node-96-624"})
    v1.done(
        "POST", f"{ZONE}/nodeGroups", {"name": "g", "nodeTemplate": f"{PLACE}/nodeTemplates/t"}, "initialNodeCount=2"
    )
    v1.done("POST", f"{ZONE}/nodeGroups/g/addNodes", {"additionalNodeCount": 1})
    v1.done("POST", f"{ZONE}/nodeGroups/g/deleteNodes", {"nodes": ["g-0000"]})
    assert len(v1.done("POST", f"{ZONE}/nodeGroups/g/listNodes")["items"]) == 2
    reserved = {
        "name": "r",
        "specificReservation": {"count": "2", "instanceProperties": {"machineType": "a2-highgpu-1g"}},
    }
    v1.done("POST", f"{ZONE}/reservations", reserved)
    v1.done("POST", f"{ZONE}/reservations/r/resize", {"specificSkuCount": "4"})
    found = v1.get(f"{ZONE}/reservations/r")["specificReservation"]
    assert (found["count"], found["inUseCount"]) == ("4", "0")


def test_shared_vpc_is_held_together(v1: Asking) -> None:
    resource: dict[str, Any] = {"xpnResource": {"id": "team", "type": "PROJECT"}}
    assert v1.refused("POST", "enableXpnResource", resource) == 400
    v1.done("POST", "enableXpnHost")
    v1.done("POST", "enableXpnResource", resource)
    assert v1.refused("POST", "disableXpnHost") == 400
    assert len(v1.done("POST", "listXpnHosts", {})["items"]) == 1
    v1.done("POST", "disableXpnResource", resource)
    v1.done("POST", "disableXpnHost")
    assert v1.get("getXpnHost") == {"kind": "compute#project"}
    assert v1.refused("POST", "enableXpnResource", {}) == 400
    front = Asking(v1.cloud, "compute.googleapis.com", "/compute/v1/projects")
    assert front.refused("GET", "1234567") == 404


def test_peerings_end_on_one_side(v1: Asking) -> None:
    for name in ("a", "b"):
        v1.done("POST", "global/networks", {"name": name, "autoCreateSubnetworks": False})
    peering = {"networkPeering": {"name": "p", "network": "global/networks/b", "exchangeSubnetRoutes": True}}
    v1.done("POST", "global/networks/a/addPeering", peering)
    assert v1.get("global/networks/a")["peerings"][0]["state"] == "INACTIVE"
    assert v1.refused("POST", "global/networks/a/addPeering", peering) == 400
    assert v1.refused("POST", "global/networks/a/addPeering", {}) == 400
    change = {"networkPeering": {"name": "p", "exportCustomRoutes": True}}
    v1.done("PATCH", "global/networks/a/updatePeering", change)
    assert v1.get("global/networks/a")["peerings"][0]["exportCustomRoutes"] is True
    v1.done("POST", f"{PLACE}/subnetworks", {"name": "b", "network": "global/networks/b", "ipCidrRange": "10.1.0.0/24"})
    routes = v1.get("global/networks/a/listPeeringRoutes", "peeringName=p&direction=INCOMING&region=europe-west4")
    assert [each["destRange"] for each in routes["items"]] == ["10.1.0.0/24"]
    assert v1.refused("POST", "global/networks/a/removePeering", {"name": "none"}) == 404
