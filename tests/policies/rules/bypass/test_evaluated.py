"""The controls on ways around others, as an evaluation asks them, beside what it takes back by itself."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from groundplan_policies.engine import Document
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.registry import all_controls
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


def test_a_list_that_other_resources_keep_is_declared_and_judged_as_it_is_written() -> None:
    owner = {"role": "OWNER", "specialGroup": "projectOwners"}
    dataset = R(
        "bigquery.Dataset", {"datasetId": "s", "accesses": [owner]}, record={**MANAGED, "ignoreChanges": ["accesses"]}
    )
    inputs = {"datasetId": "s", "role": "READER", "iamMember": "serviceAccount:a@acme-ml.iam.gserviceaccount.com"}
    access = R("bigquery.DatasetAccess", inputs, "access", {"datasetId": urn("bigquery.Dataset", "it")}, MANAGED)
    found = said(document(PROVIDER, dataset, access), "BYP-01", "IAM-02")
    assert found == {("BYP-01", "it"): Verdict.DECLARED}


def test_a_control_that_is_off_is_hidden_by_nothing() -> None:
    made = document(PROVIDER, bucket({}, ignoreChanges=["publicAccessPrevention"]))
    assert said(made, "BYP-01") == {}
