"""What users generate on Vertex AI: text, embeddings, agents, corpora."""

from collections.abc import Mapping
from typing import Any

import pytest
from google import genai
from google.api_core import exceptions
from google.cloud import aiplatform_v1 as v1

from mockcloud.cloud.cloud import Cloud
from mockcloud.services.aiplatform import generation, predictions
from mockcloud.services.aiplatform.generative import add_file

pytestmark = pytest.mark.scenario(library="google-cloud-aiplatform")

ENDPOINT = {"api_endpoint": "europe-west4-aiplatform.googleapis.com"}
PLACE = "projects/acme-ml/locations/europe-west4"


@pytest.mark.scenario(library="google-genai")
def test_a_function_stands_for_a_generative_model(cloud: Cloud) -> None:
    def answer(request: Mapping[str, Any]) -> list[str]:
        asked = request["contents"][0]["parts"][0]["text"]
        return ["You said: ", asked]

    generation.register(cloud, "gemini-2.5-flash", answer)
    client = genai.Client(vertexai=True, project="acme-ml", location="europe-west4")
    said = client.models.generate_content(model="gemini-2.5-flash", contents="hello world")
    assert said.text == "You said: hello world"
    assert said.usage_metadata is not None
    assert (said.usage_metadata.prompt_token_count, said.usage_metadata.candidates_token_count) == (2, 5)
    parts = client.models.generate_content_stream(model="gemini-2.5-flash", contents="bye")
    assert [each.text for each in parts] == ["You said: ", "bye"]
    assert client.models.count_tokens(model="gemini-2.5-flash", contents="one two").total_tokens == 2
    with pytest.raises(genai.errors.APIError, match=r"generation\.register"):
        client.models.generate_content(model="gemini-3-pro", contents="hello")


def test_a_function_gives_embeddings(cloud: Cloud, transport: str) -> None:
    model = "publishers/google/models/text-embedding-005"
    predictions.register(
        cloud, model, lambda instances, _: [{"embeddings": {"values": [len(each["content"])]}} for each in instances]
    )
    client = v1.PredictionServiceClient(transport=transport, client_options=ENDPOINT)
    instances: list[Any] = [{"content": "four"}]
    found: Any = client.predict(endpoint=f"{PLACE}/{model}", instances=instances).predictions
    assert found[0]["embeddings"]["values"][0] == 4


def test_contents_are_cached_until_they_expire(cloud: Cloud, transport: str) -> None:
    client = v1.GenAiCacheServiceClient(transport=transport, client_options=ENDPOINT)
    model = f"{PLACE}/publishers/google/models/gemini-2.5-flash"
    contents = [{"role": "user", "parts": [{"text": "A long text."}]}]
    cached = client.create_cached_content(
        parent=PLACE, cached_content={"model": model, "contents": contents, "ttl": {"seconds": 600}}
    )
    assert round((cached.expire_time - cached.create_time).total_seconds()) == 600
    cloud.advance(500)
    client.update_cached_content(
        cached_content={"name": cached.name, "ttl": {"seconds": 600}}, update_mask={"paths": ["ttl"]}
    )
    cloud.advance(500)
    assert client.get_cached_content(name=cached.name).model == model
    cloud.advance(200)
    with pytest.raises(exceptions.NotFound):
        client.get_cached_content(name=cached.name)


def test_an_agent_answers_by_a_function(cloud: Cloud, transport: str) -> None:
    engines = v1.ReasoningEngineServiceClient(transport=transport, client_options=ENDPOINT)
    engine = engines.create_reasoning_engine(parent=PLACE, reasoning_engine={"display_name": "helper"}).result()
    predictions.register(cloud, engine.name, lambda asked, _: [f"{asked[0]['classMethod']}: {asked[0]['input']['q']}"])
    execution = v1.ReasoningEngineExecutionServiceClient(transport=transport, client_options=ENDPOINT)
    answer = execution.query_reasoning_engine(request={"name": engine.name, "input": {"q": "why?"}})
    assert answer.output == "query: why?"
    engines.delete_reasoning_engine(name=engine.name).result()
    assert list(engines.list_reasoning_engines(parent=PLACE)) == []


def test_a_corpus_gives_the_texts_that_share_words(cloud: Cloud, transport: str) -> None:
    data = v1.VertexRagDataServiceClient(transport=transport, client_options=ENDPOINT)
    corpus = data.create_rag_corpus(parent=PLACE, rag_corpus={"display_name": "handbook"}).result()
    add_file(cloud, corpus.name, "leave.txt", "Annual leave is thirty days.")
    add_file(cloud, corpus.name, "travel.txt", "Travel is booked by train.")
    files = list(data.list_rag_files(parent=corpus.name))
    assert sorted(each.display_name for each in files) == ["leave.txt", "travel.txt"]
    search = v1.VertexRagServiceClient(transport=transport, client_options=ENDPOINT)
    store = {"rag_resources": [{"rag_corpus": corpus.name}]}
    found = search.retrieve_contexts(
        request={"parent": PLACE, "vertex_rag_store": store, "query": {"text": "How long is annual leave?"}}
    ).contexts.contexts
    assert [each.source_display_name for each in found] == ["leave.txt", "travel.txt"]
    assert found[0].score > found[1].score
    config = {"gcs_source": {"uris": ["gs://b/more.txt"]}}
    imported = data.import_rag_files(parent=corpus.name, import_rag_files_config=config).result()
    assert imported.imported_rag_files_count == 1
    with pytest.raises(exceptions.BadRequest):
        data.delete_rag_corpus(name=corpus.name)
    data.delete_rag_corpus(request={"name": corpus.name, "force": True}).result()
