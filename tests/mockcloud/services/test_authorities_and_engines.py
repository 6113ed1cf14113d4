"""Certificate authorities, Kafka's lists of who may do what, search engines: what no description tells of them."""

from typing import Any

import pytest
from cryptography import x509

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

PLACE = "projects/acme/locations/europe-west4"


class TestCertificates:
    @pytest.fixture
    def pool(self) -> Asking:
        cloud = new_cloud()
        Asking(cloud, "privateca.googleapis.com", f"/v1/{PLACE}").done(
            "POST", "caPools", {"tier": "ENTERPRISE"}, "caPoolId=inner"
        )
        return Asking(cloud, "privateca.googleapis.com", f"/v1/{PLACE}/caPools/inner")

    def authority(self, pool: Asking) -> None:
        pool.done("POST", "certificateAuthorities", self.body("root", "SELF_SIGNED"), "certificateAuthorityId=root")

    def body(self, name: str, kind: str = "") -> dict[str, Any]:
        subject = {"subject": {"commonName": f"{name}.acme.test", "organization": "Acme"}}
        config = {"subjectConfig": subject, "x509Config": {}, "publicKey": {"format": "PEM"}}
        told = {"type": kind, "keySpec": {"algorithm": "EC_P256_SHA256"}} if kind else {}
        return {"config": config, "lifetime": "86400s", **told}

    def test_they_are_real_and_say_who_issued_them(self, pool: Asking) -> None:
        self.authority(pool)
        pool.done("POST", "certificates", self.body("web"), "certificateId=web")
        found = pool.get("certificates/web")
        assert found["issuerCertificateAuthority"].endswith("/certificateAuthorities/root")
        assert found["pemCertificateChain"] == pool.get("certificateAuthorities/root")["pemCaCertificates"]
        parsed = x509.load_pem_x509_certificate(found["pemCertificate"].encode())
        assert parsed.subject.rfc4514_string() == "CN=web.acme.test"
        assert (parsed.not_valid_after_utc - parsed.not_valid_before_utc).days == 1

    def test_an_authority_that_is_switched_off_issues_none(self, pool: Asking) -> None:
        assert pool.ask("POST", "certificates", self.body("web"), "certificateId=web")[0] == 400
        self.authority(pool)
        pool.done("POST", "certificateAuthorities/root:disable", {})
        assert pool.ask("POST", "certificates", self.body("web"), "certificateId=web")[0] == 400
        pool.done("POST", "certificateAuthorities/root:enable", {})
        pool.done("POST", "certificates", self.body("web"), "certificateId=web")

    def test_one_that_is_not_there_issues_none_either(self, pool: Asking) -> None:
        self.authority(pool)
        query = "certificateId=web&issuingCertificateAuthorityId=none"
        assert pool.ask("POST", "certificates", self.body("web"), query)[0] == 404

    def test_what_is_revoked_stays_and_says_why(self, pool: Asking) -> None:
        self.authority(pool)
        pool.done("POST", "certificates", self.body("web"), "certificateId=web")
        pool.done("POST", "certificates/web:revoke", {"reason": "SUPERSEDED"})
        first = pool.get("certificates/web")["revocationDetails"]
        pool.done("POST", "certificates/web:revoke", {"reason": "KEY_COMPROMISE"})
        assert first["revocationState"] == "SUPERSEDED"
        assert pool.get("certificates/web")["revocationDetails"] == first


class TestKafka:
    @pytest.fixture
    def cluster(self) -> Asking:
        cloud = new_cloud()
        body = {"capacityConfig": {"vcpuCount": "3", "memoryBytes": "3221225472"}, "gcpConfig": {}}
        Asking(cloud, "managedkafka.googleapis.com", f"/v1/{PLACE}").done("POST", "clusters", body, "clusterId=events")
        return Asking(cloud, "managedkafka.googleapis.com", f"/v1/{PLACE}/clusters/events")

    @pytest.mark.parametrize(
        ("identifier", "told"),
        [
            ("cluster", ("CLUSTER", "kafka-cluster", "LITERAL")),
            ("topic/scores", ("TOPIC", "scores", "LITERAL")),
            ("consumerGroupPrefixed/team-", ("GROUP", "team-", "PREFIXED")),
            ("allTransactionalIds", ("TRANSACTIONAL_ID", "*", "LITERAL")),
        ],
    )
    def test_the_id_says_what_a_list_is_about(
        self, cluster: Asking, identifier: str, told: tuple[str, str, str]
    ) -> None:
        entries = {"aclEntries": [{"principal": "User:*", "operation": "ALL"}]}
        cluster.done("POST", "acls", entries, f"aclId={identifier}")
        found = cluster.get(f"acls/{identifier}")
        assert (found["resourceType"], found["resourceName"], found["patternType"]) == told
        assert cluster.get("acls")["acls"] == [found]

    @pytest.mark.parametrize("identifier", ["", "topic", "topic/", "table/x", "cluster/x"])
    def test_another_id_is_refused(self, cluster: Asking, identifier: str) -> None:
        entries = {"aclEntries": [{"principal": "User:*", "operation": "ALL"}]}
        assert cluster.ask("POST", "acls", entries, f"aclId={identifier}")[0] == 400

    def test_a_list_belongs_to_a_cluster(self, cluster: Asking) -> None:
        other = Asking(cluster.cloud, "managedkafka.googleapis.com", f"/v1/{PLACE}/clusters/none")
        entries = {"aclEntries": [{"principal": "User:*", "operation": "ALL"}]}
        assert other.ask("POST", "acls", entries, "aclId=cluster")[0] == 404


class TestEngines:
    @pytest.fixture
    def search(self) -> Asking:
        return Asking(
            new_cloud(),
            "discoveryengine.googleapis.com",
            "/v1/projects/acme/locations/global/collections/default_collection",
        )

    def engine(self, search: Asking, **told: Any) -> int:
        return search.ask("POST", "engines", {"displayName": "Search", "dataStoreIds": ["a"], **told}, "engineId=e")[0]

    def test_one_is_for_a_purpose(self, search: Asking) -> None:
        assert self.engine(search) == 400

    def test_one_for_searches_comes_with_what_asks_it(self, search: Asking) -> None:
        assert self.engine(search, solutionType="SOLUTION_TYPE_SEARCH") == 200
        assert search.get("engines/e/servingConfigs/default_search")["displayName"] == "Search"
        assert search.get("engines/e/widgetConfigs/default_search_widget_config")["configId"]

    def test_one_for_talks_does_not(self, search: Asking) -> None:
        assert self.engine(search, solutionType="SOLUTION_TYPE_CHAT") == 200
        assert search.ask("GET", "engines/e/servingConfigs/default_search")[0] == 404

    @pytest.mark.parametrize(("query", "status"), [("", 200), ("&skipDefaultSchemaCreation=true", 404)])
    def test_a_store_has_a_schema_unless_another_one_follows(self, search: Asking, query: str, status: int) -> None:
        search.done("POST", "dataStores", {"displayName": "Docs"}, f"dataStoreId=docs{query}")
        assert search.ask("GET", "dataStores/docs/schemas/default_schema")[0] == status

    def test_a_key_and_the_store_of_users_are_made_by_an_update(self, search: Asking) -> None:
        place = Asking(search.cloud, "discoveryengine.googleapis.com", "/v1/projects/acme/locations/eu")
        keys = Asking(search.cloud, "cloudkms.googleapis.com", "/v1/projects/acme/locations/europe")
        keys.done("POST", "keyRings", {}, "keyRingId=r")
        keys.done("POST", "keyRings/r/cryptoKeys", {"purpose": "ENCRYPT_DECRYPT"}, "cryptoKeyId=k")
        key = "projects/acme/locations/europe/keyRings/r/cryptoKeys/k"
        place.done("PATCH", "cmekConfigs/default_cmek_config", {"kmsKey": key}, "setDefault=true")
        assert place.get("cmekConfigs/default_cmek_config")["isDefault"] is True
        assert place.get("userStores/default_user_store")["displayName"]
        place.done("PATCH", "userStores/default_user_store", {"enableLicenseAutoRegister": True})
        assert place.get("userStores/default_user_store")["enableLicenseAutoRegister"] is True
