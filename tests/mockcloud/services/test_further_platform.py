"""What no description tells of Firestore, App Engine, Firebase, proxies, keys of users, and other platforms."""

import pytest

from mockcloud.cloud.tokens import mock_token
from mockcloud.doors.wire import HttpRequest, answer
from mockcloud.simulator import new_cloud
from tests.mockcloud.services.asking import Asking

PROJECT = "projects/acme"
NATIVE = {"type": "FIRESTORE_NATIVE", "locationId": "eur3"}
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGZyb20gYSB0ZXN0IG9ubHkgYW5kIG5vIGtleSBhdCBhbGw= ada"


def api(name: str, version: str = "v1") -> Asking:
    return Asking(new_cloud(), f"{name}.googleapis.com", f"/{version}")


# Firestore
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def store() -> Asking:
    firestore = api("firestore")
    firestore.done("POST", f"{PROJECT}/databases", NATIVE, "databaseId=store")
    return firestore


def test_a_database_has_what_nobody_said(store: Asking) -> None:
    made = store.get(f"{PROJECT}/databases/store")
    assert (made["concurrencyMode"], made["versionRetentionPeriod"]) == ("PESSIMISTIC", "3600s")
    recoverable = {"pointInTimeRecoveryEnablement": "POINT_IN_TIME_RECOVERY_ENABLED"}
    store.done("PATCH", f"{PROJECT}/databases/store", recoverable, "updateMask=pointInTimeRecoveryEnablement")
    assert store.get(f"{PROJECT}/databases/store")["versionRetentionPeriod"] == "604800s"
    store.done("POST", f"{PROJECT}/databases", NATIVE, "databaseId=(default)")
    assert "keyPrefix" not in store.get(f"{PROJECT}/databases/(default)")
    assert "keyPrefix" in made


@pytest.mark.parametrize("wrong", [{"type": "FIRESTORE_NATIVE"}, {"locationId": "eur3"}])
def test_a_database_needs_place_and_type(store: Asking, wrong: dict[str, str]) -> None:
    assert store.refused("POST", f"{PROJECT}/databases", wrong, "databaseId=other") == 400
    assert store.refused("POST", f"{PROJECT}/databases", NATIVE, "databaseId=Other!") == 400


def test_a_protected_database_stays(store: Asking) -> None:
    name, mask = f"{PROJECT}/databases/store", "updateMask=deleteProtectionState"
    store.done("PATCH", name, {"deleteProtectionState": "DELETE_PROTECTION_ENABLED"}, mask)
    assert store.refused("DELETE", name) == 400
    assert store.refused("PATCH", name, {"locationId": "nam5"}, "updateMask=locationId") == 400
    store.done("PATCH", name, {"deleteProtectionState": "DELETE_PROTECTION_DISABLED"}, mask)
    store.done("DELETE", name)


def test_an_index_ends_with_the_name(store: Asking) -> None:
    group = f"{PROJECT}/databases/store/collectionGroups/customers"
    fields = [{"fieldPath": "a", "order": "ASCENDING"}, {"fieldPath": "b", "order": "DESCENDING"}]
    store.done("POST", f"{group}/indexes", {"queryScope": "COLLECTION", "fields": fields})
    (index,) = store.get(f"{group}/indexes")["indexes"]
    assert index["fields"][-1] == {"fieldPath": "__name__", "order": "DESCENDING"}
    vector = [{"fieldPath": "v", "vectorConfig": {"dimension": 3, "flat": {}}}]
    store.done("POST", f"{group}/indexes", {"queryScope": "COLLECTION", "fields": vector})
    assert [len(each["fields"]) for each in store.get(f"{group}/indexes")["indexes"]].count(1) == 1
    assert store.refused("POST", f"{group}/indexes", {"fields": []}) == 400
    elsewhere = f"{PROJECT}/databases/none/collectionGroups/customers/indexes"
    assert store.refused("POST", elsewhere, {"fields": fields}) == 404


def test_a_field_is_as_every_field_until_it_is_set(store: Asking) -> None:
    name = f"{PROJECT}/databases/store/collectionGroups/customers/fields/visits"
    assert store.get(name)["indexConfig"]["usesAncestorConfig"] is True
    sent = {"indexConfig": {"indexes": [{"queryScope": "COLLECTION", "fields": [{"order": "ASCENDING"}]}]}}
    store.done("PATCH", name, sent, "updateMask=indexConfig")
    store.done("PATCH", name, {"ttlConfig": {}}, "updateMask=ttlConfig")
    found = store.get(name)
    assert found["indexConfig"]["indexes"][0]["fields"] == [{"fieldPath": "visits", "order": "ASCENDING"}]
    assert found["ttlConfig"] == {"state": "ACTIVE"}
    store.done("PATCH", name, {}, "updateMask=indexConfig,ttlConfig")
    assert store.get(name)["indexConfig"]["usesAncestorConfig"] is True
    assert "ttlConfig" not in store.get(name)
    assert store.refused("GET", name.replace("/store/", "/none/")) == 404
    assert store.refused("POST", f"{PROJECT}/databases/store/documents:commit", {}) == 501


# App Engine
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def engine() -> Asking:
    engine = api("appengine")
    engine.done("POST", "apps", {"id": "acme", "locationId": "europe-west"})
    return engine


def version(identifier: str = "", **fields: object) -> dict[str, object]:
    return {"runtime": "python312", **({"id": identifier} if identifier else {}), **fields}


def test_a_project_has_one_application(engine: Asking) -> None:
    assert engine.get("apps/acme")["defaultHostname"] == "acme.appspot.com"
    assert engine.refused("POST", "apps", {"id": "acme", "locationId": "us-central"}) == 409
    assert engine.refused("POST", "apps", {"id": "other"}) == 400
    assert engine.refused("POST", "apps", {"locationId": "us-central"}) == 400
    assert engine.refused("PATCH", "apps/acme", {"locationId": "us-central"}, "updateMask=locationId") == 400
    engine.done("PATCH", "apps/acme", {"authDomain": "acme.test"}, "updateMask=authDomain")
    assert engine.get("apps/acme")["authDomain"] == "acme.test"


def test_versions_make_their_service_and_share_its_traffic(engine: Asking) -> None:
    place = "apps/acme/services/default/versions"
    engine.done("POST", place, version("one"))
    assert engine.get("apps/acme/services/default")["split"] == {"allocations": {"one": 1.0}}
    assert engine.get(f"{place}/one")["versionUrl"] == "https://one-dot-acme.appspot.com"
    engine.done("POST", place, version("one", instanceClass="F4"))
    assert engine.get(f"{place}/one")["instanceClass"] == "F4"
    assert engine.refused("DELETE", f"{place}/one") == 400
    engine.done("POST", place, version("two"))
    split = {"split": {"allocations": {"two": 1}}}
    engine.done("PATCH", "apps/acme/services/default", split, "updateMask=split")
    engine.done("DELETE", f"{place}/one")
    assert engine.refused("POST", place, {"id": "three"}) == 400
    engine.done("POST", "apps/acme/services/api/versions", version())
    assert len(engine.get("apps/acme/services/api/versions")["versions"]) == 1
    assert engine.refused("DELETE", "apps/acme/services/default") == 400
    engine.done("DELETE", "apps/acme/services/api")
    assert engine.refused("GET", "apps/acme/services/api/versions/one") == 404


def test_domains_and_rules_of_an_application(engine: Asking) -> None:
    engine.done("POST", "apps/acme/domainMappings", {"id": "app.acme.test"})
    mapped = engine.get("apps/acme/domainMappings/app.acme.test")
    assert mapped["resourceRecords"][0]["rrdata"] == "ghs.googlehosted.com"
    assert mapped["sslSettings"] == {"sslManagementType": "AUTOMATIC"}
    rules = "apps/acme/firewall/ingressRules"
    engine.done("POST", rules, {"priority": 1000, "action": "DENY", "sourceRange": "192.0.2.0/24"})
    assert {each["priority"] for each in engine.get(rules)["ingressRules"]} == {1000, 2147483647}
    assert engine.refused("POST", rules, {"action": "DENY", "sourceRange": "*"}) == 400


# Identity-Aware Proxy
# ---------------------------------------------------------------------------------------------------------------------


def test_a_policy_is_put_on_what_is_guarded() -> None:
    iap = api("iap")
    name = f"{PROJECT}/iap_web/compute/services/front"
    binding = {"role": "roles/iap.httpsResourceAccessor", "members": ["user:a@acme.test"]}
    iap.done("POST", f"{name}:setIamPolicy", {"policy": {"bindings": [binding]}})
    number = iap.cloud.projects.number_of("acme")
    assert iap.done("POST", f"{name.replace('acme', number)}:getIamPolicy", {})["bindings"] == [binding]
    assert not iap.done("POST", f"{PROJECT}/iap_web:getIamPolicy", {}).get("bindings")


def test_settings_of_the_proxy_are_always_there() -> None:
    iap = api("iap")
    name = f"{PROJECT}/iap_web:iapSettings"
    assert iap.get(name) == {"name": f"{PROJECT}/iap_web"}
    iap.done("PATCH", name, {"applicationSettings": {"cookieDomain": "acme.test"}})
    iap.done(
        "PATCH", name, {"accessSettings": {"corsSettings": {"allowHttpOptions": True}}}, "updateMask=accessSettings"
    )
    assert set(iap.get(name)) == {"name", "applicationSettings", "accessSettings"}


@pytest.mark.parametrize(
    ("path", "permission"),
    [
        ("iap_web", "iap.web.getIamPolicy"),
        ("iap_web/compute", "iap.webTypes.getIamPolicy"),
        ("iap_web/compute/services/s", "iap.webServices.getIamPolicy"),
        ("iap_web/appengine-a/services/s/versions/v", "iap.webServiceVersions.getIamPolicy"),
        ("iap_tunnel", "iap.tunnel.getIamPolicy"),
        ("iap_tunnel/zones/z", "iap.tunnelZones.getIamPolicy"),
        ("iap_tunnel/zones/z/instances/i", "iap.tunnelInstances.getIamPolicy"),
        ("iap_tunnel/locations/l/destGroups/g", "iap.tunnelDestGroups.getIamPolicy"),
    ],
)
def test_each_kind_asks_for_its_permission(path: str, permission: str) -> None:
    cloud = new_cloud(on=["access"])
    nobody = {"authorization": f"Bearer {mock_token('user:eve@acme.test')}"}
    request = HttpRequest("POST", "iap.googleapis.com", f"/v1/{PROJECT}/{path}:getIamPolicy", "", nobody, b"{}")
    refused = answer(cloud, request)
    assert refused.status == 403
    assert permission in refused.body.decode()


# Keys, rules, sites and other things
# ---------------------------------------------------------------------------------------------------------------------


def test_a_users_keys_are_told_by_their_fingerprints() -> None:
    oslogin = api("oslogin")
    profile = oslogin.done("POST", "users/ada@acme.test:importSshPublicKey", {"key": KEY})["loginProfile"]
    ((fingerprint, kept),) = profile["sshPublicKeys"].items()
    assert (len(fingerprint), kept["fingerprint"]) == (64, fingerprint)
    later = {"key": KEY, "expirationTimeUsec": "1893456000000000"}
    again = oslogin.done("POST", "users/ada@acme.test:importSshPublicKey", later)["loginProfile"]["sshPublicKeys"]
    assert again[fingerprint]["expirationTimeUsec"] == "1893456000000000"
    assert oslogin.get("users/ada@acme.test/loginProfile")["sshPublicKeys"] == again
    for odd in ("ssh-rsa ?", "one-word"):
        oslogin.done("POST", "users/bob@acme.test/sshPublicKeys", {"key": odd})
    assert oslogin.refused("POST", "users/bob@acme.test:importSshPublicKey", {}) == 400
    oslogin.done("DELETE", f"users/ada@acme.test/sshPublicKeys/{fingerprint}")
    assert "sshPublicKeys" not in oslogin.get("users/ada@acme.test/loginProfile")


def test_apps_of_firebase_are_removed_and_taken_back() -> None:
    firebase = api("firebase", "v1beta1")
    firebase.done("POST", f"{PROJECT}:addFirebase", {})
    assert firebase.refused("POST", f"{PROJECT}:addFirebase", {}) == 409
    assert firebase.get(PROJECT)["resources"] == {"hostingSite": "acme"}
    firebase.done("POST", f"{PROJECT}/webApps", {"displayName": "Site"})
    (app,) = firebase.get(f"{PROJECT}/webApps")["apps"]
    name = app["name"]
    assert ":web:" in app["appId"]
    assert firebase.refused("POST", f"{name}:undelete", {}) == 400
    firebase.done("POST", f"{name}:remove", {})
    assert firebase.get(name)["state"] == "DELETED"
    assert firebase.refused("POST", f"{name}:remove", {}) == 400
    firebase.done("POST", f"{name}:undelete", {})
    assert firebase.get(name)["state"] == "ACTIVE"
    firebase.done("POST", f"{name}:remove", {"immediate": True})
    assert firebase.refused("GET", name) == 404


def test_a_bucket_is_lent_to_firebase() -> None:
    buckets = api("firebasestorage", "v1beta")
    assert buckets.refused("POST", f"{PROJECT}/buckets/none:addFirebase", {}) == 404
    storage = Asking(buckets.cloud, "storage.googleapis.com", "/storage/v1")
    storage.done("POST", "b", {"name": "models"}, "project=acme")
    buckets.done("POST", f"{PROJECT}/buckets/models:addFirebase", {})
    assert buckets.refused("POST", f"{PROJECT}/buckets/models:addFirebase", {}) == 409
    buckets.done("POST", f"{PROJECT}/buckets/models:removeFirebase", {})
    assert buckets.refused("GET", f"{PROJECT}/buckets/models") == 404


def test_what_is_below_a_site_needs_no_project() -> None:
    hosting = api("firebasehosting", "v1beta1")
    hosting.done("POST", f"{PROJECT}/sites", {}, "siteId=acme-site")
    channel = hosting.done("POST", "sites/acme-site/channels", {}, "channelId=next")
    assert channel["name"] == "sites/acme-site/channels/next"
    assert channel["url"].startswith("https://acme-site--next-")
    made = hosting.done("POST", "sites/acme-site/versions", {})
    release = hosting.done("POST", "sites/acme-site/releases", {}, f"versionName={made['name']}")
    assert release["version"] == {"name": made["name"]}
    assert hosting.done("POST", "sites/acme-site/releases", {"type": "SITE_DISABLE"})["type"] == "SITE_DISABLE"
    assert hosting.refused("POST", "sites/none/channels", {}, "channelId=next") == 404
    domain = {"redirectTarget": "acme.test"}
    hosting.done("POST", f"{PROJECT}/sites/acme-site/customDomains", domain, "customDomainId=www.acme.test")
    assert hosting.get(f"{PROJECT}/sites/acme-site/customDomains/www.acme.test")["hostState"] == "HOST_ACTIVE"


def test_a_release_has_rules_that_are_there() -> None:
    rules = api("firebaserules")
    source = {"source": {"files": [{"name": "a.rules", "content": "service a {}"}]}}
    first, second = (rules.done("POST", f"{PROJECT}/rulesets", source)["name"] for _ in range(2))
    release = {"name": f"{PROJECT}/releases/cloud.firestore/store", "rulesetName": first}
    rules.done("POST", f"{PROJECT}/releases", release)
    changed = {"release": {**release, "rulesetName": second}}
    rules.done("PATCH", f"{PROJECT}/releases/cloud.firestore/store", changed)
    assert rules.get(f"{PROJECT}/releases/cloud.firestore/store")["rulesetName"] == second
    assert rules.refused("POST", f"{PROJECT}/releases", {"rulesetName": first}) == 400
    lost = {"name": f"{PROJECT}/releases/lost", "rulesetName": f"{PROJECT}/rulesets/none"}
    assert rules.refused("POST", f"{PROJECT}/releases", lost) == 404
    assert rules.refused("POST", f"{PROJECT}/rulesets", {"source": {}}) == 400


def test_what_is_always_there_and_what_is_not_simulated() -> None:
    check = api("firebaseappcheck")
    assert check.get(f"{PROJECT}/services/oauth2.googleapis.com")["enforcementMode"] == "OFF"
    hosting = api("firebaseapphosting")
    place = f"{PROJECT}/locations/europe-west4/backends"
    hosting.done("POST", place, {"appId": "1:1:web:1"}, "backendId=site")
    assert hosting.get(f"{place}/site/domains/site--acme.europe-west4.hosted.app")["type"] == "DEFAULT"
    approval = api("accessapproval")
    approval.done("PATCH", f"{PROJECT}/accessApprovalSettings", {"notificationEmails": ["ops@acme.test"]})
    approval.done("DELETE", f"{PROJECT}/accessApprovalSettings")
    assert approval.get(f"{PROJECT}/accessApprovalSettings") == {"name": f"{PROJECT}/accessApprovalSettings"}
    assert approval.refused("GET", f"{PROJECT}/serviceAccount") == 501
    assert api("recaptchaenterprise").refused("POST", f"{PROJECT}/assessments", {}) == 501
    healthcare = api("healthcare")
    healthcare.done("POST", f"{PROJECT}/locations/europe-west4/datasets", {}, "datasetId=d")
    below = f"{PROJECT}/locations/europe-west4/datasets/d/hl7V2Stores"
    healthcare.done("POST", below, {}, "hl7V2StoreId=s")
    assert healthcare.refused("POST", f"{below}/s/messages", {"message": {}}) == 501
    assert api("sourcerepo").refused("POST", f"{PROJECT}/repos", {}) == 400


def test_a_disk_becomes_like_another_one() -> None:
    compute = api("compute", "compute/v1")
    compute.done("POST", f"{PROJECT}/zones/europe-west4-a/disks", {"name": "first"})
    compute.done("POST", f"{PROJECT}/zones/europe-west1-b/disks", {"name": "second"})
    first, second = f"{PROJECT}/zones/europe-west4-a/disks/first", f"{PROJECT}/zones/europe-west1-b/disks/second"
    compute.done("POST", f"{first}/startAsyncReplication", {"asyncSecondaryDisk": second})
    (state,) = compute.get(first)["resourceStatus"]["asyncSecondaryDisks"].values()
    assert state == {"state": "ACTIVE"}
    compute.done("POST", f"{first}/stopAsyncReplication", {})
    (state,) = compute.get(first)["resourceStatus"]["asyncSecondaryDisks"].values()
    assert state == {"state": "STOPPED"}
    assert compute.refused("POST", f"{first}/startAsyncReplication", {"asyncSecondaryDisk": f"{second}x"}) == 404
