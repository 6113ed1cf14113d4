"""What users do through googleapiclient with the services that have no client of their own: DNS, Cloud SQL, peering."""

from typing import Any

import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud

pytestmark = pytest.mark.scenario(library="google-api-python-client")

PROJECT = "mock-project"
NETWORK = f"projects/{PROJECT}/global/networks/default"


def _status(call: Any) -> int:
    with pytest.raises(HttpError) as refused:
        call.execute()
    return int(refused.value.status_code)


def _zone(dns: Any, name: str = "internal", **fields: object) -> dict[str, Any]:
    body = {"name": name, "dnsName": "acme.internal.", "description": "", **fields}
    made: dict[str, Any] = dns.managedZones().create(project=PROJECT, body=body).execute()
    return made


def test_a_private_zone_is_filled(cloud: Cloud) -> None:
    dns = build("dns", "v1")
    link = f"https://www.googleapis.com/compute/v1/{NETWORK}"
    made = _zone(dns, visibility="private", privateVisibilityConfig={"networks": [{"networkUrl": link}]})
    assert made["nameServers"] == ["ns-gcp-private.googledomains.com."]
    record = {"name": "db.acme.internal.", "type": "A", "ttl": 300, "rrdatas": ["10.0.0.5"]}
    change = dns.changes().create(project=PROJECT, managedZone="internal", body={"additions": [record]}).execute()
    assert (change["id"], change["status"]) == ("1", "pending")
    cloud.advance(5)
    assert dns.changes().get(project=PROJECT, managedZone="internal", changeId="1").execute()["status"] == "done"
    listed = dns.resourceRecordSets().list(project=PROJECT, managedZone=made["id"]).execute()["rrsets"]
    assert sorted(each["type"] for each in listed) == ["A", "NS", "SOA"]
    assert _status(dns.changes().create(project=PROJECT, managedZone="internal", body={"additions": [record]})) == 409
    assert _status(dns.managedZones().delete(project=PROJECT, managedZone="internal")) == 400
    other = {**record, "rrdatas": ["10.0.0.6"]}
    both = {"deletions": [record], "additions": [other]}
    dns.changes().create(project=PROJECT, managedZone="internal", body=both).execute()
    found = (
        dns.resourceRecordSets().get(project=PROJECT, managedZone="internal", name=record["name"], type="A").execute()
    )
    assert found["rrdatas"] == ["10.0.0.6"]
    gone = {"deletions": [other]}
    dns.changes().create(project=PROJECT, managedZone="internal", body=gone).execute()
    dns.managedZones().delete(project=PROJECT, managedZone="internal").execute()
    assert _status(dns.managedZones().get(project=PROJECT, managedZone="internal")) == 404


def test_a_zone_and_its_records_are_changed_one_by_one(cloud: Cloud) -> None:
    dns = build("dns", "v1")
    _zone(dns)
    record = {"name": "a.acme.internal.", "type": "CNAME", "ttl": 300, "rrdatas": ["b.acme.internal."]}
    sets = dns.resourceRecordSets()
    sets.create(project=PROJECT, managedZone="internal", body=record).execute()
    sets.patch(
        project=PROJECT, managedZone="internal", name=record["name"], type="CNAME", body={**record, "ttl": 60}
    ).execute()
    assert sets.get(project=PROJECT, managedZone="internal", name=record["name"], type="CNAME").execute()["ttl"] == 60
    sets.delete(project=PROJECT, managedZone="internal", name=record["name"], type="CNAME").execute()
    assert _status(sets.delete(project=PROJECT, managedZone="internal", name="acme.internal.", type="NS")) == 400
    changed = dns.managedZones().patch(project=PROJECT, managedZone="internal", body={"labels": {"a": "b"}}).execute()
    assert changed["zoneContext"]["newValue"]["labels"] == {"a": "b"}
    outside = {"additions": [{"name": "other.test.", "type": "A", "ttl": 1, "rrdatas": ["1.1.1.1"]}]}
    assert _status(dns.changes().create(project=PROJECT, managedZone="internal", body=outside)) == 400


def test_policies_of_networks(cloud: Cloud) -> None:
    dns = build("dns", "v1")
    policies = dns.policies()
    body = {"name": "logged", "enableLogging": True, "networks": [{"networkUrl": NETWORK}]}
    policies.create(project=PROJECT, body=body).execute()
    assert _status(policies.delete(project=PROJECT, policy="logged")) == 400
    policies.patch(project=PROJECT, policy="logged", body={"networks": []}).execute()
    assert policies.get(project=PROJECT, policy="logged").execute()["enableLogging"] is True
    policies.delete(project=PROJECT, policy="logged").execute()
    assert policies.list(project=PROJECT).execute()["policies"] == []
    dns.responsePolicies().create(project=PROJECT, body={"responsePolicyName": "pinned"}).execute()
    rule = {"ruleName": "one", "dnsName": "a.test.", "behavior": "bypassResponsePolicy"}
    dns.responsePolicyRules().create(project=PROJECT, responsePolicy="pinned", body=rule).execute()
    listed = dns.responsePolicyRules().list(project=PROJECT, responsePolicy="pinned").execute()
    assert [each["ruleName"] for each in listed["responsePolicyRules"]] == ["one"]


def _peered(compute: Any, networking: Any) -> None:
    body = {"name": "psa", "purpose": "VPC_PEERING", "addressType": "INTERNAL", "prefixLength": 16, "network": NETWORK}
    compute.globalAddresses().insert(project=PROJECT, body=body).execute()
    networking.services().connections().create(
        parent="services/servicenetworking.googleapis.com",
        body={"network": NETWORK, "reservedPeeringRanges": ["psa"]},
    ).execute()


def test_a_network_is_peered_with_services(cloud: Cloud) -> None:
    compute, networking = build("compute", "v1"), build("servicenetworking", "v1")
    _peered(compute, networking)
    parent = "services/servicenetworking.googleapis.com"
    connections = networking.services().connections()
    (found,) = connections.list(parent=parent, network=NETWORK).execute()["connections"]
    assert (found["peering"], found["reservedPeeringRanges"]) == ("servicenetworking-googleapis-com", ["psa"])
    network = compute.networks().get(project=PROJECT, network="default").execute()
    assert network["peerings"][0]["name"] == "servicenetworking-googleapis-com"
    assert (
        _status(connections.create(parent=parent, body={"network": NETWORK, "reservedPeeringRanges": ["psa"]})) == 400
    )
    missing = {"network": NETWORK, "reservedPeeringRanges": ["none"]}
    assert _status(connections.patch(name=f"{parent}/connections/-", body=missing)) == 404
    domain = {"name": "acme", "dnsSuffix": "acme.internal."}
    domains = networking.services().projects().global_().networks().peeredDnsDomains()
    where = f"{parent}/projects/{PROJECT}/global/networks/default"
    domains.create(parent=where, body=domain).execute()
    assert domains.list(parent=where).execute() == {"peeredDnsDomains": [domain]}
    started = connections.deleteConnection(
        name=f"{parent}/connections/servicenetworking-googleapis-com", body={"consumerNetwork": NETWORK}
    ).execute()
    cloud.advance(60)
    assert networking.operations().get(name=started["name"]).execute()["done"] is True
    assert connections.list(parent=parent, network=NETWORK).execute() == {}
    assert compute.networks().get(project=PROJECT, network="default").execute()["peerings"] == []


def _instance(sql: Any, cloud: Cloud, version: str = "POSTGRES_16", **settings: object) -> dict[str, Any]:
    body = {
        "name": "db",
        "region": "europe-west4",
        "databaseVersion": version,
        "settings": {"tier": "db-custom-2-7680", **settings},
        "rootPassword": "secret",
    }
    started = sql.instances().insert(project=PROJECT, body=body).execute()
    assert started["status"] == "PENDING"
    cloud.advance(300)
    assert sql.operations().get(project=PROJECT, operation=started["name"]).execute()["status"] == "DONE"
    found: dict[str, Any] = sql.instances().get(project=PROJECT, instance="db").execute()
    return found


def test_a_database_with_its_users(cloud: Cloud) -> None:
    sql = build("sqladmin", "v1")
    made = _instance(sql, cloud)
    assert (made["state"], made["connectionName"]) == ("RUNNABLE", f"{PROJECT}:europe-west4:db")
    assert "rootPassword" not in made
    assert made["serverCaCert"]["cert"].startswith("-----BEGIN CERTIFICATE-----")
    sql.databases().insert(project=PROJECT, instance="db", body={"name": "mlflow"}).execute()
    listed = sql.databases().list(project=PROJECT, instance="db").execute()["items"]
    assert [each["name"] for each in listed] == ["mlflow", "postgres"]
    user = {"name": "app", "password": "secret"}
    sql.users().insert(project=PROJECT, instance="db", body=user).execute()
    users = {each["name"]: each for each in sql.users().list(project=PROJECT, instance="db").execute()["items"]}
    assert set(users) == {"app", "postgres"}
    assert "password" not in users["app"]
    sql.users().delete(project=PROJECT, instance="db", name="app").execute()
    assert _status(sql.users().get(project=PROJECT, instance="db", name="app")) == 404
    assert _status(sql.databases().insert(project=PROJECT, instance="db", body={"name": "mlflow"})) == 409


def test_settings_of_a_database_change(cloud: Cloud) -> None:
    sql = build("sqladmin", "v1")
    made = _instance(sql, cloud, deletionProtectionEnabled=True)
    assert _status(sql.instances().delete(project=PROJECT, instance="db")) == 400
    flags = [{"name": "cloudsql.iam_authentication", "value": "on"}]
    change = {"settings": {"settingsVersion": made["settings"]["settingsVersion"], "databaseFlags": flags}}
    sql.instances().patch(project=PROJECT, instance="db", body=change).execute()
    assert _status(sql.instances().patch(project=PROJECT, instance="db", body=change)) == 412
    off = {"settings": {"deletionProtectionEnabled": False}}
    sql.instances().patch(project=PROJECT, instance="db", body=off).execute()
    found = sql.instances().get(project=PROJECT, instance="db").execute()["settings"]
    assert (found["tier"], found["databaseFlags"], found["settingsVersion"]) == ("db-custom-2-7680", flags, "3")
    sql.backupRuns().insert(project=PROJECT, instance="db", body={}).execute()
    assert len(sql.backupRuns().list(project=PROJECT, instance="db").execute()["items"]) == 1
    certificate = sql.sslCerts().insert(project=PROJECT, instance="db", body={"commonName": "laptop"}).execute()
    assert certificate["clientCert"]["certPrivateKey"].startswith("-----BEGIN PRIVATE KEY-----")
    assert sql.connect().get(project=PROJECT, instance="db").execute()["region"] == "europe-west4"
    sql.instances().delete(project=PROJECT, instance="db").execute()
    assert _status(sql.instances().get(project=PROJECT, instance="db")) == 404


def test_a_private_database_needs_the_peering_where_everything_is_asked() -> None:
    off = ["authentication", "enablement", "access", "projects", "organisation", "perimeter", "quota"]
    with mock_gcp(profile="strict", off=off) as cloud:
        compute, networking, sql = (
            build(*each) for each in (("compute", "v1"), ("servicenetworking", "v1"), ("sqladmin", "v1"))
        )
        compute.networks().list(project=PROJECT).execute()
        private = {"ipConfiguration": {"ipv4Enabled": False, "privateNetwork": NETWORK}}
        body = {"name": "db", "databaseVersion": "MYSQL_8_0", "settings": {"tier": "db-f1-micro", **private}}
        assert _status(sql.instances().insert(project=PROJECT, body=body)) == 400
        _peered(compute, networking)
        sql.instances().insert(project=PROJECT, body=body).execute()
        cloud.advance(300)
        found = sql.instances().get(project=PROJECT, instance="db").execute()
        assert [each["type"] for each in found["ipAddresses"]] == ["PRIVATE"]
        parent = "services/servicenetworking.googleapis.com/connections/servicenetworking-googleapis-com"
        leave = networking.services().connections().deleteConnection(name=parent, body={"consumerNetwork": NETWORK})
        assert _status(leave) == 400
