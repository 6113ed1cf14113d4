"""What statements and jobs of BigQuery are held to where IAM decides."""

from typing import Any

import pytest

from mockcloud.cloud.cloud import Cloud
from mockcloud.cloud.tokens import mock_token
from tests.mockcloud.cloud.asking import ALICE, BOB, PROJECT, ask, grant, strict

B = f"bigquery.googleapis.com/bigquery/v2/{PROJECT}"
DATASET = f"{PROJECT}/datasets/d"


@pytest.fixture
def cloud() -> Cloud:
    made = strict()
    grant(made, "roles/bigquery.jobUser", ALICE, BOB)
    assert ask(made, "POST", f"{B}/datasets", {"datasetReference": {"datasetId": "d"}})[0] == 200
    assert query(made, "", "CREATE TABLE `acme.d.t` (a STRING)")[0] == 200
    return made


def query(cloud: Cloud, member: str, text: str) -> tuple[int, Any]:
    token = mock_token(member) if member else None
    return ask(cloud, "POST", f"{B}/queries", {"query": text, "useLegacySql": False}, token=token)


@pytest.mark.parametrize(
    ("text", "permission"),
    [
        ("DROP TABLE `acme.d.t`", "bigquery.tables.delete"),
        ("DROP TABLE IF EXISTS `acme.d.none`", "bigquery.tables.delete"),
        ("ALTER TABLE `acme.d.t` ADD COLUMN b STRING", "bigquery.tables.update"),
        ("CREATE TABLE `acme.d.u` (a STRING)", "bigquery.tables.create"),
        ("CREATE OR REPLACE TABLE `acme.d.t` (a STRING)", "bigquery.tables.create"),
        ("DROP SCHEMA `acme.d` CASCADE", "bigquery.datasets.delete"),
        ("CREATE SCHEMA `acme.e`", "bigquery.datasets.create"),
        ("DELETE FROM `acme.d.t` WHERE true", "bigquery.tables."),
        ("SELECT a FROM `acme.d.t`", "bigquery.tables.getData"),
    ],
)
def test_a_statement_needs_what_it_does(cloud: Cloud, text: str, permission: str) -> None:
    status, body = query(cloud, ALICE, text)
    assert status == 403
    assert permission in body["error"]["message"]
    grant(cloud, "roles/bigquery.admin", ALICE)
    assert query(cloud, ALICE, text)[0] == 200


def test_a_job_of_another_is_not_shown(cloud: Cloud) -> None:
    grant(cloud, "roles/bigquery.dataViewer", ALICE)
    made = query(cloud, ALICE, "SELECT a FROM `acme.d.t`")
    job = made[1]["jobReference"]["jobId"]
    for verb, path in (("GET", f"jobs/{job}"), ("GET", f"queries/{job}"), ("POST", f"jobs/{job}/cancel")):
        assert ask(cloud, verb, f"{B}/{path}", token=mock_token(ALICE))[0] == 200
        refused = ask(cloud, verb, f"{B}/{path}", token=mock_token(BOB))
        assert (refused[0], refused[1]["error"]["errors"][0]["reason"]) == (403, "accessDenied")
    grant(cloud, "roles/bigquery.admin", BOB)
    assert ask(cloud, "GET", f"{B}/queries/{job}", token=mock_token(BOB))[0] == 200
