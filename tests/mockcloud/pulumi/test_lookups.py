"""Functions answer from the cloud what the real provider's would."""

import base64
import json
from typing import Any

import pytest

from mockcloud.pulumi.functions import _loaded
from mockcloud.pulumi.naming import Naming
from mockcloud.pulumi.policies import guarded
from mockcloud.pulumi.provider import ProviderError
from mockcloud.pulumi.values import plain
from tests.mockcloud.pulumi.lives import World, world

ORGANISATION = "organizations/123456789012"
EMAIL = "trainer@acme-dev.iam.gserviceaccount.com"


@pytest.fixture
def here() -> World:
    return world()


def make(here: World, token: str, **inputs: Any) -> dict[str, Any]:
    checked = here.provider.check(f"gcp:{token}", inputs, {}, Naming("made"))
    state = here.provider.create(f"gcp:{token}", checked.inputs, f"urn:{token}")
    return {**state.outputs, "id": state.id}


def ask(here: World, token: str, **arguments: Any) -> dict[str, Any]:
    answer = here.provider.invoke(f"gcp:{token}:{token.partition('/')[2]}", arguments)
    return {name: plain(value) for name, value in answer.items()}


def test_a_policy_is_written_down_in_one_order(here: World) -> None:
    reader = {"role": "roles/viewer", "members": ["user:b@c.d", "user:a@c.d"]}
    owner = {"role": "roles/owner", "members": ["user:a@c.d"], "condition": {"title": "t", "expression": "true"}}
    logs = [
        {"service": "allServices", "auditLogConfigs": [{"logType": "DATA_READ", "exemptedMembers": ["user:a@c.d"]}]}
    ]

    one = ask(here, "organizations/getIAMPolicy", bindings=[reader, owner], auditConfigs=logs)
    other = ask(here, "organizations/getIAMPolicy", bindings=[owner, reader], auditConfigs=logs)

    assert one["policyData"] == other["policyData"]
    assert one["id"] == other["id"]
    told = json.loads(one["policyData"])
    assert told["auditConfigs"] == logs
    assert {each["role"]: each["members"] for each in told["bindings"]} == {
        "roles/owner": ["user:a@c.d"],
        "roles/viewer": ["user:a@c.d", "user:b@c.d"],
    }


def test_a_written_policy_can_be_set_and_read(here: World) -> None:
    make(here, "storage/bucket:Bucket", name="acme-models", location="EU")
    written = ask(
        here, "organizations/getIAMPolicy", bindings=[{"role": "roles/storage.admin", "members": ["user:a@b.c"]}]
    )
    make(here, "storage/bucketIAMPolicy:BucketIAMPolicy", bucket="acme-models", policyData=written["policyData"])

    found = ask(here, "storage/getBucketIamPolicy", bucket="acme-models")

    assert found["policyData"] == written["policyData"]
    assert found["id"] == "b/acme-models"
    assert found["etag"]


def test_every_kind_of_thing_that_has_a_policy_has_its_function() -> None:
    policies = [each for each in _loaded() if each.endswith("IamPolicy")]
    assert len(policies) == len(guarded().keys() - {"organizations/iAM"})  # the provider has no function for those
    assert {
        "gcp:bigquery/getTableIamPolicy:getTableIamPolicy",
        "gcp:bigquerydatapolicy/getIamPolicy:getIamPolicy",
        "gcp:cloudrun/getServiceIamPolicy:getServiceIamPolicy",
        "gcp:dns/getManagedZoneIamPolicy:getManagedZoneIamPolicy",
        "gcp:folder/getIamPolicy:getIamPolicy",
        "gcp:kms/getCryptoKeyIamPolicy:getCryptoKeyIamPolicy",
        "gcp:projects/getIamPolicy:getIamPolicy",
    } <= set(policies)


def test_an_organisation_and_its_folders_are_found(here: World) -> None:
    above = make(here, "organizations/folder:Folder", displayName="Above", parent=ORGANISATION)
    below = make(here, "organizations/folder:Folder", displayName="Below", parent=above["id"])

    organisation = ask(here, "organizations/getOrganization", organization="123456789012")
    assert organisation["orgId"] == "123456789012"
    assert ask(here, "organizations/getOrganization", domain=organisation["domain"])["name"] == ORGANISATION
    folder = ask(here, "organizations/getFolder", folder=below["id"], lookupOrganization=True)
    assert folder["organization"] == ORGANISATION
    assert folder["parent"] == above["id"]
    assert ask(here, "organizations/getActiveFolder", displayName="Below", parent=above["id"])["name"] == below["id"]
    with pytest.raises(ProviderError, match="no active folder Nowhere"):
        ask(here, "organizations/getActiveFolder", displayName="Nowhere", parent=above["id"])
    with pytest.raises(ProviderError, match="no organisation"):
        ask(here, "organizations/getOrganization", domain="nowhere.test")


def test_projects_and_their_apis_are_found(here: World) -> None:
    make(here, "organizations/project:Project", projectId="acme-found", name="Found", labels={"team": "ml"})
    make(here, "projects/service:Service", service="pubsub.googleapis.com")

    found = ask(here, "projects/getProject", filter="projectId:acme-found")["projects"]
    assert [each["projectId"] for each in found] == ["acme-found"]
    assert found[0]["labels"]["team"] == "ml"
    assert (
        ask(here, "projects/getProjectService", service="pubsub.googleapis.com")["id"]
        == "acme-dev/pubsub.googleapis.com"
    )
    with pytest.raises(ProviderError, match="no API"):
        ask(here, "projects/getProjectService", service="tpu.googleapis.com")


def test_a_billing_account_is_found_with_what_it_pays_for(here: World) -> None:
    make(here, "billing/projectInfo:ProjectInfo", project="acme-dev", billingAccount="000000-AAAAAA-000000")

    found = ask(here, "organizations/getBillingAccount", billingAccount="000000-AAAAAA-000000")

    assert found["projectIds"] == ["acme-dev"]
    by_name = ask(
        here, "organizations/getBillingAccount", displayName=found["displayName"], open=True, lookupProjects=False
    )
    assert by_name["name"] == found["name"]
    assert by_name["projectIds"] == []
    with pytest.raises(ProviderError, match="no billing account"):
        ask(here, "organizations/getBillingAccount", displayName="Nowhere")


@pytest.mark.parametrize("given", ["trainer", EMAIL, f"projects/acme-dev/serviceAccounts/{EMAIL}"])
def test_a_service_account_is_found_by_any_name(given: str, here: World) -> None:
    make(here, "serviceaccount/account:Account", accountId="trainer", displayName="Trainer")

    found = ask(here, "serviceaccount/getAccount", accountId=given)

    assert found["member"] == f"serviceAccount:{EMAIL}"
    assert found["displayName"] == "Trainer"


@pytest.mark.parametrize(
    "token",
    [
        "compute/getDefaultServiceAccount",
        "storage/getProjectServiceAccount",
        "bigquery/getDefaultServiceAccount",
    ],
)
def test_accounts_of_google_are_found(token: str, here: World) -> None:
    found = ask(here, token)

    assert found["project"] == "acme-dev"
    assert found["member"].endswith("gserviceaccount.com")


def test_the_default_account_of_machines_can_have_grants(here: World) -> None:
    found = ask(here, "compute/getDefaultServiceAccount")

    made = make(
        here,
        "serviceaccount/iAMMember:IAMMember",
        serviceAccountId=found["name"],
        role="roles/iam.serviceAccountUser",
        member="user:a@b.c",
    )

    assert made["id"].startswith(f"projects/acme-dev/serviceAccounts/{found['email']}/")


def test_what_a_secret_holds_is_found(here: World) -> None:
    secret = make(here, "secretmanager/secret:Secret", secretId="s", replication={"auto": {}})
    for data in ("old", "new"):
        make(here, "secretmanager/secretVersion:SecretVersion", secret=secret["id"], secretData=data)

    assert ask(here, "secretmanager/getSecretVersion", secret="s")["secretData"] == "new"
    first = ask(here, "secretmanager/getSecretVersionAccess", secret=secret["id"], version="1", isSecretDataBase64=True)
    assert base64.b64decode(first["secretData"]) == b"old"
    assert first["version"] == "1"
    assert ask(here, "secretmanager/getSecretVersion", secret="s", fetchSecretData=False)["secretData"] == ""
    found = ask(here, "secretmanager/getSecret", secretId="s")
    (replication,) = found["replications"]
    assert [each["customerManagedEncryptions"] for each in replication["autos"]] == [[]]
    assert replication["userManageds"] == []


def test_what_a_regional_secret_holds_is_found(here: World) -> None:
    secret = make(here, "secretmanager/regionalSecret:RegionalSecret", secretId="s", location="europe-west4")
    make(here, "secretmanager/regionalSecretVersion:RegionalSecretVersion", secret=secret["id"], secretData="here")

    by_name = ask(here, "secretmanager/getRegionalSecretVersion", secret="s", location="europe-west4")
    by_id = ask(here, "secretmanager/getRegionalSecretVersionAccess", secret=secret["id"])

    assert by_name["secretData"] == by_id["secretData"] == "here"


def test_keys_are_found_and_decrypt(here: World) -> None:
    ring = make(here, "kms/keyRing:KeyRing", name="ring", location="europe-west4")
    key = make(here, "kms/cryptoKey:CryptoKey", name="key", keyRing=ring["id"])
    made = make(
        here,
        "kms/secretCiphertext:SecretCiphertext",
        cryptoKey=key["id"],
        plaintext="hunter2",
        additionalAuthenticatedData="aad",
    )

    assert ask(here, "kms/getKMSKeyRing", name="ring", location="europe-west4")["id"] == ring["id"]
    assert ask(here, "kms/getKMSCryptoKey", name="key", keyRing=ring["id"])["purpose"] == "ENCRYPT_DECRYPT"
    told = {"cryptoKey": key["id"], "ciphertext": made["ciphertext"], "additionalAuthenticatedData": "aad"}
    assert ask(here, "kms/getKMSSecret", **told)["plaintext"] == "hunter2"


def test_the_account_that_writes_logs_is_found(here: World) -> None:
    found = ask(here, "logging/getProjectCmekSettings", project="acme-dev")

    assert found["serviceAccountId"].endswith("gserviceaccount.com")


def test_tags_are_found_by_their_short_names(here: World) -> None:
    key = make(here, "tags/tagKey:TagKey", parent=ORGANISATION, shortName="env")
    value = make(here, "tags/tagValue:TagValue", parent=key["id"], shortName="dev")

    assert ask(here, "tags/getTagKey", parent=ORGANISATION, shortName="env")["id"] == key["id"]
    assert ask(here, "tags/getTagValue", parent=key["id"], shortName="dev")["name"] == value["name"]
    with pytest.raises(ProviderError, match="shortName nothing"):
        ask(here, "tags/getTagKey", parent=ORGANISATION, shortName="nothing")


def test_secrets_and_accounts_are_listed(here: World) -> None:
    for each in ("first", "second"):
        make(here, "secretmanager/secret:Secret", secretId=each, replication={"auto": {}}, labels={"which": each})
        make(here, "serviceaccount/account:Account", accountId=f"{each}-account")

    secrets = ask(here, "secretmanager/getSecrets")["secrets"]
    assert {each["secretId"]: each["labels"]["which"] for each in secrets} == {"first": "first", "second": "second"}
    assert ask(here, "secretmanager/getSecrets", filter="labels.which=second")["secrets"][0]["secretId"] == "second"
    accounts = ask(here, "serviceaccount/getS", prefix="first", regex="^f.*-account@")["accounts"]
    assert [each["accountId"] for each in accounts] == ["first-account"]


def test_keys_and_their_versions_are_listed(here: World) -> None:
    ring = make(here, "kms/keyRing:KeyRing", name="ring", location="europe-west4")
    key = make(here, "kms/cryptoKey:CryptoKey", name="key", keyRing=ring["id"], rotationPeriod="86400s")
    made = make(here, "kms/cryptoKeyVersion:CryptoKeyVersion", cryptoKey=key["id"])

    assert ask(here, "kms/getKeyRings", location="europe-west4")["keyRings"] == [{"id": ring["id"], "name": "ring"}]
    found = ask(here, "kms/getCryptoKeys", keyRing=ring["id"])["keys"]
    assert [(each["id"], each["rotationPeriod"]) for each in found] == [(key["id"], "86400s")]
    versions = ask(here, "kms/getCryptoKeyVersions", cryptoKey=key["id"])["versions"]
    assert {each["version"] for each in versions} == {1, 2}
    assert ask(here, "kms/getCryptoKeyLatestVersion", cryptoKey=key["id"])["name"] == made["id"]
    bare = make(here, "kms/cryptoKey:CryptoKey", name="bare", keyRing=ring["id"], skipInitialVersionCreation=True)
    with pytest.raises(ProviderError, match="no version"):
        ask(here, "kms/getCryptoKeyLatestVersion", cryptoKey=bare["id"])


def test_folders_and_tags_are_listed(here: World) -> None:
    folder = make(here, "organizations/folder:Folder", displayName="ML", parent=ORGANISATION)
    key = make(here, "tags/tagKey:TagKey", parent=ORGANISATION, shortName="env")
    make(here, "tags/tagValue:TagValue", parent=key["id"], shortName="dev")

    folders = ask(here, "organizations/getFolders", parentId=ORGANISATION)["folders"]
    assert [each["name"] for each in folders] == [folder["id"]]
    assert [each["name"] for each in ask(here, "tags/getTagKeys", parent=ORGANISATION)["keys"]] == [key["name"]]
    assert [each["shortName"] for each in ask(here, "tags/getTagValues", parent=key["id"])["values"]] == ["dev"]


def test_tokens_and_keys_of_accounts_are_given(here: World) -> None:
    make(here, "serviceaccount/account:Account", accountId="trainer")
    key = make(here, "serviceaccount/key:Key", serviceAccountId="trainer")

    scopes = ["cloud-platform"]
    token = ask(here, "serviceaccount/getAccountAccessToken", targetServiceAccount=EMAIL, scopes=scopes)
    assert token["accessToken"]
    identity = ask(
        here,
        "serviceaccount/getAccountIdToken",
        targetServiceAccount=EMAIL,
        targetAudience="https://acme.test",
        includeEmail=True,
    )
    assert identity["idToken"].count(".") == 2
    own = ask(here, "serviceaccount/getAccountIdToken", targetAudience="https://acme.test")
    assert own["idToken"] != identity["idToken"]
    assert ask(here, "serviceaccount/getAccountKey", name=key["name"])["keyAlgorithm"] == "KEY_ALG_RSA_2048"
    assert "@" in ask(here, "organizations/getClientOpenIdUserInfo")["email"]


def test_roles_are_found(here: World) -> None:
    told = {"roleId": "reader", "title": "Reader", "permissions": ["pubsub.topics.get"]}
    make(here, "projects/iAMCustomRole:IAMCustomRole", **told)
    make(here, "organizations/iAMCustomRole:IAMCustomRole", orgId="123456789012", **told)

    assert "storage.objects.get" in ask(here, "iam/getRule", name="roles/storage.objectViewer")["includedPermissions"]
    assert ask(here, "projects/getIamCustomRole", roleId="reader")["permissions"] == ["pubsub.topics.get"]
    assert ask(here, "organizations/getIamCustomRole", orgId="123456789012", roleId="reader")["title"] == "Reader"


def test_channels_and_sinks_are_found(here: World) -> None:
    token = "monitoring/notificationChannel:NotificationChannel"
    make(here, token, type="email", displayName="Other", labels={"email_address": "other@acme.test"})
    made = make(here, token, type="email", displayName="On call", labels={"email_address": "oncall@acme.test"})
    sink = make(here, "logging/projectSink:ProjectSink", name="all", destination="storage.googleapis.com/acme-logs")

    found = ask(
        here, "monitoring/getNotificationChannel", displayName="On call", labels={"email_address": "oncall@acme.test"}
    )
    assert found["id"] == made["id"]
    with pytest.raises(ProviderError, match="No notification channel"):
        ask(here, "monitoring/getNotificationChannel", displayName="Nobody")
    assert ask(here, "logging/getSink", id=sink["id"])["writerIdentity"] == sink["writerIdentity"]
