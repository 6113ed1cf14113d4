"""What users do with BigQuery, through its own client."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import pytest
from google.api_core import exceptions
from google.cloud import bigquery, storage

from mockcloud.cloud.cloud import Cloud

pytestmark = [
    pytest.mark.scenario(library="google-cloud-bigquery"),
    # The client would rather have data frames go through another package.
    pytest.mark.filterwarnings("ignore:(Loading|Retrieving) DataFrames:PendingDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Loading pandas DataFrame:FutureWarning"),
]

PEOPLE = [
    bigquery.SchemaField("id", "INTEGER", mode="REQUIRED"),
    bigquery.SchemaField("name", "STRING"),
    bigquery.SchemaField("score", "FLOAT"),
]


@pytest.fixture
def client(cloud: Cloud) -> bigquery.Client:
    return bigquery.Client(project="mock-project", location="EU")


@pytest.fixture
def dataset(client: bigquery.Client) -> bigquery.Dataset:
    wanted = bigquery.Dataset("mock-project.features")
    wanted.location = "EU"
    return client.create_dataset(wanted)


@pytest.fixture
def people(client: bigquery.Client, dataset: bigquery.Dataset) -> bigquery.Table:
    table = client.create_table(bigquery.Table("mock-project.features.people", schema=PEOPLE))
    rows = [{"id": 1, "name": "Ada", "score": 1.5}, {"id": 2, "name": "Bob", "score": 2.5}, {"id": 3}]
    assert client.insert_rows_json(table, rows) == []
    return table


def _rows(client: bigquery.Client, query: str, **settings: object) -> list[tuple[object, ...]]:
    return [tuple(each.values()) for each in client.query(query, **settings).result()]


def test_a_dataset_is_described_and_shared(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    assert (dataset.location, dataset.full_dataset_id) == ("EU", "mock-project:features")
    dataset.labels = {"team": "ml"}
    dataset.access_entries = [
        *dataset.access_entries,
        bigquery.AccessEntry("READER", "userByEmail", "alice@acme.test"),
    ]
    changed = client.update_dataset(dataset, ["labels", "access_entries"])
    assert changed.labels == {"team": "ml"}
    with pytest.raises(exceptions.PreconditionFailed):
        client.update_dataset(dataset, ["labels"])
    assert "alice@acme.test" in {each.entity_id for each in client.get_dataset("features").access_entries}
    assert [each.dataset_id for each in client.list_datasets(filter="labels.team:ml")] == ["features"]
    assert list(client.list_datasets(filter="labels.team:web")) == []
    with pytest.raises(exceptions.Conflict):
        client.create_dataset("features")
    client.create_table(bigquery.Table("mock-project.features.t", schema=PEOPLE))
    with pytest.raises(exceptions.BadRequest):
        client.delete_dataset("features")
    client.delete_dataset("features", delete_contents=True)
    with pytest.raises(exceptions.NotFound):
        client.get_dataset("features")


def test_tables_grow_columns_and_expire(client: bigquery.Client, dataset: bigquery.Dataset, cloud: Cloud) -> None:
    wanted = bigquery.Table("mock-project.features.events", schema=PEOPLE)
    wanted.time_partitioning = bigquery.TimePartitioning(type_="DAY")
    wanted.clustering_fields = ["id"]
    wanted.expires = datetime(2026, 1, 2, tzinfo=UTC)
    table = client.create_table(wanted)
    assert (table.table_type, table.clustering_fields, table.num_rows) == ("TABLE", ["id"], 0)
    client.insert_rows_json(table, [{"id": 1}])
    table.schema = [*table.schema, bigquery.SchemaField("extra", "STRING")]
    table = client.update_table(table, ["schema"])
    assert [tuple(each.values()) for each in client.list_rows(table)] == [(1, None, None, None)]
    table.schema = table.schema[:1]
    with pytest.raises(exceptions.BadRequest, match="missing in new schema"):
        client.update_table(table, ["schema"])
    assert [each.table_id for each in client.list_tables("features")] == ["events"]
    cloud.advance(2 * 86400)
    with pytest.raises(exceptions.NotFound):
        client.get_table("features.events")


def test_rows_are_streamed_in(client: bigquery.Client, people: bigquery.Table) -> None:
    assert client.get_table(people).num_rows == 3
    errors = client.insert_rows_json(people, [{"id": 4}, {"id": "x"}, {"id": 5, "nope": 1}])
    assert {each["index"]: each["errors"][0]["reason"] for each in errors} == {0: "stopped", 1: "invalid", 2: "invalid"}
    assert client.insert_rows_json(people, [{"id": 4}, {"name": "no id"}], skip_invalid_rows=True)[0]["index"] == 1
    for _ in range(2):
        client.insert_rows_json(people, [{"id": 9}], row_ids=["same"])
    listed = client.list_rows(people, selected_fields=people.schema[:1], page_size=2)
    assert [each.id for each in listed] == [1, 2, 3, 4, 9]
    assert listed.total_rows == 5


def test_queries_answer(client: bigquery.Client, people: bigquery.Table) -> None:
    assert _rows(client, "SELECT name, score FROM features.people WHERE score > 2") == [("Bob", 2.5)]
    total = _rows(client, "SELECT COUNT(*), AVG(score), SUM(id), 1.5 FROM `mock-project.features.people`")
    assert total == [(3, 2.0, 6, 1.5)]
    job = client.query("SELECT * FROM features.people ORDER BY id DESC")
    assert [each.id for each in job.result(page_size=2)] == [3, 2, 1]
    assert (job.state, job.statement_type, job.cache_hit) == ("DONE", "SELECT", False)
    assert job.referenced_tables[0].table_id == "people"
    assert [each.job_id for each in client.list_jobs(max_results=1)] == [job.job_id]
    assert client.get_job(job.job_id, location="EU").user_email == "owner@mock.test"
    one = client.query_and_wait("SELECT 1 AS x, [1, 2] AS xs, STRUCT('a' AS k, DATE '2026-01-02' AS d) AS s")
    assert [tuple(each.values()) for each in one] == [(1, [1, 2], {"k": "a", "d": date(2026, 1, 2)})]
    frame = client.query("SELECT id, name FROM features.people ORDER BY id").to_dataframe(create_bqstorage_client=False)
    assert frame["id"].tolist() == [1, 2, 3]


def test_values_of_every_type(client: bigquery.Client) -> None:
    query = """SELECT TIMESTAMP '2026-03-04 05:06:07.5+00' AS ts, DATETIME '2026-03-04 05:06:07' AS dt,
        NUMERIC '1.25' AS n, b'ab' AS b, TRUE AS yes, CAST(NULL AS STRING) AS nothing, JSON '{"a": 1}' AS j,
        ['x', 'y'] AS list, [STRUCT(1 AS a)] AS items"""
    (row,) = client.query(query).result()
    assert row.ts == datetime(2026, 3, 4, 5, 6, 7, 500000, tzinfo=UTC)
    assert (row.dt, row.n) == (datetime.fromisoformat("2026-03-04T05:06:07"), Decimal("1.25"))
    assert (row.b, row.yes) == (b"ab", True)
    assert (row.nothing, row.j, row["list"], row["items"]) == (None, {"a": 1}, ["x", "y"], [{"a": 1}])


def test_parameters(client: bigquery.Client, people: bigquery.Table) -> None:
    settings = bigquery.QueryJobConfig(
        query_parameters=[
            bigquery.ScalarQueryParameter("low", "FLOAT64", 1.0),
            bigquery.ArrayQueryParameter("names", "STRING", ["Ada", "Cid"]),
        ]
    )
    query = "SELECT id FROM features.people WHERE score > @low AND name IN UNNEST(@names)"
    assert _rows(client, query, job_config=settings) == [(1,)]
    by_place = bigquery.QueryJobConfig(
        query_parameters=[
            bigquery.ScalarQueryParameter(None, "INT64", 2),
            bigquery.ScalarQueryParameter(None, "TIMESTAMP", datetime(2026, 1, 1, tzinfo=UTC)),
        ]
    )
    assert _rows(client, "SELECT ? + 1, EXTRACT(YEAR FROM ?)", job_config=by_place) == [(3, 2026)]
    with pytest.raises(exceptions.BadRequest, match="low"):
        client.query("SELECT @low").result()


def test_what_is_wrong_with_a_query(client: bigquery.Client, people: bigquery.Table) -> None:
    for query, words in (
        ("SELEC 1", "Syntax error"),
        ("SELECT nope FROM features.people", "Unrecognized name: nope"),
        ("SELECT no_such_function(1)", "Function not found"),
        ("SELECT * FROM people", "qualified with a dataset"),
        ("UPDATE features.people SET id = 1", "WHERE"),
        ("SELECT * FROM read_csv('/etc/passwd')", "does not model"),
    ):
        with pytest.raises((exceptions.BadRequest, exceptions.MethodNotImplemented), match=words):
            client.query(query, retry=None, job_retry=None).result()
    with pytest.raises(exceptions.NotFound, match=r"features\.other"):
        client.query("SELECT * FROM features.other").result()
    with pytest.raises(exceptions.NotFound, match="not found in location US"):
        client.query("SELECT * FROM features.people", location="US").result()
    with pytest.raises(exceptions.MethodNotImplemented, match="CREATE MODEL"):
        client.query("CREATE MODEL features.m OPTIONS(model_type='linear_reg') AS SELECT 1 AS label", job_retry=None)


def test_a_dry_run_costs_nothing(client: bigquery.Client, people: bigquery.Table) -> None:
    job = client.query("SELECT id FROM features.people", job_config=bigquery.QueryJobConfig(dry_run=True))
    assert (job.total_bytes_processed > 0, [each.name for each in job.schema]) == (True, ["id"])
    assert list(client.list_jobs()) == []
    with pytest.raises(exceptions.BadRequest):
        client.query("SELECT nope FROM features.people", job_config=bigquery.QueryJobConfig(dry_run=True))


def test_rows_change(client: bigquery.Client, people: bigquery.Table) -> None:
    for query, affected in (
        ("INSERT INTO features.people (id, name) VALUES (4, 'Dan'), (5, 'Eve')", 2),
        ("UPDATE features.people AS p SET p.name = 'Zoe' WHERE p.id = 3", 1),
        ("DELETE features.people WHERE id = 1", 1),
    ):
        job = client.query(query)
        job.result()
        assert job.num_dml_affected_rows == affected
    merge = client.query(
        """MERGE features.people AS t USING (SELECT 2 AS id, 'Bea' AS name UNION ALL SELECT 7, 'Gil') AS s
        ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED
        THEN INSERT (id, name) VALUES (id, name)"""
    )
    merge.result()
    assert (merge.dml_stats.inserted_row_count, merge.dml_stats.updated_row_count) == (1, 1)
    assert _rows(client, "SELECT id, name FROM features.people ORDER BY id") == [
        (2, "Bea"),
        (3, "Zoe"),
        (4, "Dan"),
        (5, "Eve"),
        (7, "Gil"),
    ]
    client.query("TRUNCATE TABLE features.people").result()
    assert client.get_table(people).num_rows == 0


def test_definitions_in_sql(client: bigquery.Client, people: bigquery.Table) -> None:
    client.query(
        """CREATE TABLE features.daily (day DATE NOT NULL, n INT64, tags ARRAY<STRING>)
        PARTITION BY day CLUSTER BY n OPTIONS(description = 'by day', labels = [('team', 'ml')])"""
    ).result()
    table = client.get_table("features.daily")
    assert [(each.name, each.field_type, each.mode) for each in table.schema] == [
        ("day", "DATE", "REQUIRED"),
        ("n", "INTEGER", "NULLABLE"),
        ("tags", "STRING", "REPEATED"),
    ]
    assert (table.time_partitioning.field, table.labels, table.description) == ("day", {"team": "ml"}, "by day")
    client.query("CREATE OR REPLACE TABLE features.top AS SELECT id, name FROM features.people WHERE id < 3").result()
    assert client.get_table("features.top").num_rows == 2
    client.query("ALTER TABLE features.top ADD COLUMN note STRING").result()
    assert _rows(client, "SELECT * FROM features.top ORDER BY id") == [(1, "Ada", None), (2, "Bob", None)]
    client.query("CREATE VIEW features.names AS SELECT name FROM features.people WHERE name IS NOT NULL").result()
    assert _rows(client, "SELECT COUNT(*) FROM features.names") == [(2,)]
    assert client.get_table("features.names").schema[0].name == "name"
    client.query("CREATE SCHEMA other OPTIONS(location = 'EU')").result()
    client.query("DROP TABLE features.top; DROP VIEW IF EXISTS features.names; DROP SCHEMA other").result()
    found = _rows(client, "SELECT table_name FROM features.INFORMATION_SCHEMA.TABLES ORDER BY 1")
    assert found == [("daily",), ("people",)]
    columns = _rows(
        client,
        "SELECT column_name, data_type FROM `mock-project`.features.INFORMATION_SCHEMA.COLUMNS "
        "WHERE table_name = 'daily' ORDER BY ordinal_position",
    )
    assert columns == [("day", "DATE"), ("n", "INT64"), ("tags", "ARRAY<STRING>")]


def test_a_result_goes_to_a_table(client: bigquery.Client, people: bigquery.Table) -> None:
    settings = bigquery.QueryJobConfig(destination="mock-project.features.copy", write_disposition="WRITE_TRUNCATE")
    for _ in range(2):
        client.query("SELECT id FROM features.people", job_config=settings).result()
    assert client.get_table("features.copy").num_rows == 3
    client.copy_table("features.people", "features.backup").result()
    assert client.get_table("features.backup").num_rows == 3
    with pytest.raises(exceptions.Conflict):
        client.copy_table("features.people", "features.backup").result()


def test_data_frames_go_in(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    frame = pd.DataFrame(
        {"id": [1, 2], "name": ["a", None], "when": pd.to_datetime(["2026-01-01", "2026-01-02"], utc=True)}
    )
    job = client.load_table_from_dataframe(frame, "features.frame")
    job.result()
    assert job.output_rows == 2
    back = client.query("SELECT * FROM features.frame ORDER BY id").to_dataframe(create_bqstorage_client=False)
    assert back["id"].tolist() == [1, 2]
    assert back["when"][0] == pd.Timestamp("2026-01-01", tz="UTC")


def test_files_go_in(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    rows = [{"id": 1, "tags": ["a", "b"], "at": {"x": 1.5}}, {"id": 2, "tags": [], "at": None}]
    client.load_table_from_json(rows, "features.nested").result()
    assert _rows(client, "SELECT id, at.x, ARRAY_LENGTH(tags) FROM features.nested ORDER BY id") == [
        (1, 1.5, 2),
        (2, None, 0),
    ]
    assert _rows(client, "SELECT n.id, tag FROM features.nested AS n, n.tags AS tag ORDER BY tag") == [
        (1, "a"),
        (1, "b"),
    ]
    settings = bigquery.LoadJobConfig(source_format="CSV", skip_leading_rows=1, autodetect=True)
    client.load_table_from_file(io.BytesIO(b"id,day\n1,2026-01-01\n"), "features.csv", job_config=settings).result()
    assert [(each.name, each.field_type) for each in client.get_table("features.csv").schema] == [
        ("id", "INTEGER"),
        ("day", "DATE"),
    ]
    strict = bigquery.LoadJobConfig(source_format="CSV", schema=[bigquery.SchemaField("id", "INTEGER")])
    with pytest.raises(exceptions.BadRequest, match="Error while reading data"):
        client.load_table_from_file(io.BytesIO(b"one\n"), "features.bad", job_config=strict).result()


@pytest.mark.parametrize("form", ["CSV", "NEWLINE_DELIMITED_JSON", "PARQUET", "AVRO"])
def test_out_to_a_bucket_and_in_again(client: bigquery.Client, people: bigquery.Table, form: str) -> None:
    bucket = storage.Client(project="mock-project").create_bucket("exports")
    settings = bigquery.ExtractJobConfig(destination_format=form)
    client.extract_table("features.people", "gs://exports/people-*", job_config=settings).result()
    assert [each.name for each in bucket.list_blobs()] == ["people-000000000000"]
    load = bigquery.LoadJobConfig(source_format=form, autodetect=form in {"CSV", "NEWLINE_DELIMITED_JSON"})
    client.load_table_from_uri("gs://exports/people-*", "features.back", job_config=load).result()
    rows = _rows(client, "SELECT CAST(id AS INT64), name, score FROM features.back ORDER BY id")
    assert rows == [(1, "Ada", 1.5), (2, "Bob", 2.5), (3, "" if form == "CSV" else None, None)]
    with pytest.raises(exceptions.NotFound):
        client.load_table_from_uri("gs://exports/none-*", "features.none", job_config=load).result()


def test_an_external_table_reads_its_files(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    bucket = storage.Client(project="mock-project").create_bucket("landing")
    bucket.blob("a.csv").upload_from_string("id,name\n1,Ada\n")
    table = bigquery.Table("mock-project.features.landing")
    config = bigquery.ExternalConfig("CSV")
    config.source_uris = ["gs://landing/*.csv"]
    config.autodetect = True
    table.external_data_configuration = config
    client.create_table(table)
    assert _rows(client, "SELECT * FROM features.landing") == [(1, "Ada")]
    bucket.blob("b.csv").upload_from_string("id,name\n2,Bob\n")
    assert _rows(client, "SELECT COUNT(*) FROM features.landing") == [(2,)]


def test_one_query_over_many_tables(client: bigquery.Client, dataset: bigquery.Dataset) -> None:
    for day in ("20260101", "20260102"):
        client.load_table_from_json([{"n": int(day[-1])}], f"features.events_{day}").result()
    query = "SELECT _TABLE_SUFFIX AS day, n FROM `mock-project.features.events_*` WHERE _TABLE_SUFFIX > '20260101'"
    assert _rows(client, query) == [("20260102", 2)]


def test_routines_and_policies(client: bigquery.Client, people: bigquery.Table) -> None:
    routine = bigquery.Routine("mock-project.features.twice", type_="SCALAR_FUNCTION", language="SQL", body="x * 2")
    number = bigquery.StandardSqlDataType(bigquery.StandardSqlTypeNames.INT64)
    routine.arguments = [bigquery.RoutineArgument(name="x", data_type=number)]
    made = client.create_routine(routine)
    made.body = "x * 3"
    assert client.update_routine(made, ["body"]).body == "x * 3"
    assert [each.routine_id for each in client.list_routines("features")] == ["twice"]
    client.delete_routine("features.twice")
    policy = client.get_iam_policy(people)
    policy.bindings.append({"role": "roles/bigquery.dataViewer", "members": {"user:alice@acme.test"}})
    client.set_iam_policy(people, policy)
    assert client.get_iam_policy(people).bindings[0]["role"] == "roles/bigquery.dataViewer"
    assert client.test_iam_permissions(people, ["bigquery.tables.get"])["permissions"] == ["bigquery.tables.get"]
    assert [each.project_id for each in client.list_projects()] == ["mock-project"]


def test_a_snapshot_of_the_cloud_holds_the_rows(client: bigquery.Client, people: bigquery.Table, cloud: Cloud) -> None:
    kept = cloud.snapshot()
    client.query("DELETE FROM features.people WHERE TRUE").result()
    assert _rows(client, "SELECT COUNT(*) FROM features.people") == [(0,)]
    cloud.restore(kept)
    assert _rows(client, "SELECT COUNT(*) FROM features.people") == [(3,)]
