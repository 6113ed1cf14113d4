"""Jobs: states, outcomes, what they leave."""

import pytest

from mockcloud.cloud.clock import parse_stamp
from mockcloud.services.aiplatform import outcomes
from tests.mockcloud.services.aiplatform.rest import PLACE, Api, strict

SPEC = {"workerPoolSpecs": [{"containerSpec": {"imageUri": "x"}, "replicaCount": "1"}]}
JOB = {"displayName": "train", "jobSpec": SPEC}
STUDY = {
    "metrics": [{"metricId": "auc", "goal": "MAXIMIZE"}],
    "parameters": [{"parameterId": "rate", "doubleValueSpec": {"minValue": 0, "maxValue": 1}}],
}


def test_a_job_goes_from_state_to_state() -> None:
    api = Api()
    name = api.ok("POST", "customJobs", {**JOB, "jobSpec": {**SPEC, "enableWebAccess": True}})["name"]
    states = []
    for seconds in (0, 2, 10, 120):
        api.cloud.advance(seconds)
        states.append(api.ok("GET", name)["state"].removeprefix("JOB_STATE_"))
    assert states == ["QUEUED", "PENDING", "RUNNING", "SUCCEEDED"]
    job = api.ok("GET", name)
    assert (parse_stamp(job["endTime"]) - parse_stamp(job["startTime"])).total_seconds() == 60
    assert "workerpool0-0" in job["webAccessUris"]
    api.ok("POST", f"{name}:cancel")
    assert api.ok("GET", name)["state"] == "JOB_STATE_SUCCEEDED"


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        ({}, "INVALID_ARGUMENT"),
        ({"workerPoolSpecs": [{"replicaCount": "1"}]}, "INVALID_ARGUMENT"),
        ({**SPEC, "tensorboard": f"{PLACE}/tensorboards/1"}, "NOT_FOUND"),
        ({**SPEC, "persistentResourceId": "none"}, "NOT_FOUND"),
        ({**SPEC, "network": "none"}, "INVALID_ARGUMENT"),
    ],
)
def test_a_job_is_refused(spec: dict[str, object], code: str) -> None:
    api = Api()
    assert api.refused("POST", "customJobs", {"displayName": "train", "jobSpec": spec}) == code
    if code == "NOT_FOUND":
        api.cloud.rules.switch("references", on=False)
        api.ok("POST", "customJobs", {"displayName": "train", "jobSpec": spec})


def test_the_last_outcome_that_fits_counts() -> None:
    api = Api()
    outcomes.register(api.cloud, "*", fails="All fail.")
    outcomes.register(api.cloud, "train", seconds=0)
    kept = api.cloud.snapshot()
    outcomes.register(api.cloud, "train", fails="This one fails.")
    api.cloud.restore(kept)
    name = api.ok("POST", "customJobs", JOB)["name"]
    api.cloud.advance(10)
    assert api.ok("GET", name)["state"] == "JOB_STATE_SUCCEEDED"
    with pytest.raises(outcomes.InvalidOutcome, match="negative"):
        outcomes.register(api.cloud, "train", seconds=-1)


def test_a_job_under_way_is_not_deleted_in_a_strict_cloud() -> None:
    api = strict()
    name = api.ok("POST", "customJobs", JOB)["name"]
    assert api.refused("DELETE", name) == "FAILED_PRECONDITION"
    api.ok("POST", f"{name}:cancel")
    api.cloud.advance(10)
    assert api.refused("POST", f"{name}:cancel") == "FAILED_PRECONDITION"
    api.done("DELETE", name)


@pytest.mark.parametrize(
    "body",
    [
        {"maxTrialCount": 0, "parallelTrialCount": 1, "studySpec": STUDY},
        {"maxTrialCount": 2, "parallelTrialCount": 3, "studySpec": STUDY},
        {"maxTrialCount": 2, "parallelTrialCount": 1, "studySpec": {"metrics": []}},
    ],
)
def test_a_tuning_job_is_refused(body: dict[str, object]) -> None:
    whole = {"displayName": "tune", "trialJobSpec": SPEC, **body}
    assert Api().refused("POST", "hyperparameterTuningJobs", whole) == "INVALID_ARGUMENT"


def test_trials_are_under_way_before_they_end() -> None:
    api = Api()
    body = {
        "displayName": "tune",
        "maxTrialCount": 3,
        "parallelTrialCount": 2,
        "studySpec": STUDY,
        "trialJobSpec": SPEC,
    }
    name = api.ok("POST", "hyperparameterTuningJobs", body)["name"]
    api.cloud.advance(30)
    assert [each["state"] for each in api.ok("GET", name)["trials"]] == ["ACTIVE", "ACTIVE"]
    api.cloud.advance(600)
    values = [each["finalMeasurement"]["metrics"][0]["value"] for each in api.ok("GET", name)["trials"]]
    assert values[0] == 1
    assert len(values) == 3


def test_architectures_are_searched() -> None:
    api = Api()
    outcomes.register(api.cloud, "nas-measured", objective=lambda parameters: {"auc": float(str(parameters["trial"]))})
    spec = {"multiTrialAlgorithmSpec": {"metric": {"metricId": "auc"}, "searchTrialSpec": {"maxTrialCount": 2}}}
    for title, metrics in (("nas", []), ("nas-measured", [{"metricId": "auc", "value": 1.0}])):
        name = api.ok("POST", "nasJobs", {"displayName": title, "nasJobSpec": spec})["name"]
        api.cloud.advance(7200)
        trials = api.ok("GET", name)["nasJobOutput"]["multiTrialJobOutput"]["searchTrials"]
        assert [each["id"] for each in trials] == ["1", "2"]
        assert trials[0]["finalMeasurement"]["metrics"] == metrics
        assert len(api.ok("GET", f"{name}/nasTrialDetails")["nasTrialDetails"]) == 2


def test_a_tuned_model_is_deployed() -> None:
    api = Api()
    spec = {"trainingDatasetUri": "gs://b/x.jsonl"}
    body = {"baseModel": "gemini-2.5-flash", "tunedModelDisplayName": "mine", "supervisedTuningSpec": spec}
    name = api.ok("POST", "tuningJobs", body)["name"]
    api.cloud.advance(7200)
    tuned = api.ok("GET", name)["tunedModel"]
    assert api.ok("GET", tuned["model"])["displayName"] == "mine"
    assert api.ok("GET", tuned["endpoint"])["deployedModels"][0]["model"] == tuned["model"].removesuffix("@1")
    running = api.ok("POST", "tuningJobs", body)["name"]
    api.ok("POST", f"{running}:cancel")
    api.cloud.advance(10)
    assert api.ok("GET", running)["state"] == "JOB_STATE_CANCELLED"


def test_a_batch_names_its_model() -> None:
    api = Api()
    api.done("POST", "models:upload", {"model": {"displayName": "churn"}, "modelId": "churn"})
    source = {"inputConfig": {"instancesFormat": "jsonl"}, "outputConfig": {"predictionsFormat": "jsonl"}}
    body = {"displayName": "nightly", **source}
    made = api.ok("POST", "batchPredictionJobs", {**body, "model": f"{PLACE}/models/churn@default"})
    assert (made["model"].endswith("/models/churn"), made["modelVersionId"]) == (True, "1")
    assert api.refused("POST", "batchPredictionJobs", body) == "INVALID_ARGUMENT"
    assert api.refused("POST", "batchPredictionJobs", {**body, "model": f"{PLACE}/models/none"}) == "NOT_FOUND"
    publisher = {**body, "model": "publishers/google/models/gemini-2.5-flash"}
    name = api.ok("POST", "batchPredictionJobs", publisher)["name"]
    api.cloud.advance(3600)
    assert api.ok("GET", name)["outputInfo"] == {}


def test_data_is_labelled() -> None:
    api = Api()
    schema = {"displayName": "d", "metadataSchemaUri": "gs://x/image_1.0.0.yaml"}
    dataset = api.done("POST", "datasets", schema)["name"]
    pool = api.done("POST", "specialistPools", {"displayName": "p", "specialistManagerEmails": ["a@b.test"]})
    assert pool["specialistManagersCount"] == 1
    changed = api.done("PATCH", f"{pool['name']}?updateMask=specialistManagerEmails", {"specialistManagerEmails": []})
    assert changed["specialistManagersCount"] == 0
    body = {
        "displayName": "label",
        "datasets": [dataset],
        "labelerCount": 1,
        "instructionUri": "gs://b/how.pdf",
        "inputsSchemaUri": "gs://x/y.yaml",
        "specialistPools": [pool["name"]],
        "inputs": {},
    }
    name = api.ok("POST", "dataLabelingJobs", body)["name"]
    api.cloud.advance(7200)
    assert api.ok("GET", name)["labelingProgress"] == 100
    assert api.refused("POST", "dataLabelingJobs", {**body, "datasets": [f"{PLACE}/datasets/1"]}) == "NOT_FOUND"


def test_training_without_a_model_leaves_none() -> None:
    api = Api()
    task = {"trainingTaskDefinition": "gs://x/automl_tabular_1.0.0.yaml", "trainingTaskInputs": {"targetColumn": "y"}}
    body = {"displayName": "t", **task}
    name = api.ok("POST", "trainingPipelines", body)["name"]
    api.cloud.advance(3600)
    pipeline = api.ok("GET", name)
    assert pipeline["state"] == "PIPELINE_STATE_SUCCEEDED"
    assert "trainingTaskMetadata" not in pipeline
    missing = {**body, "inputDataConfig": {"datasetId": "1"}}
    assert api.refused("POST", "trainingPipelines", missing) == "NOT_FOUND"
    orphan = {**body, "parentModel": f"{PLACE}/models/none"}
    assert api.refused("POST", "trainingPipelines", orphan) == "NOT_FOUND"
    uploading = {**body, "modelToUpload": {"displayName": "m"}, "modelId": "auto"}
    name = api.ok("POST", "trainingPipelines", uploading)["name"]
    api.cloud.advance(3600)
    assert api.ok("GET", "models/auto")["modelSourceInfo"]["sourceType"] == "AUTOML"
    assert api.ok("GET", name)["modelToUpload"]["versionId"] == "1"


def test_machines_that_run_ray_have_a_dashboard() -> None:
    api = Api()
    pools = [{"machineSpec": {"machineType": "n1-standard-4"}, "autoscalingSpec": {"minReplicaCount": "2"}}]
    body = {"resourcePools": pools, "resourceRuntimeSpec": {"raySpec": {}}}
    made = api.done("POST", "persistentResources?persistentResourceId=ray", body)
    assert made["resourcePools"][0]["replicaCount"] == "2"
    assert "RAY_DASHBOARD_URI" in made["resourceRuntime"]["accessUris"]
    assert made["state"] == "RUNNING"
    assert api.done("POST", "persistentResources/ray:reboot")["startTime"] > made["startTime"]
