"""Datasets and their versions."""

from tests.mockcloud.services.aiplatform.rest import Api

SCHEMA = "gs://google-cloud-aiplatform/schema/dataset/metadata/{}_1.0.0.yaml"


def _dataset(api: Api, kind: str = "tabular", **fields: object) -> str:
    body = {"displayName": "rows", "metadataSchemaUri": SCHEMA.format(kind), **fields}
    return str(api.done("POST", "datasets", body)["name"])


def test_the_service_labels_a_dataset_with_its_schema() -> None:
    api = Api()
    name = _dataset(api, "time_series")
    label = {"aiplatform.googleapis.com/dataset_metadata_schema": "TIME_SERIES"}
    assert api.ok("GET", name)["labels"] == label
    changed = api.ok("PATCH", f"{name}?updateMask=labels", {"labels": {"team": "ml"}})
    assert changed["labels"] == {"team": "ml", **label}
    assert api.refused("PATCH", name, {"metadataSchemaUri": SCHEMA.format("image")}) == "INVALID_ARGUMENT"


def test_a_schema_without_a_title_gives_no_label() -> None:
    api = Api()
    made = api.done("POST", "datasets", {"displayName": "rows", "metadataSchemaUri": "own"})
    assert "labels" not in made
    assert "labels" not in api.ok("PATCH", made["name"], {"displayName": "x"})


def test_data_is_imported_and_exported() -> None:
    api = Api()
    name = _dataset(api)
    config = {"gcsSource": {"uris": ["gs://b/x.jsonl"]}, "importSchemaUri": "gs://x/io.yaml"}
    assert api.done("POST", f"{name}:import", {"importConfigs": [config]})["@type"].endswith(".ImportDataResponse")
    assert api.refused("POST", f"{name}:import", {}) == "INVALID_ARGUMENT"
    assert api.refused("POST", f"{name}:import", {"importConfigs": [{"gcsSource": {}}]}) == "INVALID_ARGUMENT"
    target = {"exportConfig": {"gcsDestination": {"outputUriPrefix": "gs://b/out"}}}
    exported = api.ok("POST", f"{name}:export", target)
    assert exported["metadata"]["gcsOutputDirectory"] == "gs://b/out"
    assert api.refused("POST", f"{name}:export", {"exportConfig": {}}) == "INVALID_ARGUMENT"
    assert api.ok("GET", f"{name}:searchDataItems") == {}
    assert api.ok("GET", f"{name}/dataItems") == {}


def test_a_dataset_is_what_it_was_in_a_version() -> None:
    api = Api()
    name = _dataset(api, metadata={"inputConfig": {"bigquerySource": {"uri": "bq://p.d.old"}}})
    version = api.done("POST", f"{name}/datasetVersions", {"displayName": "v1"})
    assert version["bigQueryDatasetName"].startswith("bq://acme-ml.dataset_version_")
    assert version["metadata"]["inputConfig"]["bigquerySource"]["uri"] == "bq://p.d.old"
    api.ok("PATCH", f"{name}?updateMask=metadata", {"metadata": {"inputConfig": {}}})
    api.done("GET", f"{version['name']}:restore")
    assert api.ok("GET", name)["metadata"] == version["metadata"]
    api.done("DELETE", version["name"])
    assert api.refused("GET", f"{version['name']}:restore") == "NOT_FOUND"
