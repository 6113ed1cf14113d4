"""DAT-12: policy tags are masked."""

from dataclasses import replace

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.rules.data.dat_12 import CONTROL
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts, verdict

MASK = {"dataPolicyType": "DATA_MASKING_POLICY", "dataMaskingPolicy": {"predefinedExpression": "SHA256"}}
TAG = R("datacatalog.PolicyTag", {"displayName": "identifier"}, "tag")
POLICY = R("bigquerydatapolicy.DataPolicy", {**MASK, "policyTag": UNKNOWN}, "policy", origins={"policyTag": TAG.urn})
TABLE = R("bigquery.Table", {"schema": UNKNOWN}, "table", origins={"schema": TAG.urn})

test_stated_verdicts = stated_verdicts(
    CONTROL, [replace(POLICY, name="it"), R("bigquery.Datapolicyv2DataPolicy", MASK)], TAG
)


def test_a_tag_with_a_mask_passes() -> None:
    assert verdict(CONTROL, TAG, POLICY, TABLE) is Verdict.PASS
    assert verdict(CONTROL, TAG, POLICY) is Verdict.PASS


def test_a_used_tag_without_a_mask_fails() -> None:
    assert verdict(CONTROL, TAG, TABLE) is Verdict.FAIL
    weak = replace(POLICY, inputs={**POLICY.inputs, "dataMaskingPolicy": {}})
    assert verdict(CONTROL, TAG, weak, TABLE) is Verdict.FAIL
    other = R("datacatalog.PolicyTag", {}, "other")
    assert verdict(CONTROL, TAG, other, replace(POLICY, origins={"policyTag": other.urn}), TABLE) is Verdict.FAIL


@pytest.mark.parametrize(
    "expression",
    [
        "SHA256",
        "ALWAYS_NULL",
        "DEFAULT_MASKING_VALUE",
        "EMAIL_MASK",
        "LAST_FOUR_CHARACTERS",
        "FIRST_FOUR_CHARACTERS",
        "DATE_YEAR_MASK",
        "RANDOM_HASH",
    ],
)
def test_every_mask_of_google_is_one(expression: str) -> None:
    policy = {"dataPolicyType": "DATA_MASKING_POLICY", "dataMaskingPolicy": {"predefinedExpression": expression}}
    assert verdict(CONTROL, R("bigquery.Datapolicyv2DataPolicy", policy)) is Verdict.PASS


def test_a_tag_that_no_schema_uses_is_not_judged() -> None:
    tables = [
        R("bigquery.Table", {"tableId": "a"}, "a"),
        R("bigquery.Table", {"schema": ""}, "b"),
        R("bigquery.Table", {"schema": '[{"name": "id"}]'}, "c"),
    ]
    assert verdict(CONTROL, TAG, *tables) is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("schema", [UNKNOWN, secret()])
def test_a_schema_that_cannot_be_read_may_use_it(schema: object) -> None:
    assert verdict(CONTROL, TAG, R("bigquery.Table", {"schema": schema}, "table")) is Verdict.INDETERMINATE


def test_a_policy_that_does_not_say_its_tag_may_mask_it() -> None:
    assert verdict(CONTROL, TAG, replace(POLICY, origins={}), TABLE) is Verdict.INDETERMINATE
    elsewhere = replace(POLICY, inputs={**MASK, "policyTag": "projects/p/policyTags/9"}, origins={})
    assert verdict(CONTROL, TAG, elsewhere, TABLE) is Verdict.FAIL


NAME = "projects/p/locations/eu/taxonomies/1/policyTags/2"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (f'[{{"name": "id", "policyTags": {{"names": ["{NAME}"]}}}}]', Verdict.FAIL),
        (f'[{{"name": "id", "policyTags": {{"names": ["{NAME}2"]}}}}]', Verdict.NOT_APPLICABLE),
    ],
)
def test_a_schema_that_is_known_tells_its_tags(schema: str, expected: Verdict) -> None:
    made = replace(TAG, record={"outputs": {"name": NAME}, "id": NAME})
    assert verdict(CONTROL, made, R("bigquery.Table", {"schema": schema}, "table")) is expected


@pytest.mark.parametrize(
    ("role", "member", "expected"),
    [
        ("roles/datacatalog.categoryFineGrainedReader", "group:ml@acme.test", Verdict.PASS),
        ("roles/datacatalog.categoryFineGrainedReader", "allAuthenticatedUsers", Verdict.FAIL),
        ("roles/datacatalog.categoryFineGrainedReader", UNKNOWN, Verdict.FAIL),
        ("roles/datacatalog.viewer", "group:ml@acme.test", Verdict.FAIL),
    ],
)
def test_named_readers_of_the_values_are_enough(role: str, member: str, expected: Verdict) -> None:
    grant = R(
        "datacatalog.PolicyTagIamMember",
        {"policyTag": UNKNOWN, "role": role, "member": member},
        "grant",
        origins={"policyTag": TAG.urn},
    )
    assert verdict(CONTROL, TAG, TABLE, grant) is expected


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        (MASK, Verdict.PASS),
        ({**MASK, "dataMaskingPolicy": {"routine": "projects/1/datasets/d/routines/r"}}, Verdict.PASS),
        ({**MASK, "dataMaskingPolicy": {"predefinedExpression": "NONE"}}, Verdict.FAIL),
        ({"dataPolicyType": "COLUMN_LEVEL_SECURITY_POLICY"}, Verdict.PASS),
        ({"dataPolicyType": "data_masking_policy"}, Verdict.FAIL),
        ({"dataPolicyType": "RAW_DATA_ACCESS_POLICY"}, Verdict.FAIL),
        ({"dataPolicyType": "RAW_DATA_ACCESS_POLICY", "grantees": []}, Verdict.FAIL),
        (
            {"dataPolicyType": "RAW_DATA_ACCESS_POLICY", "grantees": ["principalSet://goog/group/ml@acme.test"]},
            Verdict.PASS,
        ),
        (
            {
                "dataPolicyType": "RAW_DATA_ACCESS_POLICY",
                "grantees": ["principal://goog/subject/a@acme.test", "principalSet://goog/public:all"],
            },
            Verdict.FAIL,
        ),
        ({"dataPolicyType": "RAW_DATA_ACCESS_POLICY", "grantees": [UNKNOWN]}, Verdict.INDETERMINATE),
        ({"dataPolicyType": "RAW_DATA_ACCESS_POLICY", "grantees": UNKNOWN}, Verdict.INDETERMINATE),
    ],
)
def test_a_policy_masks_closes_or_names_its_readers(inputs: dict[str, object], expected: Verdict) -> None:
    assert verdict(CONTROL, R("bigquery.Datapolicyv2DataPolicy", inputs)) is expected


def test_everybody_is_told_at_the_entry() -> None:
    everybody = {"dataPolicyType": "RAW_DATA_ACCESS_POLICY", "grantees": ["allUsers"]}
    found = outcome(CONTROL, R("bigquery.Datapolicyv2DataPolicy", everybody))
    assert [each.path for each in found.reasons] == ["grantees[0]"]
