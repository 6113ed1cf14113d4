"""DAT-23: restricted tables have row policies."""

import json
from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_23 import CONTROL
from tests.policies.rules.data.worlds import CLASSED, labels
from tests.policies.rules.harness import PARAMETERS, R, outcome, secret, stated_verdicts, verdict

OWNER = {"role": "OWNER", "iamMember": "group:data@acme.test"}
ML, RISK = "group:ml@acme.test", "group:risk@acme.test"
POLICY = R(
    "bigquery.RowAccessPolicy",
    {"datasetId": "people", "tableId": "income", "filterPredicate": "region = 'north'", "grantees": [ML]},
)


def dataset(*members: str, **more: Any) -> R:
    accesses = [OWNER, *({"role": "READER", "iamMember": member} for member in members)]
    inputs = {"datasetId": "people", "labels": labels("restricted"), "accesses": accesses, **more}
    return R("bigquery.Dataset", inputs, "dataset")


TABLE = R("bigquery.Table", {"datasetId": "people", "tableId": "income"}, "table")

test_stated_verdicts = stated_verdicts(CONTROL, [POLICY], parameters=CLASSED)


def judged(*others: R, table: R = TABLE, **world: Any) -> Verdict:
    return verdict(CONTROL, table, *others, parameters=CLASSED, **world)


def test_a_restricted_table_that_two_groups_read_has_a_policy() -> None:
    assert judged(dataset(ML, RISK), POLICY) is Verdict.PASS
    assert judged(dataset(ML, RISK)) is Verdict.FAIL


@pytest.mark.parametrize(
    "members",
    [
        (),
        (ML,),
        (ML, ML.upper().replace("GROUP", "group")),
        (ML, "serviceAccount:a@acme-ml.iam.gserviceaccount.com", "serviceAccount:b@acme-ml.iam.gserviceaccount.com"),
        (ML, "deleted:user:a@acme.test?uid=1"),
    ],
)
def test_a_table_of_one_reader_is_not_judged(members: tuple[str, ...]) -> None:
    assert judged(dataset(*members)) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("member", ["domain:acme.test", "allAuthenticatedUsers", "projectViewer:acme-ml"])
def test_whoever_stands_for_several_counts_as_two(member: str) -> None:
    assert judged(dataset(member)) is Verdict.FAIL


def test_a_reader_that_is_not_known_may_be_another() -> None:
    assert judged(dataset(ML, UNKNOWN)) is Verdict.INDETERMINATE
    assert judged(dataset(UNKNOWN)) is Verdict.NOT_APPLICABLE
    assert judged(dataset(ML, RISK, UNKNOWN)) is Verdict.FAIL


def test_a_dataset_without_accesses_is_shared_by_default() -> None:
    assert judged(dataset(accesses=None)) is Verdict.FAIL
    assert judged(dataset(accesses=[])) is Verdict.FAIL
    binding = {"role": "roles/bigquery.dataViewer", "members": [ML]}
    policy = R(
        "bigquery.DatasetIamPolicy",
        {"datasetId": "people", "policyData": json.dumps({"bindings": [binding]})},
        "policy",
        origins={"datasetId": dataset().urn},
    )
    assert judged(dataset(accesses=None), policy) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("roles/bigquery.dataViewer", Verdict.FAIL),
        ("roles/bigquery.dataEditor", Verdict.FAIL),
        ("roles/bigquery.jobUser", Verdict.NOT_APPLICABLE),
    ],
)
def test_who_reads_all_of_the_project_reads_the_table(role: str, expected: Verdict) -> None:
    grant = R("projects.IAMMember", {"project": "acme-ml", "role": role, "member": RISK}, "grant")
    table = replace(TABLE, inputs={**TABLE.inputs, "project": "acme-ml"})
    place = dataset(ML, project="acme-ml")
    assert judged(place, grant, table=table) is expected
    other = replace(grant, inputs={**grant.inputs, "project": "other"})
    assert judged(place, other, table=table) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("name", ["metadataViewer", "jobUser", "user", "resourceViewer", "filteredDataViewer"])
def test_roles_without_rows_share_nothing(name: str) -> None:
    grant = R(
        "bigquery.DatasetIamMember", {"datasetId": "people", "role": f"roles/bigquery.{name}", "member": RISK}, "grant"
    )
    assert judged(dataset(ML), grant) is Verdict.NOT_APPLICABLE
    reads = replace(grant, inputs={**grant.inputs, "role": f"roles/bigquery.{name}X"})
    assert judged(dataset(ML), reads) is not Verdict.NOT_APPLICABLE


def test_who_reads_the_table_alone_counts() -> None:
    grant = R(
        "bigquery.IamMember",
        {"datasetId": "people", "tableId": UNKNOWN, "role": "roles/bigquery.dataViewer", "member": RISK},
        "grant",
        origins={"tableId": TABLE.urn},
    )
    assert judged(dataset(ML), grant) is Verdict.FAIL
    metadata = replace(grant, inputs={**grant.inputs, "role": "roles/bigquery.metadataViewer"})
    assert judged(dataset(ML), metadata) is Verdict.NOT_APPLICABLE
    owner = replace(grant, inputs={**grant.inputs, "role": "roles/bigquery.dataOwner"})
    assert judged(dataset(ML), owner) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    "table",
    [
        replace(TABLE, inputs={**TABLE.inputs, "labels": labels("public")}),
        replace(TABLE, inputs={**TABLE.inputs, "view": {"query": "SELECT 1"}}),
        replace(TABLE, inputs={**TABLE.inputs, "materializedView": {"query": "SELECT 1"}}),
    ],
)
def test_other_data_and_views_are_not_judged(table: R) -> None:
    assert judged(dataset(ML, RISK), table=table) is Verdict.NOT_APPLICABLE


def test_without_settings_nobody_can_say() -> None:
    assert verdict(CONTROL, TABLE, dataset(ML, RISK), parameters=PARAMETERS) is Verdict.INDETERMINATE


def test_the_policy_of_another_table_does_not_count() -> None:
    for path, value in (("tableId", "other"), ("datasetId", "other")):
        other = replace(POLICY, inputs={**POLICY.inputs, path: value})
        assert judged(dataset(ML, RISK), other) is Verdict.FAIL
    made = replace(POLICY, inputs={**POLICY.inputs, "tableId": UNKNOWN}, origins={"tableId": TABLE.urn})
    assert judged(dataset(ML, RISK), made) is Verdict.PASS


def test_a_policy_that_parts_nobody_does_not_count() -> None:
    weak = replace(POLICY, inputs={**POLICY.inputs, "filterPredicate": "TRUE"})
    assert judged(dataset(ML, RISK), weak) is Verdict.FAIL
    assert judged(dataset(ML, RISK), weak, replace(POLICY, name="other")) is Verdict.PASS


@pytest.mark.parametrize(
    "predicate",
    [
        "TRUE",
        " (true) ; ",
        "TRUE -- everybody",
        "/* all */ True",
        "# all\nTRUE",
        "NOT FALSE",
        "1 = 1",
        "region=region",
        "('a' = 'a')",
        "TRUE OR region = 'north'",
        "region = 'north' or (true)",
        "-- nothing",
        "  ",
        "region >= region",
        "`region` = region",
        "NOT (1 = 2)",
        "NOT NOT TRUE",
        "1=1 AND 2=2",
        "region IS NULL OR region IS NOT NULL",
        "a = 1 OR a != 1",
        "a = 1 OR a <> 1",
        "a = 1 OR NOT (a = 1)",
        "(a < 3) OR (a >= 3)",
        "x = 'it\\'s' OR true",
    ],
)
def test_a_predicate_that_lets_every_row_through_fails(predicate: str) -> None:
    found = outcome(CONTROL, replace(POLICY, inputs={**POLICY.inputs, "filterPredicate": predicate}))
    assert found.verdict is Verdict.FAIL
    assert [(each.path, each.shown) for each in found.reasons] == [("filterPredicate", "")]


@pytest.mark.parametrize(
    "predicate",
    [
        "active = TRUE",
        "region = region_id",
        "SESSION_USER() = owner",
        "trueorigin = 'x'",
        "vendor = true",
        "NOT FALSE_FLAG",
        "1 = 10",
        "region IN ('a', 'b')",
        "region IN (SELECT region FROM staff WHERE email = SESSION_USER())",
        "region IN UNNEST(regions)",
        "'--' = note",
        "note = 'a or true'",
        "(a = 1 AND true) OR (b = 2)",
        "(a = 1) OR (b != 1)",
        "((a = 1) AND ((b) = 2))",
        "(a = 1) AND (b = 2)",
        "1 = 1 AND a = 2",
        "a BETWEEN 1 AND 3",
        "a != a",
        "FALSE OR region = 'x'",
        "day > DATE '2020-01-01'",
        "NOT region = 'north'",
    ],
)
def test_a_predicate_that_looks_at_the_row_passes(predicate: str) -> None:
    assert verdict(CONTROL, replace(POLICY, inputs={**POLICY.inputs, "filterPredicate": predicate})) is Verdict.PASS


@pytest.mark.parametrize(
    "predicate",
    [
        "1 < 2",
        "COALESCE(TRUE, FALSE)",
        "COALESCE(region = 'x', TRUE)",
        "CASE WHEN TRUE THEN TRUE END",
        "EXISTS (SELECT 1)",
        "region IN (region)",
        "region IS NOT NULL",
        "region LIKE '%'",
        "STARTS_WITH(region, '')",
        "region IS NOT DISTINCT FROM region",
        "LENGTH(region) >= 0",
        "RAND() < 2",
        "a = 1 OR 1 < 2",
        "true)",
        "()",
    ],
)
def test_a_predicate_that_may_let_every_row_through_is_indeterminate(predicate: str) -> None:
    found = outcome(CONTROL, replace(POLICY, inputs={**POLICY.inputs, "filterPredicate": predicate}))
    assert found.verdict is Verdict.INDETERMINATE
    assert [(each.path, each.shown) for each in found.reasons] == [("filterPredicate", "")]


@pytest.mark.parametrize(
    ("grantees", "expected"),
    [
        ([ML, "user:a@acme.test"], Verdict.PASS),
        ([ML, "domain:acme.test"], Verdict.FAIL),
        ([ML, "allAuthenticatedUsers"], Verdict.FAIL),
        ([ML, UNKNOWN], Verdict.INDETERMINATE),
        ([secret()], Verdict.INDETERMINATE),
        (["ml@acme.test"], Verdict.INDETERMINATE),
    ],
)
def test_grantees_are_told_one_by_one(grantees: list[object], expected: Verdict) -> None:
    found = outcome(CONTROL, replace(POLICY, inputs={**POLICY.inputs, "grantees": grantees}))
    assert found.verdict is expected
    if expected is not Verdict.PASS:
        assert [each.path for each in found.reasons] == [f"grantees[{len(grantees) - 1}]"]


@pytest.mark.parametrize(
    "word",
    [
        *("true", "false", "null", "not", "and", "or", "is", "in", "like", "between", "distinct", "from", "unnest"),
        *("if", "ifnull", "nullif", "coalesce", "case", "when", "then", "else", "end", "cast", "safe_cast", "as"),
        *("int64", "string", "bool", "float64", "date", "timestamp", "numeric", "exists", "select", "interval"),
        *("any", "all", "some"),
    ],
)
def test_a_word_of_the_language_is_no_column(word: str) -> None:
    predicate = f"1 < 2 + {word.upper()}"
    found = verdict(CONTROL, replace(POLICY, inputs={**POLICY.inputs, "filterPredicate": predicate}))
    assert found is not Verdict.PASS
