"""What users write with the package vertexai and the newer clients: short ways, which call more than they show."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import vertexai
from google import genai
from google.cloud import aiplatform, storage

from mockcloud.cloud.cloud import Cloud
from mockcloud.services.aiplatform import generation, predictions

pytestmark = [
    pytest.mark.scenario(library="google-cloud-aiplatform"),
    # Parts of the package say at their import that they will move.
    pytest.mark.filterwarnings("ignore:.*deprecated"),
]

PROJECT, REGION = "acme-ml", "europe-west4"
PIPELINE: dict[str, Any] = {
    "pipelineInfo": {"name": "retrain"},
    "root": {"dag": {"tasks": {"train": {"taskInfo": {"name": "train"}, "componentRef": {"name": "comp-train"}}}}},
    "components": {"comp-train": {"executorLabel": "train"}},
    "deploymentSpec": {"executors": {"train": {"container": {"image": "python:3.11"}}}},
    "schemaVersion": "2.1.0",
    "sdkVersion": "kfp-2.17.0",
}


@pytest.fixture(autouse=True)
def _project(cloud: Cloud) -> None:
    del cloud
    aiplatform.init(project=PROJECT, location=REGION, staging_bucket="gs://acme-staging")
    vertexai.init(project=PROJECT, location=REGION)


@pytest.fixture
def model() -> aiplatform.Model:
    uploaded: aiplatform.Model = aiplatform.Model.upload(display_name="churn", serving_container_image_uri="server")
    return uploaded


def test_a_raw_prediction_says_which_model_answered(cloud: Cloud, model: aiplatform.Model) -> None:
    endpoint = model.deploy(machine_type="n1-standard-2")
    predictions.register(cloud, model.resource_name, lambda rows, _: [row["x"] for row in rows])

    answer = endpoint.predict(instances=[{"x": 1}], use_raw_predict=True)

    assert answer.predictions == [1]
    assert (answer.model_resource_name, answer.model_version_id) == (model.resource_name, "1")


def test_a_batch_is_read_back(cloud: Cloud, model: aiplatform.Model) -> None:
    bucket = storage.Client(project=PROJECT).create_bucket("acme-batches")
    bucket.blob("in.jsonl").upload_from_string('{"x": 1}\n{"x": 2}\n')
    predictions.register(cloud, model.resource_name, lambda rows, _: [row["x"] * 2 for row in rows])

    job = model.batch_predict(
        job_display_name="b",
        gcs_source="gs://acme-batches/in.jsonl",
        gcs_destination_prefix="gs://acme-batches/out",
        machine_type="n1-standard-4",
    )

    (file,) = job.iter_outputs()
    rows = [json.loads(each) for each in file.download_as_text().splitlines()]
    assert [each["prediction"] for each in rows] == [2, 4]


def test_a_pipeline_knows_its_experiment(tmp_path: Path) -> None:
    template = tmp_path / "retrain.json"
    template.write_text(json.dumps(PIPELINE))
    job = aiplatform.PipelineJob(display_name="p", template_path=str(template), pipeline_root="gs://acme-staging/root")

    job.submit(experiment="churn")
    job.wait()

    experiment = job.get_associated_experiment()
    assert experiment is not None
    assert experiment.name == "churn"
    assert aiplatform.get_experiment_df("churn")["run_type"].tolist() == ["system.PipelineRun"]


def test_publishers_models_are_taken_by_their_name(cloud: Cloud) -> None:
    from vertexai.language_models import TextEmbeddingModel
    from vertexai.preview.vision_models import ImageGenerationModel

    vector = {"embeddings": {"values": [0.1, 0.2], "statistics": {"token_count": 1, "truncated": False}}}
    image = {"bytesBase64Encoded": "iVBORw==", "mimeType": "image/png"}
    predictions.register(cloud, "publishers/google/models/text-embedding-005", lambda rows, _: [vector] * len(rows))
    predictions.register(cloud, "publishers/google/models/imagen-3.0-generate-002", lambda *_: [image])

    embeddings = TextEmbeddingModel.from_pretrained("text-embedding-005").get_embeddings(["a", "b"])
    images = ImageGenerationModel.from_pretrained("imagen-3.0-generate-002").generate_images(prompt="a cat")

    assert [each.values for each in embeddings] == [[0.1, 0.2], [0.1, 0.2]]
    assert len(images.images) == 1


@pytest.mark.scenario(library="google-genai")
def test_models_are_listed_and_called_with_tools(cloud: Cloud) -> None:
    def answer(request: Mapping[str, Any]) -> str | dict[str, Any]:
        parts = [part for each in request["contents"] for part in each["parts"]]
        told = [part["functionResponse"]["response"]["result"] for part in parts if "functionResponse" in part]
        return f"It is {told[0]}." if told else {"parts": [{"functionCall": {"name": "double", "args": {"x": 21}}}]}

    def double(x: int) -> int:
        """Double a number."""
        return 2 * x

    generation.register(cloud, "gemini-2.5-flash", answer)
    client = genai.Client(vertexai=True, project=PROJECT, location=REGION)

    known = [each.name for each in client.models.list(config={"query_base": True})]
    said = client.chats.create(model="gemini-2.5-flash", config={"tools": [double]}).send_message("Twice 21?")

    assert "publishers/google/models/gemini-2.5-flash" in known
    assert client.models.get(model="gemini-2.5-flash").name == "publishers/google/models/gemini-2.5-flash"
    assert said.text == "It is 42."
    with pytest.raises(genai.errors.APIError, match="not found"):
        client.models.get(model="no-such-model")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the client leaves the file open
def test_a_corpus_is_filled_from_files_and_storage(tmp_path: Path) -> None:
    from vertexai import rag

    bucket = storage.Client(project=PROJECT).create_bucket("acme-texts")
    bucket.blob("rain.txt").upload_from_string("Rain is wet.")
    file = tmp_path / "sky.txt"
    file.write_text("The sky is blue.")
    corpus = rag.create_corpus(display_name="handbook")

    uploaded = rag.upload_file(corpus_name=corpus.name, path=str(file), display_name="sky", description="It's up")
    rag.import_files(corpus.name, ["gs://acme-texts/"])
    found = rag.retrieval_query(rag_resources=[rag.RagResource(rag_corpus=corpus.name)], text="Is rain wet?")

    assert rag.get_file(uploaded.name).display_name == "sky"
    assert sorted(each.display_name for each in rag.list_files(corpus.name)) == ["rain.txt", "sky"]
    assert found.contexts.contexts[0].text == "Rain is wet."


def test_an_open_model_is_deployed_from_the_garden(cloud: Cloud) -> None:
    from vertexai import model_garden

    open_model = model_garden.OpenModel("google/gemma3@gemma-3-1b-it")

    endpoint = open_model.deploy(accept_eula=True, endpoint_display_name="chat")
    predictions.register(cloud, endpoint.resource_name, lambda rows, _: [f"{row['prompt']}!" for row in rows])

    assert endpoint.display_name == "chat"
    assert endpoint.predict(instances=[{"prompt": "Hi"}]).predictions == ["Hi!"]


def test_an_agent_remembers_and_is_deleted_with_all_that_it_has() -> None:
    client = vertexai.Client(project=PROJECT, location=REGION)
    agent = client.agent_engines.create(config={"display_name": "helper"})
    name = agent.api_resource.name
    for fact, user in (("Likes tea.", "ada"), ("Has a cat.", "ada"), ("Likes tea.", "bob")):
        client.agent_engines.memories.create(name=name, fact=fact, scope={"user_id": user})

    every = client.agent_engines.memories.retrieve(name=name, scope={"user_id": "ada"})
    near = client.agent_engines.memories.retrieve(
        name=name, scope={"user_id": "ada"}, similarity_search_params={"search_query": "a cat", "top_k": 1}
    )

    assert sorted(each.memory.fact for each in every) == ["Has a cat.", "Likes tea."]
    assert [each.memory.fact for each in near] == ["Has a cat."]
    agent.delete(force=True)
    assert list(client.agent_engines.list()) == []
