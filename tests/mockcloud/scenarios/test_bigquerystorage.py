"""What users do with BigQuery's Storage Read API, through its own client."""

import pytest
from google.api_core import exceptions
from google.cloud import bigquery, bigquery_storage_v1

from mockcloud.cloud.cloud import Cloud
from mockcloud.services.bigquery import avro

PROJECT = "projects/mock-project"

pytestmark = [
    pytest.mark.scenario(library="google-cloud-bigquery-storage"),
    pytest.mark.filterwarnings("ignore:(Loading|Retrieving) DataFrames:PendingDeprecationWarning"),
]


@pytest.fixture
def client(cloud: Cloud) -> bigquery.Client:
    found = bigquery.Client(project="mock-project", location="EU")
    dataset = bigquery.Dataset("mock-project.d")
    dataset.location = "EU"
    found.create_dataset(dataset)
    found.query(
        """CREATE TABLE d.t AS SELECT n AS id, CONCAT('name ', CAST(n AS STRING)) AS name, n / 2 AS half,
        TIMESTAMP '2026-01-01 00:00:00+00' AS at, DATE '2026-01-02' AS day, NUMERIC '1.5' AS price, [n, n + 1] AS list,
        STRUCT(n AS x, TRUE AS yes) AS inner_part, b'ab' AS raw FROM UNNEST(GENERATE_ARRAY(1, 2500)) AS n"""
    ).result()
    return found


def _session(form: str, **options: object) -> tuple[bigquery_storage_v1.BigQueryReadClient, object]:
    reader = bigquery_storage_v1.BigQueryReadClient()
    wanted = {"table": f"{PROJECT}/datasets/d/tables/t", "data_format": form, "read_options": options}
    return reader, reader.create_read_session(parent=PROJECT, read_session=wanted, max_stream_count=2)


def test_rows_as_arrow(client: bigquery.Client) -> None:
    reader, session = _session(
        "ARROW", selected_fields=["id", "list", "price"], row_restriction="id > 100 AND half < 1000"
    )
    assert (session.estimated_row_count, len(session.streams)) == (1899, 1)
    table = reader.read_rows(session.streams[0].name).to_arrow()
    assert (table.num_rows, table.column_names) == (1899, ["id", "price", "list"])
    assert table["list"][0].as_py() == [101, 102]
    late = next(iter(reader.read_rows(session.streams[0].name, offset=1890).rows()))
    assert late["id"].as_py() == 1991


def test_rows_as_avro(client: bigquery.Client) -> None:
    reader, session = _session("AVRO")
    total = 0
    for stream in session.streams:
        for answer in reader.read_rows(stream.name):
            total += answer.row_count
            assert len(answer.avro_rows.serialized_binary_rows) > 0
    assert (total, len(session.streams)) == (2500, 2)
    assert avro.schema_of([]) == {"type": "record", "name": "__root__", "fields": []}


def test_a_data_frame_comes_through_it(client: bigquery.Client) -> None:
    frame = client.query("SELECT id, at, day, inner_part FROM d.t WHERE id <= 3 ORDER BY id").to_dataframe()
    assert frame["id"].tolist() == [1, 2, 3]
    assert frame["inner_part"][0] == {"x": 1, "yes": True}
    listed = client.list_rows("d.t").to_dataframe()
    assert len(listed) == 2500


def test_what_cannot_be_read(client: bigquery.Client, cloud: Cloud) -> None:
    reader, session = _session("ARROW")
    with pytest.raises(exceptions.InvalidArgument):
        _session("ARROW", selected_fields=["nope"])
    with pytest.raises(exceptions.NotFound):
        reader.create_read_session(
            parent=PROJECT, read_session={"table": f"{PROJECT}/datasets/d/tables/none", "data_format": "ARROW"}
        )
    cloud.advance(7 * 3600)
    with pytest.raises(exceptions.NotFound):
        list(reader.read_rows(session.streams[0].name))
