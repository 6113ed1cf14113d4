"""What is the user's own may call the cloud from a thread, and wait for it: the cloud's lock is free."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest

from mockcloud.cloud.faults import Fault, Phase
from mockcloud.doors.wire import HttpRequest, answer
from mockcloud.services.aiplatform import generation, outcomes, predictions
from tests.mockcloud.services.aiplatform.rest import PLACE, Api

GEMINI = "publishers/google/models/gemini-2.5-flash"
GEMINI_PATH = f"{PLACE}/{GEMINI}"
ASKED = {"contents": [{"role": "user", "parts": [{"text": "Hello, world"}]}]}
METRICS = [{"metricId": "loss", "goal": "MINIMIZE"}]
PARAMETER = {"parameterId": "rate", "doubleValueSpec": {"minValue": 0, "maxValue": 1}}
POOL = {"machineSpec": {"machineType": "n1-standard-4"}, "replicaCount": "1", "containerSpec": {"imageUri": "i"}}


@pytest.fixture
def api() -> Api:
    made = Api()
    made.done("POST", "models:upload", {"model": {"displayName": "churn"}, "modelId": "churn"})
    made.done("POST", "endpoints?endpointId=1", {"displayName": "e"})
    deployed = {"model": f"{PLACE}/models/churn", "automaticResources": {}, "id": "5"}
    made.done("POST", "endpoints/1:deployModel", {"deployedModel": deployed, "trafficSplit": {"0": 100}})
    return made


def from_a_thread(api: Api) -> Callable[..., str]:
    """Give a function that asks the cloud from another thread, and waits for it as long as a test may take."""

    def ask(*_: object) -> str:
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(api.ok, "GET", "endpoints/1")
            return str(asked.result(timeout=5)["displayName"])

    return ask


def begun(api: Api, kind: str, title: str) -> str:
    """Begin a job that searches; give its name."""
    search: dict[str, Any] = {
        "hyperparameterTuningJobs": {
            "maxTrialCount": 2,
            "parallelTrialCount": 1,
            "studySpec": {"metrics": METRICS, "parameters": [PARAMETER]},
            "trialJobSpec": {"workerPoolSpecs": [POOL]},
        },
        "nasJobs": {
            "nasJobSpec": {
                "multiTrialAlgorithmSpec": {"metric": {"metricId": "loss"}, "searchTrialSpec": {"maxTrialCount": 2}}
            }
        },
    }
    return str(api.ok("POST", kind, {"displayName": title, **search[kind]})["name"])


@pytest.mark.parametrize("verb", ["predict", "explain", "rawPredict", "directPredict"])
def test_a_prediction(api: Api, verb: str) -> None:
    ask = from_a_thread(api)
    predictions.register(api.cloud, f"{PLACE}/endpoints/1", lambda *_: [ask()], explain=lambda *_: [{"a": ask()}])
    body = {"inputs": [{"stringVal": ["x"]}]} if verb == "directPredict" else {"instances": [1]}

    answered = api.ok("POST", f"endpoints/1:{verb}", body)

    assert answered["outputs" if verb == "directPredict" else "predictions"] == ["e"]


def test_generation_and_the_count_of_tokens(api: Api) -> None:
    ask = from_a_thread(api)
    generation.register(api.cloud, GEMINI, ask, cut=lambda text: [text, ask()])

    said = api.ok("POST", f"{GEMINI_PATH}:generateContent", ASKED)
    counted = api.ok("POST", f"{GEMINI_PATH}:countTokens", ASKED)

    assert said["candidates"][0]["content"]["parts"] == [{"text": "e"}]
    assert counted["totalTokens"] == 2


@pytest.mark.parametrize("kind", ["hyperparameterTuningJobs", "nasJobs"])
def test_the_objective_of_a_search(api: Api, kind: str) -> None:
    ask = from_a_thread(api)
    outcomes.register(api.cloud, "tune", objective=lambda _: {"loss": len(ask())})

    name = begun(api, kind, "tune")
    api.cloud.advance(7200)

    job = api.ok("GET", name)
    trials = job.get("trials") or job["nasJobOutput"]["multiTrialJobOutput"]["searchTrials"]
    assert job["state"] == "JOB_STATE_SUCCEEDED"
    assert [each["finalMeasurement"]["metrics"] for each in trials] == [[{"metricId": "loss", "value": 1.0}]] * 2


def test_an_objective_that_fails_lets_the_job_fail(api: Api) -> None:
    def broken(_: object) -> dict[str, float]:
        raise ValueError("no data")

    outcomes.register(api.cloud, "tune", objective=broken)

    name = begun(api, "hyperparameterTuningJobs", "tune")
    api.cloud.advance(7200)

    job = api.ok("GET", name)
    assert job["state"] == "JOB_STATE_FAILED"
    assert job["error"]["message"] == "What is registered for it failed: ValueError: no data"


def test_time_goes_on_behind_what_was_asked(api: Api) -> None:
    outcomes.register(api.cloud, "tune", objective=lambda _: {"loss": 1})
    begun(api, "hyperparameterTuningJobs", "tune")
    later = begun(api, "hyperparameterTuningJobs", "other")
    before = api.cloud.clock.now

    api.cloud.advance(7200)

    assert (api.cloud.clock.now - before).total_seconds() >= 7200
    assert api.ok("GET", later)["state"] == "JOB_STATE_SUCCEEDED"


def test_a_prediction_is_noted_once_as_it_ended(api: Api) -> None:
    predictions.register(api.cloud, f"{PLACE}/endpoints/1", lambda instances, _: instances)
    before = len(api.cloud.journal.calls)
    api.ok("POST", "endpoints/1:predict", {"instances": [1]})
    api.cloud.faults.add(Fault(method="*.predict", phase=Phase.AFTER, status=503, count=1))
    lost, _ = api.call("POST", "endpoints/1:predict", {"instances": [1]})
    predictions.register(api.cloud, f"{PLACE}/endpoints/1", lambda *_: [1 / 0])
    broken, _ = api.call("POST", "endpoints/1:predict", {"instances": [1]})

    calls = list(api.cloud.journal.calls)[before:]
    assert (lost, broken) == (503, 400)
    assert [(each.method.rpartition(".")[2], each.status) for each in calls] == [
        ("predict", 200),
        ("predict", 503),
        ("predict", 400),
    ]


# Batches
# ---------------------------------------------------------------------------------------------------------------------


def put(api: Api, name: str, text: str) -> None:
    """Put an object into the bucket."""
    request = HttpRequest(
        "POST",
        "storage.googleapis.com",
        "/upload/storage/v1/b/data/o",
        f"uploadType=media&name={name}",
        {},
        text.encode(),
    )
    assert answer(api.cloud, request).status == 200


def batch(api: Api, source: str = "gs://data/in/*", form: str = "jsonl", output: str = "gs://data/out") -> Any:
    """Predict a batch; give the job at its end."""
    body = {
        "displayName": "b",
        "model": f"{PLACE}/models/churn",
        "inputConfig": {"instancesFormat": form, "gcsSource": {"uris": [source]}},
        "outputConfig": {"predictionsFormat": "jsonl", "gcsDestination": {"outputUriPrefix": output}},
        "modelParameters": {"top": 1},
    }
    name = api.ok("POST", "batchPredictionJobs", body)["name"]
    api.cloud.advance(3600)
    return api.ok("GET", name)


@pytest.fixture
def bucket(api: Api) -> None:
    request = HttpRequest("POST", "storage.googleapis.com", "/storage/v1/b", "project=acme-ml", {}, b'{"name": "data"}')
    assert answer(api.cloud, request).status == 200
    put(api, "in/a.jsonl", '{"x": 1}\n\n{"x": 2}\n')
    put(api, "in/b.jsonl", '{"x": 3}\n')


@pytest.mark.usefixtures("bucket")
def test_a_batch_is_predicted_from_objects_to_an_object(api: Api) -> None:
    ask = from_a_thread(api)
    model = f"{PLACE}/models/churn"
    predictions.register(api.cloud, model, lambda rows, given: [[row["x"], given["top"], ask()] for row in rows])

    job = batch(api)

    folder = job["outputInfo"]["gcsOutputDirectory"].removeprefix("gs://data/")
    path = f"/storage/v1/b/data/o/{quote(f'{folder}/prediction.results-00000-of-00001', safe='')}"
    got = answer(api.cloud, HttpRequest("GET", "storage.googleapis.com", path, "alt=media", {}, b""))
    rows = [json.loads(each) for each in got.body.decode().splitlines()]
    assert job["state"] == "JOB_STATE_SUCCEEDED"
    assert job["completionStats"] == {"successfulCount": "3"}
    assert [each["instance"] for each in rows] == [{"x": 1}, {"x": 2}, {"x": 3}]
    assert [each["prediction"] for each in rows] == [[1, 1, "e"], [2, 1, "e"], [3, 1, "e"]]


@pytest.mark.usefixtures("bucket")
def test_a_batch_that_cannot_be_read_or_written_ends_without_output(api: Api) -> None:
    unread = [batch(api)]  # nothing is registered
    predictions.register(api.cloud, f"{PLACE}/models/churn", lambda rows, _: rows)
    unread += [batch(api, source="gs://data/none"), batch(api, form="csv")]
    unwritten = batch(api, output="gs://nowhere/out")

    assert {each["state"] for each in [*unread, unwritten]} == {"JOB_STATE_SUCCEEDED"}
    assert not any("completionStats" in each for each in unread)
    assert unwritten["outputInfo"]["gcsOutputDirectory"].startswith("gs://nowhere/out/")


@pytest.mark.usefixtures("bucket")
def test_a_batch_fails_with_what_answers(api: Api) -> None:
    predictions.register(api.cloud, f"{PLACE}/models/churn", lambda rows, _: [1 / 0 for _ in rows])

    job = batch(api)

    assert job["state"] == "JOB_STATE_FAILED"
    assert "ZeroDivisionError" in job["error"]["message"]
