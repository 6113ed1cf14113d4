"""Where properties send data, and the ways through a whole graph."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.flow import Kind, Role
from tests.policies.flow.world import account, bucket, dataset, edges, flow, on_bucket, schedule, table
from tests.policies.rules.harness import PROJECT, R, put, urn

PEOPLE = (dataset("raw"), table("people", "raw"))
HERE = {"project": PROJECT, "region": "europe-west4"}


@pytest.mark.parametrize("uri", [f"bq://{PROJECT}.raw.people", f"bq://{PROJECT}.raw"])
def test_a_feature_group_takes_from_its_table(uri: str) -> None:
    group = R("vertex.AiFeatureGroup", {"bigQuery": {"bigQuerySource": {"inputUri": uri}}, **HERE}, "group")
    assert ("people", "reference", "group") in edges(*PEOPLE, group)


def test_a_feature_group_of_another_table_takes_nothing_here() -> None:
    source = {"bigQuerySource": {"inputUri": "bq://acme-other.raw.people"}}
    assert edges(*PEOPLE, R("vertex.AiFeatureGroup", {"bigQuery": source, **HERE}, "group")) == set()


def test_a_table_that_is_not_made_here_stands_for_its_dataset() -> None:
    source = {"bigQuerySource": {"inputUri": f"bq://{PROJECT}.raw.later"}}
    found = edges(*PEOPLE, R("vertex.AiFeatureGroup", {"bigQuery": source, **HERE}, "group"))
    assert found == {("raw", "reference", "group")}


def test_features_go_to_the_view_and_its_store() -> None:
    group = R("vertex.AiFeatureGroup", {"name": "group", **HERE}, "group")
    store = R("vertex.AiFeatureOnlineStore", {"name": "store", **HERE}, "store")
    registry = {"featureGroups": [{"featureGroupId": "group", "featureIds": ["age"]}]}
    inputs = {"featureOnlineStore": "store", "featureRegistrySource": registry, **HERE}
    found = edges(group, store, R("vertex.AiFeatureOnlineStoreFeatureview", inputs, "view"))
    assert found == {("group", "reference", "view"), ("view", "reference", "store")}


def test_an_unknown_source_may_be_any_table() -> None:
    source = {"bigQuerySource": {"uri": UNKNOWN}} | {"bigQuerySource": {"uri": UNKNOWN, "entityIdColumns": ["id"]}}
    found = flow(*PEOPLE, R("vertex.AiFeatureOnlineStoreFeatureview", {**source, **HERE}, "view"))
    assert {(each.source, each.sure) for each in found.edges} == {
        (urn("bigquery.Table", "people"), False),
        (urn("bigquery.Dataset", "raw"), False),
    }
    known = R(
        "vertex.AiFeatureOnlineStoreFeatureview",
        {**source, **HERE},
        "view",
        origins={"bigQuerySource.uri": urn("bigquery.Table", "people")},
    )
    assert [(each.source, each.sure) for each in flow(*PEOPLE, known).edges] == [
        (urn("bigquery.Table", "people"), True)
    ]


def test_a_request_log_is_filled_by_its_endpoint() -> None:
    log = {"bigqueryDestination": {"outputUri": f"bq://{PROJECT}.raw.people"}}
    endpoint = R("vertex.AiEndpoint", {"predictRequestResponseLoggingConfig": log, **HERE}, "endpoint")
    assert edges(*PEOPLE, endpoint) == {("endpoint", "reference", "people")}


def test_an_index_is_made_of_a_bucket_and_deployed() -> None:
    index = R(
        "vertex.AiIndex", {"metadata": {"contentsDeltaUri": "gs://vectors/here"}, "name": "index", **HERE}, "index"
    )
    endpoint = R("vertex.AiIndexEndpoint", {"name": "door", **HERE}, "door")
    deployed = R(
        "vertex.AiIndexEndpointDeployedIndex",
        {"index": UNKNOWN, "indexEndpoint": UNKNOWN, "region": "europe-west4"},
        "deployed",
        origins={"index": index.urn, "indexEndpoint": endpoint.urn},
    )
    found = edges(bucket("vectors"), index, endpoint, deployed)
    assert found == {("vectors", "reference", "index"), ("index", "reference", "door")}


@pytest.mark.parametrize(
    "query", ["SELECT * FROM `acme-ml.raw.people`", "select a from raw.people -- all", "SELECT 1 FROM `raw`.people"]
)
def test_a_view_reads_the_tables_that_its_query_names(query: str) -> None:
    view = table("view", "raw", view={"query": query})
    assert edges(*PEOPLE, view) == {("people", "reference", "view")}


@pytest.mark.parametrize("query", ["SELECT people FROM raw", "SELECT 1 FROM `acme-other.raw.people`"])
def test_a_view_reads_no_other_tables(query: str) -> None:
    assert edges(*PEOPLE, table("view", "raw", view={"query": query})) == set()


def test_jobs_move_data() -> None:
    load = {"sourceUris": ["gs://raw-files/*.csv"], "destinationTable": {"tableId": f"{PROJECT}.raw.people"}}
    found = edges(*PEOPLE, bucket("raw-files"), R("bigquery.Job", {"load": load, "project": PROJECT}, "job"))
    assert found == {("raw-files", "reference", "people")}


def test_transfers_move_data() -> None:
    spec = {"gcsDataSource": {"bucketName": "one"}, "gcsDataSink": {"bucketName": "two"}}
    found = edges(bucket("one"), bucket("two"), R("storage.TransferJob", {"transferSpec": spec, "project": PROJECT}))
    assert found == {("one", "reference", "two")}


@pytest.mark.parametrize(
    "file_set", [{"url": "gs://raw-files/**"}, {"regexFileSet": {"bucketName": "raw-files", "includeRegexes": [".*"]}}]
)
def test_a_de_identified_copy_comes_by_its_job(file_set: object) -> None:
    job = {
        "storageConfig": {"cloudStorageOptions": {"fileSet": file_set}},
        "actions": [{"deidentify": {"cloudStorageOutput": "gs://copies/"}}],
    }
    trigger = R("dataloss.PreventionJobTrigger", {"inspectJob": job, "parent": f"projects/{PROJECT}"}, "scan")
    found = edges(bucket("raw-files"), bucket("copies"), trigger)
    assert found == {("raw-files", "reference", "scan"), ("scan", "de-identification", "copies")}


def test_what_a_construct_says_leads_to_its_endpoint() -> None:
    pool = R("groundplan:training:TrainingPool", {}, "pool", record={"custom": False})
    said = {"governance": {"trainedBy": [pool.urn, "urn:pulumi:dev::shop::x:y:Z::gone"]}}
    around = R("groundplan:serving:OnlineEndpoint", said, "income", record={"custom": False})
    endpoint = R("vertex.AiEndpoint", HERE, "endpoint", record={"parent": around.urn})
    assert edges(pool, around, endpoint) == {("pool", "declared", "endpoint")}


def test_a_training_pool_runs_as_the_account_of_its_outputs() -> None:
    email = f"trainer@{PROJECT}.iam.gserviceaccount.com"
    record = {"custom": False, "outputs": {"accountEmail": email}}
    pool = R("groundplan:training:TrainingPool", {}, "pool", record=record)
    found = flow(account("trainer"), pool)
    assert found.nodes[pool.urn].role is Role.TRAINING
    assert [(each.kind, each.target) for each in found.edges] == [(Kind.RUNS_AS, pool.urn)]


@pytest.mark.parametrize(
    ("accelerators", "role"), [([{"type": "nvidia-l4", "count": 1}], Role.TRAINING), ([], Role.WORK)]
)
def test_nodes_with_accelerators_train(accelerators: object, role: Role) -> None:
    nodes = {"guestAccelerators": accelerators, "serviceAccount": "nodes@acme-ml.iam.gserviceaccount.com"}
    pool = R("container.NodePool", {"nodeConfig": nodes}, "pool")
    assert flow(pool).nodes[pool.urn].role is role


def test_ways_lead_from_the_source_to_the_training() -> None:
    made = flow(account("trainer"), schedule(), bucket("raw"), on_bucket("raw", "roles/storage.objectViewer"))
    start, end = urn("storage.Bucket", "raw"), urn("colab.Schedule", "weekly")
    way = made.downstream(start)[end]
    assert [each.kind for each in way] == [Kind.GRANT, Kind.RUNS_AS]
    assert made.upstream(end)[start] == way
    assert end not in made.downstream(start, lambda edge: edge.kind is not Kind.GRANT)
    assert start not in made.downstream(start)
    assert [each.target for each in made.out(start)] == [each.target for each in made.into(way[0].target)]


TABLE, BUCKET = f"{PROJECT}.raw.people", "gs://files/here"
QUERY = "SELECT * FROM acme-ml.raw.people"


@pytest.mark.parametrize(
    ("type_", "path", "value", "source"),
    [
        ("vertex.AiFeatureGroup", "bigQuery.bigQuerySource.inputUri", TABLE, "people"),
        ("vertex.AiFeatureOnlineStoreFeatureview", "bigQuerySource.uri", TABLE, "people"),
        ("vertex.AiIndex", "metadata.contentsDeltaUri", BUCKET, "files"),
        ("bigquery.Table", "externalDataConfiguration.sourceUris", [BUCKET], "files"),
        ("bigquery.Table", "view.query", QUERY, "people"),
        ("bigquery.Table", "materializedView.query", QUERY, "people"),
        ("dataloss.PreventionJobTrigger", "inspectJob.storageConfig.cloudStorageOptions.fileSet.url", BUCKET, "files"),
        (
            "dataloss.PreventionJobTrigger",
            "inspectJob.storageConfig.cloudStorageOptions.fileSet.regexFileSet.bucketName",
            "files",
            "files",
        ),
        (
            "dataloss.PreventionJobTrigger",
            "inspectJob.storageConfig.bigQueryOptions.tableReference.tableId",
            TABLE,
            "people",
        ),
    ],
)
def test_what_is_taken_from_a_store(type_: str, path: str, value: Any, source: str) -> None:
    here = {**HERE, "datasetId": "elsewhere"} if type_ == "bigquery.Table" else HERE
    found = flow(*PEOPLE, bucket("files"), R(type_, put(here, path, value), "it")).edges
    it = urn(type_, "it")
    assert [(each.source.rpartition("::")[2], each.kind, each.target, each.through, each.sure) for each in found] == [
        (source, Kind.REFERENCE, it, it, True)
    ]


@pytest.mark.parametrize(
    ("type_", "from_", "to", "expected"),
    [
        ("bigquery.Job", ("load.sourceUris", [BUCKET]), ("load.destinationTable.tableId", "raw.out"), "files>out"),
        (
            "bigquery.Job",
            ("copy.sourceTables", [{"tableId": TABLE}]),
            ("copy.destinationTable.tableId", "raw.out"),
            "people>out",
        ),
        (
            "bigquery.Job",
            ("extract.sourceTable.tableId", TABLE),
            ("extract.destinationUris", ["gs://kept/all"]),
            "people>kept",
        ),
        ("bigquery.Job", ("query.query", QUERY), ("query.destinationTable.tableId", "raw.out"), "people>out"),
        ("storage.TransferJob", ("transferSpec.gcsDataSource.bucketName", "files"), None, "files>kept"),
        ("bigquery.DataTransferConfig", ("params.query", QUERY), ("destinationDatasetId", UNKNOWN), "people>second"),
        (
            "bigquery.DataTransferConfig",
            ("params.data_path_template", BUCKET),
            ("destinationDatasetId", UNKNOWN),
            "files>second",
        ),
    ],
)
def test_what_is_moved_between_stores(type_: str, from_: Any, to: Any, expected: str) -> None:
    ends = (*PEOPLE, table("out", "raw"), bucket("files"), bucket("kept"), dataset("second"))
    inputs = put(put(HERE, *from_), *(to or ("transferSpec.gcsDataSink.bucketName", "kept")))
    origins = {"destinationDatasetId": urn("bigquery.Dataset", "second")}
    mover = R(type_, inputs, "mover", origins=origins if "destinationDatasetId" in inputs else {})
    found = flow(*ends, mover).edges
    names = [f"{each.source.rpartition('::')[2]}>{each.target.rpartition('::')[2]}" for each in found]
    assert names == [expected]
    assert [(each.through, each.sure) for each in found] == [(mover.urn, True)]


@pytest.mark.parametrize(("source", "target"), [("files", UNKNOWN), (UNKNOWN, "kept")])
def test_a_move_is_as_sure_as_both_of_its_ends(source: str, target: str) -> None:
    spec = {"gcsDataSource": {"bucketName": source}, "gcsDataSink": {"bucketName": target}}
    found = flow(bucket("files"), bucket("kept"), R("storage.TransferJob", {"transferSpec": spec, **HERE})).edges
    assert [(each.source.rpartition("::")[2], each.target.rpartition("::")[2], each.sure) for each in found] == [
        ("files", "kept", False)
    ]


@pytest.mark.parametrize(("store", "expected"), [("store", True), ("elsewhere", None), (7, False), (UNKNOWN, False)])
def test_a_view_serves_from_the_store_that_it_names(store: object, expected: bool | None) -> None:
    made = R("vertex.AiFeatureOnlineStore", {"name": "store", **HERE}, "store")
    found = flow(made, R("vertex.AiFeatureOnlineStoreFeatureview", {"featureOnlineStore": store, **HERE})).edges
    assert [each.sure for each in found] == ([] if expected is None else [expected])
    nothing = R("vertex.AiFeatureOnlineStoreFeatureview", {"featureOnlineStore": "", **HERE})
    assert not flow(made, nothing).edges


def test_a_copy_whose_place_nobody_knows_may_be_in_any_bucket() -> None:
    job = {"actions": [{"deidentify": {"cloudStorageOutput": UNKNOWN}}]}
    trigger = R("dataloss.PreventionJobTrigger", {"inspectJob": job}, "scan")
    [edge] = flow(bucket("files"), trigger).edges
    assert (edge.source, edge.kind, edge.through, edge.sure) == (trigger.urn, Kind.DEIDENTIFY, trigger.urn, False)


JOINED = f"SELECT 1 FROM raw.people JOIN {UNKNOWN}"  # noqa: S608 - no database is asked


def test_a_query_with_an_unknown_part_may_name_any_table() -> None:
    view = table("view", "raw", view={"query": JOINED})
    found = flow(*PEOPLE, view)
    assert {(each.source, each.sure) for each in found.edges} == {
        (urn("bigquery.Table", "people"), False),
        (urn("bigquery.Dataset", "raw"), False),
    }


def copied(source: object, **more: Any) -> set[tuple[str, str, str]]:
    job = R(
        "bigquery.Job", {"copy": {"sourceTables": [source], "destinationTable": {"tableId": "raw.out"}}, **HERE}, "it"
    )
    return edges(*PEOPLE, table("out", "raw"), replace(job, **more))


PEOPLE_TO_OUT = {("people", "reference", "out")}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"projectId": PROJECT, "datasetId": "raw", "tableId": "people"}, PEOPLE_TO_OUT),
        ({"datasetId": "raw", "tableId": "people"}, PEOPLE_TO_OUT),
        ({"datasetId": f"projects/{PROJECT}/datasets/raw", "tableId": "people"}, PEOPLE_TO_OUT),
        ({"projectId": PROJECT, "datasetId": "raw", "tableId": "gone"}, {("raw", "reference", "out")}),
        ({"projectId": "acme-other", "datasetId": "raw", "tableId": "people"}, set()),
        ({"projectId": PROJECT, "datasetId": "gone", "tableId": "people"}, set()),
        ({"tableId": "people"}, PEOPLE_TO_OUT),
        ({}, set()),
    ],
)
def test_a_table_may_be_named_in_parts(source: dict[str, str], expected: set[tuple[str, str, str]]) -> None:
    assert copied(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        {"projectId": "123456789012", "datasetId": "raw", "tableId": "people"},
        {"tableId": "projects/123456789012/datasets/raw/tables/people"},
    ],
)
def test_a_project_by_its_number_may_be_that_of_the_dataset(source: dict[str, str]) -> None:
    job = R(
        "bigquery.Job", {"copy": {"sourceTables": [source], "destinationTable": {"tableId": "raw.out"}}, **HERE}, "it"
    )
    made = (*PEOPLE, table("out", "raw"), job)
    assert {each.sure for each in flow(*made).edges} == {False}
    known = R("organizations.Project", {"projectId": PROJECT}, "p", record={"outputs": {"number": "123456789012"}})
    assert edges(*made, known) == PEOPLE_TO_OUT
    assert {each.sure for each in flow(*made, known).edges} == {True}
    other = R("organizations.Project", {"projectId": "acme-b"}, "p", record={"outputs": {"number": "123456789012"}})
    assert edges(*made, other) == set()


def test_a_query_may_name_a_project_by_its_number() -> None:
    view = table("view", "raw", view={"query": "SELECT * FROM `123456789012.raw.people`"})
    assert {(each.source.rpartition("::")[2], each.sure) for each in flow(*PEOPLE, view).edges} == {
        ("people", False),
        ("raw", False),
    }


def test_parts_may_be_known_later() -> None:
    place = "copy.sourceTables[0]"
    home, of = urn("bigquery.Dataset", "raw"), urn("bigquery.Table", "people")
    assert copied({"datasetId": UNKNOWN, "tableId": "people"}, origins={f"{place}.datasetId": home}) == PEOPLE_TO_OUT
    assert copied({"datasetId": "raw", "tableId": UNKNOWN}, origins={f"{place}.tableId": of}) == PEOPLE_TO_OUT
    unsure = copied({"datasetId": "raw", "tableId": UNKNOWN})
    assert unsure == copied(UNKNOWN) == {("people", "reference", "out"), ("raw", "reference", "out")}
    assert copied({"projectId": UNKNOWN, "datasetId": "raw", "tableId": "people"}) == unsure


def test_a_job_reads_the_dataset_in_which_its_query_looks() -> None:
    asked = {"query": "SELECT * FROM people", "destinationTable": {"tableId": "out.out"}}
    job = R("bigquery.Job", {"query": {**asked, "defaultDataset": {"datasetId": "raw"}}, **HERE}, "it")
    found = edges(*PEOPLE, dataset("out"), table("out", "out"), job)
    assert found == {("people", "reference", "out"), ("raw", "reference", "out")}


def test_a_scan_and_a_replica_name_their_table_in_parts() -> None:
    where = {"projectId": PROJECT, "datasetId": "raw", "tableId": "people"}
    job = {"storageConfig": {"bigQueryOptions": {"tableReference": where}}}
    scan = R("dataloss.PreventionJobTrigger", {"inspectJob": job, "parent": f"projects/{PROJECT}"}, "scan")
    assert edges(*PEOPLE, scan) == {("people", "reference", "scan")}
    source = {"sourceProjectId": PROJECT, "sourceDatasetId": "raw", "sourceTableId": "people"}
    replica = table("replica", "elsewhere", tableReplicationInfo=source)
    assert edges(*PEOPLE, replica) == {("people", "reference", "replica")}


def test_a_transfer_names_its_dataset_alone() -> None:
    said = {"params": {"query": "SELECT * FROM raw.people"}, "destinationDatasetId": "out", **HERE}
    found = edges(*PEOPLE, dataset("out"), R("bigquery.DataTransferConfig", said, "it"))
    assert found == {("people", "reference", "out")}
