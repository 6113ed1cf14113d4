"""What users track and serve on Vertex AI: experiments, lineage, features, vectors; through google-cloud-aiplatform."""

from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import aiplatform, bigquery
from google.cloud import aiplatform_v1 as v1
from google.cloud.aiplatform import matching_engine
from vertexai.resources.preview import feature_store

from mockcloud.cloud.cloud import Cloud
from mockcloud.services.aiplatform import tables

pytestmark = pytest.mark.scenario(library="google-cloud-aiplatform")

ENDPOINT = {"api_endpoint": "europe-west4-aiplatform.googleapis.com"}
PLACE = "projects/acme-ml/locations/europe-west4"
TABLE = "bq://acme-ml.shop.customers"


@pytest.fixture(autouse=True)
def _project(cloud: Cloud, transport: str) -> None:
    del cloud
    aiplatform.init(project="acme-ml", location="europe-west4", api_transport=transport)


# Experiments
# ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def experiment() -> str:
    board = aiplatform.Tensorboard.create(display_name="board")
    aiplatform.init(experiment="churn", experiment_tensorboard=board)
    return "churn"


def test_runs_of_an_experiment_are_compared(experiment: str) -> None:
    for number, rate in enumerate((0.1, 0.01)):
        with aiplatform.start_run(f"run-{number}"):
            aiplatform.log_params({"rate": rate, "model": "linear"})
            aiplatform.log_metrics({"auc": 0.8 + number / 10})
    frame = aiplatform.get_experiment_df(experiment)
    rows = {row["run_name"]: row for row in frame.to_dict("records")}
    assert {name: row["metric.auc"] for name, row in rows.items()} == {"run-0": 0.8, "run-1": 0.9}
    assert rows["run-1"]["param.rate"] == 0.01
    assert {row["state"] for row in rows.values()} == {"COMPLETE"}
    runs = aiplatform.ExperimentRun.list(experiment=experiment)
    assert sorted(each.name for each in runs) == ["run-0", "run-1"]
    runs[0].delete()
    assert len(aiplatform.get_experiment_df(experiment)) == 1


def test_a_run_is_taken_up_again(experiment: str) -> None:
    aiplatform.start_run("run")
    aiplatform.log_metrics({"auc": 0.8})
    aiplatform.end_run(state=v1.Execution.State.FAILED)
    run = aiplatform.ExperimentRun("run", experiment=experiment)
    assert run.state == v1.Execution.State.FAILED
    with aiplatform.start_run("run", resume=True):
        aiplatform.log_metrics({"auc": 0.9})
    assert aiplatform.ExperimentRun("run", experiment=experiment).get_metrics() == {"auc": 0.9}


def test_a_run_logs_curves(experiment: str) -> None:
    with aiplatform.start_run("run") as run:
        for step, loss in enumerate((0.9, 0.5, 0.3), start=1):
            aiplatform.log_time_series_metrics({"loss": loss, "auc": 1 - loss}, step=step)
    frame = run.get_time_series_data_frame()
    assert frame["loss"].tolist() == [0.9, 0.5, 0.3]
    assert frame["step"].tolist() == [1, 2, 3]
    assert experiment == "churn"


def test_a_run_knows_what_it_used_and_made(experiment: str) -> None:
    with (
        aiplatform.start_run("run") as run,
        aiplatform.start_execution(schema_title="system.ContainerExecution", display_name="train") as execution,
    ):
        rows = aiplatform.Artifact.create(schema_title="system.Dataset", uri="gs://b/rows.csv")
        model = aiplatform.Artifact.create(schema_title="system.Model", uri="gs://b/model", metadata={"size": 3})
        execution.assign_input_artifacts([rows])
        execution.assign_output_artifacts([model])
    assert [each.resource_name for each in execution.get_input_artifacts()] == [rows.resource_name]
    assert [each.resource_name for each in execution.get_output_artifacts()] == [model.resource_name]
    assert [each.resource_name for each in run.get_executions()] == [execution.resource_name]
    assert {rows.resource_name, model.resource_name} <= {each.resource_name for each in run.get_artifacts()}
    assert experiment == "churn"


# Metadata
# ---------------------------------------------------------------------------------------------------------------------


def test_artifacts_are_found_and_purged(transport: str) -> None:
    for number in range(3):
        aiplatform.Artifact.create(
            schema_title="system.Dataset", resource_id=f"rows-{number}", uri="gs://b/x", metadata={"rows": number}
        )
    aiplatform.Artifact.create(schema_title="system.Model", resource_id="model-0")
    found = aiplatform.Artifact.list(filter='schema_title="system.Dataset" AND metadata.rows.number_value > 0')
    assert sorted(each.name for each in found) == ["rows-1", "rows-2"]
    artifact = aiplatform.Artifact.get("rows-1")
    artifact.update(metadata={"rows": 7}, description="Cleaned.")
    assert aiplatform.Artifact.get("rows-1").metadata == {"rows": 7.0}
    client = v1.MetadataServiceClient(transport=transport, client_options=ENDPOINT)
    store = f"{PLACE}/metadataStores/default"
    request = {"parent": store, "filter": 'schema_title="system.Dataset"'}
    assert client.purge_artifacts(request=request).result().purge_count == 3
    assert client.purge_artifacts(request={**request, "force": True}).result().purge_count == 3
    assert [each.name for each in aiplatform.Artifact.list()] == ["model-0"]
    assert aiplatform.Artifact.get("rows-1") is None


def test_where_a_model_comes_from(transport: str) -> None:
    client = v1.MetadataServiceClient(transport=transport, client_options=ENDPOINT)
    store = client.create_metadata_store(parent=PLACE, metadata_store_id="lineage").result().name
    raw, clean, model, other = (
        client.create_artifact(parent=store, artifact={"schema_title": title}, artifact_id=title).name
        for title in ("raw-rows", "clean-rows", "the-model", "other-rows")
    )
    for name, used, made in (("clean-up", raw, clean), ("training", clean, model)):
        execution = client.create_execution(parent=store, execution={"schema_title": name}, execution_id=name).name
        events = [{"artifact": used, "type_": "INPUT"}, {"artifact": made, "type_": "OUTPUT"}]
        client.add_execution_events(execution=execution, events=events)
    whole = client.query_artifact_lineage_subgraph(artifact=model)
    assert {each.name for each in whole.artifacts} == {raw, clean, model}
    assert len(whole.events) == 4
    near = client.query_artifact_lineage_subgraph(request={"artifact": model, "max_hops": 2})
    assert {each.name for each in near.artifacts} == {clean, model}
    assert client.get_artifact(name=other).schema_title == "other-rows"
    used = client.query_execution_inputs_and_outputs(execution=f"{store}/executions/training")
    assert {each.name for each in used.artifacts} == {clean, model}


def test_contexts_lie_in_one_another(transport: str) -> None:
    client = v1.MetadataServiceClient(transport=transport, client_options=ENDPOINT)
    store = client.create_metadata_store(parent=PLACE, metadata_store_id="contexts").result().name
    parent, child = (
        client.create_context(parent=store, context={"schema_title": "system.Run"}, context_id=each).name
        for each in ("parent", "child")
    )
    client.add_context_children(context=parent, child_contexts=[child])
    assert list(client.get_context(name=child).parent_contexts) == [parent]
    listed = client.list_contexts(request={"parent": store, "filter": f'parent_contexts:"{parent}"'})
    assert [each.name for each in listed] == [child]
    with pytest.raises((exceptions.InvalidArgument, exceptions.BadRequest)):
        client.add_context_children(context=child, child_contexts=[parent])
    artifact = client.create_artifact(parent=store, artifact={"uri": "gs://b/x"}).name
    client.add_context_artifacts_and_executions(context=child, artifacts=[artifact])
    inside = client.list_artifacts(request={"parent": store, "filter": f'in_context("{child}")'})
    assert [each.name for each in inside] == [artifact]
    client.remove_context_children(request={"context": parent, "child_contexts": [child]})
    assert list(client.get_context(name=child).parent_contexts) == []


# Features
# ---------------------------------------------------------------------------------------------------------------------


def _customers() -> Any:
    """Make a feature group."""
    source = feature_store.utils.FeatureGroupBigQuerySource(uri=TABLE, entity_id_columns=["customer"])
    group = feature_store.FeatureGroup.create("customers", source)
    group.create_feature("age", description="In years.")
    group.create_feature("income", version_column_name="income_v2")
    return group


def test_features_are_registered() -> None:
    group = _customers()
    assert sorted(each.name for each in group.list_features()) == ["age", "income"]
    assert group.get_feature("income").version_column_name == "income_v2"
    assert group.source.uri == TABLE
    with pytest.raises((exceptions.FailedPrecondition, exceptions.BadRequest)):
        group.delete()
    group.delete(force=True)
    with pytest.raises(exceptions.NotFound):
        feature_store.FeatureGroup("customers")


def test_features_are_served_from_a_table_of_bigquery(cloud: Cloud) -> None:
    client = bigquery.Client(project="acme-ml")
    client.create_dataset("shop")
    fields = [("customer", "STRING"), ("age", "INTEGER"), ("income_v2", "FLOAT")]
    client.create_table(
        bigquery.Table("acme-ml.shop.customers", schema=[bigquery.SchemaField(*each) for each in fields])
    )
    rows = [{"customer": "ada", "age": 36, "income_v2": 1.5}, {"customer": "bob", "age": 41, "income_v2": 2.5}]
    assert client.insert_rows_json("acme-ml.shop.customers", rows) == []
    _customers()
    store = feature_store.FeatureOnlineStore.create_optimized_store("online")
    client_v1 = v1.FeatureOnlineStoreAdminServiceClient(client_options=ENDPOINT)
    group = {"feature_group_id": "customers", "feature_ids": ["age", "income"]}
    view_name = client_v1.create_feature_view(
        parent=store.resource_name,
        feature_view={"feature_registry_source": {"feature_groups": [group]}},
        feature_view_id="customers",
    ).result().name  # fmt: skip
    view = feature_store.FeatureView(view_name)
    sync = view.sync()
    assert view.get_sync(sync.name).gca_resource.final_status.code == 0
    cloud.advance(120)
    done = view.get_sync(sync.name).gca_resource
    assert done.sync_summary.row_synced == 2
    assert done.run_time.end_time.seconds > done.run_time.start_time.seconds
    served = view.read(["ada"]).to_dict()["features"]
    assert {each["name"]: each["value"] for each in served} == {
        "age": {"int64_value": "36"},
        "income": {"double_value": 1.5},
    }


def test_a_view_is_synchronised_by_its_schedule(cloud: Cloud) -> None:
    tables.register(
        cloud, TABLE, [{"customer": "ada", "vector": [1.0, 0.0]}, {"customer": "bob", "vector": [0.0, 1.0]}]
    )
    store = feature_store.FeatureOnlineStore.create_optimized_store("online")
    view = store.create_feature_view(
        "vectors",
        feature_store.utils.FeatureViewBigQuerySource(uri=TABLE, entity_id_columns=["customer"]),
        sync_config="0 * * * *",
        index_config=feature_store.utils.IndexConfig(
            embedding_column="vector", dimensions=2, algorithm_config=feature_store.utils.TreeAhConfig(),
            distance_measure_type=feature_store.utils.DistanceMeasureType.COSINE_DISTANCE,
        ),
    )  # fmt: skip
    cloud.advance(2 * 3600 + 120)
    assert len(view.list_syncs()) == 2
    near = view.search(embedding_value=[0.9, 0.1], neighbor_count=1).to_dict()
    assert [each["entity_id"] for each in near["neighbors"]] == ["ada"]
    with pytest.raises(exceptions.NotFound):
        view.read(["nobody"])


def test_the_older_feature_store_reads_what_was_written() -> None:
    store = aiplatform.Featurestore.create("shop", online_store_fixed_node_count=1)
    customers = store.create_entity_type("customers")
    customers.batch_create_features({"age": {"value_type": "INT64"}, "tags": {"value_type": "STRING_ARRAY"}})
    customers.write_feature_values({"ada": {"age": 36, "tags": ["a", "b"]}, "bob": {"age": 41}})
    frame = customers.read(["ada", "bob"], ["age", "tags"]).set_index("entity_id")
    assert frame.loc["ada"].tolist() == [36, ["a", "b"]]
    assert frame.loc["bob", "age"] == 41
    assert frame.loc["bob", "tags"] is None
    assert [each.name for each in aiplatform.Feature.search(query="feature_id=age OR value_type=INT64")] == ["age"]
    with pytest.raises((exceptions.FailedPrecondition, exceptions.BadRequest)):
        store.delete()
    store.delete(force=True)
    assert aiplatform.Featurestore.list() == []


# Vectors
# ---------------------------------------------------------------------------------------------------------------------


def _kind(name: str) -> dict[str, object]:
    return {"namespace": "kind", "allow_list": [name]}


def test_neighbours_are_found_among_what_was_upserted() -> None:
    index = aiplatform.MatchingEngineIndex.create_brute_force_index(
        display_name="products",
        dimensions=2,
        index_update_method="STREAM_UPDATE",
        distance_measure_type="SQUARED_L2_DISTANCE",
    )
    endpoint = aiplatform.MatchingEngineIndexEndpoint.create(display_name="products", public_endpoint_enabled=True)
    endpoint.deploy_index(index, deployed_index_id="products", min_replica_count=1)
    index.upsert_datapoints(
        [
            {"datapoint_id": "red", "feature_vector": [1.0, 0.0], "restricts": [_kind("a")]},
            {"datapoint_id": "green", "feature_vector": [0.0, 1.0], "restricts": [_kind("b")]},
            {"datapoint_id": "blue", "feature_vector": [0.0, 2.0]},
        ]
    )  # fmt: skip
    found = endpoint.find_neighbors(deployed_index_id="products", queries=[[0.0, 0.9]], num_neighbors=2)
    assert [each.id for each in found[0]] == ["green", "blue"]
    assert found[0][0].distance == pytest.approx(0.01)
    kind = matching_engine.matching_engine_index_endpoint.Namespace("kind", ["a"], [])
    only = endpoint.find_neighbors(deployed_index_id="products", queries=[[0.0, 0.9]], num_neighbors=2, filter=[kind])
    assert [each.id for each in only[0]] == ["red"]
    index.remove_datapoints(["green"])
    assert endpoint.read_index_datapoints(deployed_index_id="products", ids=["green", "blue"])[0].datapoint_id == "blue"
    assert aiplatform.MatchingEngineIndex(index.resource_name).gca_resource.index_stats.vectors_count == 2
    endpoint.undeploy_index("products")
    endpoint.delete()
    index.delete()
    assert aiplatform.MatchingEngineIndex.list() == []
