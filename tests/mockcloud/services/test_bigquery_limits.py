"""What a query may take: time, memory, the size of what it gives, and of what one function makes."""

import json
from pathlib import Path
from typing import Any

import pytest

from mockcloud.services.bigquery import limits
from mockcloud.services.bigquery.refusals import too_much
from mockcloud.simulator import new_cloud
from tests.mockcloud.services.data_rest import Rest

NUMBERS = "UNNEST(GENERATE_ARRAY(1, 30000))"
MANY = f"SELECT COUNT(*) FROM {NUMBERS} AS a, {NUMBERS} AS b WHERE MOD(a * b, 7) = 3"  # noqa: S608 - a text of the tests


@pytest.fixture(scope="module")
def rest() -> Rest:
    return Rest("bigquery.googleapis.com", "/bigquery/v2/projects/acme", new_cloud())


def rows(rest: Rest, text: str) -> list[Any]:
    found = rest("POST", "/queries", "", {"query": text, "useLegacySql": False})
    return [[cell["v"] for cell in each["f"]] for each in found.get("rows", [])]


def refused(rest: Rest, text: str) -> tuple[str, str]:
    found = rest.raw("POST", f"{rest.front}/queries", "", {"query": text, "useLegacySql": False})
    assert found.status == 400, found.body
    (error,) = json.loads(found.body)["error"]["errors"]
    return error["reason"], error["message"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("ARRAY_LENGTH(GENERATE_ARRAY(1, 5))", "5"),
        ("TO_JSON_STRING(GENERATE_ARRAY(5, 1, -2))", "[5,3,1]"),
        ("ARRAY_LENGTH(GENERATE_ARRAY(0.0, 1.0, 0.25))", "5"),
        ("ARRAY_LENGTH(GENERATE_ARRAY(1, (SELECT 3)))", "3"),
        ("ARRAY_LENGTH(GENERATE_DATE_ARRAY('2020-01-01', '2020-01-05'))", "5"),
        ("ARRAY_LENGTH(GENERATE_DATE_ARRAY(DATE '2020-01-01', DATE '2020-03-05', INTERVAL 1 MONTH))", "3"),
        ("ARRAY_LENGTH(GENERATE_TIMESTAMP_ARRAY('2020-01-01', '2020-01-02', INTERVAL 6 HOUR))", "5"),
        ("REPEAT(REPEAT('ab', 2), 2)", "abababab"),
        ("CONCAT(LPAD('a', 3), RPAD('a', 3, 'b'))", "  aabb"),
    ],
)
def test_functions_that_make_much_still_make_little(rest: Rest, expression: str, value: str) -> None:
    assert rows(rest, f"SELECT {expression}") == [[value]]


@pytest.mark.parametrize(
    ("text", "reason", "word"),
    [
        ("SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 1000001))", "resourcesExceeded", "1000000 entries"),
        ("SELECT ARRAY_LENGTH(GENERATE_ARRAY(1, 100000000000))", "resourcesExceeded", "100000 entries"),
        (
            "SELECT COUNT(*) FROM UNNEST([1000000]) AS n, UNNEST(GENERATE_ARRAY(1, n))",
            "resourcesExceeded",
            "100000 entries",
        ),
        (
            "SELECT ARRAY_LENGTH(GENERATE_DATE_ARRAY('0001-01-01', '9999-12-31'))",
            "resourcesExceeded",
            "100000 entries",
        ),
        (
            "SELECT COUNT(*) FROM UNNEST(GENERATE_TIMESTAMP_ARRAY('2000-01-01', '2001-01-01', INTERVAL 1 SECOND))",
            "resourcesExceeded",
            "1000000 entries",
        ),
        ("SELECT LENGTH(REPEAT('ab', 1000000000))", "invalidQuery", "Output of REPEAT exceeds"),
        ("SELECT LENGTH(REPEAT(REPEAT('a', 1000000), 2))", "invalidQuery", "Output of REPEAT exceeds"),
        ("SELECT LENGTH(LPAD('a', 1000000000))", "invalidQuery", "Output of LPAD exceeds"),
        ("SELECT LENGTH(RPAD('a', 1000000000, 'b'))", "invalidQuery", "Output of RPAD exceeds"),
        ("SELECT range(1000000000)", "invalidQuery", "Function not found: range"),
    ],
)
def test_what_one_function_makes_is_held_to_a_size(rest: Rest, text: str, reason: str, word: str) -> None:
    found, message = refused(rest, text)
    assert (found, word in message) == (reason, True), message


def test_a_job_has_a_time_for_all_its_statements(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_SECONDS", 0.1)
    for text in (MANY, f"SELECT 1; {MANY}; SELECT 2"):
        reason, message = refused(rest, text)
        assert (reason, "ran for more than 0.1 s" in message) == ("resourcesExceeded", True), message
    assert rows(rest, "SELECT 1; SELECT 2") == [["2"]]


def test_no_further_statement_begins_when_the_time_is_over(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits.Limit, "check", lambda _: (_ for _ in ()).throw(too_much("it is late")))
    assert refused(rest, "SELECT 1")[1].endswith("it is late.")


def test_a_job_has_memory_as_far_as_the_system_tells(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = iter(range(0, 10**15, 10**12))
    monkeypatch.setattr(limits, "_resident", lambda: next(seen))
    reason, message = refused(rest, MANY)
    assert (reason, "more memory than 2 GB" in message) == ("resourcesExceeded", True), message


def test_a_system_that_tells_no_memory_is_not_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(limits, "_STATM", tmp_path / "none")
    assert limits._resident() == 0


def test_a_result_has_a_size(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_ROWS", 10)
    assert "more than 10 rows" in refused(rest, "SELECT x FROM UNNEST(GENERATE_ARRAY(1, 11)) AS x")[1]
    assert len(rows(rest, "SELECT x FROM UNNEST(GENERATE_ARRAY(1, 10)) AS x")) == 10
    monkeypatch.setattr(limits, "_BYTES", 3_000_000)
    for value in ("REPEAT('a', 1000000)", "[STRUCT(REPEAT('a', 1000000) AS a)]"):
        assert "larger than 3 MB" in refused(rest, f"SELECT {value} FROM UNNEST([1, 2, 3, 4])")[1]  # noqa: S608 - as above
