"""What all of the service's resources have in common."""

import pytest

from tests.mockcloud.services.aiplatform.rest import PLACE, Api, strict

KEY = "projects/acme-ml/locations/europe-west4/keyRings/r/cryptoKeys/k"


def test_names_have_the_number_of_the_project_and_are_found_by_both() -> None:
    api = Api()
    made = api.done("POST", "endpoints?endpointId=7", {"displayName": "e"})
    number = api.cloud.projects.number_of("acme-ml")
    assert made["name"] == f"projects/{number}/locations/europe-west4/endpoints/7"
    assert api.ok("GET", made["name"]) == api.ok("GET", f"{PLACE}/endpoints/7")


def test_an_operation_says_what_it_is_about() -> None:
    api = Api(version="v1beta1")
    operation = api.ok("POST", "endpoints", {"displayName": "e"})
    about = operation["name"].partition("/operations/")[0]
    assert about.rpartition("/")[0].endswith("/endpoints")
    metadata = operation["metadata"]
    assert metadata["@type"] == "type.googleapis.com/google.cloud.aiplatform.v1beta1.CreateEndpointOperationMetadata"
    api.cloud.advance(10)
    done = api.ok("GET", operation["name"])
    assert done["response"]["@type"] == "type.googleapis.com/google.cloud.aiplatform.v1beta1.Endpoint"
    assert done["metadata"]["genericMetadata"]["updateTime"] > metadata["genericMetadata"]["updateTime"]
    deleted = api.ok("DELETE", about)
    assert deleted["metadata"]["@type"].endswith(".DeleteOperationMetadata")
    listed = [each["name"] for each in api.ok("GET", f"{about}/operations")["operations"]]
    assert sorted(listed) == sorted([operation["name"], deleted["name"]])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("endpoints?endpointId=Not_Allowed", {"displayName": "e"}),
        ("featureGroups?featureGroupId=1st", {}),
        ("featureGroups", {}),
        ("pipelineJobs?pipelineJobId=UPPER", {}),
        ("deploymentResourcePools", {"deploymentResourcePool": {"dedicatedResources": {}}}),
    ],
)
def test_ids_are_held_to_their_form(path: str, body: dict[str, object]) -> None:
    assert Api().refused("POST", path, body) == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    "collection",
    ["endpoints", "datasets", "indexes", "tensorboards", "featurestores?featurestoreId=f", "metadataStores"],
)
def test_a_key_must_be_there(collection: str) -> None:
    api = Api()
    body = {"encryptionSpec": {"kmsKeyName": KEY}}
    if not collection.startswith(("featurestores", "metadataStores")):
        body["displayName"] = "x"  # type: ignore[assignment]
    if collection == "datasets":
        body["metadataSchemaUri"] = "gs://x/tabular_1.0.0.yaml"  # type: ignore[assignment]
    assert api.refused("POST", collection, body) == "NOT_FOUND"


@pytest.mark.parametrize(
    ("network", "code"),
    [
        ("projects/acme-ml/global/networks/none", "NOT_FOUND"),
        ("projects/acme-ml/networks/short", "INVALID_ARGUMENT"),
    ],
)
def test_a_network_must_be_there(network: str, code: str) -> None:
    assert Api().refused("POST", "endpoints", {"displayName": "e", "network": network}) == code


def test_networks_that_are_always_there_or_elsewhere_are_taken() -> None:
    api = Api()
    for name in ("projects/acme-ml/global/networks/default", "projects/123456789012/global/networks/other"):
        made = api.done("POST", "indexEndpoints", {"displayName": "e", "network": name})
        assert made["network"] == name
    off = Api(api.cloud)
    off.cloud.rules.switch("references", on=False)
    off.done("POST", "endpoints", {"displayName": "e", "network": "projects/acme-ml/global/networks/none"})


def test_what_lies_below_nothing_is_refused() -> None:
    api = Api()
    for path in (
        "featureGroups/none/features?featureId=f",
        "models/1/evaluations:import",
        "datasets/1/datasetVersions",
    ):
        assert api.refused("POST", path, {}) == "NOT_FOUND"


def test_a_method_that_is_not_modelled_names_itself() -> None:
    status, body = Api().call("POST", f"{PLACE}:evaluateInstances", {})
    assert status == 501
    assert "aiplatform.projects.locations.evaluateInstances" in body["error"]["message"]


def test_a_stale_etag_is_refused() -> None:
    api = Api()
    made = api.done("POST", "endpoints", {"displayName": "e"})
    api.ok("PATCH", made["name"], {"displayName": "f", "etag": made["etag"]})
    assert api.refused("PATCH", made["name"], {"displayName": "g", "etag": made["etag"]}) == "ABORTED"


def test_rules_are_switched_one_by_one() -> None:
    assert strict().cloud.rules.names == ["values", "references", "in-use"]
