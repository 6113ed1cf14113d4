"""Partitions by time: written one by one, asked for, and told of."""

from typing import Any

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.data_rest import Rest
from tests.mockcloud.services.test_bigquery_meaning import refused, rows, run


@pytest.fixture
def rest() -> Rest:
    rest = Rest("bigquery.googleapis.com", "/bigquery/v2/projects/acme", new_cloud())
    rest("POST", "/datasets", "", {"datasetReference": {"datasetId": "d"}})
    table = {"schema": {"fields": [{"name": "a", "type": "INT64"}]}, "timePartitioning": {"type": "DAY"}}
    rest("POST", "/datasets/d/tables", "", {**table, "tableReference": {"tableId": "came"}})
    rest("POST", "/datasets/d/tables/came/insertAll", "", {"rows": [{"json": {"a": 1}}]})
    rest.cloud.advance(86_400)
    rest("POST", "/datasets/d/tables/came/insertAll", "", {"rows": [{"json": {"a": 2}}]})
    days = "SELECT 1 AS a, DATE '2026-01-01' AS on_day UNION ALL SELECT 2, NULL"
    run(rest, f"CREATE TABLE d.dated PARTITION BY on_day AS {days}")
    return rest


def job(rest: Rest, kind: str, **settings: Any) -> Any:
    return rest("POST", "/jobs", "", {"configuration": {kind: settings}})["status"].get("errorResult")


def write(rest: Rest, text: str, table: str, how: str) -> Any:
    return job(
        rest,
        "query",
        query=text,
        useLegacySql=False,
        destinationTable={"projectId": "acme", "datasetId": "d", "tableId": table},
        writeDisposition=how,
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SELECT a, _PARTITIONDATE FROM d.came ORDER BY a", [["1", "2026-01-01"], ["2", "2026-01-02"]]),
        ("SELECT * FROM d.came WHERE _PARTITIONTIME >= TIMESTAMP('2026-01-02')", [["2"]]),
        ("SELECT t.* FROM d.came AS t WHERE t._PARTITIONDATE = '2026-01-01'", [["1"]]),
        ("SELECT * FROM d.came ORDER BY a", [["1"], ["2"]]),
    ],
)
def test_a_table_that_is_partitioned_by_arrival_says_when_that_was(rest: Rest, text: str, found: Any) -> None:
    assert rows(rest, text) == found


def test_other_tables_have_no_such_column(rest: Rest) -> None:
    assert refused(rest, "SELECT _PARTITIONTIME FROM d.dated") == (400, "Unrecognized name: _PARTITIONTIME")


def test_changed_rows_stay_in_their_partition(rest: Rest) -> None:
    run(rest, "UPDATE d.came SET a = 7 WHERE a = 1")
    run(rest, "INSERT INTO d.came (a) VALUES (9)")
    run(rest, "DELETE FROM d.came WHERE a = 2")
    rest.cloud.advance(86_400)
    run(rest, "INSERT INTO d.came (a) VALUES (10)")
    found = rows(rest, "SELECT a, _PARTITIONDATE FROM d.came ORDER BY a")
    assert found == [["7", "2026-01-01"], ["9", "2026-01-02"], ["10", "2026-01-03"]]


def test_one_partition_is_written(rest: Rest) -> None:
    assert write(rest, "SELECT 5 AS a", "came$20260101", "WRITE_TRUNCATE") is None
    assert write(rest, "SELECT 6 AS a", "came$20260101", "WRITE_APPEND") is None
    assert rows(rest, "SELECT a, _PARTITIONDATE FROM d.came ORDER BY a") == [
        ["2", "2026-01-02"],
        ["5", "2026-01-01"],
        ["6", "2026-01-01"],
    ]
    assert write(rest, "SELECT 7 AS a", "came$20260101", "WRITE_EMPTY")["reason"] == "duplicate"
    assert write(rest, "SELECT 7 AS a", "came$20260105", "WRITE_EMPTY") is None
    assert write(rest, "SELECT 3 AS a, DATE '2026-01-01' AS on_day", "dated$20260101", "WRITE_TRUNCATE") is None
    assert rows(rest, "SELECT a FROM d.dated ORDER BY a") == [["2"], ["3"]]


def test_a_table_is_made_by_writing_to_a_partition_of_it(rest: Rest) -> None:
    assert write(rest, "SELECT 3 AS a", "made$202601", "WRITE_EMPTY") is None
    assert rest("GET", "/datasets/d/tables/made$202601")["timePartitioning"] == {"type": "MONTH"}
    assert rows(rest, "SELECT a, _PARTITIONDATE FROM d.made") == [["3", "2026-01-01"]]


def test_partitions_that_a_table_does_not_have_are_refused(rest: Rest) -> None:
    run(rest, "CREATE TABLE d.plain AS SELECT 1 AS a")
    for name in ("came$nonsense", "came$2026", "plain$20260101"):
        assert write(rest, "SELECT 1 AS a", name, "WRITE_APPEND")["reason"] == "invalid"


def test_one_partition_is_copied(rest: Rest) -> None:
    source, target = ({"projectId": "acme", "datasetId": "d", "tableId": each} for each in ("came$20260102", "copy"))
    assert job(rest, "copy", sourceTable=source, destinationTable=target) is None
    assert rows(rest, "SELECT a, _PARTITIONDATE FROM d.copy") == [["2", "2026-01-02"]]


def test_partitions_are_told_of(rest: Rest) -> None:
    run(rest, "CREATE TABLE d.plain AS SELECT 1 AS a")
    run(rest, "CREATE TABLE d.timed PARTITION BY DATE(at) AS SELECT TIMESTAMP '2026-03-04 05:06:07' AS at")
    told = rows(rest, "SELECT table_name, partition_id, total_rows FROM d.INFORMATION_SCHEMA.PARTITIONS ORDER BY 1, 2")
    assert told == [
        ["came", "20260101", "1"],
        ["came", "20260102", "1"],
        ["dated", "20260101", "1"],
        ["dated", "__NULL__", "1"],
        ["plain", None, "1"],
        ["timed", "20260304", "1"],
    ]
    text = "SELECT partition_id FROM [acme:d.came$__PARTITIONS_SUMMARY__]"
    found = rest("POST", "/queries", "", {"query": text, "useLegacySql": True})
    assert [each["f"][0]["v"] for each in found["rows"]] == ["20260101", "20260102"]
