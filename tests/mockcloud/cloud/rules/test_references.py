"""What a request names must exist: refused while it does not, taken once it does."""

from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.store import Record
from mockcloud.simulator import new_cloud
from tests.mockcloud.calls import Caller

ACCOUNT = "runner@acme.iam.gserviceaccount.com"
PLACE = "projects/acme/locations/europe-west4"
KEY = f"{PLACE}/keyRings/r/cryptoKeys/k"
NETWORK, SUBNET = "projects/acme/global/networks/ml", "projects/acme/regions/europe-west4/subnetworks/ml"
TOPIC, SECRET = "projects/acme/topics/t", "projects/acme/secrets/s"
API_OF = {KEY: "cloudkms", NETWORK: "compute", SUBNET: "compute", TOPIC: "pubsub", SECRET: "secretmanager"}

RUN = {"containers": [{"image": "i"}]}
POOL = {"machineSpec": {"machineType": "n1-standard-4"}, "replicaCount": "1", "containerSpec": {"imageUri": "i"}}
DISK = {"boot": True, "initializeParams": {"sourceImage": "projects/debian-cloud/global/images/family/debian-12"}}
INSTANCE = {"name": "i", "machineType": "zones/europe-west4-a/machineTypes/e2-small", "disks": [DISK]}
CRON = {"name": f"{PLACE}/jobs/j", "schedule": "0 3 * * *"}
ZONE = "projects/acme/locations/europe-west4-a"
BUILD = {"steps": [{"name": "ubuntu"}]}
HTTPS = {"uri": "https://a.test", "oidcToken": {"serviceAccountEmail": ACCOUNT}}
SECRET_ENV = {"name": "S", "valueSource": {"secretKeyRef": {"secret": "s", "version": "latest"}}}

CASES: list[tuple[str, str, dict[str, Any], str, int]] = [
    ("run", f"v2/{PLACE}/services?serviceId=s", {"template": {**RUN, "serviceAccount": ACCOUNT}}, ACCOUNT, 403),
    ("run", f"v2/{PLACE}/jobs?jobId=s", {"template": {"template": {**RUN, "serviceAccount": ACCOUNT}}}, ACCOUNT, 403),
    (
        "compute",
        "compute/v1/projects/acme/zones/europe-west4-a/instances",
        {**INSTANCE, "serviceAccounts": [{"email": ACCOUNT}], "networkInterfaces": [{}]},
        ACCOUNT,
        404,
    ),
    (
        "notebooks",
        f"v2/{ZONE}/instances?instanceId=a",
        {"gceSetup": {"serviceAccounts": [{"email": ACCOUNT}]}},
        ACCOUNT,
        400,
    ),
    (
        "cloudbuild",
        "v1/projects/acme/builds",
        {**BUILD, "serviceAccount": f"projects/acme/serviceAccounts/{ACCOUNT}"},
        ACCOUNT,
        400,
    ),
    (
        "aiplatform",
        f"v1/{PLACE}/customJobs",
        {"displayName": "j", "jobSpec": {"workerPoolSpecs": [POOL], "serviceAccount": ACCOUNT}},
        ACCOUNT,
        400,
    ),
    (
        "tpu",
        f"v2/{ZONE}/nodes?nodeId=n",
        {"acceleratorType": "v2-8", "runtimeVersion": "tpu-vm-base", "serviceAccount": {"email": ACCOUNT}},
        ACCOUNT,
        400,
    ),
    ("cloudscheduler", f"v1/{PLACE}/jobs", {**CRON, "httpTarget": HTTPS}, ACCOUNT, 404),
    (
        "workflows",
        f"v1/{PLACE}/workflows?workflowId=w",
        {"serviceAccount": ACCOUNT, "sourceContents": "m"},
        ACCOUNT,
        400,
    ),
    ("storage", "storage/v1/b?project=acme", {"name": "data", "encryption": {"defaultKmsKeyName": KEY}}, KEY, 400),
    ("pubsub", "v1/projects/acme/topics/drift", {"kmsKeyName": KEY}, KEY, 404),
    (
        "secretmanager",
        "v1/projects/acme/secrets?secretId=s",
        {"replication": {"automatic": {"customerManagedEncryption": {"kmsKeyName": KEY}}}},
        KEY,
        404,
    ),
    (
        "bigquery",
        "bigquery/v2/projects/acme/datasets",
        {"datasetReference": {"datasetId": "d"}, "defaultEncryptionConfiguration": {"kmsKeyName": KEY}},
        KEY,
        400,
    ),
    (
        "artifactregistry",
        f"v1/{PLACE}/repositories?repositoryId=r",
        {"format": "DOCKER", "kmsKeyName": f"{KEY}/cryptoKeyVersions/1"},
        KEY,
        404,
    ),
    (
        "notebooks",
        f"v2/{ZONE}/instances?instanceId=a",
        {"gceSetup": {"networkInterfaces": [{"network": f"https://www.googleapis.com/compute/v1/{NETWORK}"}]}},
        NETWORK,
        404,
    ),
    (
        "dataproc",
        "v1/projects/acme/regions/europe-west4/clusters",
        {"clusterName": "c", "config": {"gceClusterConfig": {"subnetworkUri": SUBNET}}},
        SUBNET,
        400,
    ),
    (
        "vpcaccess",
        f"v1/{PLACE}/connectors?connectorId=c",
        {"network": NETWORK, "ipCidrRange": "10.8.0.0/28"},
        NETWORK,
        404,
    ),
    (
        "cloudbuild",
        "v1/projects/acme/triggers",
        {"name": "t", "pubsubConfig": {"topic": TOPIC}, "build": BUILD},
        TOPIC,
        400,
    ),
    (
        "run",
        f"v2/{PLACE}/services?serviceId=s",
        {"template": {"containers": [{"image": "i", "env": [SECRET_ENV]}]}},
        SECRET,
        400,
    ),
]


@pytest.fixture
def cloud() -> Cloud:
    cloud = new_cloud()
    cloud.projects.ensure("acme")
    return cloud


def ask(cloud: Cloud, api: str, path: str, body: dict[str, Any]) -> int:
    target, _, query = path.partition("?")
    verb = "PUT" if api == "pubsub" else "POST"
    return Caller(cloud, f"{api}.googleapis.com")(verb, f"/{target}", body, query=query).status


@pytest.mark.parametrize(("api", "path", "body", "missing", "code"), CASES)
def test_what_is_named_must_exist(
    cloud: Cloud, api: str, path: str, body: dict[str, Any], missing: str, code: int
) -> None:
    assert ask(cloud, api, path, body) == code
    if missing == ACCOUNT:
        cloud.accounts.add("acme", ACCOUNT)
    else:
        cloud.create(Record(API_OF[missing], missing, {}))
    assert ask(cloud, api, path, body) == 200


@pytest.mark.parametrize("case", [0, 12, 16, 18])
def test_the_rule_is_switched_off(cloud: Cloud, case: int) -> None:
    cloud.rules.switch("references", on=False)
    api, path, body, *_ = CASES[case]
    assert ask(cloud, api, path, body) == 200


@pytest.mark.parametrize(
    "email",
    [
        "runner@elsewhere.iam.gserviceaccount.com",
        "123456-compute@developer.gserviceaccount.com",
        "acme@appspot.gserviceaccount.com",
        "service-1@gcp-sa-aiplatform.iam.gserviceaccount.com",
    ],
)
def test_accounts_of_google_and_of_others_are_taken_to_be_there(cloud: Cloud, email: str) -> None:
    body = {"template": {**RUN, "serviceAccount": email}}
    assert ask(cloud, "run", f"v2/{PLACE}/services?serviceId=s", body) == 200


@pytest.mark.parametrize("project", ["elsewhere", "acme"])
def test_the_default_network_and_those_of_others_are_taken_to_be_there(cloud: Cloud, project: str) -> None:
    network = f"projects/{project}/global/networks/{'default' if project == 'acme' else 'ml'}"
    assert (
        ask(
            cloud,
            "vpcaccess",
            f"v1/{PLACE}/connectors?connectorId=c",
            {"network": network, "ipCidrRange": "10.8.0.0/28"},
        )
        == 200
    )


def test_an_updated_resource_is_held_too(cloud: Cloud) -> None:
    call = Caller(cloud, "pubsub.googleapis.com")
    assert call("PUT", "/v1/projects/acme/topics/drift", {}).status == 200
    change = {"topic": {"name": "projects/acme/topics/drift", "kmsKeyName": KEY}, "updateMask": "kmsKeyName"}
    assert call("PATCH", "/v1/projects/acme/topics/drift", change).status == 404


@pytest.mark.parametrize(("profile", "code"), [("lenient", 200), ("strict", 404)])
def test_topics_of_schedules_are_held_in_strict(profile: str, code: int) -> None:
    cloud = new_cloud(profile, off=["authentication", "access", "enablement"])
    cloud.projects.ensure("acme")
    assert ask(cloud, "cloudscheduler", f"v1/{PLACE}/jobs", {**CRON, "pubsubTarget": {"topicName": TOPIC}}) == code


def test_secrets_of_functions_are_in_the_project_beside_them(cloud: Cloud) -> None:
    variable = {"key": "S", "projectId": "acme", "secret": "s", "version": "1"}
    config: dict[str, Any] = {
        "buildConfig": {"runtime": "python312", "entryPoint": "f"},
        "serviceConfig": {"secretEnvironmentVariables": [variable]},
    }
    path = f"v2/{PLACE}/functions?functionId=f"
    assert ask(cloud, "cloudfunctions", path, config) == 400
    cloud.create(Record("secretmanager", SECRET, {}))
    assert ask(cloud, "cloudfunctions", path, config) == 200


def test_templates_name_what_others_run_later(cloud: Cloud) -> None:
    properties = {**INSTANCE, "machineType": "e2-small", "serviceAccounts": [{"email": ACCOUNT}]}
    del properties["name"]
    path = "compute/v1/projects/acme/global/instanceTemplates"
    assert ask(cloud, "compute", path, {"name": "t", "properties": {**properties, "networkInterfaces": [{}]}}) == 200


def test_a_key_is_no_account_and_data_names_nothing(cloud: Cloud) -> None:
    call = Caller(cloud, "europe-west4-aiplatform.googleapis.com")
    answered = call("POST", f"/v1/{PLACE}/endpoints/1:predict", {"instances": [{"serviceAccount": ACCOUNT}]})
    assert (answered.status, ACCOUNT in answered.error["message"]) == (404, False)


def test_a_bucket_may_keep_a_role_that_has_gone(cloud: Cloud) -> None:
    call = Caller(cloud, "storage.googleapis.com")
    call("POST", "/storage/v1/b", {"name": "kept-bucket"}, project="acme")
    role = "projects/acme/roles/reader"
    policy = {"bindings": [{"role": role, "members": ["user:alice@mock.test"]}]}
    cloud.create(Record("iam", role, {"name": role, "includedPermissions": ["storage.objects.get"]}))
    assert call("PUT", "/storage/v1/b/kept-bucket/iam", policy).status == 200
    record = cloud.store.get("iam", role)
    assert record is not None
    cloud.delete(record)
    assert call("PUT", "/storage/v1/b/kept-bucket/iam", policy).status == 200
    call("POST", "/storage/v1/b", {"name": "other-bucket"}, project="acme")
    assert call("PUT", "/storage/v1/b/other-bucket/iam", policy).status == 400
