"""What is asked of callers beside their method's permission on what it names."""

import pytest

from mockcloud.cloud import enabled
from mockcloud.cloud.cloud import Cloud
from tests.mockcloud.cloud.asking import ALICE, DATASET, DATASETS, PROJECT, ask, grant, status, strict


@pytest.fixture
def cloud() -> Cloud:
    return strict()


def test_operations_are_told_to_those_who_have_anything_there(cloud: Cloud) -> None:
    operation = ask(cloud, "POST", DATASETS, DATASET)[1]["name"]
    url = f"aiplatform.googleapis.com/v1/{operation}"
    assert ask(cloud, "GET", url)[0] == 200
    refused = ask(cloud, "GET", url, token="mock.user:alice@acme.test")
    assert refused[0] == 403
    assert "aiplatform.operations.get" in refused[1]["error"]["message"]
    assert status(cloud, ALICE, "GET", url.rpartition("/")[0]) == 403
    grant(
        cloud, "roles/aiplatform.viewer", ALICE, name=f"{PROJECT}/locations/europe-west4/endpoints/1", api="aiplatform"
    )
    assert status(cloud, ALICE, "GET", url) == 200
    assert status(cloud, "user:bob@acme.test", "GET", url) == 403
    grant(cloud, "roles/browser", "user:bob@acme.test")
    assert status(cloud, "user:bob@acme.test", "GET", url) == 200


def test_operations_without_a_project_are_told_to_whoever_knows_their_names(cloud: Cloud) -> None:
    grant(cloud, "roles/resourcemanager.projectCreator", ALICE, name=cloud.projects.ensure("acme").body["parent"])
    url = "cloudresourcemanager.googleapis.com/v3"
    made = ask(cloud, "POST", f"{url}/projects", {"projectId": "alices-project"}, token="mock.user:alice@acme.test")
    assert status(cloud, ALICE, "GET", f"{url}/{made[1]['name']}") == 200


def test_custom_roles_are_listed_for_those_who_may(cloud: Cloud) -> None:
    assert ask(cloud, "POST", f"iam.googleapis.com/v1/{PROJECT}/roles", {"roleId": "mine", "role": {}})[0] == 200
    url = f"iam.googleapis.com/v1/roles?parent={PROJECT}"
    assert (ask(cloud, "GET", url)[0], status(cloud, ALICE, "GET", url)) == (200, 403)
    assert status(cloud, ALICE, "GET", "iam.googleapis.com/v1/roles") == 200


def test_a_subnetwork_of_another_project_must_be_shared(cloud: Cloud) -> None:
    cloud.projects.ensure("host")
    for each in ("acme", "host"):
        enabled.enable(cloud, each, ["compute.googleapis.com"])
    grant(cloud, "roles/compute.admin", ALICE)
    subnetwork = "projects/host/regions/europe-west4/subnetworks/default"
    body = {
        "name": "vm",
        "machineType": "zones/europe-west4-a/machineTypes/e2-medium",
        "disks": [
            {"boot": True, "initializeParams": {"sourceImage": "projects/debian-cloud/global/images/family/debian-12"}}
        ],
        "networkInterfaces": [{"subnetwork": f"https://www.googleapis.com/compute/v1/{subnetwork}"}],
    }
    url = f"compute.googleapis.com/compute/v1/{PROJECT}/zones/europe-west4-a/instances"
    refused = ask(cloud, "POST", url, body, token="mock.user:alice@acme.test")
    assert refused[0] == 403
    assert "compute.subnetworks.use" in refused[1]["error"]["message"]
    grant(cloud, "roles/compute.networkUser", ALICE, name=subnetwork, api="compute")
    assert status(cloud, ALICE, "POST", url, body) == 200


def test_datasets_are_listed_for_those_who_may_see_them(cloud: Cloud) -> None:
    url = f"bigquery.googleapis.com/bigquery/v2/{PROJECT}/datasets"
    for each in ("open", "closed"):
        assert ask(cloud, "POST", url, {"datasetReference": {"datasetId": each}})[0] == 200
    grant(cloud, "roles/bigquery.dataViewer", ALICE, name=f"{PROJECT}/datasets/open", api="bigquery")
    shown = ask(cloud, "GET", url, token="mock.user:alice@acme.test")[1]["datasets"]
    assert [each["datasetReference"]["datasetId"] for each in shown] == ["open"]
    assert len(ask(cloud, "GET", url)[1]["datasets"]) == 2
