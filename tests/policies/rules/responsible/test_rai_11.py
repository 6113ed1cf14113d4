"""RAI-11: lineage is recorded."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.responsible.rai_11 import CONTROL
from tests.policies.rules.harness import PROJECT, R, outcome, put, secret, stated_verdicts, verdict

HERE = {"project": PROJECT, "region": "europe-west4"}
STORE = R("vertex.AiMetadataStore", {**HERE, "name": "default"}, "store")
SCHEDULE = R(
    "colab.Schedule",
    {
        "project": PROJECT,
        "location": "europe-west4",
        "createPipelineJobRequest": {"pipelineJob": {"displayName": "weekly"}},
    },
)
POOL = R("vertex.AiPersistentResource", {"project": HERE["project"], "location": HERE["region"]})
AIRFLOW = R("composer.Environment", {"config": {"softwareConfig": {"cloudDataLineageIntegration": {"enabled": True}}}})
INGESTION = R(
    "datalineage.Config",
    {
        "parent": f"projects/{PROJECT}",
        "ingestion": {
            "rules": [
                {"integrationSelector": {"integration": "DATAPROC"}, "lineageEnablement": {"enabled": True}},
            ]
        },
    },
)

test_stated_verdicts = stated_verdicts(CONTROL, [SCHEDULE, POOL, AIRFLOW, INGESTION], STORE)


@pytest.mark.parametrize("trains", [SCHEDULE, POOL], ids=["schedule", "pool"])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Verdict.PASS),
        ({"name": "lineage"}, Verdict.FAIL),
        ({"name": None}, Verdict.FAIL),
        ({"region": "us-central1"}, Verdict.FAIL),
        ({"project": "acme-other"}, Verdict.FAIL),
        ({"name": UNKNOWN}, Verdict.INDETERMINATE),
        ({"region": UNKNOWN}, Verdict.INDETERMINATE),
        ({"project": UNKNOWN}, Verdict.INDETERMINATE),
        ({"name": secret()}, Verdict.INDETERMINATE),
        ({"name": "lineage", "region": UNKNOWN}, Verdict.FAIL),
    ],
    ids=str,
)
def test_the_default_store_of_the_region_records(trains: R, change: dict[str, Any], expected: Verdict) -> None:
    assert verdict(CONTROL, trains, replace(STORE, inputs={**STORE.inputs, **change})) is expected


@pytest.mark.parametrize("trains", [SCHEDULE, POOL], ids=["schedule", "pool"])
def test_a_region_without_a_store_fails_at_the_region(trains: R) -> None:
    found = outcome(CONTROL, trains)
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("location", "europe-west4")]


def test_another_store_in_doubt_takes_nothing_away() -> None:
    doubtful = R("vertex.AiMetadataStore", {**HERE, "name": UNKNOWN}, "doubtful")
    assert verdict(CONTROL, POOL, doubtful, STORE) is Verdict.PASS


def test_a_schedule_of_notebooks_trains_nothing() -> None:
    notebook = R("colab.Schedule", {"location": "europe-west4", "createNotebookExecutionJobRequest": {}})
    assert verdict(CONTROL, notebook) is Verdict.NOT_APPLICABLE


def test_in_a_part_of_a_deployment_the_store_may_be_elsewhere() -> None:
    assert verdict(CONTROL, POOL, complete=False) is Verdict.FAIL
    assert verdict(CONTROL, POOL, STORE, complete=False) is Verdict.PASS


@pytest.mark.parametrize("value", [False, ..., {}], ids=str)
def test_composer_records_only_if_it_is_told_to(value: object) -> None:
    path = "config.softwareConfig.cloudDataLineageIntegration"
    changed = put(AIRFLOW.inputs, path, value) if value is not False else put(AIRFLOW.inputs, f"{path}.enabled", value)
    assert verdict(CONTROL, replace(AIRFLOW, inputs=changed)) is Verdict.FAIL


def test_each_rule_of_ingestion_takes_lineage_in() -> None:
    rules = [{"lineageEnablement": {"enabled": True}}, {"lineageEnablement": {"enabled": False}}]
    found = outcome(CONTROL, replace(INGESTION, inputs=put(INGESTION.inputs, "ingestion.rules", rules)))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == ["ingestion.rules[1].lineageEnablement.enabled"]


@pytest.mark.parametrize("inputs", [{}, {"ingestion": {}}, {"ingestion": {"rules": []}}], ids=str)
def test_without_rules_no_lineage_is_taken_in(inputs: dict[str, Any]) -> None:
    assert verdict(CONTROL, replace(INGESTION, inputs=inputs)) is Verdict.FAIL
