"""What users do with models, endpoints and predictions of Vertex AI, through google-cloud-aiplatform."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import aiplatform, storage

from mockcloud import mock_gcp
from mockcloud.cloud.cloud import Cloud
from mockcloud.services.aiplatform import predictions

pytestmark = pytest.mark.scenario(library="google-cloud-aiplatform")

IMAGE = "europe-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-5:latest"
MACHINE = "n1-standard-4"


@pytest.fixture(autouse=True)
def _project(cloud: Cloud, transport: str) -> None:
    del cloud
    aiplatform.init(project="acme-ml", location="europe-west4", api_transport=transport)


def _upload(**settings: Any) -> aiplatform.Model:
    fields = {"display_name": "churn", "serving_container_image_uri": IMAGE, "artifact_uri": "gs://acme/m", **settings}
    model: aiplatform.Model = aiplatform.Model.upload(**fields)
    return model


def test_a_table_becomes_a_dataset(cloud: Cloud) -> None:
    bucket = storage.Client(project="acme-ml").create_bucket("acme-data")
    bucket.blob("rows.csv").upload_from_string("age,income,churned\n1,2,0\n")
    dataset = aiplatform.TabularDataset.create(display_name="rows", gcs_source="gs://acme-data/rows.csv")
    assert set(dataset.column_names) == {"age", "income", "churned"}
    assert dataset.gca_resource.labels["aiplatform.googleapis.com/dataset_metadata_schema"] == "TABULAR"
    dataset.update(display_name="customers", labels={"team": "ml"})
    assert [each.display_name for each in aiplatform.TabularDataset.list(filter="labels.team=ml")] == ["customers"]
    dataset.delete()
    assert not aiplatform.TabularDataset.list()
    assert cloud.projects.get("acme-ml") is not None


def test_a_model_is_described_and_deleted() -> None:
    model = _upload(labels={"team": "ml"}, serving_container_predict_route="/predict", serving_container_ports=[8080])
    assert model.uri == "gs://acme/m"
    assert model.container_spec.predict_route == "/predict"
    assert model.version_id == "1"
    assert model.version_aliases == ["default"]
    model.update(display_name="churn-2", description="Better.")
    again = aiplatform.Model(model.resource_name)
    assert (again.display_name, again.description, again.labels) == ("churn-2", "Better.", {"team": "ml"})
    assert [each.name for each in aiplatform.Model.list(filter='display_name="churn-2"')] == [model.name]
    model.delete()
    with pytest.raises(exceptions.NotFound):
        aiplatform.Model(model.resource_name)


def test_versions_and_their_aliases() -> None:
    first = _upload(model_id="churn", version_aliases=["champion"])
    second = _upload(parent_model="churn", is_default_version=False, version_description="Candidate.")
    assert (second.version_id, second.version_aliases) == ("2", [])
    registry = first.versioning_registry
    registry.add_version_aliases(["champion", "default"], version="2")
    assert aiplatform.Model("churn@champion").version_id == "2"
    assert aiplatform.Model("churn").version_id == "2"
    assert aiplatform.Model("churn@1").version_aliases == []
    registry.remove_version_aliases(["champion"], version="2")
    with pytest.raises(exceptions.NotFound):
        aiplatform.Model("churn@champion")
    listed = {each.version_id: each.version_description for each in registry.list_versions()}
    assert listed == {"1": "", "2": "Candidate."}
    registry.delete_version("1")
    assert [each.version_id for each in registry.list_versions()] == ["2"]
    with pytest.raises(exceptions.BadRequest):
        registry.delete_version("2")


def test_a_model_is_copied_to_another_region() -> None:
    model = _upload()
    copy = model.copy(destination_location="us-central1", destination_model_id="churn_copy")
    assert copy.resource_name.endswith("/locations/us-central1/models/churn_copy")
    assert copy.display_name == model.display_name
    assert copy.gca_resource.model_source_info.copy


def test_a_model_is_exported() -> None:
    model = _upload()
    model._gca_resource.supported_export_formats = [  # no method of the client sets what the service knows
        {"id": "custom-trained", "exportable_contents": ["ARTIFACT"]}
    ]
    exported = model.export_model("custom-trained", artifact_destination="gs://acme/exported")
    assert exported["artifactOutputUri"].startswith("gs://acme/exported/model-")


def test_an_evaluation_is_read_back() -> None:
    model = _upload()
    client = model.api_client
    imported = client.import_model_evaluation(
        parent=model.resource_name,
        model_evaluation={"display_name": "holdout", "metrics_schema_uri": "gs://x/y.yaml", "metrics": {"auc": 0.9}},
    )
    assert model.get_model_evaluation().resource_name == imported.name
    metrics: list[Any] = [each.metrics for each in model.list_model_evaluations()]
    assert [dict(each) for each in metrics] == [{"auc": 0.9}]


def test_traffic_moves_from_one_version_to_the_next() -> None:
    first = _upload()
    second = _upload(parent_model=first.resource_name)
    endpoint = aiplatform.Endpoint.create(display_name="churn")
    endpoint.deploy(first, machine_type=MACHINE, deployed_model_display_name="old")
    endpoint.deploy(second, machine_type=MACHINE, traffic_percentage=10, max_replica_count=3)
    old, new = endpoint.list_models()
    assert endpoint.traffic_split == {old.id: 90, new.id: 10}
    assert (old.display_name, old.model_version_id, new.model_version_id) == ("old", "1", "2")
    assert new.dedicated_resources.max_replica_count == 3
    endpoint.update(traffic_split={old.id: 0, new.id: 100})
    assert endpoint.traffic_split == {old.id: 0, new.id: 100}
    endpoint.undeploy(old.id)
    assert endpoint.traffic_split == {new.id: 100}
    deployments = aiplatform.Model(first.resource_name + "@2").gca_resource.deployed_models
    assert [each.deployed_model_id for each in deployments] == [new.id]
    endpoint.undeploy_all()
    assert endpoint.list_models() == []
    assert dict(aiplatform.Endpoint(endpoint.resource_name).traffic_split) == {}


def test_traffic_that_does_not_add_up_is_refused() -> None:
    endpoint = aiplatform.Endpoint.create(display_name="churn", endpoint_id="42")
    endpoint.deploy(_upload(), machine_type=MACHINE)
    deployed = endpoint.list_models()[0].id
    with pytest.raises(exceptions.BadRequest):
        endpoint.update(traffic_split={deployed: 50})
    endpoint.deploy(_upload(), machine_type=MACHINE, traffic_percentage=50)
    with pytest.raises(exceptions.BadRequest):
        endpoint.api_client.undeploy_model(endpoint=endpoint.resource_name, deployed_model_id=deployed)
    with pytest.raises(exceptions.Conflict):
        aiplatform.Endpoint.create(display_name="again", endpoint_id="42")


def test_models_share_a_pool_of_machines() -> None:
    pool = aiplatform.DeploymentResourcePool.create("shared", machine_type=MACHINE, max_replica_count=2)
    endpoint = aiplatform.Endpoint.create(display_name="churn")
    endpoint.deploy(_upload(), deployment_resource_pool=pool)
    assert endpoint.list_models()[0].shared_resources == pool.resource_name
    refs = [ref for page in pool.query_deployed_models() for ref in page]
    assert [each.endpoint for each in refs] == [endpoint.resource_name]
    endpoint.delete(force=True)
    pool.delete()
    assert aiplatform.DeploymentResourcePool.list() == []


def test_a_function_answers_predictions(cloud: Cloud) -> None:
    endpoint = aiplatform.Endpoint.create(display_name="churn")
    endpoint.deploy(_upload(), machine_type=MACHINE)

    def predict(instances: Sequence[Any], parameters: Mapping[str, float] | None) -> list[float]:
        return [sum(each) * (parameters or {}).get("scale", 1) for each in instances]

    predictions.register(
        cloud,
        endpoint.resource_name,
        predict,
        explain=lambda instances, _: [
            {"attributions": [{"featureAttributions": {"a": each[0]}}]} for each in instances
        ],
    )
    answer = endpoint.predict(instances=[[1, 2], [3, 4]], parameters={"scale": 2})
    assert answer.predictions == [6.0, 14.0]
    assert answer.deployed_model_id == endpoint.list_models()[0].id
    assert answer.model_version_id == "1"
    raw = endpoint.raw_predict(body=json.dumps({"instances": [[1, 1]]}).encode(), headers={})
    assert json.loads(raw.text) == {"predictions": [2]}
    instances: list[Any] = [[5, 1]]
    explained = endpoint.explain(instances=instances)
    assert explained.explanations
    assert dict(explained.explanations[0].attributions[0].feature_attributions) == {"a": 5.0}


def test_nothing_answers_by_itself() -> None:
    endpoint = aiplatform.Endpoint.create(display_name="churn")
    with pytest.raises(exceptions.BadRequest):
        endpoint.predict(instances=[[1]])
    endpoint.deploy(_upload(), machine_type=MACHINE)
    with pytest.raises(exceptions.MethodNotImplemented, match=r"predictions\.register"):
        endpoint.predict(instances=[[1]])


def test_each_version_answers_for_its_share(cloud: Cloud) -> None:
    model = _upload()
    _upload(parent_model=model.resource_name)
    endpoint = aiplatform.Endpoint.create(display_name="churn")
    endpoint.deploy(aiplatform.Model(f"{model.resource_name}@1"), machine_type=MACHINE)
    endpoint.deploy(aiplatform.Model(f"{model.resource_name}@2"), machine_type=MACHINE, traffic_percentage=30)
    predictions.register(cloud, f"{model.resource_name}@1", lambda instances, _: ["old"] * len(instances))
    predictions.register(cloud, model.resource_name, lambda instances, _: ["any"] * len(instances))
    answers = [endpoint.predict(instances=[1]).predictions[0] for _ in range(100)]
    assert (answers.count("old"), answers.count("any")) == (70, 30)


@pytest.mark.parametrize("what", ["endpoint", "model"])
def test_what_is_deployed_stays_in_a_strict_cloud(what: str, transport: str) -> None:
    with mock_gcp(on=["in-use"]):
        aiplatform.init(project="acme-ml", location="europe-west4", api_transport=transport)
        model = _upload()
        endpoint = aiplatform.Endpoint.create(display_name="churn")
        endpoint.deploy(model, machine_type=MACHINE)
        with pytest.raises(exceptions.BadRequest):
            (endpoint if what == "endpoint" else model).delete()
        endpoint.delete(force=True)
        model.delete()
        assert not aiplatform.Endpoint.list() + aiplatform.Model.list()


def test_a_deleted_model_is_not_deployed() -> None:
    model = _upload()
    endpoint = aiplatform.Endpoint.create(display_name="churn")
    model.delete()
    with pytest.raises(exceptions.NotFound):
        endpoint.deploy(model, machine_type=MACHINE)


def test_a_key_that_is_not_there_is_refused() -> None:
    key = "projects/acme-ml/locations/europe-west4/keyRings/r/cryptoKeys/k"
    with pytest.raises(exceptions.NotFound):
        aiplatform.Endpoint.create(display_name="churn", encryption_spec_key_name=key)


def test_an_operation_is_named_after_its_resource(cloud: Cloud) -> None:
    endpoint = aiplatform.Endpoint.create(display_name="churn", sync=True)
    operations = [each for each in cloud.store.of("aiplatform") if "/operations/" in each.name]
    assert len(operations) == 1
    assert operations[0].body["name"].startswith(f"{endpoint.resource_name}/operations/")
    metadata = operations[0].body["metadata"]
    assert metadata["@type"].endswith("CreateEndpointOperationMetadata")
    assert metadata["genericMetadata"]["updateTime"] > metadata["genericMetadata"]["createTime"]
