"""Cloud SQL, Spanner and Bigtable by HTTP: what the scenarios leave out."""

from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking


@pytest.fixture
def sql() -> Asking:
    return Asking(new_cloud(), "sqladmin.googleapis.com", "/sql/v1beta4/projects/acme")


def _instance(sql: Asking, name: str = "db", version: str = "POSTGRES_16", **settings: Any) -> Any:
    body = {"name": name, "databaseVersion": version, "settings": {"tier": "db-f1-micro", **settings}}
    sql.done("POST", "instances", body)
    return sql.get(f"instances/{name}")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "No", "settings": {"tier": "t"}}, 400),
        ({"name": "x"}, 400),
        ({"name": "db", "settings": {"tier": "t"}}, 409),
        ({"name": "x", "masterInstanceName": "none"}, 404),
        (
            {
                "name": "x",
                "settings": {"tier": "t", "ipConfiguration": {"privateNetwork": "projects/acme/global/networks/no"}},
            },
            404,
        ),
        (
            {
                "name": "x",
                "settings": {"tier": "t", "ipConfiguration": {"privateNetwork": "projects/far/global/networks/n"}},
            },
            200,
        ),
    ],
)
def test_wrong_instances_are_refused(sql: Asking, body: Any, status: int) -> None:
    _instance(sql)
    assert sql.ask("POST", "instances", body)[0] == status


def test_replicas_hang_on_their_master(sql: Asking) -> None:
    _instance(sql)
    sql.done("POST", "instances", {"name": "replica", "masterInstanceName": "db", "databaseVersion": "POSTGRES_16"})
    assert sql.get("instances/db")["replicaNames"] == ["replica"]
    assert sql.get("instances/replica")["instanceType"] == "READ_REPLICA_INSTANCE"
    assert sql.refused("DELETE", "instances/db") == 400
    assert sql.refused("POST", "instances/db/promoteReplica") == 400
    sql.done("POST", "instances/replica/promoteReplica")
    assert sql.get("instances/db")["replicaNames"] == []
    sql.done("POST", "instances", {"name": "other", "masterInstanceName": "acme:db", "databaseVersion": "POSTGRES_16"})
    sql.done("DELETE", "instances/other")
    sql.done("DELETE", "instances/db")
    assert [each["name"] for each in sql.get("instances")["items"]] == ["replica"]


@pytest.mark.parametrize("verb", ["restart", "failover", "export", "import", "truncateLog"])
def test_actions_are_operations(sql: Asking, verb: str) -> None:
    _instance(sql)
    started = sql.done("POST", f"instances/db/{verb}", {})
    assert sql.get(f"operations/{started['name']}")["status"] == "DONE"


def test_an_update_puts_settings_back_to_what_is_usual(sql: Asking) -> None:
    _instance(sql, availabilityType="REGIONAL", insightsConfig={"queryInsightsEnabled": True})
    network = {
        "settings": {
            "ipConfiguration": {"privateNetwork": "projects/acme/global/networks/default", "ipv4Enabled": False}
        }
    }
    sql.done("PATCH", "instances/db", {**network, "rootPassword": "secret"})
    found = sql.get("instances/db")
    assert ([each["type"] for each in found["ipAddresses"]], found["settings"]["availabilityType"]) == (
        ["PRIVATE"],
        "REGIONAL",
    )
    sql.done("PUT", "instances/db", {"settings": {"tier": "db-g1-small"}})
    settings = sql.get("instances/db")["settings"]
    assert (settings["tier"], settings["availabilityType"], settings["settingsVersion"]) == (
        "db-g1-small",
        "ZONAL",
        "3",
    )


def test_a_clone_has_what_its_model_has(sql: Asking) -> None:
    _instance(sql, version="MYSQL_8_0")
    sql.done("POST", "instances/db/databases", {"name": "ml", "charset": "utf8mb4"})
    sql.done("POST", "instances/db/users", {"name": "app", "host": "10.0.0.1", "password": "secret"})
    sql.done("POST", "instances/db/clone", {"cloneContext": {"destinationInstanceName": "again"}})
    assert sql.get("instances/again/databases/ml")["charset"] == "utf8mb4"
    users = {each["name"]: each["host"] for each in sql.get("instances/again/users")["items"]}
    assert users == {"app": "10.0.0.1", "root": "%"}
    assert sql.refused("POST", "instances/db/clone", {"cloneContext": {"destinationInstanceName": "again"}}) == 409


def test_users_and_databases_change(sql: Asking) -> None:
    _instance(sql, version="MYSQL_8_0")
    sql.done("POST", "instances/db/users", {"name": "root", "host": "%", "password": "new"})
    sql.done("PUT", "instances/db/users", {"password": "newer"}, "name=root&host=%25")
    assert sql.refused("PUT", "instances/db/users", {"password": "x"}, "name=none") == 404
    assert sql.refused("POST", "instances/db/users", {}) == 400
    sql.done("POST", "instances/db/databases", {"name": "ml"})
    sql.done("PATCH", "instances/db/databases/ml", {"charset": "latin1"})
    assert sql.get("instances/db/databases/ml")["charset"] == "latin1"
    sql.done("DELETE", "instances/db/databases/ml")
    assert sql.refused("GET", "instances/db/databases/ml") == 404
    assert sql.refused("POST", "instances/db/databases", {}) == 400


def test_certificates_come_and_go(sql: Asking) -> None:
    first = _instance(sql)["serverCaCert"]["sha1Fingerprint"]
    made = sql.done("POST", "instances/db/sslCerts", {"commonName": "laptop"})["clientCert"]["certInfo"]
    front = f"instances/db/sslCerts/{made['sha1Fingerprint']}"
    assert sql.get(front) == made
    assert len(sql.get("instances/db/sslCerts")["items"]) == 1
    sql.done("DELETE", front)
    assert sql.refused("GET", front) == 404
    assert sql.refused("POST", "instances/db/sslCerts", {}) == 400
    sql.done("POST", "instances/db/sslCerts", {"commonName": "other"})
    sql.done("POST", "instances/db/resetSslConfig")
    assert sql.get("instances/db/sslCerts")["items"] == []
    assert sql.get("instances/db/listServerCas")["activeVersion"] != first
    key = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    ephemeral = sql.done("POST", "instances/db:generateEphemeralCert", {"public_key": pem})
    assert ephemeral["ephemeralCert"]["cert"].startswith("-----BEGIN CERTIFICATE-----")
    assert sql.refused("POST", "instances/db/createEphemeral", {"public_key": "none"}) == 400


def test_backups_tiers_and_flags(sql: Asking) -> None:
    _instance(sql)
    sql.done("POST", "instances/db/backupRuns", {"description": "before"})
    (kept,) = sql.get("instances/db/backupRuns")["items"]
    assert sql.get(f"instances/db/backupRuns/{kept['id']}")["description"] == "before"
    sql.done("DELETE", f"instances/db/backupRuns/{kept['id']}")
    assert "db-f1-micro" in {each["tier"] for each in sql.get("tiers")["items"]}
    root = Asking(sql.cloud, "sqladmin.googleapis.com", "/sql/v1beta4")
    flags = root.get("flags", "databaseVersion=MYSQL_8_0")["items"]
    assert {each["appliesTo"][0] for each in flags} == {"MYSQL"}


def test_operations_of_an_instance(sql: Asking) -> None:
    status, started = sql.ask("POST", "instances", {"name": "db", "settings": {"tier": "t"}})
    assert status == 200
    assert sql.get("instances/db")["state"] == "PENDING_CREATE"
    (listed,) = sql.get("operations", "instance=db")["items"]
    assert listed["name"] == started["name"]
    sql.done("POST", f"operations/{started['name']}/cancel")
    sql.done("POST", f"operations/{started['name']}/cancel")
    assert sql.refused("GET", "operations/none") == 404


@pytest.fixture
def spanner() -> Asking:
    asking = Asking(new_cloud(), "spanner.googleapis.com", "/v1/projects/acme")
    instance = {"config": "projects/acme/instanceConfigs/eur3", "displayName": "I", "nodeCount": 2}
    asking.done("POST", "instances", {"instanceId": "inst", "instance": instance})
    return asking


def test_spanner_refuses_what_makes_no_sense(spanner: Asking) -> None:
    instance = spanner.get("instances/inst")
    assert (instance["nodeCount"], instance["processingUnits"]) == (2, 2000)
    assert spanner.refused("POST", "instances", {"instanceId": "Bad", "instance": {}}) == 400
    assert spanner.refused("POST", "instances", {"instanceId": "inst", "instance": {}}) == 409
    assert spanner.refused("PATCH", "instances/inst", {"instance": {"nodeCount": 3}}) == 400
    assert spanner.refused("GET", "instanceConfigs/none") == 404
    assert any(
        each["name"].endswith("/nam3") for each in spanner.get("instanceConfigs", "pageSize=500")["instanceConfigs"]
    )
    scaled = {"instanceId": "scaled", "instance": {"autoscalingConfig": {"autoscalingLimits": {"minNodes": 1}}}}
    spanner.done("POST", "instances", scaled)
    assert spanner.get("instances/scaled")["nodeCount"] == 1
    assert spanner.refused("POST", "instances/inst/databases/none/sessions", {}) == 501


def test_spanner_keeps_what_has_backups(spanner: Asking) -> None:
    front = "instances/inst/databases"
    started = spanner.done("POST", front, {"createStatement": "CREATE DATABASE users", "databaseDialect": "POSTGRESQL"})
    assert spanner.get(started["name"].partition("projects/acme/")[2])["done"] is True
    assert spanner.refused("POST", front, {"createStatement": "CREATE DATABASE users"}) == 409
    assert spanner.refused("PATCH", f"{front}/users/ddl", {"statements": []}) == 400
    spanner.done("PATCH", f"{front}/users", {"enableDropProtection": False})
    expires = {"database": "projects/acme/instances/inst/databases/users", "expireTime": "2030-01-01T00:00:00Z"}
    spanner.done("POST", "instances/inst/backups", expires, "backupId=b")
    assert spanner.refused("POST", "instances/inst/backups", expires, "backupId=b") == 409
    assert spanner.refused("POST", "instances/inst/backups", {"database": expires["database"]}, "backupId=c") == 400
    assert spanner.refused("POST", "instances/inst/backups", {**expires, "database": "none"}, "backupId=c") == 404
    assert spanner.refused("DELETE", "instances/inst") == 400
    backup = "projects/acme/instances/inst/backups/b"
    assert spanner.refused("POST", f"{front}:restore", {"databaseId": "users", "backup": backup}) == 409
    spanner.done("DELETE", "instances/inst/backups/b")
    spanner.done("DELETE", "instances/inst")


def test_bigtable_has_families() -> None:
    asking = Asking(new_cloud(), "bigtableadmin.googleapis.com", "/v2/projects/acme")
    clusters = {"c": {"location": "projects/acme/locations/europe-west4-a", "serveNodes": 3}}
    body = {"instanceId": "inst", "instance": {"displayName": "I"}, "clusters": clusters}
    started = asking.done("POST", "instances", body)
    assert Asking(asking.cloud, "bigtableadmin.googleapis.com", "/v2").get(started["name"])["done"] is True
    assert asking.refused("POST", "instances", body) == 409
    assert asking.refused("POST", "instances", {"instanceId": "x"}) == 400
    asking.done("PATCH", "instances/inst", {"labels": {"a": "b"}}, "updateMask=labels")
    assert asking.refused("PATCH", "instances/inst", {"labels": {}}) == 400
    asking.done(
        "POST", "instances/inst/clusters", {"location": "projects/acme/locations/europe-west4-b"}, "clusterId=d"
    )
    assert [each["serveNodes"] for each in asking.get("instances/inst/clusters")["clusters"]] == [3, 1]
    asking.done(
        "POST",
        "instances/inst/tables",
        {"tableId": "t", "table": {"columnFamilies": {"a": {}}, "deletionProtection": True}},
    )
    assert asking.refused("POST", "instances/inst/tables", {"tableId": "t"}) == 409
    assert asking.refused("POST", "instances/inst/tables", {}) == 400
    front = "instances/inst/tables/t"
    both = [{"id": "b", "create": {"gcRule": {"maxNumVersions": 1}}}, {"id": "a", "drop": True}]
    asking.done("POST", f"{front}:modifyColumnFamilies", {"modifications": both})
    asking.done(
        "POST",
        f"{front}:modifyColumnFamilies",
        {"modifications": [{"id": "b", "update": {"gcRule": {"maxNumVersions": 2}}}]},
    )
    assert asking.get(front)["columnFamilies"] == {"b": {"gcRule": {"maxNumVersions": 2}}}
    assert asking.refused("POST", f"{front}:modifyColumnFamilies", {"modifications": both[:1]}) == 409
    assert asking.refused("POST", f"{front}:modifyColumnFamilies", {"modifications": both[1:]}) == 404
    token = asking.done("POST", f"{front}:generateConsistencyToken", {})
    assert asking.done("POST", f"{front}:checkConsistency", token) == {"consistent": True}
    asking.done("POST", f"{front}:dropRowRange", {"deleteAllDataFromTable": True})
    assert asking.refused("DELETE", front) == 400
