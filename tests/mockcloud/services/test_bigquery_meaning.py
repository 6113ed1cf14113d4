"""Queries that mean something else to the database than they say, and definitions with all their clauses."""

import json
from typing import Any

import pytest

from mockcloud.simulator import new_cloud
from tests.mockcloud.services.data_rest import Rest


@pytest.fixture(scope="module")
def rest() -> Rest:
    rest = Rest("bigquery.googleapis.com", "/bigquery/v2/projects/acme", new_cloud())
    rest("POST", "/datasets", "", {"datasetReference": {"datasetId": "d"}})
    run(rest, "CREATE TABLE d.t AS SELECT 1 AS k, ['a', 'b'] AS l UNION ALL SELECT 2, []")
    return rest


def run(rest: Rest, text: str) -> Any:
    return rest("POST", "/queries", "", {"query": text, "useLegacySql": False})


def rows(rest: Rest, text: str) -> list[Any]:
    return [[cell["v"] for cell in each["f"]] for each in run(rest, text).get("rows", [])]


def refused(rest: Rest, text: str) -> tuple[int, str]:
    found = rest.raw("POST", f"{rest.front}/queries", "", {"query": text, "useLegacySql": False})
    return found.status, json.loads(found.body)["error"]["message"]


def table(rest: Rest, name: str) -> Any:
    return rest("GET", f"/datasets/d/tables/{name}")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SELECT x, o FROM UNNEST(['a', 'b']) AS x WITH OFFSET AS o ORDER BY o", [["a", "0"], ["b", "1"]]),
        ("SELECT k, x, offset FROM d.t, UNNEST(l) AS x WITH OFFSET WHERE offset = 1", [["1", "b", "1"]]),
        (
            "SELECT k, x, o FROM d.t LEFT JOIN UNNEST(l) AS x WITH OFFSET AS o WHERE k = 2",
            [["2", None, None]],
        ),
        ("SELECT l[OFFSET(o)], l[ORDINAL(o + 1)] FROM d.t, UNNEST([1]) AS o WHERE k = 1", [["b", "b"]]),
        (
            "SELECT (SELECT STRING_AGG(x ORDER BY o DESC) FROM UNNEST(l) AS x WITH OFFSET AS o) FROM d.t WHERE k = 1",
            [["b,a"]],
        ),
        (
            "SELECT FORMAT('%d-%s|%.2f|%05d|%t|%%', 1, 'a', 1.5, 7, DATE '2026-01-01')",
            [["1-a|1.50|00007|2026-01-01|%"]],
        ),
        ("SELECT FORMAT(\"%'d\", 1234567), FORMAT(CONCAT('%', 's'), 'a')", [["1,234,567", "a"]]),
        (
            "SELECT DATE_TRUNC(DATE '2026-01-17', MONTH), DATE_ADD(DATE '2026-01-31', INTERVAL 1 MONTH)",
            [["2026-01-01", "2026-02-28"]],
        ),
        (
            "SELECT DATE_TRUNC(DATE '2026-01-17', WEEK), DATE_TRUNC(DATE '2026-01-18', WEEK)",
            [["2026-01-11", "2026-01-18"]],
        ),
        (
            "SELECT DATE_TRUNC(DATE '2026-01-17', WEEK(MONDAY)), DATE_TRUNC(DATE '2026-01-17', ISOWEEK)",
            [["2026-01-12", "2026-01-12"]],
        ),
        ("SELECT ARRAY_LENGTH(ARRAY_AGG(x IGNORE NULLS ORDER BY x LIMIT 2)) FROM UNNEST([3, NULL, 1]) AS x", [["2"]]),
        ("SELECT ARRAY_LENGTH(ARRAY_AGG(x ORDER BY x LIMIT 1)) FROM UNNEST([3, 1]) AS x", [["1"]]),
        ("SELECT STRING_AGG(x, '|' ORDER BY x LIMIT 2) FROM UNNEST(['c', NULL, 'a', 'b']) AS x", [["a|b"]]),
        ("SELECT STRING_AGG(x ORDER BY x LIMIT 2) FROM UNNEST(['c', 'a', 'b']) AS x", [["a,b"]]),
    ],
)
def test_queries_mean_what_they_mean_to_bigquery(rest: Rest, text: str, found: list[Any]) -> None:
    assert rows(rest, text) == found


def test_dates_stay_dates(rest: Rest) -> None:
    found = run(rest, "SELECT DATE_SUB(DATE_ADD(DATE '2026-01-31', INTERVAL 1 DAY), INTERVAL 1 DAY) AS d")
    assert (found["schema"]["fields"][0]["type"], found["rows"][0]["f"][0]["v"]) == ("DATE", "2026-01-31")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("SELECT * FROM ML.EVALUATE(MODEL d.m)", "the function ML.EVALUATE of tables"),
        ("SELECT * FROM ML.PREDICT(MODEL d.m, (SELECT 1 AS x))", "the function ML.PREDICT of tables"),
        ("CREATE MODEL d.m OPTIONS(model_type = 'linear_reg') AS SELECT 1 AS label", "the statement CREATE MODEL"),
        ("SELECT ML.MIN_MAX_SCALER(1) OVER ()", "the function ML.MIN_MAX_SCALER"),
        ("SELECT HLL_COUNT.INIT(1)", "the function HLL_COUNT.INIT"),
        ("SELECT FARM_FINGERPRINT('a')", "the function FARM_FINGERPRINT"),
        ("SELECT ST_GEOGPOINT(1, 2)", "the function ST_GEOGPOINT"),
        ("SELECT NET.HOST('http://a.test')", "the function HOST"),
        ("SELECT FORMAT('%T', 1)", "FORMAT with '%T'"),
        ("ASSERT true", "the statement ASSERT"),
        ("BEGIN SELECT 1; END", "the statement BEGIN"),
        ("IF true THEN SELECT 1; END IF", "the statement IF"),
        ("CALL d.p()", "the statement CALL"),
        ("CREATE SNAPSHOT TABLE d.s CLONE d.t", "the statement CREATE SNAPSHOT TABLE"),
        ("DROP ALL ROW ACCESS POLICIES ON d.t", "the statement DROP ALL ROW ACCESS POLICIES"),
        ("CREATE EXTERNAL TABLE d.e OPTIONS(format = 'CSV', uris = ['gs://a/b'], quote = 'x')", "the option quote"),
    ],
)
def test_what_is_not_modelled_is_named(rest: Rest, text: str, what: str) -> None:
    status, message = refused(rest, text)
    assert (status, message.removesuffix(".").startswith(f"The mock cloud does not model {what}")) == (501, True), (
        message
    )


def test_a_function_that_nobody_has_is_not_found(rest: Rest) -> None:
    assert refused(rest, "SELECT no_such_function(1)") == (400, "Function not found: no_such_function")


def test_tables_are_copied_and_made_like_others(rest: Rest) -> None:
    for word, count in (("CLONE", "2"), ("COPY", "2"), ("LIKE", "0")):
        run(rest, f"CREATE TABLE d.of_{word} {word} d.t")
        made = table(rest, f"of_{word}")
        assert ([each["name"] for each in made["schema"]["fields"]], made["numRows"]) == (["k", "l"], count)
    run(rest, "CREATE VIEW d.v AS SELECT 1 AS one")
    assert "is not a table that can be copied" in refused(rest, "CREATE TABLE d.x CLONE d.v")[1]


def test_external_tables_and_materialized_views_are_that(rest: Rest) -> None:
    run(
        rest,
        "CREATE EXTERNAL TABLE d.e OPTIONS(format = 'CSV', uris = ['gs://a/b.csv'], skip_leading_rows = 1, "
        "field_delimiter = ';')",
    )
    assert table(rest, "e")["externalDataConfiguration"] == {
        "autodetect": True,
        "sourceFormat": "CSV",
        "sourceUris": ["gs://a/b.csv"],
        "csvOptions": {"skipLeadingRows": "1", "fieldDelimiter": ";"},
    }
    assert "format and uris" in refused(rest, "CREATE EXTERNAL TABLE d.f OPTIONS(format = 'JSON')")[1]
    run(rest, "CREATE MATERIALIZED VIEW d.m AS SELECT COUNT(*) AS n FROM d.t")
    assert table(rest, "m")["type"] == "MATERIALIZED_VIEW"
    assert rows(rest, "SELECT n FROM d.m") == [["2"]]


def test_columns_have_values_by_themselves_and_tables_keys(rest: Rest) -> None:
    run(
        rest,
        "CREATE TABLE d.k (a INT64 DEFAULT 5, b STRING, c TIMESTAMP DEFAULT CURRENT_TIMESTAMP(), "
        "PRIMARY KEY (b) NOT ENFORCED)",
    )
    made = table(rest, "k")
    assert made["tableConstraints"] == {"primaryKey": {"columns": ["b"]}}
    assert made["schema"]["fields"][0]["defaultValueExpression"] == "5"
    run(rest, "INSERT INTO d.k (b) VALUES ('x'), ('y')")
    run(rest, "INSERT INTO d.k (b) SELECT 'z'")
    run(rest, "INSERT INTO d.k (a, b, c) VALUES (1, 'w', NULL)")
    assert rows(rest, "SELECT a, b, c IS NULL FROM d.k ORDER BY b DESC") == [
        ["5", "z", "false"],
        ["5", "y", "false"],
        ["5", "x", "false"],
        ["1", "w", "true"],
    ]


def test_members_of_records_are_set(rest: Rest) -> None:
    run(
        rest,
        "CREATE TABLE d.recs AS SELECT 1 AS id, STRUCT(1 AS a, 'x' AS b, STRUCT(5 AS z, 6 AS y) AS s) AS r, 'n' AS n",
    )
    run(rest, "UPDATE d.recs AS t SET r.a = 4, t.n = 'm', t.r.s.z = r.a + 1 WHERE id = 1")
    assert rows(rest, "SELECT r.a, r.b, r.s.z, r.s.y, n FROM d.recs") == [["4", "x", "2", "6", "m"]]
    run(rest, "UPDATE `acme.d.recs` SET r.a = s.r FROM (SELECT 1 AS k, 8 AS r) AS s WHERE id = s.k")
    run(
        rest,
        "MERGE d.recs AS t USING (SELECT 1 AS k, 'z' AS r) AS s ON t.id = s.k WHEN MATCHED THEN UPDATE SET r.b = s.r",
    )
    assert rows(rest, "SELECT r.a, r.b FROM d.recs") == [["8", "z"]]
    for text, word in (
        ("r.nope = 1", "Field name nope does not exist in r"),
        ("nope = 1", "Column nope is not present"),
        ("n = 'a', n = 'b'", "Update item n assigned more than once"),
        ("r = NULL, r.a = 1", "Update item r.a assigned more than once"),
    ):
        status, message = refused(rest, f"UPDATE d.recs SET {text} WHERE TRUE")  # noqa: S608 - texts of the test
        assert (status, word in message) == (400, True), message
