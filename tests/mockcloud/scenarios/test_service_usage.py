"""Services switched on and off, and what needs them, through Google's own client."""

from collections.abc import Iterator

import pytest
from google.api_core import exceptions
from google.cloud import aiplatform_v1, iam_admin_v1, kms_v1, service_usage_v1
from google.oauth2 import credentials

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.policies import granted
from mockcloud.cloud.tokens import mock_token

pytestmark = pytest.mark.scenario(library="google-cloud-service-usage")

PROJECT = "projects/acme"
LOCATION = f"{PROJECT}/locations/europe-west4"


@pytest.fixture
def strict() -> Iterator[Cloud]:
    with mock_gcp("strict", project="acme") as cloud:
        cloud.projects.ensure("acme")
        yield cloud


def enable(*names: str) -> None:
    client = service_usage_v1.ServiceUsageClient()
    client.batch_enable_services(
        {"parent": PROJECT, "service_ids": [f"{each}.googleapis.com" for each in names]}
    ).result()


def test_a_service_must_be_enabled_before_its_first_call(strict: Cloud, transport: str) -> None:
    usage = service_usage_v1.ServiceUsageClient(transport=transport)
    keys = kms_v1.KeyManagementServiceClient(transport=transport)
    with pytest.raises(exceptions.Forbidden, match=r"has not been used in project") as refused:
        list(keys.list_key_rings(parent=LOCATION))
    assert "SERVICE_DISABLED" in str(refused.value.details)
    name = f"{PROJECT}/services/cloudkms.googleapis.com"
    assert usage.get_service({"name": name}).state.name == "DISABLED"
    assert usage.enable_service({"name": name}).result().service.state.name == "ENABLED"
    assert list(keys.list_key_rings(parent=LOCATION)) == []
    usage.disable_service({"name": name}).result()
    with pytest.raises(exceptions.Forbidden):
        list(keys.list_key_rings(parent=LOCATION))


def test_what_a_service_needs_comes_with_it_and_keeps_it_on(strict: Cloud) -> None:
    client = service_usage_v1.ServiceUsageClient()
    enable("container")
    on = [each.config.name for each in client.list_services({"parent": PROJECT, "filter": "state:ENABLED"})]
    assert {"container.googleapis.com", "compute.googleapis.com", "bigquery.googleapis.com"} <= set(on)
    compute = f"{PROJECT}/services/compute.googleapis.com"
    with pytest.raises(exceptions.FailedPrecondition, match=r"container\.googleapis\.com"):
        client.disable_service({"name": compute})
    client.disable_service({"name": compute, "disable_dependent_services": True}).result()
    answer = client.batch_get_services(
        {"parent": PROJECT, "names": [compute, f"{PROJECT}/services/container.googleapis.com"]}
    )
    assert [each.state.name for each in answer.services] == ["DISABLED", "DISABLED"]


def test_the_default_account_comes_with_compute(strict: Cloud) -> None:
    enable("iam", "compute")
    accounts = list(iam_admin_v1.IAMClient().list_service_accounts(name=PROJECT))
    number = strict.projects.number_of("acme")
    assert [each.email for each in accounts] == [f"{number}-compute@developer.gserviceaccount.com"]
    policy = strict.store.policies["cloudresourcemanager", PROJECT]
    editors = next(each["members"] for each in policy["bindings"] if each["role"] == "roles/editor")
    assert editors == [f"serviceAccount:{accounts[0].email}"]


def test_from_nothing_to_a_resource_that_only_some_may_make(strict: Cloud) -> None:
    """Project, service, grant, resource; refused for another, and for the one without the grant on the key."""
    enable("aiplatform", "cloudkms")
    granted(strict, "cloudresourcemanager", PROJECT, "roles/aiplatform.user", "user:alice@acme.test")
    alice = aiplatform_v1.DatasetServiceClient(credentials=credentials.Credentials(mock_token("user:alice@acme.test")))
    bob = aiplatform_v1.DatasetServiceClient(credentials=credentials.Credentials(mock_token("user:bob@acme.test")))
    dataset = {"display_name": "census", "metadata_schema_uri": "gs://schema", "metadata": {}}
    made = alice.create_dataset(parent=LOCATION, dataset=dataset).result()
    with pytest.raises(exceptions.PermissionDenied) as refused:
        bob.create_dataset(parent=LOCATION, dataset=dataset)
    assert refused.value.reason == "IAM_PERMISSION_DENIED"
    assert refused.value.metadata["permission"] == "aiplatform.datasets.create"
    with pytest.raises(exceptions.PermissionDenied):
        bob.get_dataset(name=made.name)
    keys = kms_v1.KeyManagementServiceClient()
    ring = keys.create_key_ring(parent=LOCATION, key_ring_id="ml", key_ring={})
    key = keys.create_crypto_key(
        {"parent": ring.name, "crypto_key_id": "data", "crypto_key": {"purpose": "ENCRYPT_DECRYPT"}}
    )
    encrypted = {**dataset, "encryption_spec": {"kms_key_name": key.name}}
    with pytest.raises(exceptions.PermissionDenied, match=r"gcp-sa-aiplatform"):
        alice.create_dataset(parent=LOCATION, dataset=encrypted)
    agent = f"serviceAccount:service-{strict.projects.number_of('acme')}@gcp-sa-aiplatform.iam.gserviceaccount.com"
    granted(strict, "cloudkms", key.name, "roles/cloudkms.cryptoKeyEncrypterDecrypter", agent)
    alice.create_dataset(parent=LOCATION, dataset=encrypted).result()


def test_a_job_runs_as_an_account_that_its_maker_may_hand_over_and_within_quota(strict: Cloud) -> None:
    enable("aiplatform", "iam")
    account = iam_admin_v1.IAMClient().create_service_account(name=PROJECT, account_id="trainer")
    granted(strict, "cloudresourcemanager", PROJECT, "roles/aiplatform.user", "user:alice@acme.test")
    alice = aiplatform_v1.JobServiceClient(credentials=credentials.Credentials(mock_token("user:alice@acme.test")))
    machine = {"machine_type": "n1-standard-4", "accelerator_type": "NVIDIA_TESLA_T4", "accelerator_count": 4}
    pool = {"machine_spec": machine, "replica_count": 1, "container_spec": {"image_uri": "image"}}
    job = {
        "display_name": "train",
        "job_spec": {"worker_pool_specs": [pool], "service_account": account.email},
    }
    with pytest.raises(exceptions.PermissionDenied, match=r"iam.serviceAccounts.actAs"):
        alice.create_custom_job(parent=LOCATION, custom_job=job)
    granted(strict, "iam", account.name, "roles/iam.serviceAccountUser", "user:alice@acme.test")
    alice.create_custom_job(parent=LOCATION, custom_job=job)
    with pytest.raises(exceptions.ResourceExhausted, match=r"custom_model_training_nvidia_t4_gpus"):
        alice.create_custom_job(parent=LOCATION, custom_job=job)
    strict.quotas.set(
        "acme", "aiplatform.googleapis.com/custom_model_training_nvidia_t4_gpus", 8, region="europe-west4"
    )
    alice.create_custom_job(parent=LOCATION, custom_job=job)
