"""The model registry."""

import pytest

from tests.mockcloud.services.aiplatform.rest import PLACE, Api, strict

MODEL = {"displayName": "churn", "containerSpec": {"imageUri": "server"}}


def _upload(api: Api, **request: object) -> dict[str, str]:
    uploaded: dict[str, str] = api.done("POST", "models:upload", {"model": MODEL, **request})
    return uploaded


def test_versions_count_up_and_aliases_move() -> None:
    api = Api()
    assert _upload(api, modelId="churn")["modelVersionId"] == "1"
    newer = {**MODEL, "versionAliases": ["default", "best"]}
    assert _upload(api, model=newer, parentModel=f"{PLACE}/models/churn")["modelVersionId"] == "2"
    assert api.ok("GET", "models/churn")["versionId"] == "2"
    assert api.ok("GET", "models/churn@1")["versionAliases"] == []
    api.done("DELETE", "models/churn@1:deleteVersion")
    assert _upload(api, parentModel=f"{PLACE}/models/churn")["modelVersionId"] == "3"
    listed = api.ok("GET", "models/churn:listVersions?orderBy=create_time desc&pageSize=1")
    assert [each["versionId"] for each in listed["models"]] == ["3"]
    more = api.ok("GET", f"models/churn:listVersions?orderBy=create_time desc&pageToken={listed['nextPageToken']}")
    assert [each["versionId"] for each in more["models"]] == ["2"]
    best = api.ok("GET", "models/churn:listVersions?filter=versionAliases:best")
    assert [each["versionId"] for each in best["models"]] == ["2"]
    assert api.ok("GET", "models/churn:listCheckpoints") == {}
    api.done("DELETE", "models/churn")
    assert api.refused("GET", "models/churn@2") == "NOT_FOUND"


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"model": {}}, "INVALID_ARGUMENT"),
        ({"model": MODEL, "modelId": "Upper"}, "INVALID_ARGUMENT"),
        ({"model": MODEL, "modelId": "taken"}, "ALREADY_EXISTS"),
        ({"model": MODEL, "parentModel": f"{PLACE}/models/none"}, "NOT_FOUND"),
        ({"model": {**MODEL, "versionAliases": ["1st"]}}, "INVALID_ARGUMENT"),
    ],
)
def test_an_upload_is_refused(request_: dict[str, object], code: str) -> None:
    api = Api()
    _upload(api, modelId="taken")
    assert api.refused("POST", "models:upload", request_) == code


def test_a_version_is_changed_by_itself() -> None:
    api = Api()
    _upload(api, modelId="churn")
    _upload(api, parentModel=f"{PLACE}/models/churn")
    changed = api.ok(
        "PATCH", "models/churn@2?updateMask=description,labels", {"description": "New.", "labels": {"a": "b"}}
    )
    assert (changed["versionId"], changed["description"]) == ("2", "New.")
    assert "description" not in api.ok("GET", "models/churn")
    assert api.ok("PATCH", "models/churn", {"displayName": "x"})["displayName"] == "x"
    assert api.refused("PATCH", "models/churn?updateMask=versionAliases", {}) == "INVALID_ARGUMENT"
    stale = {"displayName": "y", "etag": "b2xk"}
    assert api.refused("PATCH", "models/churn", stale) == "ABORTED"


def test_aliases_are_merged() -> None:
    api = Api()
    _upload(api, modelId="churn")
    merged = api.ok("POST", "models/churn:mergeVersionAliases", {"versionAliases": ["a", "b-c"]})
    assert merged["versionAliases"] == ["default", "a", "b-c"]
    merged = api.ok("POST", "models/churn@1:mergeVersionAliases", {"versionAliases": ["-a"]})
    assert merged["versionAliases"] == ["default", "b-c"]
    assert (
        api.refused("POST", "models/churn:mergeVersionAliases", {"versionAliases": ["-default"]}) == "INVALID_ARGUMENT"
    )
    assert api.refused("POST", "models/churn:mergeVersionAliases", {"versionAliases": ["?"]}) == "INVALID_ARGUMENT"
    assert api.refused("DELETE", "models/churn@1:deleteVersion") == "FAILED_PRECONDITION"
    assert api.refused("GET", "models/churn@none") == "NOT_FOUND"


def test_a_copy_is_a_model_or_a_version() -> None:
    api = Api()
    _upload(api, modelId="churn")
    source = f"{PLACE}/models/churn"
    copied = api.done("POST", "models:copy", {"sourceModel": source, "modelId": "copy"})
    assert api.ok("GET", copied["model"])["modelSourceInfo"]["copy"]
    again = api.done("POST", "models:copy", {"sourceModel": source, "parentModel": copied["model"]})
    assert again["modelVersionId"] == "2"
    keyed = {"sourceModel": source, "encryptionSpec": {"kmsKeyName": f"{PLACE}/keyRings/r/cryptoKeys/none"}}
    assert api.refused("POST", "models:copy", keyed) == "NOT_FOUND"
    api.cloud.rules.switch("references", on=False)
    api.done("POST", "models:copy", keyed)
    _upload(api, model={**MODEL, "encryptionSpec": keyed["encryptionSpec"]})


def test_an_export_says_where() -> None:
    api = Api()
    _upload(api, modelId="churn")
    image = {"outputConfig": {"imageDestination": {"outputUri": "gcr.io/x/y"}}}
    exported = api.ok("POST", "models/churn:export", image)
    assert exported["metadata"]["outputInfo"] == {"imageOutputUri": "gcr.io/x/y"}
    assert api.refused("POST", "models/churn:export", {"outputConfig": {}}) == "INVALID_ARGUMENT"
    api.done("POST", "models/churn:updateExplanationDataset", {})


def test_evaluations_belong_to_versions() -> None:
    api = Api()
    _upload(api, modelId="churn")
    _upload(api, parentModel=f"{PLACE}/models/churn")
    made = api.ok("POST", "models/churn@2/evaluations:import", {"modelEvaluation": {"displayName": "e"}})
    assert api.ok("GET", "models/churn/evaluations") == {}
    listed = api.ok("GET", "models/churn@2/evaluations?filter=display_name=e")
    assert [each["name"] for each in listed["modelEvaluations"]] == [made["name"]]
    identifier = made["name"].rpartition("/")[2]
    assert api.ok("GET", f"models/churn@2/evaluations/{identifier}")["displayName"] == "e"
    assert api.ok("GET", f"models/churn@2/evaluations/{identifier}/slices") == {}


def test_a_deployed_version_stays() -> None:
    api = strict()
    _upload(api, modelId="churn")
    _upload(api, parentModel=f"{PLACE}/models/churn")
    api.done("POST", "endpoints?endpointId=1", {"displayName": "e"})
    deployed = {"deployedModel": {"model": f"{PLACE}/models/churn@2", "automaticResources": {}}}
    api.done("POST", "endpoints/1:deployModel", deployed)
    assert api.ok("GET", "models/churn@2")["deployedModels"][0]["endpoint"].endswith("/endpoints/1")
    assert "deployedModels" not in api.ok("GET", "models/churn@1")
    assert api.refused("DELETE", "models/churn@2:deleteVersion") == "FAILED_PRECONDITION"
    assert api.refused("DELETE", "models/churn") == "FAILED_PRECONDITION"
