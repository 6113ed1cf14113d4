"""Google's own clients, by the channel in this process and by a socket."""

from collections.abc import Callable
from typing import Any

import pytest
from google.api_core import exceptions
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2

Client = Callable[[str, str, str], Any]
PLACE = "projects/acme/locations/europe-west4"


def test_vertex_uploads_deploys_and_shows(client: Client) -> None:
    host = "europe-west4-aiplatform.googleapis.com"
    endpoints = client("google.cloud.aiplatform_v1", "endpoint_service", host)
    models = client("google.cloud.aiplatform_v1", "model_service", host)

    creating = endpoints.create_endpoint(parent=PLACE, endpoint={"display_name": "shop", "labels": {"team": "a"}})
    endpoint = creating.result(timeout=5)
    assert (endpoint.display_name, dict(endpoint.labels)) == ("shop", {"team": "a"})
    assert creating.metadata.generic_metadata.create_time == endpoint.create_time

    image = "europe-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-3:latest"
    uploading = models.upload_model(
        parent=PLACE, model={"display_name": "prices", "container_spec": {"image_uri": image}}
    )
    uploaded = uploading.result(timeout=5)
    assert uploaded.model_version_id == "1"
    machine = {"machine_spec": {"machine_type": "n1-standard-4"}, "min_replica_count": 1}
    deploying = endpoints.deploy_model(
        endpoint=endpoint.name,
        deployed_model={"model": uploaded.model, "dedicated_resources": machine},
        traffic_split={"0": 100},
    )
    deployed = deploying.result(timeout=5).deployed_model
    shown = endpoints.get_endpoint(name=endpoint.name)
    assert dict(shown.traffic_split) == {deployed.id: 100}
    assert [each.display_name for each in models.list_models(parent=PLACE)] == ["prices"]

    changed = endpoints.update_endpoint(
        endpoint={"name": endpoint.name, "display_name": "till", "labels": {"team": "b"}},
        update_mask={"paths": ["display_name"]},
    )
    assert (changed.display_name, dict(changed.labels)) == ("till", {"team": "a"})

    running = endpoints.list_operations({"name": PLACE}).operations
    assert len(running) == 3
    assert all(each.done for each in running)
    assert endpoints.get_operation({"name": running[0].name}).name == running[0].name
    assert endpoints.get_location({"name": PLACE}).location_id == "europe-west4"


def test_secrets_list_in_pages_and_are_deleted(client: Client) -> None:
    secrets = client("google.cloud.secretmanager_v1", "secret_manager_service", "secretmanager.googleapis.com")
    for each in ("one", "two", "three"):
        secrets.create_secret(
            parent="projects/acme",
            secret_id=each,
            secret={"replication": {"automatic": {}}, "annotations": {"Owner.Mail": "x"}},
        )
    pages = secrets.list_secrets(request={"parent": "projects/acme", "page_size": 2}).pages
    sizes = [len(page.secrets) for page in pages]
    assert sizes == [2, 1]
    one = secrets.get_secret(name="projects/acme/secrets/one")
    assert one.replication.automatic is not None
    assert dict(one.annotations) == {"Owner.Mail": "x"}
    assert secrets.delete_secret(name=one.name) is None
    with pytest.raises(exceptions.NotFound, match="one"):
        secrets.get_secret(name=one.name)


def test_keys_have_durations_states_and_policies(client: Client) -> None:
    keys = client("google.cloud.kms_v1", "key_management_service", "cloudkms.googleapis.com")
    ring = keys.create_key_ring(parent=PLACE, key_ring_id="ring", key_ring={})
    key = keys.create_crypto_key(
        parent=ring.name,
        crypto_key_id="key",
        crypto_key={
            "purpose": "ENCRYPT_DECRYPT",
            "rotation_period": Duration(seconds=7_776_000),
            "next_rotation_time": {"seconds": 1_790_000_000},
        },
    )
    assert key.purpose.name == "ENCRYPT_DECRYPT"
    assert key.rotation_period.total_seconds() == 7_776_000
    assert key.next_rotation_time.timestamp() == 1_790_000_000
    binding = {"role": "roles/cloudkms.viewer", "members": ["user:alice@acme.test"]}
    written = keys.set_iam_policy({"resource": key.name, "policy": {"bindings": [binding]}})
    assert keys.get_iam_policy({"resource": key.name}) == written
    permissions = ["cloudkms.cryptoKeys.get"]
    assert keys.test_iam_permissions({"resource": key.name, "permissions": permissions}).permissions == permissions
    with pytest.raises(exceptions.Aborted):
        keys.set_iam_policy({"resource": key.name, "policy": {"bindings": [binding], "etag": b"stale123"}})


def test_logging_has_no_rest_transport(client: Client) -> None:
    config = client("google.cloud.logging_v2", "config_service_v2", "logging.googleapis.com")
    sink = config.create_sink(
        parent="projects/acme", sink={"name": "audit", "destination": "storage.googleapis.com/kept"}
    )
    assert config.get_sink(sink_name="projects/acme/sinks/audit") == sink
    assert sink.name in [each.name for each in config.list_sinks(parent="projects/acme")]
    config.delete_sink(sink_name="projects/acme/sinks/audit")
    with pytest.raises(exceptions.NotFound):
        config.get_sink(sink_name="projects/acme/sinks/audit")


def test_iam_admin_has_no_rest_transport(client: Client) -> None:
    iam = client("google.cloud.iam_admin_v1", "iam", "iam.googleapis.com")
    iam.create_service_account(
        request={"name": "projects/acme", "account_id": "runner", "service_account": {"display_name": "Runs"}}
    )
    accounts = list(iam.list_service_accounts(name="projects/acme"))
    assert len(accounts) == 1


def test_projects_are_found_by_id_and_number(client: Client) -> None:
    projects = client("google.cloud.resourcemanager_v3", "projects", "cloudresourcemanager.googleapis.com")
    secrets = client("google.cloud.secretmanager_v1", "secret_manager_service", "secretmanager.googleapis.com")
    secrets.create_secret(parent="projects/acme", secret_id="x", secret={"replication": {"automatic": {}}})
    project = projects.get_project(name="projects/acme")
    assert project.state.name == "ACTIVE"
    assert projects.get_project(name=project.name) == project


def test_a_refusal_carries_its_details(client: Client) -> None:
    secrets = client("google.cloud.secretmanager_v1", "secret_manager_service", "secretmanager.googleapis.com")
    with pytest.raises(exceptions.InvalidArgument) as caught:
        secrets.create_secret(parent="projects/acme", secret_id="no good", secret={"replication": {"automatic": {}}})
    (detail,) = caught.value.details
    assert isinstance(detail, error_details_pb2.BadRequest)
    assert detail.field_violations[0].field == "secret_id"


def test_what_is_not_modelled_names_itself(client: Client) -> None:
    patches = client("google.cloud.osconfig_v1", "os_config_service", "osconfig.googleapis.com")
    path = "/google.cloud.osconfig.v1.OsConfigService/GetPatchJob"
    with pytest.raises(exceptions.MethodNotImplemented, match=path):
        patches.get_patch_job(name="projects/acme/patchJobs/1")
