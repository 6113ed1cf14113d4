"""Predictions by functions and local servers; generation; agents."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from mockcloud.services.aiplatform import generation, predictions
from mockcloud.services.aiplatform.generative import add_file
from tests.mockcloud.services.aiplatform.rest import PLACE, Api

ENDPOINT = f"{PLACE}/endpoints/1"
GEMINI = "publishers/google/models/gemini-2.5-flash"
ASKED = {"contents": [{"role": "user", "parts": [{"text": "Hello, world"}]}]}


@pytest.fixture
def api() -> Api:
    made = Api()
    made.done("POST", "models:upload", {"model": {"displayName": "churn"}, "modelId": "churn"})
    made.done("POST", "endpoints?endpointId=1", {"displayName": "e"})
    deployed = {"model": f"{PLACE}/models/churn", "automaticResources": {}, "id": "5"}
    made.done("POST", "endpoints/1:deployModel", {"deployedModel": deployed, "trafficSplit": {"0": 100}})
    return made


def test_nothing_answers_until_it_is_registered(api: Api) -> None:
    status, body = api.call("POST", "endpoints/1:predict", {"instances": [1]})
    assert status == 501
    assert "predictions.register" in body["error"]["message"]
    assert api.refused("POST", "endpoints/1:predict", {"instances": []}) == "INVALID_ARGUMENT"
    with pytest.raises(predictions.InvalidPredictor, match="resource_name"):
        predictions.register(api.cloud, f"{PLACE}/models/none", lambda instances, _: instances)


def test_the_nearest_registration_answers(api: Api) -> None:
    def answer() -> object:
        return api.ok("POST", "endpoints/1:predict", {"instances": [1]})["predictions"][0]

    predictions.register(api.cloud, f"{PLACE}/models/churn", lambda *_: ["model"])
    assert answer() == "model"
    kept = api.cloud.snapshot()
    predictions.register(api.cloud, f"{PLACE}/models/churn@1", lambda *_: ["version"])
    assert answer() == "version"
    predictions.register(api.cloud, ENDPOINT, lambda *_: ["endpoint"])
    assert answer() == "endpoint"
    api.cloud.restore(kept)
    assert answer() == "model"


@pytest.mark.parametrize("given", [{"a": 1}, [object()], [float("nan")], "text"])
def test_what_is_no_list_of_json_is_a_failure_of_the_model(api: Api, given: Any) -> None:
    predictions.register(api.cloud, ENDPOINT, lambda *_: given)
    assert api.refused("POST", "endpoints/1:predict", {"instances": [1]}) == "FAILED_PRECONDITION"


def test_an_exception_is_a_failure_of_the_model(api: Api) -> None:
    def broken(*_: object) -> list[object]:
        raise ValueError("No such column")

    predictions.register(api.cloud, ENDPOINT, broken)
    status, body = api.call("POST", "endpoints/1:predict", {"instances": [1]})
    assert status == 400
    assert "No such column" in body["error"]["message"]
    assert api.call("POST", "endpoints/1:explain", {"instances": [1]})[0] == 501


def test_traffic_decides_who_answers(api: Api) -> None:
    predictions.register(api.cloud, ENDPOINT, lambda instances, _: instances)
    assert api.refused("POST", "endpoints/1:explain", {"instances": [1], "deployedModelId": "9"}) == "NOT_FOUND"
    deployed = {"model": f"{PLACE}/models/churn", "automaticResources": {}, "id": "6"}
    api.done("POST", "endpoints/1:deployModel", {"deployedModel": deployed})
    assert api.ok("POST", "endpoints/1:predict", {"instances": [1]})["deployedModelId"] == "5"
    api.ok("PATCH", "endpoints/1?updateMask=trafficSplit", {"trafficSplit": {"5": 50, "6": 50}})
    answers = [api.ok("POST", "endpoints/1:predict", {"instances": [1]})["deployedModelId"] for _ in range(100)]
    assert (answers.count("5"), answers.count("6")) == (50, 50)
    api.ok("PATCH", "endpoints/1?updateMask=trafficSplit", {"trafficSplit": {}})
    assert api.refused("POST", "endpoints/1:predict", {"instances": [1]}) == "FAILED_PRECONDITION"
    api.done("POST", "endpoints/1:undeployModel", {"deployedModelId": "5"})
    assert api.ok("POST", "endpoints/1:predict", {"instances": [1]})["deployedModelId"] == "6"
    predictions.register(api.cloud, ENDPOINT, lambda instances, _: instances, explain=lambda *_: [{"attributions": []}])
    explained = api.ok("POST", "endpoints/1:explain", {"instances": [1], "deployedModelId": "6"})
    assert explained["explanations"] == [{"attributions": []}]
    api.done("POST", "endpoints/1:undeployModel", {"deployedModelId": "6"})
    assert api.refused("POST", "endpoints/1:predict", {"instances": [1]}) == "FAILED_PRECONDITION"


def test_raw_predictions_are_the_message_itself(api: Api) -> None:
    predictions.register(api.cloud, ENDPOINT, lambda instances, parameters: [*instances, parameters])
    sent = {"instances": [1], "parameters": {"a": 2}}
    wrapped = {
        "httpBody": {"contentType": "application/json", "data": base64.b64encode(json.dumps(sent).encode()).decode()}
    }
    for verb in ("rawPredict", "streamRawPredict"):
        for body in (sent, wrapped):
            assert api.ok("POST", f"endpoints/1:{verb}", body) == {"predictions": [1, {"a": 2}]}
    for bad in ({"text": "x"}, [1], {"httpBody": {"data": "bm8="}}):
        assert api.refused("POST", "endpoints/1:rawPredict", bad) == "INVALID_ARGUMENT"


def test_tensors_are_predicted(api: Api) -> None:
    predictions.register(api.cloud, ENDPOINT, lambda tensors, _: [*tensors, {"dtype": "INT32", "intVal": [1]}])
    body = {"inputs": [{"dtype": "INT32", "intVal": [2]}]}
    assert len(api.ok("POST", "endpoints/1:directPredict", body)["outputs"]) == 2
    streamed = api.ok("POST", "endpoints/1:serverStreamingPredict", body)
    assert [len(each["outputs"]) for each in streamed] == [1, 1]


# A local server
# ---------------------------------------------------------------------------------------------------------------------


class _Model(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps({"predictions": [len(body["instances"]), body.get("parameters")]}).encode()
        self.send_response(200 if self.path == "/predict" else 500)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        pass


@pytest.fixture
def server() -> Iterator[str]:
    made = HTTPServer(("127.0.0.1", 0), _Model)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()
    thread.join()


def test_a_server_on_this_machine_answers(api: Api, server: str) -> None:
    predictions.serve(api.cloud, ENDPOINT, f"{server}/predict")
    found = api.ok("POST", "endpoints/1:predict", {"instances": [1, 2], "parameters": {"a": 1}})
    assert found["predictions"] == [2, {"a": 1}]
    assert api.ok("POST", "endpoints/1:predict", {"instances": [1]})["predictions"] == [1, None]
    predictions.serve(api.cloud, ENDPOINT, server)
    assert api.refused("POST", "endpoints/1:predict", {"instances": [1]}) == "FAILED_PRECONDITION"


@pytest.mark.parametrize("url", ["https://127.0.0.1/predict", "http://example.test/predict", "file:///etc/passwd"])
def test_only_this_machine_is_called(api: Api, url: str) -> None:
    with pytest.raises(predictions.InvalidPredictor, match="this machine"):
        predictions.serve(api.cloud, ENDPOINT, url)


# Generation
# ---------------------------------------------------------------------------------------------------------------------


def test_a_model_says_what_the_function_says(api: Api) -> None:
    status, body = api.call("POST", f"{GEMINI}:generateContent", ASKED)
    assert status == 501
    assert "generation.register" in body["error"]["message"]
    generation.register(api.cloud, GEMINI, lambda _: "Hi!")
    kept = api.cloud.snapshot()
    said = api.ok("POST", f"{GEMINI}:generateContent", ASKED)
    assert said["candidates"][0]["content"] == {"role": "model", "parts": [{"text": "Hi!"}]}
    assert said["usageMetadata"] == {"promptTokenCount": 3, "candidatesTokenCount": 2, "totalTokenCount": 5}
    call = {"parts": [{"functionCall": {"name": "look_up", "args": {}}}]}
    generation.register(api.cloud, GEMINI, lambda _: call, cut=str.split)
    said = api.ok("POST", f"{GEMINI}:generateContent", ASKED)
    assert said["candidates"][0]["content"]["parts"] == call["parts"]
    assert said["usageMetadata"]["promptTokenCount"] == 2
    api.cloud.restore(kept)
    assert api.ok("POST", f"{GEMINI}:countTokens", ASKED) == {"totalTokens": 3, "totalBillableCharacters": 11}
    tokens = api.ok("POST", f"{GEMINI}:computeTokens", ASKED)["tokensInfo"][0]["tokens"]
    assert base64.b64decode(tokens[0]) == b"Hello"


@pytest.mark.parametrize("given", [[], [1]])
def test_what_is_no_text_is_refused(api: Api, given: Any) -> None:
    generation.register(api.cloud, GEMINI, lambda _: given)
    assert api.refused("POST", f"{GEMINI}:generateContent", ASKED) == "FAILED_PRECONDITION"
    assert api.refused("POST", f"{GEMINI}:generateContent", {"contents": []}) == "INVALID_ARGUMENT"


def test_text_is_streamed(api: Api) -> None:
    generation.register(api.cloud, "gemini-2.5-flash", lambda _: ["a", "b"])
    chunks = api.ok("POST", f"{GEMINI}:streamGenerateContent", ASKED)
    assert [each["candidates"][0].get("finishReason") for each in chunks] == [None, "STOP"]
    assert "usageMetadata" in chunks[1]


def test_a_publishers_model_predicts(api: Api) -> None:
    name = "publishers/google/models/embed"
    assert api.call("POST", f"{name}:predict", {"instances": [1]})[0] == 501
    predictions.register(api.cloud, f"{PLACE}/{name}", lambda instances, _: instances)
    assert api.ok("POST", f"{name}:predict", {"instances": [1]}) == {"predictions": [1]}


# Around it
# ---------------------------------------------------------------------------------------------------------------------


def test_contents_expire(api: Api) -> None:
    made = api.ok("POST", "cachedContents", {"model": f"{PLACE}/{GEMINI}"})
    assert made["expireTime"].startswith("2026-01-01T01:")
    later = {"expireTime": "2026-01-01T05:00:00Z"}
    api.ok("PATCH", f"{made['name']}?updateMask=expireTime", later)
    api.cloud.advance(3 * 3600)
    api.ok("GET", made["name"])
    api.cloud.advance(3 * 3600)
    assert api.refused("GET", made["name"]) == "NOT_FOUND"


def test_a_session_keeps_its_events(api: Api) -> None:
    engine = api.done("POST", "reasoningEngines", {"displayName": "agent"})["name"]
    predictions.register(api.cloud, engine, lambda *_: [])
    assert api.ok("POST", f"{engine}:query", {"input": {}}) == {"output": None}
    predictions.register(api.cloud, engine, lambda asked, _: [asked[0]["classMethod"], 2])
    assert api.raw("POST", f"{engine}:streamQuery", {"input": {}}) == b'"stream_query"\n2\n'
    session = api.done("POST", f"{engine}/sessions", {"userId": "ada"})["name"]
    event = {"author": "ada", "invocationId": "1", "timestamp": "2026-01-01T00:00:00Z"}
    api.ok("POST", f"{session}:appendEvent", {**event, "actions": {"stateDelta": {"step": 1}}})
    api.ok("POST", f"{session}:appendEvent", event)
    assert api.ok("GET", session)["sessionState"] == {"step": 1}
    assert len(api.ok("GET", f"{session}/events")["sessionEvents"]) == 2
    assert api.refused("DELETE", engine) == "FAILED_PRECONDITION"
    assert api.refused("DELETE", engine, [{"force": True}]) == "FAILED_PRECONDITION"
    api.ok("DELETE", engine, {"force": True, "other": 1})


def test_a_question_needs_a_corpus(api: Api) -> None:
    corpus = api.done("POST", "ragCorpora", {"displayName": "c"})
    assert corpus["corpusStatus"]["state"] == "ACTIVE"
    add_file(api.cloud, corpus["name"], "a.txt", "Alpha beta.")
    assert api.ok("GET", corpus["name"])["ragFilesCount"] == 1
    store = {"vertexRagStore": {"ragResources": [{"ragCorpus": corpus["name"]}]}}
    found = api.ok(
        "POST", f"{PLACE}:retrieveContexts", {**store, "query": {"text": "beta", "ragRetrievalConfig": {"topK": 1}}}
    )
    assert found["contexts"]["contexts"][0]["sourceUri"] == "a.txt"
    assert api.ok("POST", f"{PLACE}:retrieveContexts", {**store, "query": {"text": "?"}})["contexts"] == {
        "contexts": []
    }
    assert api.refused("POST", f"{PLACE}:retrieveContexts", {"query": {"text": "x"}}) == "INVALID_ARGUMENT"
