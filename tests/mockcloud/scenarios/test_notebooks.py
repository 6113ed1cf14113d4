"""What users do with Workbench, through google-cloud-notebooks."""

import pytest
from google.api_core import exceptions
from google.cloud import notebooks_v2 as notebooks
from google.cloud.location import locations_pb2

from mockcloud.cloud.cloud import Cloud

pytestmark = pytest.mark.scenario(library="google-cloud-notebooks")

PLACE = "projects/mock-project/locations/europe-west4-a"


@pytest.fixture
def client(cloud: Cloud, transport: str) -> notebooks.NotebookServiceClient:
    return notebooks.NotebookServiceClient(transport=transport)


def _instance(client: notebooks.NotebookServiceClient, **fields: object) -> notebooks.Instance:
    setup = notebooks.GceSetup(machine_type="e2-standard-2", **fields)
    made: notebooks.Instance = client.create_instance(
        parent=PLACE, instance_id="alice", instance=notebooks.Instance(gce_setup=setup, instance_owners=["a@acme.test"])
    ).result()
    return made


def test_an_instance_gets_what_the_service_fills_in(client: notebooks.NotebookServiceClient) -> None:
    made = _instance(client, disable_public_ip=True, metadata={"idle-timeout-seconds": "3600"})
    assert made.state == notebooks.State.ACTIVE
    assert made.gce_setup.boot_disk.disk_size_gb == 150
    assert made.gce_setup.vm_image.family == "workbench-instances"
    assert made.gce_setup.service_accounts[0].email.endswith("-compute@developer.gserviceaccount.com")
    assert made.gce_setup.shielded_instance_config.enable_vtpm
    assert made.gce_setup.metadata["idle-timeout-seconds"] == "3600"
    assert made.proxy_uri.endswith("-dot-europe-west4.notebooks.googleusercontent.com")
    assert [each.name for each in client.list_instances(parent=PLACE)] == [f"{PLACE}/instances/alice"]
    assert [each.name for each in client.list_instances(parent="projects/mock-project/locations/-")] == [made.name]
    with pytest.raises(exceptions.Conflict):
        _instance(client)


def test_an_instance_is_stopped_and_started(client: notebooks.NotebookServiceClient) -> None:
    made = _instance(client)
    assert client.stop_instance(request={"name": made.name}).result().state == notebooks.State.STOPPED
    assert client.get_instance(name=made.name).state == notebooks.State.STOPPED
    with pytest.raises(exceptions.BadRequest):
        client.reset_instance(request={"name": made.name}).result()
    assert client.start_instance(request={"name": made.name}).result().state == notebooks.State.ACTIVE
    client.delete_instance(name=made.name).result()
    with pytest.raises(exceptions.NotFound):
        client.get_instance(name=made.name)


def test_an_instance_is_upgraded_once(client: notebooks.NotebookServiceClient) -> None:
    made = _instance(client)
    check = client.check_instance_upgradability(request={"notebook_instance": made.name})
    assert check.upgradeable
    upgraded = client.upgrade_instance(request={"name": made.name}).result()
    assert len(upgraded.upgrade_history) == 1
    assert not client.check_instance_upgradability(request={"notebook_instance": made.name}).upgradeable


def test_an_instance_is_changed(client: notebooks.NotebookServiceClient) -> None:
    made = _instance(client)
    changed = notebooks.Instance(
        name=made.name, labels={"team": "ml"}, gce_setup=notebooks.GceSetup(machine_type="n1-standard-4")
    )
    mask = {"paths": ["labels", "gce_setup.machine_type"]}
    found = client.update_instance(instance=changed, update_mask=mask).result()
    assert (found.labels["team"], found.gce_setup.machine_type) == ("ml", "n1-standard-4")
    assert found.gce_setup.boot_disk.disk_size_gb == 150
    client.diagnose_instance(request={"name": made.name, "diagnostic_config": {"gcs_bucket": "gs://logs"}}).result()
    with pytest.raises(exceptions.BadRequest, match="No bucket"):
        client.diagnose_instance(request={"name": made.name, "diagnostic_config": {}})


def test_the_service_says_where_it_is(client: notebooks.NotebookServiceClient) -> None:
    request = locations_pb2.ListLocationsRequest(name="projects/mock-project", page_size=500)
    names = [each.location_id for each in client.list_locations(request).locations]
    assert "europe-west4-a" in names
    found = client.get_location(locations_pb2.GetLocationRequest(name=PLACE))
    assert found.labels["cloud.googleapis.com/region"] == "europe-west4"


def test_access_is_granted_on_an_instance(client: notebooks.NotebookServiceClient) -> None:
    made = _instance(client)
    policy = client.get_iam_policy(request={"resource": made.name})
    policy.bindings.add(role="roles/notebooks.runner", members=["user:bob@acme.test"])
    client.set_iam_policy(request={"resource": made.name, "policy": policy})
    found = client.get_iam_policy(request={"resource": made.name})
    assert list(found.bindings[0].members) == ["user:bob@acme.test"]
    policy.etag = b"stale"
    with pytest.raises(exceptions.Conflict):
        client.set_iam_policy(request={"resource": made.name, "policy": policy})
