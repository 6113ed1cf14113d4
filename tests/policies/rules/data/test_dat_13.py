"""DAT-13: sensitive data discovery runs."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_13 import CONTROL
from tests.policies.rules.harness import PARAMETERS, R, outcome, outcomes, put, secret, stated_verdicts, verdict

HERE = replace(PARAMETERS, discovery_elsewhere=False)
GOOD = R(
    "dataloss.PreventionDiscoveryConfig",
    {
        "parent": "projects/acme-ml/locations/europe-west4",
        "status": "RUNNING",
        "targets": [
            {
                "bigQueryTarget": {"filter": {"otherTables": {}}},
                "cloudStorageTarget": {"filter": {"others": {}}},
            }
        ],
    },
)
DATA = R("bigquery.Dataset", {"project": "acme-ml", "datasetId": "d"}, "data")

test_stated_verdicts = stated_verdicts(CONTROL, [GOOD])


def stack(*resources: R, parameters: Any = HERE, **world: Any) -> Verdict:
    return outcomes(CONTROL, *resources, parameters=parameters, **world)[""].verdict


def with_(path: str, value: object) -> R:
    return replace(GOOD, inputs=put(GOOD.inputs, path, value))


TABLES = replace(with_("targets", [{"bigQueryTarget": {"filter": {"otherTables": {}}}}]), name="tables")
BUCKETS = replace(with_("targets", [{"cloudStorageTarget": {"filter": {"others": {}}}}]), name="buckets")


def test_both_targets_may_stand_in_entries_of_their_own() -> None:
    targets = [
        {"bigQueryTarget": {"filter": {"tables": {}}}},
        {"bigQueryTarget": {"filter": {"otherTables": {}}, "conditions": {"orConditions": {"minAge": "86400s"}}}},
        {"cloudStorageTarget": {"filter": {"others": {}}}},
    ]
    assert verdict(CONTROL, with_("targets", targets)) is Verdict.PASS


@pytest.mark.parametrize("kind", ["bigQueryTarget", "cloudStorageTarget"])
@pytest.mark.parametrize(
    ("below", "value", "expected"),
    [
        ("disabled", {}, Verdict.FAIL),
        ("disabled", UNKNOWN, Verdict.FAIL),
        ("filter", {}, Verdict.FAIL),
        ("filter", {"tables": {}, "collection": {}}, Verdict.FAIL),
        ("conditions", {"createdAfter": "2026-01-01T00:00:00Z"}, Verdict.FAIL),
        ("filter", [], Verdict.FAIL),
        ("filter", {"otherTables": [], "others": ""}, Verdict.FAIL),
        ("filter", UNKNOWN, Verdict.INDETERMINATE),
        ("filter", {"otherTables": 7, "others": 7}, Verdict.INDETERMINATE),
        ("conditions", {"createdAfter": secret()}, Verdict.FAIL),
        ("conditions", {"types": {"types": ["DATABASE_RESOURCE_TYPE_TABLE"]}}, Verdict.FAIL),
        ("conditions", {"cloudStorageConditions": {"includedObjectAttributes": ["STANDARD"]}}, Verdict.FAIL),
        ("conditions", {"orConditions": {"minRowCount": 10}}, Verdict.FAIL),
        ("conditions", {"orConditions": {"minRowCount": UNKNOWN}}, Verdict.FAIL),
        ("conditions", {"orConditions": {"minRowCount": 10, "minAge": UNKNOWN}}, Verdict.FAIL),
        ("conditions", {"orConditions": {"minRowCount": 10, "minAge": "86400s"}}, Verdict.PASS),
        ("conditions", {"createdAfter": "", "types": {}, "typeCollection": "x"}, Verdict.PASS),
    ],
)
def test_a_target_that_leaves_something_out_does_not_count(
    kind: str, below: str, value: object, expected: Verdict
) -> None:
    found = outcome(CONTROL, with_(f"targets.{kind}.{below}", value))
    assert found.verdict is expected
    assert all(each.path.startswith("targets") for each in found.reasons)


@pytest.mark.parametrize("status", ["PAUSED", "running"])
def test_a_configuration_that_is_paused_fails(status: str) -> None:
    found = outcome(CONTROL, with_("status", status))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("status", status)]


@pytest.mark.parametrize("catch_all", ["bigQueryTarget", "cloudStorageTarget"])
def test_a_narrower_target_that_is_off_leaves_something_out(catch_all: str) -> None:
    narrow: dict[str, Any] = {catch_all: {"filter": {"tables": {}, "collection": {}}, "disabled": {}}}
    found = outcome(CONTROL, with_("targets", [narrow, *GOOD.inputs["targets"]]))
    assert found.verdict is Verdict.FAIL
    assert [each.path for each in found.reasons] == [f"targets[0].{catch_all}.disabled"]


@pytest.mark.parametrize("config", [TABLES, BUCKETS])
def test_a_configuration_is_judged_by_the_targets_that_it_has(config: R) -> None:
    assert verdict(CONTROL, config) is Verdict.PASS
    assert verdict(CONTROL, replace(config, inputs={**config.inputs, "status": "PAUSED"})) is Verdict.FAIL
    assert stack(DATA, config) is Verdict.FAIL
    unread = replace(config, inputs={**config.inputs, "targets": [*config.inputs["targets"], UNKNOWN]})
    assert verdict(CONTROL, unread) is Verdict.INDETERMINATE


def test_two_configurations_cover_a_project_together() -> None:
    assert stack(DATA, TABLES, BUCKETS) is Verdict.PASS
    paused = replace(BUCKETS, inputs={**BUCKETS.inputs, "status": "PAUSED"})
    found = outcomes(CONTROL, DATA, TABLES, paused, parameters=HERE)[""]
    assert found.verdict is Verdict.FAIL
    assert "covers its buckets" in "".join(each.message for each in found.reasons)
    assert stack(DATA, TABLES, replace(TABLES, name="again")) is Verdict.FAIL


def test_a_configuration_of_other_storage_is_not_judged_and_covers_nothing() -> None:
    other = with_("targets", [{"cloudSqlTarget": {"filter": {"others": {}}}}])
    assert verdict(CONTROL, other) is Verdict.NOT_APPLICABLE
    assert stack(DATA, other) is Verdict.FAIL


def test_a_project_with_data_is_covered() -> None:
    assert stack(DATA, GOOD) is Verdict.PASS
    assert stack(R("storage.Bucket", {"project": "acme-ml"}, "data"), GOOD) is Verdict.PASS


def test_where_there_is_no_data_there_is_nothing_to_discover() -> None:
    assert "" not in outcomes(CONTROL, GOOD, parameters=HERE)


@pytest.mark.parametrize(
    "config",
    [
        None,
        with_("status", "PAUSED"),
        with_("parent", "projects/other/locations/eu"),
        with_("parent", "projects/acme-ml2/locations/eu"),
        replace(
            with_("parent", "organizations/1/locations/eu"),
            inputs={
                **with_("status", "PAUSED").inputs,
                "parent": "organizations/1/locations/eu",
                "orgConfig": {"location": {"organizationId": "1"}},
            },
        ),
    ],
)
def test_a_project_that_nothing_covers_fails(config: R | None) -> None:
    resources = [DATA, *([config] if config else [])]
    assert stack(*resources) is Verdict.FAIL
    assert stack(*resources, complete=False) is Verdict.INDETERMINATE
    assert stack(*resources, parameters=PARAMETERS) is Verdict.INDETERMINATE
    elsewhere = replace(PARAMETERS, discovery_elsewhere=True)
    assert stack(*resources, parameters=elsewhere) is Verdict.DECLARED


def test_each_project_must_be_covered() -> None:
    other = R("storage.Bucket", {"project": "other"}, "other")
    found = outcomes(CONTROL, DATA, other, GOOD, parameters=HERE)[""]
    assert found.verdict is Verdict.FAIL
    assert {each.shown for each in found.reasons} == {"other"}


def test_a_pass_comes_before_what_the_settings_declare() -> None:
    assert stack(DATA, GOOD, parameters=replace(PARAMETERS, discovery_elsewhere=True)) is Verdict.PASS


@pytest.mark.parametrize(
    ("parent", "config", "expected"),
    [
        ("organizations/1/locations/eu", {"location": {"organizationId": "1"}}, Verdict.PASS),
        ("organizations/1/locations/eu", {"location": {"folderId": "2"}}, Verdict.INDETERMINATE),
        ("projects/123/locations/eu", {}, Verdict.INDETERMINATE),
        (UNKNOWN, {}, Verdict.INDETERMINATE),
    ],
)
def test_an_organisation_covers_its_projects(parent: str, config: object, expected: Verdict) -> None:
    wide = replace(GOOD, inputs={**GOOD.inputs, "parent": parent, "orgConfig": config})
    assert stack(DATA, wide) is expected


def test_a_project_that_is_not_known_is_indeterminate() -> None:
    assert stack(R("storage.Bucket", {}, "data"), GOOD) is Verdict.INDETERMINATE
