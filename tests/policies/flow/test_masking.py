"""Whether a reader of a table sees its personal columns."""

from __future__ import annotations

import json
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from tests.policies.flow.world import OTHER, TRAINER, account, dataset, flow, on_project, table
from tests.policies.rules.harness import PROJECT, R

NAME = f"projects/{PROJECT}/locations/eu/taxonomies/1/policyTags/2"
TAG = R("datacatalog.PolicyTag", {"displayName": "identifier"}, "tag", record={"id": NAME, "outputs": {"name": NAME}})
SCHEMA = json.dumps([{"name": "person", "type": "STRING", "policyTags": {"names": [NAME]}}])
TAGGED = table("people", "raw", schema=SCHEMA)
BEFORE = R(
    "bigquery.Table",
    {"tableId": "people", "datasetId": "raw", "project": PROJECT, "schema": UNKNOWN},
    "people",
    origins={"schema": TAG.urn},
)
OPEN = table("people", "raw", schema=json.dumps([{"name": "person", "type": "STRING"}]))
READS = on_project("roles/bigquery.dataViewer", grant="reads")


def clear(member: str, tag: str = NAME) -> R:
    inputs = {"policyTag": tag, "role": "roles/datacatalog.categoryFineGrainedReader", "member": member}
    return R("datacatalog.PolicyTagIamMember", inputs, "clear")


def masked(*resources: R) -> set[bool]:
    found = flow(account("trainer"), dataset("raw"), TAG, READS, *resources)
    return {each.masked for each in found.edges}


@pytest.mark.parametrize("record", [{"id": NAME}, {"outputs": {"name": NAME}}])
def test_a_tag_is_found_by_its_id_or_its_name(record: dict[str, Any]) -> None:
    tag = R("datacatalog.PolicyTag", {"displayName": "identifier"}, "tag", record=record)
    found = flow(account("trainer"), dataset("raw"), tag, READS, TAGGED)
    assert {each.masked for each in found.edges} == {True}


def test_a_tag_that_a_schema_does_not_name_masks_nothing() -> None:
    other = R("datacatalog.PolicyTag", {"displayName": "other"}, "tag", record={"id": f"{NAME}0"})
    found = flow(account("trainer"), dataset("raw"), other, READS, TAGGED)
    assert {each.masked for each in found.edges} == {False}


@pytest.mark.parametrize("people", [TAGGED, BEFORE])
def test_tagged_columns_are_masked_for_a_reader(people: R) -> None:
    assert masked(people) == {True}


def raw_access(grantee: object, type_: str = "RAW_DATA_ACCESS_POLICY") -> R:
    return R("bigquery.Datapolicyv2DataPolicy", {"dataPolicyType": type_, "grantees": grantee}, "raw-access")


ACCOUNTS = "principal://iam.googleapis.com/projects/-/serviceAccounts"
EVERYBODY = "principalSet://goog/public:allAuthenticatedUsers"


@pytest.mark.parametrize(
    ("grantees", "expected"),
    [
        ([f"{ACCOUNTS}/{TRAINER}"], False),
        ([f"serviceAccount:{TRAINER}"], False),
        ([f"{ACCOUNTS}/{OTHER}"], True),
        ([f"{ACCOUNTS}/{OTHER}", UNKNOWN], False),
        (UNKNOWN, False),
        ([EVERYBODY], False),
        (["principal://goog/subject/alice@acme.test"], True),
        ([], True),
    ],
)
def test_whom_a_data_policy_names_sees_the_values(grantees: object, expected: bool) -> None:
    assert masked(TAGGED, raw_access(grantees)) == {expected}


@pytest.mark.parametrize("member", ["allAuthenticatedUsers", "principalSet://iam.googleapis.com/projects/1/x/*"])
def test_whom_everybody_is_among_sees_the_values(member: str) -> None:
    assert masked(TAGGED, clear(member)) == {False}


@pytest.mark.parametrize("role", ["roles/bigquerydatapolicy.rawDataReader", UNKNOWN])
def test_a_reader_of_raw_data_sees_the_values(role: str) -> None:
    inputs = {"dataPolicyId": "masks", "location": "eu", "role": role, "member": f"serviceAccount:{TRAINER}"}
    assert masked(TAGGED, R("bigquerydatapolicy.DataPolicyIamMember", inputs, "raw")) == {False}
    other = {**inputs, "member": f"serviceAccount:{OTHER}"}
    assert masked(TAGGED, R("bigquerydatapolicy.DataPolicyIamMember", other, "raw")) == {True}


def test_a_reader_of_raw_data_on_the_project_sees_the_values() -> None:
    inputs = {"project": PROJECT, "role": "roles/bigquerydatapolicy.rawDataReader"}
    assert masked(TAGGED, R("projects.IAMMember", {**inputs, "member": f"serviceAccount:{TRAINER}"}, "raw")) == {False}


def test_columns_without_tags_are_not() -> None:
    assert masked(OPEN) == {False}


def test_a_dataset_is_as_open_as_its_most_open_table() -> None:
    other = table("more", "raw", schema=json.dumps([{"name": "street", "type": "STRING"}]))
    found = flow(account("trainer"), dataset("raw"), TAG, READS, TAGGED, other)
    assert {each.source.rpartition("::")[2]: each.masked for each in found.edges} == {
        "raw": False,
        "people": True,
        "more": False,
    }
    assert masked() == {False}


@pytest.mark.parametrize(
    ("reader", "expected"), [(TRAINER, False), (OTHER, True), (f"else@{PROJECT}.iam.gserviceaccount.com", True)]
)
def test_a_reader_of_the_values_sees_them(reader: str, expected: bool) -> None:
    assert masked(account("other"), TAGGED, clear(f"serviceAccount:{reader}")) == {expected}


def test_a_reader_of_all_values_sees_these() -> None:
    everywhere = on_project("roles/datacatalog.categoryFineGrainedReader", grant="clear")
    assert masked(TAGGED, everywhere) == {False}


def test_a_reader_whom_nobody_can_tell_may_be_anybody() -> None:
    assert masked(TAGGED, clear(UNKNOWN)) == {False}


def test_a_reader_of_the_values_of_another_tag_does_not_see_these() -> None:
    other = R("datacatalog.PolicyTag", {"displayName": "other"}, "second", record={"id": f"{NAME}0"})
    assert masked(other, TAGGED, clear(f"serviceAccount:{TRAINER}", f"{NAME}0")) == {True}
    assert masked(TAGGED, clear(f"serviceAccount:{TRAINER}", UNKNOWN)) == {False}


def test_who_sees_only_masks_does_not_see_the_values() -> None:
    masks = on_project("roles/bigquerydatapolicy.maskedReader", grant="masks")
    assert masked(TAGGED, masks) == {True}


@pytest.mark.parametrize(
    ("permission", "expected"),
    [("datacatalog.categories.fineGrainedGet", False), ("datacatalog.categories.get", True)],
)
def test_a_role_of_the_project_may_see_the_values(permission: str, expected: bool) -> None:
    role = R("projects.IAMCustomRole", {"roleId": "sees", "project": PROJECT, "permissions": [permission]}, "role")
    everywhere = on_project(f"projects/{PROJECT}/roles/sees", grant="clear")
    assert masked(TAGGED, role, everywhere) == {expected}


@pytest.mark.parametrize("role", [UNKNOWN, f"projects/{PROJECT}/roles/elsewhere"])
def test_a_role_on_a_tag_that_cannot_be_told_sees_the_values(role: str) -> None:
    inputs = {"policyTag": NAME, "role": role, "member": f"serviceAccount:{TRAINER}"}
    assert masked(TAGGED, R("datacatalog.PolicyTagIamMember", inputs, "clear")) == {False}


def test_a_tag_that_has_no_name_yet_is_in_no_schema() -> None:
    tag = R("datacatalog.PolicyTag", {"displayName": "identifier"}, "tag", record={"id": "", "outputs": {"name": ""}})
    people = table("people", "raw", schema=json.dumps([{"name": "person", "type": "STRING", "description": ""}]))
    found = flow(account("trainer"), dataset("raw"), tag, READS, people)
    assert {each.masked for each in found.edges} == {False}
