"""Organisation policies: each constraint, inheritance, conditions, custom ones."""

from typing import Any

import pytest

from mockcloud.cloud.constraints.catalogue import constraints
from mockcloud.cloud.organisations import ORGANISATION
from mockcloud.cloud.store import Record
from tests.mockcloud.cloud.asking import (
    DATASET,
    DATASETS,
    KEY,
    PROJECT,
    ask,
    policy,
    strict,
)

NOTEBOOKS = f"notebooks.googleapis.com/v2/{PROJECT}/locations/us-central1-a/instances?instanceId=i"
INSTANCES = f"compute.googleapis.com/compute/v1/{PROJECT}/zones/us-central1-a/instances"
BUCKETS = "storage.googleapis.com/storage/v1/b?project=acme"
ENFORCED = {"enforce": True}


def values(*allowed: str) -> dict[str, Any]:
    return {"values": {"allowedValues": list(allowed)}}


def setup(**fields: Any) -> dict[str, Any]:
    return {"gceSetup": fields}


@pytest.mark.parametrize(
    ("constraint", "rule", "url", "bad", "good"),
    [
        (
            "ainotebooks.disableTerminal",
            ENFORCED,
            NOTEBOOKS,
            setup(),
            setup(metadata={"notebook-disable-terminal": "true"}),
        ),
        (
            "ainotebooks.requireAutoUpgradeSchedule",
            ENFORCED,
            NOTEBOOKS,
            setup(),
            setup(metadata={"notebook-upgrade-schedule": "00 19 * * MON"}),
        ),
        (
            "ainotebooks.accessMode",
            values("single-user"),
            NOTEBOOKS,
            setup(metadata={"proxy-mode": "service-account"}),
            setup(metadata={"proxy-mode": "single-user"}),
        ),
        (
            "ainotebooks.restrictVpcNetworks",
            values("under:projects/acme"),
            NOTEBOOKS,
            setup(networkInterfaces=[{"network": "projects/other/global/networks/n"}]),
            setup(networkInterfaces=[{"network": f"{PROJECT}/global/networks/n"}]),
        ),
        (
            "ainotebooks.environmentOptions",
            values("projects/p/global/images/family/f", "ok"),
            NOTEBOOKS,
            setup(containerImage={"repository": "bad"}),
            setup(vmImage={"project": "p", "family": "f"}),
        ),
        (
            "compute.requireShieldedVm",
            ENFORCED,
            INSTANCES,
            {"name": "i", "shieldedInstanceConfig": {"enableSecureBoot": False}},
            {"name": "i", "shieldedInstanceConfig": {"enableSecureBoot": True}},
        ),
        (
            "compute.disableSerialPortAccess",
            ENFORCED,
            INSTANCES,
            {"name": "i", "metadata": {"items": [{"key": "serial-port-enable", "value": "true"}]}},
            {"name": "i"},
        ),
        (
            "compute.vmExternalIpAccess",
            {"denyAll": True},
            INSTANCES,
            {"name": "i", "networkInterfaces": [{"accessConfigs": [{"name": "External"}]}]},
            {"name": "i", "networkInterfaces": [{}]},
        ),
        ("compute.vmCanIpForward", {"denyAll": True}, INSTANCES, {"name": "i", "canIpForward": True}, {"name": "i"}),
        (
            "compute.trustedImageProjects",
            values("projects/debian-cloud"),
            INSTANCES,
            {"name": "i", "disks": [{"initializeParams": {"sourceImage": "projects/evil/global/images/x"}}]},
            {"name": "i", "disks": [{"initializeParams": {"sourceImage": "projects/debian-cloud/global/images/x"}}]},
        ),
        (
            "compute.restrictNonConfidentialComputing",
            {"values": {"deniedValues": ["compute.googleapis.com"]}},
            INSTANCES,
            {"name": "i"},
            {"name": "i", "confidentialInstanceConfig": {"enableConfidentialCompute": True}},
        ),
        (
            "storage.uniformBucketLevelAccess",
            ENFORCED,
            BUCKETS,
            {"name": "b"},
            {"name": "b", "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}}},
        ),
        (
            "sql.restrictPublicIp",
            ENFORCED,
            f"sqladmin.googleapis.com/v1/{PROJECT}/instances",
            {"name": "i", "settings": {"ipConfiguration": {"ipv4Enabled": True}}},
            {"name": "i", "settings": {"ipConfiguration": {"ipv4Enabled": False}}},
        ),
        (
            "run.allowedIngress",
            values("is:internal"),
            f"run.googleapis.com/v2/{PROJECT}/locations/us-central1/services?serviceId=s",
            {"ingress": "INGRESS_TRAFFIC_ALL"},
            {"ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY", "template": {"containers": [{"image": "i"}]}},
        ),
        (
            "essentialcontacts.allowedContactDomains",
            values("@acme.test"),
            f"essentialcontacts.googleapis.com/v1/{PROJECT}/contacts",
            {"email": "eve@evil.test", "notificationCategorySubscriptions": ["ALL"]},
            {"email": "alice@acme.test", "notificationCategorySubscriptions": ["ALL"]},
        ),
        (
            "gcp.restrictNonCmekServices",
            {"values": {"deniedValues": ["is:aiplatform.googleapis.com"]}},
            DATASETS,
            DATASET,
            {**DATASET, "encryptionSpec": {"kmsKeyName": KEY}},
        ),
        (
            "gcp.restrictCmekCryptoKeyProjects",
            values(f"under:{ORGANISATION}"),
            DATASETS,
            {**DATASET, "encryptionSpec": {"kmsKeyName": KEY.replace("acme", "elsewhere")}},
            {**DATASET, "encryptionSpec": {"kmsKeyName": KEY}},
        ),
        (
            "gcp.restrictServiceUsage",
            {"values": {"deniedValues": ["aiplatform.googleapis.com"]}},
            DATASETS,
            DATASET,
            None,
        ),
        (
            "iam.disableCrossProjectServiceAccountUsage",
            ENFORCED,
            NOTEBOOKS,
            setup(serviceAccounts=[{"email": "a@other.iam.gserviceaccount.com"}]),
            setup(serviceAccounts=[{"email": "a@acme.iam.gserviceaccount.com"}]),
        ),
        (
            "iam.workloadIdentityPoolProviders",
            values("https://token.actions.githubusercontent.com"),
            f"iam.googleapis.com/v1/{PROJECT}/locations/global/workloadIdentityPools/p/providers?workloadIdentityPoolProviderId=x",
            {"oidc": {"issuerUri": "https://evil.test"}},
            {"oidc": {"issuerUri": "https://token.actions.githubusercontent.com"}},
        ),
    ],
)
def test_a_constraint_is_held(constraint: str, rule: dict[str, Any], url: str, bad: Any, good: Any) -> None:
    cloud = strict(off=["enablement", "access", "references", "quota"])
    policy(cloud, constraint, rule)
    refused = ask(cloud, "POST", url, bad)
    assert refused[0] in {400, 403, 412}
    assert constraint in refused[1]["error"]["message"]
    # Whatever else is wrong with it, the constraint lets it pass.
    assert good is None or constraint not in str(ask(cloud, "POST", url, good))


def test_an_accounts_members_are_those_of_its_projects_organisation() -> None:
    cloud = strict(off=["enablement", "access"])
    policy(cloud, "iam.allowedPolicyMemberDomains", values(f"is:principalSet://iam.googleapis.com/{ORGANISATION}"))
    url = f"cloudresourcemanager.googleapis.com/v1/{PROJECT}:setIamPolicy"

    def put(member: str) -> int:
        return ask(cloud, "POST", url, {"policy": {"bindings": [{"role": "roles/viewer", "members": [member]}]}})[0]

    cloud.accounts.add("acme", "a@acme.iam.gserviceaccount.com")
    assert put("serviceAccount:a@acme.iam.gserviceaccount.com") == 200
    assert put("serviceAccount:a@stranger.iam.gserviceaccount.com") == 400
    assert put("user:alice@mock.test") == 200


def test_members_that_a_bucket_has_already_are_not_held() -> None:
    cloud = strict(off=["enablement", "access"])
    bucket = ask(cloud, "POST", BUCKETS, {"name": "kept-bucket"})[1]["name"]
    policy(cloud, "iam.allowedPolicyMemberDomains", values(f"is:principalSet://iam.googleapis.com/{ORGANISATION}"))
    url = f"storage.googleapis.com/storage/v1/b/{bucket}/iam"
    found = ask(cloud, "GET", url)[1]

    def put(member: str) -> int:
        added = {"role": "roles/storage.objectViewer", "members": [member]}
        return ask(cloud, "PUT", url, {"bindings": [*found["bindings"], added]})[0]

    assert any(each.startswith("projectEditor:") for each in found["bindings"][0]["members"])
    assert put("user:eve@evil.test") == 412
    assert put("user:alice@mock.test") == 200


def test_conditions_of_policies_are_tags() -> None:
    cloud = strict(off=["enablement", "access"])
    tagged = {"condition": {"expression": "resource.matchTag('1/env', 'prod')"}}
    policy(cloud, "iam.disableServiceAccountCreation", {"enforce": False}, {**tagged, "enforce": True})
    policy(cloud, "gcp.resourceLocations", {**tagged, "denyAll": True}, {"allowAll": True})
    url = f"iam.googleapis.com/v1/{PROJECT}/serviceAccounts"
    assert ask(cloud, "POST", url, {"accountId": "first-one"})[0] == 200
    store = cloud.store
    store.put(Record("cloudresourcemanager", "tagKeys/1", {"namespacedName": "1/env", "parent": ORGANISATION}))
    store.put(Record("cloudresourcemanager", "tagValues/2", {"shortName": "prod", "parent": "tagKeys/1"}))
    bound = f"//cloudresourcemanager.googleapis.com/projects/{cloud.projects.number_of('acme')}"
    store.put(Record("cloudresourcemanager", "tagBindings/1", {"parent": bound, "tagValue": "tagValues/2"}))
    assert ask(cloud, "POST", url, {"accountId": "second-one"})[0] == 400
    assert ask(cloud, "POST", DATASETS, DATASET)[0] == 400


def test_no_default_network_comes_by_itself_where_a_policy_forbids_it() -> None:
    networks = f"compute.googleapis.com/compute/v1/{PROJECT}/global/networks"
    for enforced, names in ((False, ["default"]), (True, [])):
        cloud = strict(off=["enablement", "access"])
        policy(cloud, "compute.skipDefaultNetworkCreation", {"enforce": enforced})
        assert [each["name"] for each in ask(cloud, "GET", networks)[1].get("items", [])] == names


def test_a_reset_gives_the_default_again() -> None:
    cloud = strict(off=["enablement", "access"])
    policy(cloud, "iam.disableServiceAccountCreation", ENFORCED, place=ORGANISATION)
    url = f"iam.googleapis.com/v1/{PROJECT}/serviceAccounts"
    assert ask(cloud, "POST", url, {"accountId": "first-one"})[0] == 400
    name = f"{PROJECT}/policies/iam.disableServiceAccountCreation"
    cloud.create(Record("orgpolicy", name, {"spec": {"reset": True}}))
    assert ask(cloud, "POST", url, {"accountId": "first-one"})[0] == 200


def test_a_condition_that_is_not_known_is_named() -> None:
    cloud = strict(off=["enablement", "access"])
    policy(cloud, "iam.disableServiceAccountCreation", {"enforce": True, "condition": {"expression": "frob(1)"}})
    answered = ask(cloud, "POST", f"iam.googleapis.com/v1/{PROJECT}/serviceAccounts", {"accountId": "first-one"})
    assert answered[0] == 501
    assert "frob" in answered[1]["error"]["message"]


@pytest.mark.parametrize(
    ("action", "methods", "condition", "code"),
    [
        ("DENY", ["CREATE"], "resource.displayName == 'd'", 400),
        ("DENY", ["CREATE"], "resource.displayName == 'other'", 200),
        ("ALLOW", ["CREATE"], "resource.displayName.startsWith('team-')", 400),
        ("ALLOW", ["UPDATE"], "false", 200),
        ("DENY", ["CREATE"], "frob(1)", 501),
    ],
)
def test_a_custom_constraint_holds_new_resources(action: str, methods: list[str], condition: str, code: int) -> None:
    cloud = strict(off=["enablement", "access"])
    body = {
        "resourceTypes": ["aiplatform.googleapis.com/Dataset"],
        "methodTypes": methods,
        "condition": condition,
        "actionType": action,
    }
    cloud.create(Record("orgpolicy", f"{ORGANISATION}/customConstraints/custom.x", body))
    policy(cloud, "custom.x", ENFORCED)
    assert ask(cloud, "POST", DATASETS, DATASET)[0] == code


def test_each_constraint_is_held_or_says_that_it_is_not() -> None:
    from mockcloud.cloud.constraints.catalogue import _data
    from mockcloud.cloud.constraints.enforcement import _OWN

    elsewhere = {
        "iam.automaticIamGrantsForDefaultServiceAccounts",
        "compute.skipDefaultNetworkCreation",
        "iam.allowServiceAccountCredentialLifetimeExtension",
    }
    held = {*_data()["rows"], *_OWN, *elsewhere}
    assert {each.name for each in constraints().values() if each.held} == held
    assert not {each for each in held if not constraints()[each].held}
