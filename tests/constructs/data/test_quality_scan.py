"""QualityScan: what it asks of which table, who may read it for that, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

import groundplan as gp
from tests.constructs.data.test_warehouse import TIERS, personal, warehouse
from tests.constructs.plan import Plan, environment, plan

SCAN = "gcp:dataplex/datascan:Datascan"
AGENT = "gcp:projects/serviceIdentity:ServiceIdentity"
AGENT_ROLE = "gcp:projects/iAMMember:IAMMember"
ACCESS = "gcp:bigquery/datasetAccess:DatasetAccess"
TAG_MEMBER = "gcp:datacatalog/policyTagIamMember:PolicyTagIamMember"
TABLE = gp.Table(
    name="income",
    columns=(
        gp.Column(name="surveyed", type="DATE"),
        gp.Column(name="hours", type="INT64"),
        gp.Column(name="income", type="STRING"),
    ),
)
RULES = (
    gp.QualityRule(column="surveyed", not_null=True),
    gp.QualityRule(column="hours", between=(0, 168), share=0.99),
    gp.QualityRule(column="income", one_of=("<=50K", ">50K")),
    gp.QualityRule(column="surveyed", unique=True),
)


def scan(tier: gp.Tier = gp.Tier.TEAM, name: str = "income", **more: Any) -> gp.QualityScan:
    made = more.pop("warehouse", None) or warehouse(tier, "census", tables=(TABLE,))
    given: dict[str, Any] = {"env": environment(tier), "warehouse": made, "table": "income", "rules": RULES}
    return gp.QualityScan(name, gp.QualityScanArgs(**{**given, **more}))


def planned(tier: gp.Tier = gp.Tier.TEAM, **more: Any) -> Plan:
    return plan(lambda: scan(tier, **more))


def refused(**more: Any) -> str:
    with pytest.raises(gp.ArgumentError) as caught:
        planned(**more)
    for part in ("given:", "allowed:", "do:"):
        assert part in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("tier", TIERS)
def test_every_tier_asks_the_same_on_a_schedule(tier: gp.Tier) -> None:
    found = planned(tier)
    made = {kind: number for kind, number in found.inventory().items() if kind in {SCAN, AGENT, AGENT_ROLE, ACCESS}}
    assert made == {SCAN: 1, AGENT: 1, AGENT_ROLE: 1, ACCESS: 1}
    inputs = found.one(SCAN).inputs
    assert inputs["executionSpec"] == {"trigger": {"schedule": {"cron": "0 5 * * 1"}}}
    assert inputs["dataScanId"] == "gp-income"
    assert inputs["location"] == "europe-west4"
    assert inputs["labels"]["classification"] == "internal"
    assert inputs["data"]["resource"] == (
        f"//bigquery.googleapis.com/projects/{environment(tier).projects.workload.id}/datasets/gp_census/tables/income"
    )


def test_each_rule_is_one_of_googles() -> None:
    spec = planned().one(SCAN).inputs["dataQualitySpec"]
    assert spec["rules"] == [
        {"column": "surveyed", "dimension": "COMPLETENESS", "threshold": 1, "nonNullExpectation": {}},
        {
            "column": "hours",
            "dimension": "VALIDITY",
            "threshold": 0.99,
            "rangeExpectation": {"minValue": "0", "maxValue": "168"},
        },
        {
            "column": "income",
            "dimension": "VALIDITY",
            "threshold": 1,
            "setExpectation": {"values": ["<=50K", ">50K"]},
        },
        {"column": "surveyed", "dimension": "UNIQUENESS", "threshold": 1, "uniquenessExpectation": {}},
    ]
    assert "postScanActions" not in spec


def test_a_bound_may_be_left_out() -> None:
    (low,) = (
        planned(rules=(gp.QualityRule(column="hours", between=(0, None)),)).one(SCAN).inputs["dataQualitySpec"]["rules"]
    )
    (high,) = (
        planned(rules=(gp.QualityRule(column="hours", between=(None, 168)),))
        .one(SCAN)
        .inputs["dataQualitySpec"]["rules"]
    )
    assert (low["rangeExpectation"], high["rangeExpectation"]) == ({"minValue": "0"}, {"maxValue": "168"})


def test_people_are_told_of_every_rule_that_fails_and_of_a_scan_that_does() -> None:
    report = planned(contacts=("ml@acme.test",)).one(SCAN).inputs["dataQualitySpec"]["postScanActions"]
    assert report == {
        "notificationReport": {
            "recipients": {"emails": ["ml@acme.test"]},
            "scoreThresholdTrigger": {"scoreThreshold": 100},
            "jobFailureTrigger": {},
        }
    }


def test_the_agent_reads_the_dataset_before_the_scan_is_made() -> None:
    found = planned()
    assert found.one(AGENT).inputs["service"] == "dataplex.googleapis.com"
    assert found.one(AGENT_ROLE).inputs["role"] == "roles/dataplex.serviceAgent"
    assert found.one(ACCESS).inputs["role"] == "READER"
    before = {each.rpartition("::")[2] for each in found.one(SCAN).options["dependencies"]}
    assert before >= {found.one(each).name for each in (AGENT, AGENT_ROLE, ACCESS)} | {"census-table-income"}


def test_personal_columns_are_read_only_where_a_rule_asks() -> None:
    region, email = (gp.QualityRule(column=name, not_null=True) for name in ("region", "email"))
    outside = plan(lambda: scan(warehouse=personal(), table="people", rules=(region,)))
    inside = plan(lambda: scan(warehouse=personal(), table="people", rules=(region, email)))
    assert outside.of(TAG_MEMBER) == []
    assert {each.inputs["role"] for each in inside.of(TAG_MEMBER)} == {"roles/datacatalog.categoryFineGrainedReader"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"rules": ()}, "a scan without rules asks for nothing"),
        ({"table": "incom"}, "table"),
        ({"rules": (gp.QualityRule(column="hour", not_null=True),)}, "rules[0].column"),
        ({"rules": (gp.QualityRule(column="hours"),)}, "asks for nothing"),
        ({"rules": (gp.QualityRule(column="hours", not_null=True, unique=True),)}, "several things at once"),
        ({"rules": (gp.QualityRule(column="hours", between=(None, None)),)}, "leaves no room"),
        ({"rules": (gp.QualityRule(column="hours", between=(2, 1)),)}, "leaves no room"),
        ({"rules": (gp.QualityRule(column="hours", not_null=True, share=0),)}, "is no share"),
        ({"rules": (gp.QualityRule(column="hours", not_null=True, share=1.1),)}, "is no share"),
        ({"rules": (gp.QualityRule(column="income", one_of=("a", "a")),)}, "rules[0].one_of"),
        ({"rules": (gp.QualityRule(column="income", one_of=tuple(map(str, range(1001)))),)}, "are too many"),
        ({"rules": ("hours",)}, "rules[0]"),
        ({"schedule": "at night"}, "schedule"),
        ({"contacts": ("nobody",)}, "contacts[0]"),
        ({"contacts": ("a@acme.test", "a@acme.test")}, "contacts"),
        ({"warehouse": gp.Warehouse}, "warehouse"),
    ],
)
def test_what_cannot_be_asked_is_refused(more: dict[str, Any], said: str) -> None:
    assert said in refused(**more)


def test_the_largest_values_that_are_allowed_pass() -> None:
    many = gp.QualityRule(column="income", one_of=tuple(map(str, range(1000))), share=1)
    planned(rules=(many, gp.QualityRule(column="hours", between=(1, 1)))).one(SCAN)


def test_overrides_come_last() -> None:
    found = planned(overrides={"scan": {"description": "asked weekly"}})
    assert found.one(SCAN).inputs["description"] == "asked weekly"
