"""Billing, budgets, contacts, findings, feeds, quotas and organisation policies over REST."""

from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.organisations import BILLING_ACCOUNT, ORGANISATION, found
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import ALICE, PROJECT, ask, grant, status

BILLING = "cloudbilling.googleapis.com/v1"
BUDGETS = f"billingbudgets.googleapis.com/v1/{BILLING_ACCOUNT}/budgets"
CONTACTS = "essentialcontacts.googleapis.com/v1"
FINDINGS = "securitycenter.googleapis.com/v1"
ASSET = "cloudasset.googleapis.com/v1"
USAGE = "serviceusage.googleapis.com/v1beta1"
POLICIES = "orgpolicy.googleapis.com/v2"


@pytest.fixture
def cloud() -> Cloud:
    made = new_cloud("strict", off=["enablement"], waits="poll")
    found(made)
    made.projects.ensure("acme")
    return made


def test_a_project_is_charged_to_an_account(cloud: Cloud) -> None:
    url = f"{BILLING}/{PROJECT}/billingInfo"
    assert not ask(cloud, "GET", url)[1]["billingEnabled"]
    assert ask(cloud, "PUT", url, {"billingAccountName": BILLING_ACCOUNT})[1]["billingEnabled"]
    assert [
        e["projectId"] for e in ask(cloud, "GET", f"{BILLING}/{BILLING_ACCOUNT}/projects")[1]["projectBillingInfo"]
    ] == ["acme"]
    grant(cloud, "roles/owner", ALICE)
    assert status(cloud, ALICE, "PUT", url, {"billingAccountName": BILLING_ACCOUNT}) == 403
    grant(cloud, "roles/billing.user", ALICE, name=BILLING_ACCOUNT, api="cloudbilling")
    assert status(cloud, ALICE, "PUT", url, {"billingAccountName": BILLING_ACCOUNT}) == 200
    assert ask(cloud, "PUT", url, {"billingAccountName": "nonsense"})[0] == 400
    assert ask(cloud, "PUT", url, {"billingAccountName": "billingAccounts/AAAAAA-AAAAAA-AAAAAA"})[0] == 404
    assert ask(cloud, "PUT", url, {"billingAccountName": ""})[1]["billingEnabled"] is False


def test_billing_accounts_are_made_and_seen_by_who_may(cloud: Cloud) -> None:
    assert [e["name"] for e in ask(cloud, "GET", f"{BILLING}/billingAccounts")[1]["billingAccounts"]] == [
        BILLING_ACCOUNT
    ]
    assert ask(cloud, "GET", f"{BILLING}/billingAccounts", token="mock.user:alice@acme.test")[1] == {}
    below = ask(cloud, "POST", f"{BILLING}/{BILLING_ACCOUNT}/subAccounts", {"displayName": "customer"})[1]
    assert below["masterBillingAccount"] == BILLING_ACCOUNT
    own = ask(cloud, "POST", f"{BILLING}/{ORGANISATION}/billingAccounts", {"displayName": "second"})[1]
    listed = ask(cloud, "GET", f"{BILLING}/{ORGANISATION}/billingAccounts")[1]["billingAccounts"]
    assert own["name"] in {each["name"] for each in listed}
    assert len(ask(cloud, "GET", f"{BILLING}/{BILLING_ACCOUNT}/subAccounts")[1]["billingAccounts"]) == 1
    assert ask(cloud, "GET", f"{BILLING}/services?pageSize=2")[1]["nextPageToken"]


def test_any_account_charges_where_nobody_asks() -> None:
    cloud = new_cloud()
    account = "billingAccounts/AAAAAA-AAAAAA-AAAAAA"
    url = f"{BILLING}/projects/any-project/billingInfo"
    assert ask(cloud, "PUT", url, {"billingAccountName": account})[1]["billingEnabled"]
    assert ask(cloud, "GET", f"{BILLING}/{account}")[1]["open"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, 200),
        ({"amount": {}}, 400),
        ({"thresholdRules": [{"thresholdPercent": -1}]}, 400),
        ({"notificationsRule": {"pubsubTopic": "topic", "schemaVersion": "1.0"}}, 400),
        ({"notificationsRule": {"monitoringNotificationChannels": ["c"] * 6}}, 400),
        ({"budgetFilter": {"customPeriod": {"startDate": {"year": 2026, "month": 1, "day": 1}}}}, 200),
    ],
)
def test_a_budget_makes_sense(cloud: Cloud, more: dict[str, Any], code: int) -> None:
    body = {"displayName": "b", "amount": {"lastPeriodAmount": {}}, **more}
    if not more:
        body["amount"] = {"specifiedAmount": {"units": "5"}}
    else:
        body.setdefault("amount", {"specifiedAmount": {"units": "5"}})
        if "amount" not in more:
            body["amount"] = {"specifiedAmount": {"units": "5"}}
    assert ask(cloud, "POST", BUDGETS, body)[0] == code


def test_contacts_hear_of_what_is_below_them(cloud: Cloud) -> None:
    body = {"email": "sec@acme.test", "notificationCategorySubscriptions": ["SECURITY"]}
    top = ask(cloud, "POST", f"{CONTACTS}/{ORGANISATION}/contacts", body)[1]
    assert top["validationState"] == "VALID"
    assert ask(cloud, "POST", f"{CONTACTS}/{ORGANISATION}/contacts", body)[0] == 409
    assert ask(cloud, "POST", f"{CONTACTS}/{ORGANISATION}/contacts", {**body, "email": "no"})[0] == 400
    assert ask(cloud, "POST", f"{CONTACTS}/{PROJECT}/contacts", {"email": "a@acme.test"})[0] == 400
    every = {"email": "all@acme.test", "notificationCategorySubscriptions": ["ALL"]}
    own = ask(cloud, "POST", f"{CONTACTS}/{PROJECT}/contacts", every)[1]
    assert own["name"].startswith(f"projects/{cloud.projects.number_of('acme')}/contacts/")
    url = f"{CONTACTS}/{PROJECT}/contacts:compute?notificationCategories"
    assert [e["email"] for e in ask(cloud, "GET", f"{url}=SECURITY")[1]["contacts"]] == [
        "all@acme.test",
        "sec@acme.test",
    ]
    assert [e["email"] for e in ask(cloud, "GET", f"{url}=BILLING")[1]["contacts"]] == ["all@acme.test"]
    changed = ask(cloud, "PATCH", f"{CONTACTS}/{own['name']}?updateMask=languageTag", {"languageTag": "de"})[1]
    assert changed["languageTag"] == "de"
    test = {"contacts": [own["name"]], "notificationCategory": "ALL"}
    assert ask(cloud, "POST", f"{CONTACTS}/{PROJECT}/contacts:sendTestMessage", test) == (200, {})
    test["contacts"] = []
    assert ask(cloud, "POST", f"{CONTACTS}/{PROJECT}/contacts:sendTestMessage", test)[0] == 400


def test_findings_are_reported_muted_marked_and_counted(cloud: Cloud) -> None:
    source = ask(cloud, "POST", f"{FINDINGS}/{ORGANISATION}/sources", {"displayName": "scanner"})[1]["name"]
    base = f"{FINDINGS}/{source}/findings"
    body = {"category": "OPEN_BUCKET", "resourceName": "//storage.googleapis.com/b", "severity": "HIGH"}
    made = ask(cloud, "POST", f"{base}?findingId=f1", body)[1]
    assert (made["state"], made["parent"]) == ("ACTIVE", source)
    assert ask(cloud, "POST", f"{base}?findingId=f1", body)[0] == 409
    assert ask(cloud, "POST", f"{base}?findingId=f-1", body)[0] == 400
    assert ask(cloud, "PATCH", f"{base}/f2", {**body, "category": "OTHER"})[0] == 200
    changed = ask(cloud, "PATCH", f"{base}/f1?updateMask=severity", {"severity": "LOW"})[1]
    assert (changed["severity"], changed["category"]) == ("LOW", "OPEN_BUCKET")
    when = "2026-01-01T00:00:00Z"
    assert ask(cloud, "POST", f"{base}/f1:setState", {"state": "INACTIVE", "startTime": when})[1]["state"] == "INACTIVE"
    assert ask(cloud, "POST", f"{base}/f1:setMute", {"mute": "MUTED"})[1]["muteInitiator"] == "user:owner@mock.test"
    marks = ask(cloud, "PATCH", f"{base}/f1/securityMarks", {"marks": {"a": "b"}})[1]
    assert marks["marks"] == {"a": "b"}
    listed = ask(cloud, "GET", f'{base}?filter=state="ACTIVE"')[1]
    assert [each["finding"]["category"] for each in listed["listFindingsResults"]] == ["OTHER"]
    every = f"{FINDINGS}/{ORGANISATION}/sources/-/findings"
    assert ask(cloud, "GET", every)[1]["totalSize"] == 2
    groups = ask(cloud, "POST", f"{every}:group", {"groupBy": "category"})[1]["groupByResults"]
    assert [(each["properties"], each["count"]) for each in groups] == [
        ({"category": "OPEN_BUCKET"}, "1"),
        ({"category": "OTHER"}, "1"),
    ]
    assert ask(cloud, "POST", f"{every}:group", {})[0] == 400
    assert ask(cloud, "POST", f"{base}/none:setMute", {})[0] == 404


def test_feeds_and_the_inventory(cloud: Cloud) -> None:
    topic = {
        "feedOutputConfig": {"pubsubDestination": {"topic": f"{PROJECT}/topics/changes"}},
        "contentType": "RESOURCE",
    }
    base = f"{ASSET}/{PROJECT}/feeds"
    assert ask(cloud, "POST", base, {"feedId": "f", "feed": topic})[0] == 400
    assert ask(cloud, "PUT", f"pubsub.googleapis.com/v1/{PROJECT}/topics/changes", {})[0] == 200
    assert ask(cloud, "POST", base, {"feedId": "f", "feed": topic})[0] == 200
    assert ask(cloud, "POST", base, {"feedId": "f", "feed": topic})[0] == 409
    assert ask(cloud, "POST", base, {"feedId": "g", "feed": {"contentType": "RESOURCE"}})[0] == 400
    patch = {"feed": {"assetTypes": ["storage.googleapis.com/Bucket"]}, "updateMask": "assetTypes"}
    assert ask(cloud, "PATCH", f"{base}/f", patch)[1]["assetTypes"] == ["storage.googleapis.com/Bucket"]
    assert ask(cloud, "GET", f"{base}/f")[1]["contentType"] == "RESOURCE"
    assert len(ask(cloud, "GET", base)[1]["feeds"]) == 1
    assert ask(cloud, "DELETE", f"{base}/f") == (200, {})
    assert ask(cloud, "GET", f"{base}/f")[0] == 404
    assert ask(cloud, "GET", base)[1] == {}
    cloud.accounts.add("acme", "a@acme.iam.gserviceaccount.com", "A")
    grant(cloud, "roles/viewer", ALICE)
    listed = ask(cloud, "GET", f"{ASSET}/{PROJECT}/assets?contentType=RESOURCE&assetTypes=iam.googleapis.com/.*")[1]
    assert [each["resource"]["data"]["displayName"] for each in listed["assets"]] == ["A"]
    policies = ask(cloud, "GET", f"{ASSET}/{PROJECT}/assets?contentType=IAM_POLICY")[1]["assets"]
    assert [each["iamPolicy"]["bindings"][0]["role"] for each in policies] == ["roles/viewer"]
    assert ask(cloud, "GET", f"{ASSET}/{PROJECT}/assets?contentType=OS_INVENTORY")[0] == 501
    assert ask(cloud, "GET", f"{ASSET}/{PROJECT}:analyzeIamPolicy")[0] == 400
    by_role = ask(cloud, "GET", f"{ASSET}/{PROJECT}:analyzeIamPolicy?analysisQuery.accessSelector.roles=roles/viewer")[
        1
    ]
    assert len(by_role["mainAnalysis"]["analysisResults"]) == 1
    names = f"names=//cloudresourcemanager.googleapis.com/{PROJECT}"
    effective = ask(cloud, "GET", f"{ASSET}/{ORGANISATION}/effectiveIamPolicies:batchGet?{names}")[1]["policyResults"]
    assert len(effective[0]["policies"]) == 2


def done(cloud: Cloud, answered: tuple[int, Any]) -> Any:
    assert answered[0] == 200, answered
    return ask(cloud, "GET", f"{USAGE}/{answered[1]['name']}")[1]["response"]


def test_limits_are_overridden_through_service_usage(cloud: Cloud) -> None:
    base = f"{USAGE}/{PROJECT}/services/aiplatform.googleapis.com/consumerQuotaMetrics"
    name = "aiplatform.googleapis.com/custom_model_training_nvidia_t4_gpus"
    metric = f"{base}/{name.replace('/', '%2F')}"
    listed = {each["metric"]: each for each in ask(cloud, "GET", base)[1]["metrics"]}
    assert listed[name]["consumerQuotaLimits"][0]["quotaBuckets"][0]["effectiveLimit"] == "4"
    assert ask(cloud, "GET", metric)[1]["metric"] == name
    assert ask(cloud, "GET", f"{base}/none")[0] == 404
    limit = f"{metric}/limits/%2Fproject%2Fregion"
    assert ask(cloud, "GET", limit)[1]["unit"] == "1/{project}/{region}"
    body = {"overrideValue": "9", "dimensions": {"region": "europe-west4"}}
    made = done(cloud, ask(cloud, "POST", f"{limit}/consumerOverrides?force=true", body))
    buckets = ask(cloud, "GET", limit)[1]["quotaBuckets"]
    assert [each["effectiveLimit"] for each in buckets] == ["4", "9"]
    override = f"{limit}/consumerOverrides/{made['name'].rpartition('/')[2]}"
    assert done(cloud, ask(cloud, "PATCH", override, {"overrideValue": "10"}))["overrideValue"] == "10"
    assert len(ask(cloud, "GET", f"{limit}/consumerOverrides")[1]["overrides"]) == 1
    assert ask(cloud, "DELETE", override)[0] == 200
    assert ask(cloud, "DELETE", override)[0] == 404
    assert len(ask(cloud, "GET", limit)[1]["quotaBuckets"]) == 1


def test_a_service_agent_is_asked_for(cloud: Cloud) -> None:
    number = cloud.projects.number_of("acme")
    url = f"{USAGE}/{PROJECT}/services"
    made = done(cloud, ask(cloud, "POST", f"{url}/aiplatform.googleapis.com:generateServiceIdentity"))
    assert made["email"] == f"service-{number}@gcp-sa-aiplatform.iam.gserviceaccount.com"
    bindings = cloud.store.policies["cloudresourcemanager", PROJECT]["bindings"]
    assert bindings[0] == {"role": "roles/aiplatform.serviceAgent", "members": [f"serviceAccount:{made['email']}"]}
    other = done(cloud, ask(cloud, "POST", f"{url}/unheard.googleapis.com:generateServiceIdentity"))
    assert other["email"] == f"service-{number}@gcp-sa-unheard.iam.gserviceaccount.com"


def test_a_service_that_google_does_not_have_is_refused() -> None:
    cloud = new_cloud("strict")
    cloud.projects.ensure("acme")
    url = f"serviceusage.googleapis.com/v1/{PROJECT}/services"
    assert ask(cloud, "POST", f"{url}/unheard.googleapis.com:enable", {})[0] == 403
    assert ask(cloud, "POST", f"{url}/nonsense:enable", {})[0] == 403
    assert ask(cloud, "POST", f"{url}:batchEnable", {"serviceIds": []})[0] == 400
    assert ask(cloud, "POST", f"{url}/run.googleapis.com:disable", {})[0] == 400


def test_policies_are_refused_where_they_make_no_sense(cloud: Cloud) -> None:
    base = f"{POLICIES}/{PROJECT}/policies"

    def put(constraint: str, rule: dict[str, Any]) -> int:
        return ask(cloud, "POST", base, {"name": f"{PROJECT}/policies/{constraint}", "spec": {"rules": [rule]}})[0]

    assert put("none.such", {"enforce": True}) == 400
    assert put("gcp.resourceLocations", {"enforce": True}) == 400
    assert put("compute.requireOsLogin", {"allowAll": True}) == 400
    assert ask(cloud, "POST", base, {"spec": {}})[0] == 400
    assert put("compute.requireOsLogin", {"enforce": True}) == 200
    assert put("compute.requireOsLogin", {"enforce": True}) == 409
    url = f"{base}/compute.requireOsLogin"
    policy = ask(cloud, "GET", url)[1]
    changed = ask(cloud, "PATCH", f"{url}?updateMask=*", {**policy, "spec": {"rules": [{"enforce": False}]}})[1]
    assert changed["spec"]["rules"] == [{"enforce": False}]
    assert ask(cloud, "PATCH", url, policy)[0] == 409
    assert ask(cloud, "DELETE", f"{url}?etag={policy['etag']}")[0] == 409
    assert [e["name"] for e in ask(cloud, "GET", base)[1]["policies"]] == [policy["name"]]
    assert ask(cloud, "DELETE", url) == (200, {})
    assert ask(cloud, "GET", url)[0] == 404
    for constraint, rules in (
        ("compute.requireOsLogin", [{"enforce": False}]),
        ("gcp.resourceLocations", [{"allowAll": True}]),
    ):
        assert ask(cloud, "GET", f"{base}/{constraint}:getEffectivePolicy")[1]["spec"]["rules"] == rules


@pytest.mark.parametrize(
    ("change", "code"),
    [({}, 200), ({"name": "bad"}, 400), ({"condition": ""}, 400), ({"condition": "frob(1)"}, 400)],
)
def test_a_custom_constraint_can_be_read(cloud: Cloud, change: dict[str, str], code: int) -> None:
    base = f"{POLICIES}/{ORGANISATION}/customConstraints"
    body = {
        "name": f"{ORGANISATION}/customConstraints/custom.mine",
        "resourceTypes": ["compute.googleapis.com/Instance"],
        "methodTypes": ["CREATE"],
        "condition": "resource.name == 'x'",
        "actionType": "DENY",
    }
    assert ask(cloud, "POST", base, {**body, **change})[0] == code
    if code == 200:
        changed = ask(cloud, "PATCH", f"{base}/custom.mine", {**body, "displayName": "mine"})
        assert changed[1]["displayName"] == "mine"


def test_findings_are_published_by_an_account_of_google(cloud: Cloud) -> None:
    ask(cloud, "PUT", "pubsub.googleapis.com/v1/projects/acme/topics/findings", {})
    body = {"pubsubTopic": "projects/acme/topics/findings", "streamingConfig": {"filter": 'state="ACTIVE"'}}
    made = ask(cloud, "POST", f"{FINDINGS}/{PROJECT}/notificationConfigs?configId=alerts", body)[1]
    number = cloud.projects.number_of("acme")
    assert made["serviceAccount"] == f"service-{number}@gcp-sa-scc-notification.iam.gserviceaccount.com"
    assert made["name"] == "projects/acme/notificationConfigs/alerts"
    there = ask(cloud, "GET", f"{FINDINGS}/{PROJECT}/notificationConfigs/alerts")[1]
    assert there["serviceAccount"] == made["serviceAccount"]
