"""RAI-08: training data has quality checks."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_08 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, outcomes, put, secret, stated_verdicts, verdict

NAME = f"//bigquery.googleapis.com/projects/{PROJECT}/datasets/census/tables/income"
INPUTS: dict[str, Any] = {
    "data": {"resource": NAME},
    "dataQualitySpec": {"rules": [{"column": "age", "dimension": "VALIDITY", "rangeExpectation": {"minValue": "0"}}]},
    "executionSpec": {"trigger": {"schedule": {"cron": "0 5 * * 1"}}},
    "project": PROJECT,
}
SCAN = R("dataplex.Datascan", INPUTS, "scan")
ACCOUNT = f"trainer@{PROJECT}.iam.gserviceaccount.com"
DATASET = R("bigquery.Dataset", {"project": PROJECT, "datasetId": "census"}, "census")
TABLE = R("bigquery.Table", {"project": PROJECT, "datasetId": "census", "tableId": "income"}, "income")
READS = R(
    "bigquery.DatasetIamMember",
    {
        "project": PROJECT,
        "datasetId": "census",
        "role": "roles/bigquery.dataViewer",
        "member": f"serviceAccount:{ACCOUNT}",
    },
    "reads",
)
TRAINING = R("colab.Schedule", {"createPipelineJobRequest": {"pipelineJob": {"serviceAccount": ACCOUNT}}}, "weekly")
WORLD = (DATASET, TABLE, READS, TRAINING)

test_stated_verdicts = stated_verdicts(CONTROL, [SCAN])


def scan(path: str, value: object, name: str = "scan") -> R:
    return R("dataplex.Datascan", put(INPUTS, path, value), name)


def of_table(*scans: R, **world: Any) -> Verdict:
    return outcomes(CONTROL, *WORLD, *scans, **world)["income"].verdict


def test_a_table_that_training_reads_needs_a_scan() -> None:
    assert of_table() is Verdict.FAIL
    assert of_table(SCAN) is Verdict.PASS


def test_a_table_that_no_training_reads_needs_none() -> None:
    assert "income" not in outcomes(CONTROL, DATASET, TABLE, TRAINING)
    assert "income" not in outcomes(CONTROL, DATASET, TABLE, READS)


@pytest.mark.parametrize("kind", ["view", "materializedView"])
def test_what_a_view_shows_is_checked_behind_it(kind: str) -> None:
    view = replace(TABLE, inputs={**TABLE.inputs, kind: {"query": "select 1"}})
    assert "income" not in outcomes(CONTROL, DATASET, view, READS, TRAINING)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("dataQualitySpec.rules", []),
        ("dataQualitySpec.rules", ...),
        ("executionSpec.trigger", {"onDemand": {}}),
        ("executionSpec.trigger", {"oneTime": {}}),
        ("executionSpec.trigger.schedule.cron", " "),
    ],
    ids=str,
)
def test_a_scan_without_rules_or_schedule_fails_and_helps_nobody(path: str, value: object) -> None:
    bad = scan(path, value)
    assert verdict(CONTROL, bad) is Verdict.FAIL
    assert of_table(bad) is Verdict.FAIL
    assert of_table(bad, replace(SCAN, name="other")) is Verdict.PASS


RULE = {"dimension": "COMPLETENESS", "column": "age", "nonNullExpectation": {}}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([{**RULE, "suspended": True}], Verdict.FAIL),
        ([{**RULE, "suspended": True}, RULE], Verdict.PASS),
        ([{**RULE, "suspended": False}], Verdict.PASS),
        ([{**RULE, "suspended": UNKNOWN}], Verdict.INDETERMINATE),
        ([{**RULE, "suspended": True}, {**RULE, "suspended": UNKNOWN}], Verdict.INDETERMINATE),
    ],
)
def test_a_rule_that_is_suspended_asks_for_nothing(rules: list[dict[str, Any]], expected: Verdict) -> None:
    found = outcome(CONTROL, scan("dataQualitySpec.rules", rules))
    assert found.verdict is expected
    assert all(each.path.endswith(".suspended") for each in found.reasons)


@pytest.mark.parametrize("spec", [{"dataProfileSpec": {}}, {"dataDiscoverySpec": {}}], ids=str)
def test_a_profile_asks_for_nothing(spec: dict[str, object]) -> None:
    inputs = {**{key: value for key, value in INPUTS.items() if key != "dataQualitySpec"}, **spec}
    profile = R("dataplex.Datascan", inputs, "scan")
    assert verdict(CONTROL, profile) is Verdict.NOT_APPLICABLE
    assert of_table(profile) is Verdict.FAIL


@pytest.mark.parametrize("rules", [["age"], [7], [{"column": "age"}, "age"], "age", UNKNOWN, secret()], ids=str)
def test_what_is_no_rule_is_indeterminate(rules: object) -> None:
    assert verdict(CONTROL, scan("dataQualitySpec.rules", rules)) is Verdict.INDETERMINATE
    assert of_table(scan("dataQualitySpec.rules", rules)) is Verdict.INDETERMINATE


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (f"//bigquery.googleapis.com/projects/{PROJECT}/datasets/census/tables/other", Verdict.FAIL),
        (f"//bigquery.googleapis.com/projects/{PROJECT}/datasets/other/tables/income", Verdict.FAIL),
        ("//bigquery.googleapis.com/projects/acme-other/datasets/census/tables/income", Verdict.FAIL),
        ("//storage.googleapis.com/buckets/income", Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
        (secret(), Verdict.INDETERMINATE),
        (7, Verdict.INDETERMINATE),
        (..., Verdict.FAIL),
    ],
    ids=str,
)
def test_a_scan_is_of_the_table_that_it_names(resource: object, expected: Verdict) -> None:
    assert of_table(scan("data.resource", resource)) is expected


def test_an_entity_names_a_table_that_nobody_can_tell() -> None:
    assert of_table(scan("data", {"entity": "projects/p/locations/l/lakes/k/zones/z/entities/e"})) is (
        Verdict.INDETERMINATE
    )


def test_the_table_may_be_made_in_the_same_run() -> None:
    later = replace(scan("data.resource", UNKNOWN), origins={"data.resource": TABLE.urn})
    assert of_table(later) is Verdict.PASS


def test_in_a_part_of_a_deployment_no_table_passes() -> None:
    assert of_table(SCAN, complete=False) is Verdict.INDETERMINATE
