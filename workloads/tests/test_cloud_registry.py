"""Registration in the cloud: what Google's own client sends, and what is refused before it sends anything."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import aiplatform

from census_workloads import registry
from census_workloads.cloud_registry import CloudRegistry
from census_workloads.errors import RegistryError
from census_workloads.registry import Evidence, ModelCard
from tests.fake_models_api import PARENT, ModelsApi, serve

KEY = f"{PARENT}/keyRings/ring/cryptoKeys/models"
IMAGE = f"europe-west4-docker.pkg.dev/acme/images/serve@sha256:{'a' * 64}"
ARTIFACT = "gs://acme-pipelines/runs/1/model"
CLOUD = CloudRegistry(project="acme-ml", region="europe-west4", serving_image=IMAGE)


@pytest.fixture
def api() -> Iterator[ModelsApi]:
    with serve() as served:
        aiplatform.init(
            project="acme-ml",
            location="europe-west4",
            credentials=AnonymousCredentials(),
            api_endpoint=served.url,
            api_transport="rest",
        )
        yield served


@pytest.fixture
def card(tmp_path: Path, saved: Path, evidence: Evidence) -> ModelCard:
    return registry.register(tmp_path / "registry", saved, evidence)


def test_the_first_model_is_uploaded_with_its_origin(api: ModelsApi, card: ModelCard) -> None:
    assert replace(CLOUD, key=KEY).upload(card, ARTIFACT) == f"{PARENT}/models/census-income@1"
    (body,) = api.uploads
    assert body["modelId"] == "census-income"
    model = body["model"]
    assert model["artifactUri"] == ARTIFACT
    assert model["containerSpec"]["imageUri"] == IMAGE
    assert model["encryptionSpec"]["kmsKeyName"] == KEY
    assert model["versionAliases"] == ["v1", "default"]
    assert model["labels"] == {"model-sha256": card.model_sha256[:63]}
    assert card.code_version in model["versionDescription"]


def test_a_further_model_is_a_version_that_nobody_serves_yet(api: ModelsApi, card: ModelCard) -> None:
    CLOUD.upload(card, ARTIFACT)
    other = card.model_copy(update={"version": "v2", "model_sha256": "b" * 64})
    assert CLOUD.upload(other, ARTIFACT) == f"{PARENT}/models/census-income@2"
    body = api.uploads[-1]
    assert body["parentModel"] == f"{PARENT}/models/census-income"
    assert body["model"]["versionAliases"] == ["v2"]
    assert "encryptionSpec" not in body["model"]


def test_the_same_model_is_uploaded_once(api: ModelsApi, card: ModelCard) -> None:
    assert CLOUD.upload(card, ARTIFACT) == CLOUD.upload(card, ARTIFACT)
    assert len(api.uploads) == 1


def test_a_version_that_is_another_model_there_is_refused(api: ModelsApi, card: ModelCard) -> None:
    CLOUD.upload(card, ARTIFACT)
    with pytest.raises(RegistryError, match="the version v1, which is another model there"):
        CLOUD.upload(card.model_copy(update={"model_sha256": "b" * 64}), ARTIFACT)
    assert len(api.uploads) == 1


@pytest.mark.parametrize(
    ("cloud", "artifact", "found"),
    [
        (replace(CLOUD, region=""), ARTIFACT, "region ''"),
        (CLOUD, "runs/model", "model in runs/model"),
        (replace(CLOUD, serving_image="serve:latest"), ARTIFACT, "serving image 'serve:latest'"),
        (replace(CLOUD, serving_image=""), ARTIFACT, "serving image ''"),
    ],
)
def test_what_cannot_be_uploaded_is_refused_before_anything_is_sent(
    card: ModelCard, cloud: CloudRegistry, artifact: str, found: str
) -> None:
    with pytest.raises(RegistryError, match=found):
        cloud.upload(card, artifact)
