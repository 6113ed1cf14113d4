"""BigQuery over HTTP: what its client does not show."""

import gzip
import json
from typing import Any

import pytest

from mockcloud.cloud.tokens import mock_token
from mockcloud.services.bigquery.fields import duck_type, normal
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import ALICE, BOB, ask, grant
from tests.mockcloud.services.data_rest import Rest

STANDARD = {"useLegacySql": False}


@pytest.fixture
def rest() -> Rest:
    made = Rest("bigquery.googleapis.com", "/bigquery/v2/projects/acme")
    made("POST", "/datasets", "", {"datasetReference": {"datasetId": "d"}})
    schema = {"fields": [{"name": "id", "type": "INT64", "mode": "REQUIRED"}, {"name": "at", "type": "TIMESTAMP"}]}
    made("POST", "/datasets/d/tables", "", {"tableReference": {"tableId": "t"}, "schema": schema})
    rows = [{"json": {"id": 1, "at": "2026-01-02 03:04:05.5 UTC"}}, {"json": {"id": "2", "at": None}}]
    assert "insertErrors" not in made("POST", "/datasets/d/tables/t/insertAll", "", {"rows": rows})
    return made


def query(rest: Rest, text: str, **settings: Any) -> Any:
    return rest("POST", "/queries", "", {"query": text, **STANDARD, **settings})


def failure(rest: Rest, kind: str, settings: dict[str, Any]) -> dict[str, Any]:
    job = rest("POST", "/jobs", "", {"configuration": {kind: settings}})
    found: dict[str, Any] = job["status"]["errorResult"]
    return found


def test_schemas_are_shown_in_the_older_words(rest: Rest) -> None:
    fields = rest("GET", "/datasets/d/tables/t")["schema"]["fields"]
    assert fields[0] == {"name": "id", "type": "INTEGER", "mode": "REQUIRED"}
    for field in ({"type": "STRING"}, {"name": "x", "type": "WORD"}, {"name": "x", "type": "RECORD"}):
        body = {"tableReference": {"tableId": "u"}, "schema": {"fields": [field]}}
        assert rest.refused("POST", "/datasets/d/tables", "", body) == (400, "invalid")
    twice = {"tableReference": {"tableId": "u"}, "schema": {"fields": [{"name": "x", "type": "INT64"}] * 2}}
    assert rest.refused("POST", "/datasets/d/tables", "", twice) == (400, "invalid")
    (record,) = normal([{"name": "r", "type": "STRUCT", "mode": "REPEATED", "fields": [{"name": "x", "type": "BOOL"}]}])
    assert duck_type(record) == 'STRUCT("x" BOOLEAN)[]'


def test_names_and_what_is_missing(rest: Rest) -> None:
    assert rest.refused("POST", "/datasets", "", {"datasetReference": {"datasetId": "a-b"}})[0] == 400
    assert rest.refused("POST", "/datasets", "", {"datasetReference": {"datasetId": "d"}}) == (409, "duplicate")
    assert rest.refused("POST", "/datasets/d/tables", "", {"tableReference": {"tableId": "a$b"}})[0] == 400
    assert rest.refused("POST", "/datasets/d/tables", "", {"tableReference": {"tableId": "t"}}) == (409, "duplicate")
    assert rest.refused("GET", "/datasets/none") == (404, "notFound")
    assert rest.refused("GET", "/datasets/none/tables/t") == (404, "notFound")
    assert rest.refused("GET", "/datasets/d/tables/none") == (404, "notFound")
    assert rest.refused("GET", "/jobs/none") == (404, "notFound")
    assert rest.refused("GET", "/datasets", "filter=name:x")[0] == 400
    assert rest.refused("DELETE", "/datasets/d") == (400, "resourceInUse")


def test_etags_save_a_read(rest: Rest) -> None:
    for path in ("/datasets/d", "/datasets/d/tables/t"):
        found = rest("GET", path)
        assert rest.raw("GET", rest.front + path, if_none_match=found["etag"]).status == 304
        assert rest.refused("PATCH", path, "", {"description": "x"}, if_match="other") == (412, "conditionNotMet")
    assert [each["name"] for each in rest("GET", "/datasets/d/tables/t", "selectedFields=at")["schema"]["fields"]] == [
        "at"
    ]


def test_a_dataset_is_replaced(rest: Rest) -> None:
    rest("PATCH", "/datasets/d", "", {"labels": {"a": "1"}, "defaultTableExpirationMs": "3600000"})
    made = rest("POST", "/datasets/d/tables", "", {"tableReference": {"tableId": "short"}})
    assert int(made["expirationTime"]) - int(made["creationTime"]) == 3600000
    replaced = rest("PUT", "/datasets/d", "", {"datasetReference": {"datasetId": "d"}, "description": "new"})
    assert ("labels" in replaced, replaced["description"], len(replaced["access"])) == (False, "new", 4)
    rest.cloud.advance(3601)
    assert rest.refused("GET", "/datasets/d/tables/short")[0] == 404
    entries = [
        {"role": "roles/bigquery.dataViewer", "userByEmail": "r@acme.iam.gserviceaccount.com"},
        {"role": "READER", "groupByEmail": "ml@acme.test", "condition": {"expression": "true", "title": "t"}},
        {"role": "READER", "domain": "acme.test"},
        {"role": "READER", "specialGroup": "allAuthenticatedUsers"},
        {"view": {"projectId": "p", "datasetId": "d", "tableId": "v"}},
    ]
    assert rest("PATCH", "/datasets/d", "", {"access": entries})["access"] == entries
    policy = rest.cloud.store.policies["bigquery", "projects/acme/datasets/d"]
    assert policy["version"] == 3
    members = {member for each in policy["bindings"] for member in each["members"]}
    assert members == {
        "serviceAccount:r@acme.iam.gserviceaccount.com",
        "group:ml@acme.test",
        "domain:acme.test",
        "allAuthenticatedUsers",
    }


def test_timestamps_as_seconds_or_microseconds(rest: Rest) -> None:
    plain = rest("GET", "/datasets/d/tables/t/data")
    whole = rest("GET", "/datasets/d/tables/t/data", "formatOptions.useInt64Timestamp=true")
    assert [each["f"][1]["v"] for each in plain["rows"]] == ["1767323045.5", None]
    assert [each["f"][1]["v"] for each in whole["rows"]] == ["1767323045500000", None]


def test_pages_of_rows(rest: Rest) -> None:
    first = rest("GET", "/datasets/d/tables/t/data", "maxResults=1")
    second = rest("GET", "/datasets/d/tables/t/data", f"maxResults=1&pageToken={first['pageToken']}&selectedFields=id")
    assert second["rows"] == [{"f": [{"v": "2"}]}]
    assert "pageToken" not in second
    assert rest("GET", "/datasets/d/tables/t/data", "startIndex=1")["rows"][0]["f"][0]["v"] == "2"
    assert rest.refused("GET", "/datasets/d/tables/t/data", "pageToken=xx")[0] == 400
    answer = query(rest, "SELECT id FROM d.t ORDER BY id", maxResults=1)
    job = answer["jobReference"]["jobId"]
    later = rest("GET", f"/queries/{job}", f"pageToken={answer['pageToken']}")
    assert (answer["totalRows"], later["rows"]) == ("2", [{"f": [{"v": "2"}]}])
    assert rest.refused("GET", f"/queries/{job}", "location=EU")[0] == 404
    assert rest.refused("GET", f"/queries/{job}", "pageToken=xx")[0] == 400


def test_one_query_for_one_request(rest: Rest) -> None:
    first = query(rest, "SELECT 1", requestId="once")
    again = query(rest, "SELECT 1", requestId="once")
    assert first["jobReference"] == again["jobReference"]
    assert len(rest("GET", "/jobs", "allUsers=true")["jobs"]) == 1


def test_errors_of_queries(rest: Rest) -> None:
    assert rest.refused("POST", "/queries", "", {"query": "SELEC", **STANDARD}) == (400, "invalidQuery")
    assert rest.refused("POST", "/queries", "", {"query": " ", **STANDARD}) == (400, "invalid")
    assert rest.refused("POST", "/queries", "", {"query": ";", **STANDARD}) == (400, "invalidQuery")
    assert rest.refused("POST", "/queries", "", {"query": "SELECT * FROM x.t", **STANDARD}) == (404, "notFound")
    assert rest.refused("POST", "/queries", "", {"query": "(" * 3000 + "1", **STANDARD})[0] == 400
    for text in ("CALL d.p()", "EXPORT DATA OPTIONS(uri='gs://b/*') AS SELECT 1", "DROP MODEL d.m", "DECLARE x INT64"):
        assert rest.refused("POST", "/queries", "", {"query": text, **STANDARD}) == (501, "notImplemented"), text
    assert failure(rest, "query", {"query": "DELETE FROM d.t", **STANDARD})["location"] == "query"
    assert (
        rest.refused("POST", "/queries", "", {"query": "SELECT * FROM d.INFORMATION_SCHEMA.ROUTINES", **STANDARD})[0]
        == 501
    )


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM `/etc/passwd`",
        "SELECT * FROM glob('/*')",
        "ATTACH '/tmp/x.db' AS x",
        "COPY (SELECT 1) TO '/tmp/x'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "PRAGMA database_list",
    ],
)
def test_queries_reach_nothing_outside(rest: Rest, text: str) -> None:
    assert rest.raw("POST", f"{rest.front}/queries", "", {"query": text, **STANDARD}).status in {400, 404, 501}


def test_the_older_dialect_names_tables_in_brackets(rest: Rest) -> None:
    answer = rest("POST", "/queries", "", {"query": "SELECT COUNT(*) FROM [acme:d.t]"})
    assert answer["rows"][0]["f"][0]["v"] == "2"


def test_time_is_the_clouds(rest: Rest) -> None:
    answer = query(rest, "SELECT CURRENT_DATE(), EXTRACT(YEAR FROM CURRENT_TIMESTAMP()), SESSION_USER()")
    assert [each["v"] for each in answer["rows"][0]["f"]] == ["2026-01-01", "2026", "owner@mock.test"]
    assert [each["name"] for each in answer["schema"]["fields"]] == ["f0_", "f1_", "f2_"]


def test_parameters_of_every_form(rest: Rest) -> None:
    struct = {
        "type": "STRUCT",
        "structTypes": [{"name": "a", "type": {"type": "INT64"}}, {"name": "b", "type": {"type": "STRING"}}],
    }
    parameters = [
        {
            "name": "s",
            "parameterType": struct,
            "parameterValue": {"structValues": {"a": {"value": 1}, "b": {"value": "x"}}},
        },
        {"name": "n", "parameterType": {"type": "STRING"}, "parameterValue": {}},
        {"name": "y", "parameterType": {"type": "BYTES"}, "parameterValue": {"value": "YWI="}},
        {"name": "t", "parameterType": {"type": "BOOL"}, "parameterValue": {"value": True}},
    ]
    answer = query(rest, "SELECT @s.a, @n IS NULL, @y, @t", queryParameters=parameters, parameterMode="NAMED")
    assert [each["v"] for each in answer["rows"][0]["f"]] == ["1", "true", "YWI=", "true"]
    assert rest.refused("POST", "/queries", "", {"query": "SELECT ?", **STANDARD}) == (400, "invalidQuery")


def test_views_are_followed(rest: Rest) -> None:
    made: Any = None
    for name, text in (("v1", "SELECT id FROM `acme.d.t`"), ("v2", "SELECT v1.id + 1 AS up FROM d.v1")):
        view = {"tableReference": {"tableId": name}, "view": {"query": text, "useLegacySql": False}}
        made = rest("POST", "/datasets/d/tables", "", view)
        assert made["type"] == "VIEW"
    assert made["schema"]["fields"] == [{"name": "up", "type": "INTEGER", "mode": "NULLABLE"}]
    assert [each["f"][0]["v"] for each in query(rest, "SELECT up FROM d.v2 ORDER BY 1")["rows"]] == ["2", "3"]
    elsewhere = {"tableReference": {"tableId": "v3"}, "view": {"query": "SELECT * FROM `other.x.y`"}}
    assert "schema" not in rest("POST", "/datasets/d/tables", "", elsewhere)
    loop = {"tableReference": {"tableId": "loop"}, "view": {"query": "SELECT * FROM d.loop"}}
    rest("POST", "/datasets/d/tables", "", loop)
    assert rest.refused("POST", "/queries", "", {"query": "SELECT * FROM d.loop", **STANDARD}) == (400, "invalidQuery")
    assert rest.refused("GET", "/datasets/d/tables/v1/data") == (400, "invalid")
    assert rest.refused("POST", "/datasets/d/tables/v1/insertAll", "", {"rows": [{"json": {}}]})[0] == 400
    assert (
        rest.refused(
            "POST", "/datasets/d/tables", "", {"tableReference": {"tableId": "v"}, "view": {"useLegacySql": False}}
        )[0]
        == 400
    )
    assert rest.refused("PATCH", "/datasets/d/tables/v1", "", {"view": None})[0] == 400  # a view stays one
    changed = rest("PATCH", "/datasets/d/tables/v1", "", {"view": {"query": "SELECT 1 AS one", "useLegacySql": False}})
    assert changed["schema"]["fields"][0]["name"] == "one"
    rows = query(rest, "SELECT table_name, view_definition FROM d.INFORMATION_SCHEMA.VIEWS ORDER BY 1")["rows"]
    assert rows[1]["f"][1]["v"] == "SELECT 1 AS one"


def test_what_there_is_as_rows(rest: Rest) -> None:
    sizes = query(rest, "SELECT table_id, row_count FROM d.__TABLES__")["rows"]
    assert sizes == [{"f": [{"v": "t"}, {"v": "2"}]}]
    schemata = query(rest, "SELECT schema_name FROM `region-us`.INFORMATION_SCHEMA.SCHEMATA")["rows"]
    assert schemata == [{"f": [{"v": "d"}]}]
    assert (
        rest.refused("POST", "/queries", "", {"query": "SELECT * FROM x.INFORMATION_SCHEMA.TABLES", **STANDARD})[0]
        == 404
    )


def test_definitions_that_exist_or_do_not(rest: Rest) -> None:
    assert rest.refused("POST", "/queries", "", {"query": "CREATE TABLE d.t (x INT64)", **STANDARD}) == (
        409,
        "duplicate",
    )
    query(rest, "CREATE TABLE IF NOT EXISTS d.t (x INT64)")
    query(rest, "CREATE SCHEMA IF NOT EXISTS d")
    query(rest, "DROP TABLE IF EXISTS d.none")
    assert rest.refused("POST", "/queries", "", {"query": "DROP TABLE d.none", **STANDARD}) == (404, "notFound")
    assert rest.refused("POST", "/queries", "", {"query": "DROP SCHEMA d", **STANDARD}) == (400, "resourceInUse")
    assert rest.refused("POST", "/queries", "", {"query": "CREATE SCHEMA d", **STANDARD}) == (409, "duplicate")
    query(
        rest,
        """CREATE TABLE d.ranged (n INT64 OPTIONS(description='number'), s STRUCT<x FLOAT64>)
        PARTITION BY RANGE_BUCKET(n, GENERATE_ARRAY(0, 100, 10))
        OPTIONS(require_partition_filter = true, friendly_name = 'Ranged',
        expiration_timestamp = TIMESTAMP '2027-01-01 00:00:00')""",
    )
    made = rest("GET", "/datasets/d/tables/ranged")
    assert made["rangePartitioning"]["range"] == {"start": "0", "end": "100", "interval": "10"}
    assert (made["friendlyName"], made["requirePartitionFilter"], made["expirationTime"]) == (
        "Ranged",
        True,
        "1798761600000",
    )
    assert made["schema"]["fields"][0]["description"] == "number"
    query(
        rest,
        "CREATE TABLE d.monthly (d DATE) PARTITION BY DATE_TRUNC(d, MONTH) OPTIONS(partition_expiration_days = 2)",
    )
    partition = rest("GET", "/datasets/d/tables/monthly")["timePartitioning"]
    assert partition == {"type": "MONTH", "field": "d", "expirationMs": "172800000"}
    query(rest, "ALTER TABLE d.t DROP COLUMN at")
    assert rest("GET", "/datasets/d/tables/t/data")["rows"] == [{"f": [{"v": "1"}]}, {"f": [{"v": "2"}]}]
    query(rest, "DROP SCHEMA d CASCADE")
    assert rest.refused("GET", "/datasets/d")[0] == 404


def test_jobs_are_kept(rest: Rest) -> None:
    made = rest(
        "POST",
        "/jobs",
        "",
        {"configuration": {"query": {"query": "SELECT 1", **STANDARD}}, "jobReference": {"jobId": "j1"}},
    )
    assert made["id"] == "acme:US.j1"
    again = {"configuration": {"query": {"query": "SELECT 1", **STANDARD}}, "jobReference": {"jobId": "j1"}}
    assert rest.refused("POST", "/jobs", "", again) == (409, "duplicate")
    assert rest.refused("POST", "/jobs", "", {"configuration": {}}) == (400, "invalid")
    assert rest("POST", "/jobs/j1/cancel")["job"]["status"]["state"] == "DONE"
    failure(rest, "query", {"query": "SELECT nope", **STANDARD})
    listed = rest("GET", "/jobs", "stateFilter=done&projection=full&minCreationTime=1")
    assert [("errorResult" in each, "configuration" in each) for each in listed["jobs"]] == [
        (True, True),
        (False, True),
    ]
    assert "jobs" not in rest("GET", "/jobs", "maxCreationTime=1")
    rest("DELETE", "/jobs/j1/delete")
    assert rest.refused("GET", "/jobs/j1")[0] == 404
    dry = rest(
        "POST",
        "/jobs",
        "",
        {"configuration": {"query": {"query": "CREATE TABLE d.x (a INT64)", **STANDARD}, "dryRun": True}},
    )
    assert dry["statistics"]["query"]["statementType"] == "CREATE_TABLE"
    assert rest.refused("GET", "/datasets/d/tables/x")[0] == 404
    changed = rest(
        "POST",
        "/jobs",
        "",
        {"configuration": {"query": {"query": "DELETE FROM d.t WHERE TRUE", **STANDARD}, "dryRun": True}},
    )
    assert changed["statistics"]["query"]["statementType"] == "DELETE"


def test_loads_that_cannot_be(rest: Rest) -> None:
    table = {"destinationTable": {"datasetId": "d", "tableId": "new"}}
    assert failure(rest, "load", {"sourceUris": ["gs://b/o"]})["reason"] == "invalid"
    assert failure(rest, "load", table)["reason"] == "invalid"
    assert failure(rest, "load", {**table, "sourceUris": ["http://x"]})["reason"] == "invalid"
    assert failure(rest, "load", {**table, "sourceUris": ["gs://b/o"]})["reason"] == "notFound"
    never = {**table, "createDisposition": "CREATE_NEVER"}
    assert upload(rest, b"1\n", never)["status"]["errorResult"]["reason"] == "notFound"
    existing = {
        "destinationTable": {"datasetId": "d", "tableId": "t"},
        "schema": {"fields": [{"name": "id", "type": "STRING"}]},
    }
    assert "changed type" in upload(rest, b"1\n", existing)["status"]["errorResult"]["message"]
    wider = {**existing, "schema": {"fields": [{"name": "id", "type": "INT64"}, {"name": "more", "type": "STRING"}]}}
    assert "Cannot add fields" in upload(rest, b"1,x\n", wider)["status"]["errorResult"]["message"]
    grown = upload(rest, b"3,x\n", {**wider, "schemaUpdateOptions": ["ALLOW_FIELD_ADDITION"]})
    assert grown["statistics"]["load"]["outputRows"] == "1"
    assert len(rest("GET", "/datasets/d/tables/t")["schema"]["fields"]) == 3


def upload(rest: Rest, content: bytes, load: dict[str, Any]) -> Any:
    metadata = json.dumps({"configuration": {"load": load}}).encode()
    body = b"--b\r\n\r\n" + metadata + b"\r\n--b\r\n\r\n" + content + b"\r\n--b--"
    path = "/upload/bigquery/v2/projects/acme/jobs"
    found = rest.raw("POST", path, "uploadType=multipart", body, content_type="multipart/related; boundary=b")
    return json.loads(found.body)


@pytest.mark.parametrize(
    ("settings", "content", "rows"),
    [
        ({"skipLeadingRows": 1}, b"id,name\n1,a\n", [["1", "a"]]),
        ({"fieldDelimiter": "\t"}, b"id\tname\n1\ta\n", [["1", "a"]]),
        ({"quote": ""}, b'1,"a\n', [["1", '"a']]),
        ({"nullMarker": "NULL"}, b"id,name\n1,NULL\n", [["1", None]]),
        ({"allowJaggedRows": True}, b"id,name\n1\n", [["1", None]]),
        ({"encoding": "ISO-8859-1"}, b"id,name\n1,\xe9\n", [["1", "é"]]),
        ({"maxBadRecords": 1, "skipLeadingRows": 1}, b"id,name\n1\n2,b\n", [["2", "b"]]),
        ({"sourceFormat": "NEWLINE_DELIMITED_JSON"}, b'{"id": 1, "name": "a"}\n\n', [["1", "a"]]),
    ],
)
def test_files_of_many_kinds(rest: Rest, settings: dict[str, Any], content: bytes, rows: list[list[Any]]) -> None:
    load = {"destinationTable": {"datasetId": "d", "tableId": "new"}, **settings}
    done = upload(rest, content, load)
    assert "errorResult" not in done["status"], done["status"]
    data = rest("GET", "/datasets/d/tables/new/data")
    assert [[cell["v"] for cell in row["f"]] for row in data["rows"]] == rows


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("NEWLINE_DELIMITED_JSON", b"[1]\n"),
        ("NEWLINE_DELIMITED_JSON", b"{"),
        ("PARQUET", b"no"),
        ("AVRO", b"no"),
        ("CSV", b"1,2,3\n1\n"),
    ],
)
def test_files_that_are_broken(rest: Rest, form: str, content: bytes) -> None:
    load = {"destinationTable": {"datasetId": "d", "tableId": "new"}, "sourceFormat": form}
    error = upload(rest, content, load)["status"]["errorResult"]
    assert (error["reason"], error["message"].startswith("Error while reading data")) == ("invalid", True)


def test_extracts_that_cannot_be(rest: Rest) -> None:
    table = {"sourceTable": {"datasetId": "d", "tableId": "t"}}
    assert failure(rest, "extract", table)["reason"] == "invalid"
    assert failure(rest, "extract", {**table, "destinationUris": ["x"]})["reason"] == "invalid"
    assert failure(rest, "extract", {**table, "destinationUris": ["gs://none/x"]})["reason"] == "notFound"
    unknown = {"configuration": {"extract": {**table, "destinationUris": ["gs://b/x"], "destinationFormat": "ORC"}}}
    assert rest.refused("POST", "/jobs", "", unknown) == (501, "notImplemented")
    model = {"configuration": {"extract": {"sourceModel": {"datasetId": "d", "modelId": "m", "projectId": "acme"}}}}
    assert rest.refused("POST", "/jobs", "", model) == (501, "notImplemented")
    assert failure(rest, "copy", {})["reason"] == "invalid"


def test_rows_of_a_template(rest: Rest) -> None:
    rest("POST", "/datasets/d/tables/t/insertAll", "", {"rows": [{"json": {"id": 5}}], "templateSuffix": "_x"})
    assert rest("GET", "/datasets/d/tables/t_x")["numRows"] == "1"
    assert rest.refused("POST", "/datasets/d/tables/t/insertAll", "", {"rows": []})[0] == 400


def test_routines_and_row_policies(rest: Rest) -> None:
    assert rest.refused("POST", "/datasets/d/routines", "", {"routineReference": {"routineId": "r"}})[0] == 400
    made = {"routineReference": {"routineId": "r"}, "routineType": "PROCEDURE", "definitionBody": "SELECT 1"}
    rest("POST", "/datasets/d/routines", "", made)
    assert rest.refused("POST", "/datasets/d/routines", "", made) == (409, "duplicate")
    assert rest("GET", "/datasets/d/routines/r:getIamPolicy".replace(":getIamPolicy", ""))["language"] == "SQL"
    assert "models" not in rest("GET", "/datasets/d/models")
    assert rest.refused("GET", "/datasets/d/models/m") == (404, "notFound")
    path = "/datasets/d/tables/t/rowAccessPolicies"
    assert rest.refused("POST", path, "", {"rowAccessPolicyReference": {"policyId": "p"}})[0] == 400
    policy = {
        "rowAccessPolicyReference": {"policyId": "p"},
        "filterPredicate": "id = 1",
        "grantees": ["user:a@acme.test"],
    }
    rest("POST", path, "", policy)
    assert rest.refused("POST", path, "", policy) == (409, "duplicate")
    assert rest("PUT", f"{path}/p", "", {**policy, "filterPredicate": "id = 2"})["filterPredicate"] == "id = 2"
    assert rest("POST", f"{path}/p:getIamPolicy", "", {})["bindings"][0]["members"] == ["user:a@acme.test"]
    assert len(rest("GET", path)["rowAccessPolicies"]) == 1
    rest("POST", f"{path}:batchDelete", "", {"policyIds": ["p"]})
    assert rest.refused("GET", f"{path}/p")[0] == 404
    assert rest.refused("POST", f"{path}:batchDelete", "", {"policyIds": ["p"]})[0] == 404
    assert rest.refused("POST", "/datasets/d/tables/none:getIamPolicy", "", {})[0] == 404
    assert rest("GET", "/serviceAccount")["email"].startswith("bq-")


def test_names_in_queries(rest: Rest) -> None:
    assert query(rest, "SELECT `acme.d.t`.id FROM `acme.d.t` ORDER BY 1 LIMIT 1")["rows"] == [{"f": [{"v": "1"}]}]
    united = query(rest, "SELECT 1 UNION ALL SELECT 2")
    assert (united["schema"]["fields"][0]["name"], united["totalRows"]) == ("f0_", "2")
    assert rest.refused("POST", "/queries", "", {"query": "SELECT * FROM `d.none_*`", **STANDARD}) == (404, "notFound")
    assert rest.refused("POST", "/queries", "", {"query": "SELECT * FROM d.none", **STANDARD}) == (404, "notFound")
    by_default = query(rest, "SELECT COUNT(*) FROM t", defaultDataset={"datasetId": "d", "projectId": "acme"})
    assert by_default["rows"][0]["f"][0]["v"] == "2"
    rest.cloud.restore(rest.cloud.snapshot())
    assert query(rest, "SELECT COUNT(*) FROM d.t")["totalRows"] == "1"


def test_tables_are_altered(rest: Rest) -> None:
    query(rest, "ALTER TABLE d.t SET OPTIONS (description = 'new', labels = [('a', 'b')])")
    table = rest("GET", "/datasets/d/tables/t")
    assert (table["description"], table["labels"]) == ("new", {"a": "b"})
    query(rest, "ALTER TABLE d.t ADD COLUMN IF NOT EXISTS id INT64, ADD COLUMN note STRING")
    assert len(rest("GET", "/datasets/d/tables/t")["schema"]["fields"]) == 3
    assert rest.refused("POST", "/queries", "", {"query": "ALTER TABLE d.t ADD COLUMN id INT64", **STANDARD})[0] == 400
    assert rest.refused("POST", "/queries", "", {"query": "ALTER TABLE d.t RENAME TO u", **STANDARD})[0] == 501


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ([{"name": "id", "type": "STRING", "mode": "REQUIRED"}, {"name": "at", "type": "TIMESTAMP"}], "changed type"),
        ([{"name": "id", "type": "INT64", "mode": "REPEATED"}, {"name": "at", "type": "TIMESTAMP"}], "changed mode"),
        (
            [
                {"name": "id", "type": "INT64"},
                {"name": "at", "type": "TIMESTAMP"},
                {"name": "new", "type": "INT64", "mode": "REQUIRED"},
            ],
            "required",
        ),
    ],
)
def test_schemas_that_do_not_fit(rest: Rest, fields: list[dict[str, str]], word: str) -> None:
    found = rest.raw("PATCH", f"{rest.front}/datasets/d/tables/t", "", {"schema": {"fields": fields}})
    assert (found.status, word in found.body.decode()) == (400, True)


NESTED: list[dict[str, Any]] = [
    {"name": "r", "type": "RECORD", "fields": [{"name": "at", "type": "TIMESTAMP"}, {"name": "ok", "type": "BOOL"}]},
    {"name": "times", "type": "TIMESTAMP", "mode": "REPEATED"},
    {"name": "f", "type": "FLOAT64"},
]


def test_nested_rows_go_out(rest: Rest) -> None:
    body = {"tableReference": {"tableId": "n"}, "schema": {"fields": NESTED}}
    rest("POST", "/datasets/d/tables", "", body)
    row = {"r": {"at": "2026-01-01T00:00:00Z", "ok": True}, "times": ["2026-01-01T00:00:01.5Z"], "f": "NaN"}
    rest("POST", "/datasets/d/tables/n/insertAll", "", {"rows": [{"json": row}, {"json": {}}]})
    first, second = rest("GET", "/datasets/d/tables/n/data")["rows"]
    assert first["f"][0]["v"]["f"][0]["v"] == "1767225600.0"
    assert (first["f"][1]["v"], second["f"]) == ([{"v": "1767225601.5"}], [{"v": None}, {"v": []}, {"v": None}])
    storage = Rest("storage.googleapis.com", "/storage/v1", rest.cloud)
    storage("POST", "/b", "project=acme", {"name": "exports"})
    table = {"sourceTable": {"datasetId": "d", "tableId": "n"}}
    extract = {**table, "destinationUris": ["gs://exports/n.json"], "destinationFormat": "NEWLINE_DELIMITED_JSON"}
    rest("POST", "/jobs", "", {"configuration": {"extract": {**extract, "compression": "GZIP"}}})
    found = storage.raw("GET", "/storage/v1/b/exports/o/n.json", "alt=media").body
    lines = gzip.decompress(found).splitlines()
    assert json.loads(lines[0]) == {
        "r": {"at": "2026-01-01 00:00:00 UTC", "ok": True},
        "times": ["2026-01-01 00:00:01.5 UTC"],
        "f": "NaN",
    }
    assert failure(rest, "extract", {**table, "destinationUri": "gs://exports/n.csv"})["reason"] == "invalid"
    load = {
        "destinationTable": {"datasetId": "d", "tableId": "back"},
        "sourceUris": ["gs://exports/n.json"],
        "sourceFormat": "NEWLINE_DELIMITED_JSON",
        "schema": {"fields": NESTED},
        "destinationTableProperties": {"description": "back"},
        "destinationEncryptionConfiguration": {"kmsKeyName": "k"},
    }
    done = rest("POST", "/jobs", "", {"configuration": {"load": load}})
    assert done["statistics"]["load"]["outputRows"] == "2"
    back = rest("GET", "/datasets/d/tables/back")
    assert (back["description"], back["encryptionConfiguration"]) == ("back", {"kmsKeyName": "k"})
    nested = [{**NESTED[0], "fields": [{"name": "at", "type": "TIMESTAMP"}]}, *NESTED[1:]]
    assert rest.refused("PATCH", "/datasets/d/tables/n", "", {"schema": {"fields": nested}})[0] == 400


def test_sessions_that_cannot_be(rest: Rest) -> None:
    read = Rest("bigquerystorage.googleapis.com", "/v1", rest.cloud)
    path, parent = "/projects/acme/datasets/d/tables/t", "projects/acme"
    for session in (
        {"dataFormat": "DATA_FORMAT_UNSPECIFIED"},
        {"dataFormat": "AVRO", "readOptions": {"selectedFields": ["x"]}},
    ):
        assert read.refused("POST", path, "", {"parent": parent, "readSession": session})[0] == 400
    assert read.refused("POST", path, "", {"parent": parent})[0] == 501
    made = read("POST", path, "", {"parent": parent, "readSession": {"dataFormat": "AVRO"}})
    stream = "/" + made["streams"][0]["name"]
    assert read.refused("GET", stream, "offset=9")[0] == 400
    assert read.refused("GET", stream.replace("/streams/0", "/streams/7"))[0] == 404


def test_who_may_run_jobs_may_not_read_everything() -> None:
    cloud = new_cloud("strict", off=["enablement", "projects"])
    grant(cloud, "roles/bigquery.admin", ALICE)
    grant(cloud, "roles/bigquery.jobUser", BOB)
    base = "bigquery.googleapis.com/bigquery/v2/projects/acme"

    def run(member: str, text: str) -> tuple[int, Any]:
        return ask(cloud, "POST", f"{base}/queries", {"query": text, **STANDARD}, token=mock_token(member))

    ask(cloud, "POST", f"{base}/datasets", {"datasetReference": {"datasetId": "d"}}, token=mock_token(ALICE))
    ask(cloud, "POST", f"{base}/datasets", {"datasetReference": {"datasetId": "open"}}, token=mock_token(ALICE))
    assert run(ALICE, "CREATE TABLE d.t AS SELECT 1 AS x")[0] == 200
    for text in ("SELECT * FROM d.t", "DELETE FROM d.t WHERE TRUE", "TRUNCATE TABLE d.t"):
        code, body = run(BOB, text)
        assert (code, body["error"]["errors"][0]["reason"]) == (403, "accessDenied"), text
    assert run(BOB, "SELECT 1")[0] == 200
    assert run(ALICE, "CREATE VIEW open.v AS SELECT x FROM d.t")[0] == 200
    grant(cloud, "roles/bigquery.dataViewer", BOB, name="projects/acme/datasets/open", api="bigquery")
    assert run(BOB, "SELECT * FROM open.v")[0] == 403
    view = {"view": {"projectId": "acme", "datasetId": "open", "tableId": "v"}}
    ask(cloud, "PATCH", f"{base}/datasets/d", {"access": [view]}, token=mock_token(ALICE))
    assert run(BOB, "SELECT * FROM open.v")[0] == 200
