"""What Google gives a resource when it makes it, and secrets that only a method of their own tells."""

import ipaddress

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.services.given import address_in, range_of
from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

PLACE = "projects/acme/locations/europe-west4"


@pytest.fixture
def cloud() -> Cloud:
    return new_cloud()


def redis(cloud: Cloud) -> Asking:
    return Asking(cloud, "redis.googleapis.com", f"/v1/{PLACE}")


class TestAddresses:
    def test_an_instance_is_reached_in_the_range_that_it_was_made_with(self, cloud: Cloud) -> None:
        asking = redis(cloud)
        body = {"tier": "BASIC", "memorySizeGb": 1, "reservedIpRange": "10.5.0.0/29"}
        asking.done("POST", "instances", body, "instanceId=a")
        found = asking.get("instances/a")
        assert (found["host"], found["port"], found["reservedIpRange"]) == ("10.5.0.3", 6379, "10.5.0.0/29")

    def test_else_in_one_of_its_own(self, cloud: Cloud) -> None:
        asking = redis(cloud)
        for name in ("a", "b"):
            asking.done("POST", "instances", {"tier": "BASIC", "memorySizeGb": 1}, f"instanceId={name}")
        one, other = asking.get("instances/a"), asking.get("instances/b")
        assert ipaddress.ip_address(one["host"]) in ipaddress.ip_network(one["reservedIpRange"])
        assert one["host"] != other["host"]

    def test_the_name_of_a_range_is_none_by_itself(self) -> None:
        assert range_of("projects/acme/x", "reserved").startswith("10.")
        assert range_of("projects/acme/x", "reserved") == range_of("projects/acme/x")
        assert address_in("10.5.0.0/29") == "10.5.0.3"

    def test_what_the_client_says_stays(self, cloud: Cloud) -> None:
        asking = redis(cloud)
        body = {"tier": "BASIC", "memorySizeGb": 1, "locationId": "europe-west4-b"}
        asking.done("POST", "instances", body, "instanceId=a")
        assert asking.get("instances/a")["currentLocationId"] == "europe-west4-b"

    def test_what_something_is_missing_of_is_left_out(self, cloud: Cloud) -> None:
        asking = redis(cloud)
        asking.done("POST", "clusters", {"shardCount": 3}, "clusterId=a")
        assert "discoveryEndpoints" not in asking.get("clusters/a")

    def test_every_network_of_a_file_share_has_one(self, cloud: Cloud) -> None:
        asking = Asking(cloud, "file.googleapis.com", f"/v1/{PLACE}-a")
        body = {
            "tier": "BASIC_HDD",
            "fileShares": [{"name": "s", "capacityGb": "1024"}],
            "networks": [{"network": "n"}],
        }
        asking.done("POST", "instances", body, "instanceId=a")
        network = asking.get("instances/a")["networks"][0]
        assert network["ipAddresses"] == [address_in(network["reservedIpRange"])]

    def test_a_cache_has_as_many_nodes_as_it_is_asked_for(self, cloud: Cloud) -> None:
        asking = Asking(cloud, "memcache.googleapis.com", f"/v1/{PLACE}")
        body = {"nodeCount": 2, "nodeConfig": {"cpuCount": 1, "memorySizeMb": 1024}, "zones": ["europe-west4-b"]}
        asking.done("POST", "instances", body, "instanceId=a")
        before = asking.get("instances/a")
        asking.done("PATCH", "instances/a", {"nodeCount": 3}, "updateMask=nodeCount")
        after = asking.get("instances/a")
        assert [len(each["memcacheNodes"]) for each in (before, after)] == [2, 3]
        assert after["memcacheNodes"][:2] == before["memcacheNodes"]
        assert after["discoveryEndpoint"].endswith(":11211")


class TestConditions:
    def test_a_connection_has_an_account_where_it_is_of_a_kind_that_has_one(self, cloud: Cloud) -> None:
        asking = Asking(cloud, "bigqueryconnection.googleapis.com", f"/v1/{PLACE}")
        for name, kind in (("a", "cloudResource"), ("b", "spark")):
            asking.ask("POST", "connections", {kind: {}}, f"connectionId={name}")
        one, other = asking.get("connections/a"), asking.get("connections/b")
        assert one["cloudResource"]["serviceAccountId"].endswith("@gcp-sa-bigquery-condel.iam.gserviceaccount.com")
        assert "spark" not in one
        assert "cloudResource" not in other
        assert other["spark"]["serviceAccountId"] != one["cloudResource"]["serviceAccountId"]

    def test_replicas_are_read_elsewhere_where_there_are_any(self, cloud: Cloud) -> None:
        asking = redis(cloud)
        for name, mode in (("a", "READ_REPLICAS_ENABLED"), ("b", "READ_REPLICAS_DISABLED")):
            body = {"tier": "STANDARD_HA", "memorySizeGb": 5, "readReplicasMode": mode}
            asking.done("POST", "instances", body, f"instanceId={name}")
        one, other = asking.get("instances/a"), asking.get("instances/b")
        assert ipaddress.ip_address(one["readEndpoint"]) == ipaddress.ip_address(one["host"]) + 1
        assert one["readEndpointPort"] == 6379
        assert not {"readEndpoint", "readEndpointPort"} & other.keys()

    def test_a_database_is_public_where_it_is_said_to_be(self, cloud: Cloud) -> None:
        networks = Asking(cloud, "compute.googleapis.com", "/compute/v1/projects/acme/global")
        networks.ask("POST", "networks", {"name": "core"})
        asking = Asking(cloud, "alloydb.googleapis.com", f"/v1/{PLACE}/clusters")
        body = {"network": "projects/acme/global/networks/core", "initialUser": {"password": "p"}}
        Asking(cloud, "alloydb.googleapis.com", f"/v1/{PLACE}").done("POST", "clusters", body, "clusterId=c")
        for name, public in (("a", True), ("b", False)):
            body = {"instanceType": "PRIMARY" if public else "READ_POOL", "networkConfig": {"enablePublicIp": public}}
            body |= {} if public else {"readPoolConfig": {"nodeCount": 1}}
            asking.done("POST", "c/instances", body, f"instanceId={name}")
        assert ipaddress.ip_address(asking.get("c/instances/a")["publicIpAddress"]).is_global
        assert "publicIpAddress" not in asking.get("c/instances/b")


class TestSecrets:
    def test_an_instance_tells_its_own_to_those_who_ask_for_it(self, cloud: Cloud) -> None:
        asking = redis(cloud)
        for name, auth in (("a", True), ("b", False)):
            body = {"tier": "BASIC", "memorySizeGb": 1, "authEnabled": auth}
            asking.done("POST", "instances", body, f"instanceId={name}")
        told = asking.get("instances/a/authString")["authString"]
        assert told
        assert told not in str(asking.get("instances/a"))
        assert asking.get("instances/b/authString") == {}

    def test_a_key_is_found_by_its_text(self, cloud: Cloud) -> None:
        asking = Asking(cloud, "apikeys.googleapis.com", "/v2")
        asking.done("POST", "projects/acme/locations/global/keys", {"displayName": "Maps"}, "keyId=maps")
        text = asking.get("projects/acme/locations/global/keys/maps/keyString")["keyString"]
        found = asking.get("keys:lookupKey", f"keyString={text}")
        assert found["name"].endswith("/keys/maps")
        assert asking.ask("GET", "keys:lookupKey", None, "keyString=AIzaNone")[0] == 404
        assert text not in str(asking.get("projects/acme/locations/global/keys/maps"))
