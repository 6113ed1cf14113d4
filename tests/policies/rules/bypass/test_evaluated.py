"""The controls on ways around others, as an evaluation asks them, beside what it takes back by itself."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from groundplan_policies.engine import Document
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.settings.model import Settings
from tests.policies.rules.bypass.worlds import MANAGED, PROVIDER
from tests.policies.rules.harness import R, document, secret, urn

FAMILY = tuple(each for each in all_controls().values() if each.family == "BYP")


def said(made: Document, *ids: str) -> Mapping[tuple[str, str], Verdict]:
    controls = {identifier: all_controls()[identifier] for identifier in ids}
    found = evaluate(made, Settings(), controls=controls, as_of=date(2026, 1, 1))
    assert not found.faults
    return {(each.control, each.urn.rpartition("::")[2]): each.verdict for each in found.findings}


def bucket(inputs: Mapping[str, Any], **record: Any) -> R:
    return R("storage.Bucket", inputs, record={**MANAGED, **record})


def test_there_are_sixteen_and_none_can_be_waived() -> None:
    assert [each.id for each in FAMILY] == [f"BYP-{number:02d}" for number in range(1, 17)]
    assert not any(each.waivable for each in FAMILY)


def test_what_is_only_read_is_said_once() -> None:
    found = said(document(PROVIDER, bucket({}, external=True)), "BYP-02", "BYP-03", "BYP-10", "DAT-05")
    assert found == {("BYP-10", "it"): Verdict.INDETERMINATE, ("DAT-05", "it"): Verdict.INDETERMINATE}


def test_an_ignored_property_is_a_finding_and_no_pass() -> None:
    made = document(PROVIDER, bucket({"publicAccessPrevention": "enforced"}, ignoreChanges=["publicAccessPrevention"]))
    found = said(made, "BYP-01", "DAT-05")
    assert found == {("BYP-01", "it"): Verdict.FAIL, ("DAT-05", "it"): Verdict.INDETERMINATE}


def test_a_secret_is_a_finding_and_no_pass() -> None:
    found = said(document(PROVIDER, bucket({"publicAccessPrevention": secret()})), "BYP-13", "DAT-05")
    assert found == {("BYP-13", "it"): Verdict.INDETERMINATE, ("DAT-05", "it"): Verdict.INDETERMINATE}


def kept_apart(listed: object, *, ignored: str = "accesses", outputs: Mapping[str, Any] | None = None) -> Document:
    """A dataset that ignores changes of its list of accesses, and an access beside it."""
    record = {**MANAGED, "ignoreChanges": [ignored], "outputs": outputs or {}}
    dataset = R("bigquery.Dataset", {"datasetId": "s", "accesses": listed}, record=record)
    inputs = {"datasetId": "s", "role": "READER", "iamMember": "serviceAccount:a@acme-ml.iam.gserviceaccount.com"}
    access = R("bigquery.DatasetAccess", inputs, "access", {"datasetId": urn("bigquery.Dataset", "it")}, MANAGED)
    return document(PROVIDER, dataset, access)


OWNERS = {"role": "OWNER", "specialGroup": "projectOwners"}
PUBLIC = {"role": "READER", "specialGroup": "allAuthenticatedUsers"}


def test_a_list_that_other_resources_keep_is_no_more_than_declared() -> None:
    found = said(kept_apart([OWNERS]), "BYP-01", "IAM-02")
    assert found == {("BYP-01", "it"): Verdict.DECLARED, ("IAM-02", "it"): Verdict.DECLARED}


def test_a_bad_first_list_fails_and_one_that_nobody_can_read_is_not_declared() -> None:
    assert said(kept_apart([OWNERS, PUBLIC]), "IAM-02") == {("IAM-02", "it"): Verdict.FAIL}
    assert said(kept_apart(UNKNOWN), "IAM-02") == {("IAM-02", "it"): Verdict.INDETERMINATE}


@pytest.mark.parametrize("ignored", ["accesses[0]", "*", "accesses[*].role"])
def test_ignoring_it_in_another_way_is_indeterminate(ignored: str) -> None:
    assert said(kept_apart([OWNERS], ignored=ignored), "IAM-02") == {("IAM-02", "it"): Verdict.INDETERMINATE}


def test_a_state_is_judged_by_the_list_that_the_cloud_has() -> None:
    assert said(kept_apart([OWNERS], outputs={"accesses": [OWNERS]}), "IAM-02") == {}
    assert said(kept_apart([PUBLIC], outputs={"accesses": [OWNERS]}), "IAM-02") == {}
    made = kept_apart([OWNERS], outputs={"accesses": [OWNERS, PUBLIC]})
    (finding,) = evaluate(
        made, Settings(), controls={"IAM-02": all_controls()["IAM-02"]}, as_of=date(2026, 1, 1)
    ).findings
    assert finding.verdict is Verdict.FAIL
    assert [each.path for each in finding.reasons] == ["accesses[1].specialGroup"]


@pytest.mark.parametrize("outputs", [{"accesses": None}, {"accesses": UNKNOWN}, {"id": "s"}])
def test_a_state_that_does_not_know_the_list_is_no_better_than_a_preview(outputs: Mapping[str, Any]) -> None:
    assert said(kept_apart([OWNERS], outputs=outputs), "IAM-02") == {("IAM-02", "it"): Verdict.DECLARED}


def test_an_empty_list_in_the_cloud_is_not_the_program_s() -> None:
    assert said(kept_apart([OWNERS], outputs={"accesses": []}), "IAM-02") == {("IAM-02", "it"): Verdict.FAIL}


def test_outputs_do_not_stand_in_for_inputs_otherwise() -> None:
    public, closed = {"publicAccessPrevention": "inherited"}, {"publicAccessPrevention": "enforced"}
    made = document(PROVIDER, bucket(public, outputs=closed, ignoreChanges=["publicAccessPrevention"]))
    assert said(made, "DAT-05") == {("DAT-05", "it"): Verdict.FAIL}
    made = document(PROVIDER, R("bigquery.Dataset", {"accesses": [PUBLIC]}, record={"outputs": {"accesses": [OWNERS]}}))
    assert said(made, "IAM-02") == {("IAM-02", "it"): Verdict.FAIL}


def test_a_control_that_is_off_is_hidden_by_nothing() -> None:
    made = document(PROVIDER, bucket({}, ignoreChanges=["publicAccessPrevention"]))
    assert said(made, "BYP-01") == {}
