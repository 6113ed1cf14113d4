"""Service accounts, roles, keys and impersonation, through Google's own clients."""

import base64
import json
from collections.abc import Iterator

import pytest
from google.api_core import exceptions
from google.auth import credentials as base_credentials
from google.auth import impersonated_credentials, jwt
from google.auth.transport.requests import Request
from google.cloud import iam_admin_v1, iam_credentials_v1, resourcemanager_v3
from google.iam.v1 import iam_policy_pb2, policy_pb2
from google.oauth2 import credentials, service_account

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.policies import granted
from mockcloud.cloud.tokens import mock_token

pytestmark = pytest.mark.scenario(library="google-cloud-iam")

PROJECT = "projects/acme"
RESOURCE_MANAGER = "cloudresourcemanager"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


@pytest.fixture
def strict() -> Iterator[Cloud]:
    with mock_gcp("strict", off=["enablement"]) as cloud:
        cloud.projects.ensure("acme")
        yield cloud


def as_(member: str) -> base_credentials.Credentials:
    return credentials.Credentials(mock_token(member))


def account(identifier: str = "trainer") -> iam_admin_v1.ServiceAccount:
    return iam_admin_v1.IAMClient().create_service_account(
        name=PROJECT, account_id=identifier, service_account={"display_name": "Trainer"}
    )


def test_an_account_is_made_found_by_id_changed_deleted_and_brought_back(cloud: Cloud) -> None:
    client = iam_admin_v1.IAMClient()
    made = account()
    assert made.email == "trainer@acme.iam.gserviceaccount.com"
    assert client.get_service_account(name=f"projects/-/serviceAccounts/{made.unique_id}").email == made.email
    with pytest.raises(exceptions.AlreadyExists):
        account()
    changed = client.patch_service_account(
        {"service_account": {"name": made.name, "description": "Runs jobs"}, "update_mask": {"paths": ["description"]}}
    )
    assert (changed.display_name, changed.description) == ("Trainer", "Runs jobs")
    client.disable_service_account({"name": made.name})
    assert client.get_service_account(name=made.name).disabled
    client.enable_service_account({"name": made.name})
    granted(cloud, RESOURCE_MANAGER, PROJECT, "roles/aiplatform.user", f"serviceAccount:{made.email}")
    client.delete_service_account(name=made.name)
    assert list(client.list_service_accounts(name=PROJECT)) == []
    member = cloud.store.policies[RESOURCE_MANAGER, PROJECT]["bindings"][0]["members"][0]
    assert member == f"deleted:serviceAccount:{made.email}?uid={made.unique_id}"
    restored = client.undelete_service_account({"name": f"projects/-/serviceAccounts/{made.unique_id}"})
    assert restored.restored_account.email == made.email
    member = cloud.store.policies[RESOURCE_MANAGER, PROJECT]["bindings"][0]["members"][0]
    assert member == f"serviceAccount:{made.email}"


def test_a_custom_role_is_made_changed_deleted_and_brought_back(cloud: Cloud) -> None:
    client = iam_admin_v1.IAMClient()
    role = client.create_role(
        {
            "parent": PROJECT,
            "role_id": "deployer",
            "role": {"title": "Deployer", "included_permissions": ["storage.objects.get"]},
        }
    )
    assert role.name == f"{PROJECT}/roles/deployer"
    changed = client.update_role(
        {
            "name": role.name,
            "role": {"included_permissions": ["storage.objects.list"]},
            "update_mask": {"paths": ["included_permissions"]},
        }
    )
    assert (changed.title, list(changed.included_permissions)) == ("Deployer", ["storage.objects.list"])
    client.delete_role({"name": role.name})
    assert client.get_role({"name": role.name}).deleted
    assert list(client.list_roles({"parent": PROJECT})) == []
    client.undelete_role({"name": role.name})
    assert [each.name for each in client.list_roles({"parent": PROJECT})] == [role.name]
    predefined = client.get_role({"name": "roles/storage.objectViewer"})
    assert "storage.objects.get" in predefined.included_permissions


def test_a_policy_with_a_stale_etag_is_refused(cloud: Cloud) -> None:
    client = iam_admin_v1.IAMClient()
    name = account().name
    policy = client.get_iam_policy({"resource": name})
    policy.bindings.append(policy_pb2.Binding(role="roles/iam.serviceAccountUser", members=["user:a@acme.test"]))
    request = iam_policy_pb2.SetIamPolicyRequest(resource=name, policy=policy)
    assert client.set_iam_policy(request).bindings[0].role == "roles/iam.serviceAccountUser"
    with pytest.raises(exceptions.Aborted):
        client.set_iam_policy(request)


def test_a_key_signs_tokens_that_count_until_it_is_deleted(strict: Cloud) -> None:
    made = account()
    granted(strict, RESOURCE_MANAGER, PROJECT, "roles/browser", f"serviceAccount:{made.email}")
    client = iam_admin_v1.IAMClient()
    key = client.create_service_account_key({"name": made.name})
    file = json.loads(key.private_key_data)
    held = service_account.Credentials.from_service_account_info(file, scopes=[SCOPE])
    held.refresh(Request())
    mine = resourcemanager_v3.ProjectsClient(credentials=credentials.Credentials(held.token))
    assert mine.get_project(name=PROJECT).project_id == "acme"
    itself = service_account.Credentials.from_service_account_info(file).with_always_use_jwt_access(True)  # noqa: FBT003 - of google.auth
    signed = resourcemanager_v3.ProjectsClient(credentials=itself)
    assert signed.get_project(name=PROJECT).project_id == "acme"
    client.delete_service_account_key({"name": key.name})
    with pytest.raises(exceptions.Unauthenticated):
        signed.get_project(name=PROJECT)


def test_impersonation_needs_a_grant_on_the_account_and_a_chain_needs_each_link(strict: Cloud) -> None:
    target, link = account("target"), account("middle")
    source = as_("user:alice@acme.test")
    held = impersonated_credentials.Credentials(source, target.email, [SCOPE])
    with pytest.raises(Exception, match=r"iam.serviceAccounts.getAccessToken"):
        held.refresh(Request())
    granted(strict, "iam", target.name, "roles/iam.serviceAccountTokenCreator", "user:alice@acme.test")
    held.refresh(Request())
    granted(strict, RESOURCE_MANAGER, PROJECT, "roles/browser", f"serviceAccount:{target.email}")
    client = resourcemanager_v3.ProjectsClient(credentials=credentials.Credentials(held.token))
    assert client.get_project(name=PROJECT).project_id == "acme"
    chained = impersonated_credentials.Credentials(as_("user:bob@acme.test"), target.email, [SCOPE], [link.email])
    granted(strict, "iam", link.name, "roles/iam.serviceAccountTokenCreator", "user:bob@acme.test")
    with pytest.raises(Exception, match=r"getAccessToken"):
        chained.refresh(Request())
    granted(strict, "iam", target.name, "roles/iam.serviceAccountTokenCreator", f"serviceAccount:{link.email}")
    chained.refresh(Request())
    assert chained.token


def test_what_is_signed_for_an_account_can_be_verified(cloud: Cloud, transport: str) -> None:
    made = account()
    client = iam_credentials_v1.IAMCredentialsClient(transport=transport)
    name = f"projects/-/serviceAccounts/{made.email}"
    answer = client.sign_jwt({"name": name, "payload": json.dumps({"iss": made.email, "aud": "x", "iat": 1, "exp": 2})})
    certificates = Request()(f"https://www.googleapis.com/robot/v1/metadata/x509/{made.email}", method="GET").data
    held = json.loads(certificates)
    assert answer.key_id in held
    from mockcloud.cloud.keys import jwt_signed_by, verified

    assert jwt_signed_by(answer.signed_jwt, held[answer.key_id])
    blob = client.sign_blob({"name": name, "payload": b"data"})
    assert verified(held[blob.key_id], blob.signed_blob, b"data")
    token = client.generate_id_token({"name": name, "audience": "https://app", "include_email": True}).token
    assert jwt.decode(token, verify=False)["email"] == made.email


def test_keys_are_listed_switched_off_and_uploaded(cloud: Cloud) -> None:
    from mockcloud.cloud.keys import certificate, new_key

    made = account()
    client = iam_admin_v1.IAMClient()
    pem = new_key()
    uploaded = client.upload_service_account_key(
        {"name": made.name, "public_key_data": certificate(pem, made.email).encode()}
    )
    kinds = iam_admin_v1.ListServiceAccountKeysRequest.KeyType
    user = client.list_service_account_keys({"name": made.name, "key_types": [kinds.USER_MANAGED]})
    assert [each.name for each in user.keys] == [uploaded.name]
    assert len(client.list_service_account_keys({"name": made.name}).keys) == 2
    client.disable_service_account_key({"name": uploaded.name})
    assert client.get_service_account_key({"name": uploaded.name}).disabled
    client.enable_service_account_key({"name": uploaded.name})
    public = client.get_service_account_key({"name": uploaded.name, "public_key_type": "TYPE_X509_PEM_FILE"})
    assert b"CERTIFICATE" in public.public_key_data
    assert base64.b64decode(base64.b64encode(public.public_key_data)) == public.public_key_data
