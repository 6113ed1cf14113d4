"""Queries reach the tables that were found for them, and nothing else."""

from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.tokens import mock_token
from mockcloud.services.bigquery.engine import Engine
from mockcloud.services.bigquery.limits import Limit
from mockcloud.services.bigquery.refusals import JobFailure
from mockcloud.simulator import new_cloud
from tests.mockcloud.cloud.asking import ALICE, BOB, ask, grant

BASE = "bigquery.googleapis.com/bigquery/v2/projects/acme"


def run(cloud: Cloud, member: str, text: str) -> tuple[int, Any]:
    body = {"query": text, "useLegacySql": False}
    return ask(cloud, "POST", f"{BASE}/queries", body, token=mock_token(member))


@pytest.fixture
def cloud() -> Cloud:
    """Give a cloud where BOB may run jobs and read `open`, and whose database holds a table that he may not read."""
    made = new_cloud("strict", off=["enablement", "projects"])
    grant(made, "roles/bigquery.admin", ALICE)
    grant(made, "roles/bigquery.jobUser", BOB)
    for each in ("secret", "open"):
        ask(made, "POST", f"{BASE}/datasets", {"datasetReference": {"datasetId": each}}, token=mock_token(ALICE))
    grant(made, "roles/bigquery.dataViewer", BOB, name="projects/acme/datasets/open", api="bigquery")
    assert run(made, ALICE, "CREATE TABLE secret.k AS SELECT 'key' AS k")[0] == 200
    assert run(made, ALICE, "CREATE TABLE open.o AS SELECT 'seen' AS k")[0] == 200
    assert run(made, ALICE, "SELECT * FROM secret.k")[0] == 200
    return made


@pytest.mark.parametrize("table", ["t1", "_mockcloud_rows_1"])
@pytest.mark.parametrize(
    "text",
    [
        "SELECT EXTRACT(`YEAR FROM DATE '2020-01-01') AS y, (SELECT k FROM {}) AS z --` FROM CURRENT_DATE())",
        "SELECT EXTRACT(`YEAR FROM DATE '2020-01-01'); UPDATE {} SET k='POISON'; SELECT 1 --` FROM CURRENT_DATE())",
    ],
)
def test_words_in_backticks_are_no_sql(cloud: Cloud, text: str, table: str) -> None:
    code, body = run(cloud, BOB, text.format(table))
    assert (code, body["error"]["errors"][0]["reason"]) == (400, "invalidQuery")
    _, kept = run(cloud, ALICE, "SELECT k FROM secret.k")
    assert kept["rows"] == [{"f": [{"v": "key"}]}]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM {other}",
        "SELECT * FROM main.{mine}",
        "SELECT 1; SELECT 2",
        "SELECT * FROM query_table('{other}')",
        "SELECT * FROM duckdb_tables()",
        "SELECT * FROM duckdb_tables",
        "SUMMARIZE {mine}",
        "DROP TABLE {mine}",
        "SELECT",
    ],
)
def test_the_database_reads_what_it_may(text: str) -> None:
    engine = Engine()
    mine, other = (engine.load(each, [{"name": "x", "type": "INTEGER", "mode": "NULLABLE"}], []) for each in "ab")
    assert engine.query(f"WITH b AS (SELECT 1 AS x) SELECT * FROM b JOIN {mine} USING (x)", {mine}, Limit())[1] == []  # noqa: S608 - names of the test
    with pytest.raises(JobFailure, match=r"Syntax error|must be qualified|Table functions"):
        engine.query(text.format(mine=mine, other=other), {mine}, Limit())


def test_changes_see_only_their_tables(cloud: Cloud) -> None:
    assert (
        run(cloud, ALICE, "INSERT INTO open.o WITH _mockcloud_rows_1 AS (SELECT 'x' AS k) SELECT k FROM open.o")[0]
        == 400
    )
    assert run(cloud, ALICE, "INSERT INTO open.o SELECT k FROM secret.k")[0] == 200
    _, body = run(cloud, BOB, "SELECT k FROM open.o ORDER BY k")
    assert [each["f"][0]["v"] for each in body["rows"]] == ["key", "seen"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM {0}, (WITH {0} AS (SELECT 1 AS one) SELECT * FROM {0})",
        "WITH a AS (SELECT * FROM {0}), {0} AS (SELECT 1 AS one) SELECT * FROM a",
        "WITH {0} AS (SELECT * FROM {0}) SELECT * FROM {0}",
        "WITH RECURSIVE a AS (SELECT * FROM {0}), {0} AS (SELECT 1 AS one) SELECT * FROM a",
    ],
)
@pytest.mark.parametrize("table", ["t1", "duckdb_tables"])
def test_expressions_are_known_only_where_they_are_in_scope(cloud: Cloud, text: str, table: str) -> None:
    code, body = run(cloud, BOB, text.format(table))
    assert (code, "must be qualified" in body["error"]["message"]) == (400, True)


def test_expressions_may_have_any_name(cloud: Cloud) -> None:
    for text in (
        "WITH t1 AS (SELECT 1 AS x), t2 AS (SELECT x FROM T1) SELECT (SELECT x FROM t2) AS x FROM open.o",
        "WITH RECURSIVE t1 AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM t1 WHERE x < 1) SELECT x FROM t1",
        "WITH o AS (SELECT 1 AS x) SELECT (WITH o AS (SELECT x FROM o) SELECT x FROM o) AS x FROM open.o",
    ):
        code, body = run(cloud, BOB, text)
        assert (code, body["rows"]) == (200, [{"f": [{"v": "1"}]}]), text


def test_who_may_not_list_a_dataset_is_not_told_of_it(cloud: Cloud) -> None:
    for text in ("SELECT * FROM secret.INFORMATION_SCHEMA.COLUMNS", "SELECT * FROM acme.secret.__TABLES__"):
        code, body = run(cloud, BOB, text)
        assert (code, body["error"]["errors"][0]["reason"]) == (403, "accessDenied"), text
    for text in (
        "SELECT table_name FROM open.INFORMATION_SCHEMA.TABLES",
        "SELECT table_name FROM `region-us`.INFORMATION_SCHEMA.TABLES",
    ):
        assert run(cloud, BOB, text)[1]["rows"] == [{"f": [{"v": "o"}]}], text
    schemas = "SELECT schema_name FROM INFORMATION_SCHEMA.SCHEMATA ORDER BY 1"
    assert run(cloud, BOB, schemas)[1]["rows"] == [{"f": [{"v": "open"}]}]
    assert len(run(cloud, ALICE, schemas)[1]["rows"]) == 2


def test_what_there_is_is_told_project_by_project(cloud: Cloud) -> None:
    grant(cloud, "roles/bigquery.admin", ALICE, name="projects/other")
    other = BASE.replace("acme", "other")
    ask(cloud, "POST", f"{other}/datasets", {"datasetReference": {"datasetId": "d"}}, token=mock_token(ALICE))
    view = "SELECT schema_name FROM INFORMATION_SCHEMA.SCHEMATA"
    body = {"tableReference": {"tableId": "v"}, "view": {"query": view, "useLegacySql": False}}
    assert ask(cloud, "POST", f"{other}/datasets/d/tables", body, token=mock_token(ALICE))[0] == 200
    text = f"SELECT v.schema_name AS a, s.schema_name AS b FROM other.d.v, ({view}) AS s ORDER BY 2"  # noqa: S608 - a text of the test
    _, found = run(cloud, ALICE, text)
    assert "rows" in found, found
    assert [[cell["v"] for cell in row["f"]] for row in found["rows"]] == [["d", "open"], ["d", "secret"]]


@pytest.fixture
def rowed() -> Cloud:
    """A cloud with a table of which Bob sees his own rows, and Alice, who made it, none."""
    made = new_cloud("strict", off=["enablement", "projects"])
    grant(made, "roles/bigquery.admin", ALICE)
    grant(made, "roles/bigquery.jobUser", BOB)
    grant(made, "roles/bigquery.dataEditor", BOB)
    base = "bigquery.googleapis.com/bigquery/v2/projects/acme"
    ask(made, "POST", f"{base}/datasets", {"datasetReference": {"datasetId": "d"}}, token=mock_token(ALICE))
    assert (
        run(made, ALICE, "CREATE TABLE d.t AS SELECT 'bob@acme.test' AS who, 1 AS x UNION ALL SELECT 'eve', 2")[0]
        == 200
    )
    policy = {
        "rowAccessPolicyReference": {"policyId": "own"},
        "filterPredicate": "who = SESSION_USER()",
        "grantees": [BOB],
    }
    path = f"{base}/datasets/d/tables/t/rowAccessPolicies"
    assert ask(made, "POST", path, policy, token=mock_token(ALICE))[0] == 200
    return made


def test_row_access_policies_say_who_sees_which_rows(rowed: Cloud) -> None:
    for text in ("SELECT x FROM d.t", "SELECT b.x FROM d.t AS a JOIN d.t AS b USING (x)", "SELECT COUNT(*) FROM d.t"):
        code, body = run(rowed, BOB, text)
        assert (code, [each["f"][0]["v"] for each in body["rows"]]) == (200, ["1"]), text
    assert run(rowed, ALICE, "SELECT x FROM d.t")[1].get("rows") is None
    listed = "bigquery.googleapis.com/bigquery/v2/projects/acme/datasets/d/tables/t/data"
    assert ask(rowed, "GET", listed, token=mock_token(BOB))[1]["totalRows"] == "1"
    assert ask(rowed, "GET", listed, token=mock_token(ALICE))[1]["totalRows"] == "0"


def test_who_does_not_see_all_rows_neither_changes_nor_takes_the_table(rowed: Cloud) -> None:
    for text in ("DELETE FROM d.t WHERE TRUE", "UPDATE d.t SET x = 5 WHERE TRUE", "CREATE TABLE d.c COPY d.t"):
        code, body = run(rowed, BOB, text)
        assert (code, body["error"]["errors"][0]["reason"]) == (403, "accessDenied"), text
    base = "bigquery.googleapis.com/bigquery/v2/projects/acme"
    all_rows = {"rowAccessPolicyReference": {"policyId": "all"}, "filterPredicate": "TRUE", "grantees": [BOB]}
    path = f"{base}/datasets/d/tables/t/rowAccessPolicies"
    assert ask(rowed, "POST", path, all_rows, token=mock_token(ALICE))[0] == 200
    assert run(rowed, BOB, "UPDATE d.t SET x = 5 WHERE TRUE")[0] == 200
    assert {each["f"][0]["v"] for each in run(rowed, BOB, "SELECT x FROM d.t")[1]["rows"]} == {"5"}


def test_where_nobody_asks_all_rows_are_seen() -> None:
    lenient = new_cloud()
    base = "bigquery.googleapis.com/bigquery/v2/projects/acme"
    ask(lenient, "POST", f"{base}/datasets", {"datasetReference": {"datasetId": "d"}})
    run(lenient, ALICE, "CREATE TABLE d.t AS SELECT 1 AS x")
    policy = {"rowAccessPolicyReference": {"policyId": "own"}, "filterPredicate": "FALSE", "grantees": [BOB]}
    assert ask(lenient, "POST", f"{base}/datasets/d/tables/t/rowAccessPolicies", policy)[0] == 200
    assert len(run(lenient, ALICE, "SELECT x FROM d.t")[1]["rows"]) == 1
