"""What the lives of special types hold beside what their examples show."""

import base64
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mockcloud.pulumi.api import Refused
from mockcloud.pulumi.lifecycle import State
from mockcloud.pulumi.naming import Naming
from mockcloud.pulumi.provider import ProviderError
from mockcloud.pulumi.special import lifecycle_of
from mockcloud.pulumi.values import plain
from tests.mockcloud.pulumi.lives import World, world

ACCOUNT = "serviceaccount/account:Account"
KEY = "kms/cryptoKey:CryptoKey"
EMAIL = "trainer@acme-dev.iam.gserviceaccount.com"


@pytest.fixture
def here() -> World:
    return world()


def make(here: World, token: str, **inputs: Any) -> State:
    checked = here.provider.check(f"gcp:{token}", inputs, {}, Naming("made"))
    assert checked.failures == []
    return here.provider.create(f"gcp:{token}", checked.inputs, f"urn:{token}")


def read(here: World, token: str, identifier: str) -> State | None:
    found = here.provider.read(f"gcp:{token}", identifier, {}, {})
    return found[0] if found is not None else None


def change(here: World, token: str, state: State, before: Mapping[str, Any], after: Mapping[str, Any]) -> State:
    return here.provider.update(f"gcp:{token}", state, after, before, "urn")


def remove(here: World, token: str, state: State, **outputs: Any) -> None:
    here.provider.delete(f"gcp:{token}", State(state.id, {**state.outputs, **outputs}))


def call(here: World, verb: str, host: str, path: str, body: object = None) -> dict[str, Any]:
    return here.provider.place.api.call(verb, f"{host}.googleapis.com", path, body)


def test_an_account_that_is_there_is_taken_over_where_the_program_says_so(here: World) -> None:
    first = make(here, ACCOUNT, accountId="trainer")

    with pytest.raises(ProviderError, match="already exists"):
        make(here, ACCOUNT, accountId="trainer")

    assert make(here, ACCOUNT, accountId="trainer", createIgnoreAlreadyExists=True).id == first.id


@pytest.mark.parametrize("given", [EMAIL, "trainer", f"projects/acme-dev/serviceAccounts/{EMAIL}"])
def test_a_key_takes_any_name_of_its_account(given: str, here: World) -> None:
    make(here, ACCOUNT, accountId="trainer")

    key = make(here, "serviceaccount/key:Key", serviceAccountId=given)

    assert key.id.startswith(f"projects/acme-dev/serviceAccounts/{EMAIL}/keys/")
    assert plain(key.outputs["privateKey"])
    assert plain(key.outputs["publicKey"])
    remove(here, "serviceaccount/key:Key", key)
    assert read(here, "serviceaccount/key:Key", key.id) is None


def test_the_public_part_of_a_key_can_be_uploaded(here: World) -> None:
    make(here, ACCOUNT, accountId="trainer")
    public = base64.b64encode(b"-----BEGIN CERTIFICATE-----").decode()

    uploaded = make(here, "serviceaccount/key:Key", serviceAccountId="trainer", publicKeyData=public)

    assert "privateKey" not in uploaded.outputs
    assert plain(uploaded.outputs["publicKey"]) == public


def test_a_role_that_was_deleted_is_brought_back(here: World) -> None:
    token, inputs = "projects/iAMCustomRole:IAMCustomRole", {"roleId": "reader", "permissions": ["pubsub.topics.get"]}
    role = make(here, token, title="Reader", **inputs)
    remove(here, token, role)
    assert read(here, token, role.id) is None

    again = make(here, token, title="Reader of topics", **inputs)

    assert again.id == role.id
    assert again.outputs["title"] == "Reader of topics"
    assert again.outputs["deleted"] is False


def test_a_key_that_goes_leaves_no_version_and_no_rotation(here: World) -> None:
    ring = make(here, "kms/keyRing:KeyRing", name="ring", location="europe-west4")
    key = make(here, KEY, name="key", keyRing=ring.id, rotationPeriod="7776000s")
    for _ in range(3):
        call(here, "POST", "cloudkms", f"v1/{key.id}/cryptoKeyVersions", {})

    remove(here, KEY, key)

    versions = call(here, "GET", "cloudkms", f"v1/{key.id}/cryptoKeyVersions")["cryptoKeyVersions"]
    assert {each["state"] for each in versions} == {"DESTROY_SCHEDULED"}
    assert len(versions) == 4
    assert "rotationPeriod" not in call(here, "GET", "cloudkms", f"v1/{key.id}")


def test_a_key_rotates_a_period_from_now(here: World) -> None:
    ring = make(here, "kms/keyRing:KeyRing", name="ring", location="europe-west4")
    before = {"name": "key", "keyRing": ring.id, "rotationPeriod": "86400s"}
    key = make(here, KEY, **before)

    changed = change(here, KEY, key, before, {**before, "rotationPeriod": "172800s"})

    assert changed.outputs["rotationPeriod"] == "172800s"
    assert call(here, "GET", "cloudkms", f"v1/{key.id}")["nextRotationTime"].startswith("2026-01-03T")


def test_a_ciphertext_is_what_its_key_decrypts(here: World) -> None:
    ring = make(here, "kms/keyRing:KeyRing", name="ring", location="europe-west4")
    key = make(here, KEY, name="key", keyRing=ring.id)
    token = "kms/secretCiphertext:SecretCiphertext"

    made = make(here, token, cryptoKey=key.id, plaintext="hunter2", additionalAuthenticatedData="aad")

    told = {"ciphertext": made.outputs["ciphertext"], "additionalAuthenticatedData": base64.b64encode(b"aad").decode()}
    found = call(here, "POST", "cloudkms", f"v1/{key.id}:decrypt", told)["plaintext"]
    assert base64.b64decode(found) == b"hunter2"
    assert read(here, token, made.id) is None


def test_a_secret_that_is_only_written_stays_out_of_the_outputs(here: World) -> None:
    secret = make(here, "secretmanager/secret:Secret", secretId="s", replication={"auto": {}})
    token = "secretmanager/secretVersion:SecretVersion"

    version = make(here, token, secret=secret.id, secretDataWo="hunter2", enabled=False)

    assert "secretData" not in version.outputs
    assert "payload" not in version.outputs
    assert version.outputs["enabled"] is False
    assert read(here, token, "nonsense") is None
    remove(here, token, version, deletionPolicy="ABANDON")
    assert call(here, "GET", "secretmanager", f"v1/{version.id}")["state"] == "DISABLED"


def test_a_version_may_be_disabled_rather_than_destroyed(here: World) -> None:
    secret = make(here, "secretmanager/secret:Secret", secretId="s", replication={"auto": {}})
    token = "secretmanager/secretVersion:SecretVersion"
    version = make(here, token, secret=secret.id, secretData="hunter2", deletionPolicy="DISABLE")

    remove(here, token, version)

    assert call(here, "GET", "secretmanager", f"v1/{version.id}")["state"] == "DISABLED"


def test_an_api_stays_on_unless_the_program_says_otherwise(here: World) -> None:
    token = "projects/service:Service"
    kept = make(here, token, service="pubsub.googleapis.com")
    gone = make(here, token, service="run.googleapis.com", disableOnDestroy=True)

    remove(here, token, kept)
    remove(here, token, gone)

    assert read(here, token, kept.id) is not None
    assert read(here, token, gone.id) is None


def test_a_project_moves_and_is_paid_for_by_another(here: World) -> None:
    token = "organizations/project:Project"
    before = {"projectId": "acme-new", "name": "New", "orgId": "123456789012"}
    project = make(here, token, **before)
    assert project.outputs["orgId"] == "123456789012"

    after = {"projectId": "acme-new", "name": "New", "folderId": "4711", "billingAccount": "000000-AAAAAA-000000"}
    moved = change(here, token, project, before, after)

    assert moved.outputs["folderId"] == "4711"
    assert moved.outputs["billingAccount"] == "000000-AAAAAA-000000"
    assert "orgId" not in moved.outputs
    unpaid = change(here, token, moved, after, {**after, "billingAccount": ""})
    assert "billingAccount" not in unpaid.outputs


def test_a_project_may_begin_without_a_network(here: World) -> None:
    token, networks = "organizations/project:Project", "compute/v1/projects/acme-new/global/networks/default"
    call(here, "POST", "compute", "compute/v1/projects/acme-new/global/networks", {"name": "default"})

    made = make(here, token, projectId="acme-other", name="Other", autoCreateNetwork=False)

    assert made.outputs["autoCreateNetwork"] is False
    assert call(here, "GET", "compute", networks)["name"] == "default"


def test_a_folder_moves(here: World) -> None:
    token, before = "organizations/folder:Folder", {"displayName": "ML", "parent": "organizations/123456789012"}
    above = make(here, token, displayName="Above", parent="organizations/123456789012")
    folder = make(here, token, **before)

    moved = change(here, token, folder, before, {**before, "parent": above.id})

    assert moved.outputs["parent"] == above.id
    assert moved.id == folder.id


def test_what_is_protected_stays(here: World) -> None:
    token = "organizations/folder:Folder"
    folder = make(here, token, displayName="ML", parent="organizations/123456789012")

    with pytest.raises(ProviderError, match="protected"):
        remove(here, token, folder, deletionProtection=True)
    with pytest.raises(ProviderError, match="may not be removed"):
        remove(here, token, folder, deletionPolicy="PREVENT")

    assert read(here, token, folder.id) is not None


def test_a_bucket_of_logs_is_locked_last(here: World) -> None:
    token = "logging/projectBucketConfig:ProjectBucketConfig"
    told = {"project": "acme-dev", "location": "global", "bucketId": "audit", "retentionDays": 400, "locked": True}

    bucket = make(here, token, **told)

    assert bucket.outputs["locked"] is True
    assert bucket.outputs["retentionDays"] == 400
    assert make(here, token, **{**told, "locked": False}).id == bucket.id


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ("logging/projectBucketConfig:ProjectBucketConfig", {"location": "global", "bucketId": "audit"}),
        ("iam/workloadIdentityPool:WorkloadIdentityPool", {"workloadIdentityPoolId": "builders"}),
    ],
)
def test_what_keeps_its_name_when_it_is_removed_is_brought_back(
    here: World, token: str, told: dict[str, object]
) -> None:
    told = {"project": "acme-dev", "description": "first", **told}
    first = make(here, token, **told)
    remove(here, token, first)
    assert read(here, token, first.id) is None

    again = make(here, token, **{**told, "description": "second"})

    assert again.id == first.id
    found = read(here, token, first.id)
    assert found is not None
    assert found.outputs["description"] == "second"


def test_words_of_the_api_may_be_longer_than_the_providers(here: World) -> None:
    token = "dataloss/preventionDiscoveryConfig:PreventionDiscoveryConfig"
    cadence = {"schemaModifiedCadence": {"types": ["NEW_COLUMNS"], "frequency": "UPDATE_FREQUENCY_DAILY"}}
    target = {"bigQueryTarget": {"filter": {"otherTables": {}}, "cadence": cadence}}

    told = {"parent": "projects/acme-dev/locations/eu", "location": "eu", "status": "RUNNING", "targets": [target]}

    made = make(here, token, **told)

    sent = call(here, "GET", "dlp", f"v2/{made.id}")["targets"][0]["bigQueryTarget"]["cadence"]
    assert sent["schemaModifiedCadence"]["types"] == ["SCHEMA_NEW_COLUMNS"]
    refreshed = here.provider.read(f"gcp:{token}", made.id, told, made.outputs)
    assert refreshed is not None
    assert refreshed[1] == told


def test_channels_keep_their_secrets_to_themselves(here: World) -> None:
    channel = make(
        here,
        "monitoring/notificationChannel:NotificationChannel",
        type="pagerduty",
        sensitiveLabels={"serviceKey": "hunter2"},
    )

    assert "service_key" not in channel.outputs.get("labels", {})
    assert plain(channel.outputs["sensitiveLabels"]["serviceKey"]) == "hunter2"


def test_a_dashboard_that_another_changed_is_told_as_it_is(here: World) -> None:
    token = "monitoring/dashboard:Dashboard"
    made = make(here, token, dashboardJson='{"displayName": "ML", "gridLayout": {"widgets": [{"blank": {}}]}}')
    found = call(here, "GET", "monitoring", f"v1/{made.id}")
    call(here, "PATCH", "monitoring", f"v1/{made.id}", {**found, "displayName": "Other"})

    read_anew = here.provider.read(f"gcp:{token}", made.id, {}, made.outputs)

    assert read_anew is not None
    assert '"displayName":"Other"' in read_anew[0].outputs["dashboardJson"]
    remove(here, token, made)
    assert read(here, token, made.id) is None


def test_two_resources_enter_a_perimeter_and_one_leaves(here: World) -> None:
    here.make("accesscontextmanager/servicePerimeter:ServicePerimeter#bare")
    perimeter = here.made["accesscontextmanager/servicePerimeter:ServicePerimeter#bare"].id
    token = "accesscontextmanager/servicePerimeterResource:ServicePerimeterResource"
    own = "organizations/project:Project"
    numbers = [here.made[own].outputs["number"], make(here, own, projectId="acme-two", name="Two").outputs["number"]]

    first, second = (make(here, token, perimeterName=perimeter, resource=f"projects/{each}") for each in numbers)

    inside = call(here, "GET", "accesscontextmanager", f"v1/{perimeter}")["status"]["resources"]
    assert inside == [f"projects/{each}" for each in numbers]
    remove(here, token, first)
    assert read(here, token, first.id) is None
    assert read(here, token, second.id) is not None
    assert second.outputs["accessPolicyId"] == "/".join(perimeter.split("/")[:2])


def test_a_member_of_a_group_loses_a_role(here: World) -> None:
    here.make("cloudidentity/group:Group")
    token, group = "cloudidentity/groupMembership:GroupMembership", here.made["cloudidentity/group:Group"].id
    before = {"group": group, "preferredMemberKey": {"id": "a@b.c"}, "roles": [{"name": "MEMBER"}, {"name": "OWNER"}]}
    member = make(here, token, **before)

    changed = change(here, token, member, before, {**before, "roles": [{"name": "MEMBER"}]})

    assert changed.outputs["roles"] == [{"name": "MEMBER"}]
    for wrong in ({"removeRoles": ["MEMBER"]}, {"addRoles": [{"name": "OWNER"}], "removeRoles": ["OWNER"]}):
        with pytest.raises(Refused, match="400"):
            call(here, "POST", "cloudidentity", f"v1/{member.id}:modifyMembershipRoles", wrong)


def test_grants_that_are_made_at_once_are_all_there(here: World) -> None:
    token, before = "projects/iAMMember:IAMMember", here.provider.place.api.transport.now()
    members = [f"user:u{each}@acme.test" for each in range(24)]

    def grant(member: str) -> State:
        return make(here, token, project="acme-dev", role="roles/viewer", member=member)

    with ThreadPoolExecutor(8) as workers:
        made = list(workers.map(grant, members))

    assert all(read(here, token, f"acme-dev roles/viewer {each}") is not None for each in members)
    assert (here.provider.place.api.transport.now() - before).total_seconds() < 1
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(lambda state: remove(here, token, state), made))
    assert not any(read(here, token, f"acme-dev roles/viewer {each}") for each in members)


def test_a_grant_that_must_not_be_is_taken_away_again(here: World) -> None:
    grant, token = "projects/iAMMember:IAMMember", "projects/iamMemberRemove:IamMemberRemove"
    told = {"project": "acme-dev", "role": "roles/editor", "member": "user:a@b.c"}
    make(here, grant, **told)
    make(here, grant, **{**told, "member": "user:other@b.c"})

    away = make(here, token, **told)

    assert read(here, grant, "acme-dev roles/editor user:a@b.c") is None
    assert read(here, grant, "acme-dev roles/editor user:other@b.c") is not None
    make(here, grant, **told)
    assert here.provider.read(f"gcp:{token}", away.id, told, away.outputs) is None


@pytest.mark.parametrize("action", ["DEPRIVILEGE", "DISABLE", "DELETE"])
def test_default_accounts_are_put_away_and_brought_back(action: str, here: World) -> None:
    email = here.provider.invoke("gcp:compute/getDefaultServiceAccount:getDefaultServiceAccount", {})["email"]
    grant, token = "projects/iAMMember:IAMMember", "projects/defaultServiceAccounts:DefaultServiceAccounts"
    make(here, grant, project="acme-dev", role="roles/editor", member=f"serviceAccount:{email}")

    def usable() -> bool:
        account = here.provider.place.api.find("iam.googleapis.com", f"v1/projects/acme-dev/serviceAccounts/{email}")
        granted = read(here, grant, f"acme-dev roles/editor serviceAccount:{email}")
        return account is not None and not account.get("disabled") and granted is not None

    assert usable()
    away = make(here, token, project="acme-dev", action=action)
    assert not usable()
    assert list(away.outputs["serviceAccounts"].values()) == [email]
    remove(here, token, away)
    assert usable()


def test_a_member_that_is_there_is_taken_over_where_the_program_says_so(here: World) -> None:
    here.make("cloudidentity/group:Group")
    token, group = "cloudidentity/groupMembership:GroupMembership", here.made["cloudidentity/group:Group"].id
    told = {"group": group, "preferredMemberKey": {"id": "a@b.c"}, "roles": [{"name": "MEMBER"}]}
    first = make(here, token, **told)

    with pytest.raises(ProviderError, match="already exists"):
        make(here, token, **told)
    roles = [{"name": "MEMBER"}, {"name": "MANAGER"}]
    again = make(here, token, **{**told, "roles": roles}, createIgnoreAlreadyExists=True)

    assert again.id == first.id
    assert again.outputs["roles"] == roles


def test_a_type_without_a_row_has_no_life() -> None:
    assert lifecycle_of("gcp:deploymentmanager/deployment:Deployment") is None


@pytest.mark.parametrize("token", ["compute/firewall:Firewall", "compute/subnetwork:Subnetwork"])
def test_logs_are_on_where_the_program_says_how(token: str, here: World) -> None:
    network = make(here, "compute/network:Network", name="core", autoCreateSubnetworks=False).outputs["selfLink"]
    given: dict[str, dict[str, Any]] = {
        "compute/firewall:Firewall": {"allows": [{"protocol": "tcp"}], "sourceRanges": ["10.0.0.0/8"]},
        "compute/subnetwork:Subnetwork": {"ipCidrRange": "10.0.0.0/20", "region": "europe-west4"},
    }
    plainly = {"name": "logged", "network": network, **given[token]}
    logged = {**plainly, "logConfig": {"metadata": "INCLUDE_ALL_METADATA"}}
    state = make(here, token, **logged)

    def switch() -> object:
        path = f"compute/v1/{state.id}"
        return call(here, "GET", "compute", path)["logConfig"]["enable"]

    assert switch() is True
    assert "logConfig" not in change(here, token, state, logged, plainly).outputs
    assert switch() is False
    after = here.provider.read(f"gcp:{token}", state.id, logged, state.outputs)
    assert after is not None
    assert "logConfig" not in after[1]
