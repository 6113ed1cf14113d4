"""Functions that users define in SQL."""

from typing import Any

import pytest

from tests.mockcloud.services.data_rest import Rest
from tests.mockcloud.services.test_bigquery_meaning import refused, rows, run


@pytest.fixture(scope="module")
def rest() -> Rest:
    rest = Rest("bigquery.googleapis.com", "/bigquery/v2/projects/acme")
    rest("POST", "/datasets", "", {"datasetReference": {"datasetId": "d"}})
    run(rest, "CREATE TABLE d.t AS SELECT 1 AS k, 'a' AS n UNION ALL SELECT 2, 'b'")
    run(rest, "CREATE FUNCTION d.joined(x INT64, y STRING) RETURNS STRING AS (CONCAT(y, CAST(x AS STRING)))")
    return rest


def routine(rest: Rest, name: str) -> Any:
    return rest("GET", f"/datasets/d/routines/{name}")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CREATE TEMP FUNCTION more(x INT64) AS (x + 1); SELECT more(more(k)) FROM d.t ORDER BY 1", [["3"], ["4"]]),
        ("SELECT d.joined(k, n) FROM d.t ORDER BY 1", [["a1"], ["b2"]]),
        ("SELECT acme.d.joined(1, 'x'), `acme.d.joined`(2, 'y')", [["x1", "y2"]]),
        (
            "CREATE TEMP FUNCTION top(x ANY TYPE) AS ((SELECT MAX(v) FROM UNNEST([x, 5]) AS v)); SELECT top(9), top(1)",
            [["9", "5"]],
        ),
        ("CREATE TEMP FUNCTION inner_of(b STRUCT<z STRING>) AS (b.z); SELECT inner_of(STRUCT('q' AS z))", [["q"]]),
    ],
)
def test_functions_stand_for_what_they_say(rest: Rest, text: str, found: list[Any]) -> None:
    assert rows(rest, text) == found


def test_functions_are_routines(rest: Rest) -> None:
    made = routine(rest, "joined")
    assert made["definitionBody"] == "CONCAT(y, CAST(x AS STRING))"
    assert [each["dataType"]["typeKind"] for each in made["arguments"]] == ["INT64", "STRING"]
    given = {
        "routineReference": {"routineId": "twice"},
        "routineType": "SCALAR_FUNCTION",
        "language": "SQL",
        "definitionBody": "x[OFFSET(0)] * s.two",
        "arguments": [
            {"name": "x", "dataType": {"typeKind": "ARRAY", "arrayElementType": {"typeKind": "INT64"}}},
            {"name": "s", "dataType": {"typeKind": "STRUCT"}},
        ],
        "returnType": {"typeKind": "FLOAT64"},
    }
    rest("POST", "/datasets/d/routines", "", given)
    assert rows(rest, "SELECT d.twice([4], STRUCT(2 AS two))") == [["8.0"]]
    pair = {"typeKind": "STRUCT", "structType": {"fields": [{"name": "a", "type": {"typeKind": "INT64"}}]}}
    listed = {"typeKind": "ARRAY", "arrayElementType": pair}
    rest(
        "POST",
        "/datasets/d/routines",
        "",
        {
            **given,
            "routineReference": {"routineId": "pairs"},
            "definitionBody": "[STRUCT(1 AS a)]",
            "arguments": [],
            "returnType": listed,
        },
    )
    assert rows(rest, "SELECT ARRAY_LENGTH(d.pairs())") == [["1"]]
    run(rest, "CREATE FUNCTION d.shaped(a ARRAY<STRUCT<z STRING>>) RETURNS INT64 AS (1)")
    element = routine(rest, "shaped")["arguments"][0]["dataType"]["arrayElementType"]
    assert element == {"typeKind": "STRUCT", "structType": {"fields": [{"name": "z", "type": {"typeKind": "STRING"}}]}}


def test_functions_are_made_anew_and_removed(rest: Rest) -> None:
    run(rest, "CREATE FUNCTION d.passing() AS (1)")
    assert refused(rest, "CREATE FUNCTION d.passing() AS (2)")[0] == 409
    run(rest, "CREATE FUNCTION IF NOT EXISTS d.passing() AS (2)")
    assert rows(rest, "SELECT d.passing()") == [["1"]]
    run(rest, "CREATE OR REPLACE FUNCTION d.passing() AS (2)")
    assert rows(rest, "SELECT d.passing()") == [["2"]]
    run(rest, "DROP FUNCTION d.passing")
    run(rest, "DROP FUNCTION IF EXISTS d.passing")
    assert refused(rest, "DROP FUNCTION d.passing") == (404, "Not found: Routine acme:d.passing")


@pytest.mark.parametrize(
    ("text", "status", "word"),
    [
        ("SELECT d.joined(1)", 400, "No matching signature"),
        ("CREATE TEMP FUNCTION own(x INT64) AS (own(x)); SELECT own(1)", 400, "nested too deeply"),
        ("CREATE TEMP FUNCTION own(x INT64) AS (own(x) + own(x) + own(x)); SELECT own(1)", 400, "nested too deeply"),
        ("CREATE TEMP FUNCTION js(x FLOAT64) RETURNS FLOAT64 LANGUAGE js AS 'return x;'; SELECT js(1)", 501, "in JS"),
        ("CREATE TABLE FUNCTION d.rows(x INT64) AS SELECT x", 501, "that give tables"),
        ("SELECT d.no_such(1)", 400, "Function not found: no_such"),
        ("CREATE FUNCTION missing.f() AS (1)", 404, "missing"),
    ],
)
def test_what_makes_no_sense_or_is_not_modelled_is_refused(rest: Rest, text: str, status: int, word: str) -> None:
    found, message = refused(rest, text)
    assert (found, word in message) == (status, True), message


@pytest.mark.parametrize(
    ("more", "word"),
    [({"language": "JAVASCRIPT"}, "in JAVASCRIPT"), ({"definitionBody": "1 +"}, "makes no sense")],
)
def test_routines_that_cannot_run_say_so(rest: Rest, more: Any, word: str) -> None:
    given = {"routineType": "SCALAR_FUNCTION", "definitionBody": "1", "routineReference": {"routineId": "odd"}, **more}
    rest("POST", "/datasets/d/routines", "", given)
    assert word in refused(rest, "SELECT d.odd()")[1]
    rest("DELETE", "/datasets/d/routines/odd")
