from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.responsible.rai_07 import CONTROL
from tests.policies.rules.harness import PROJECT, R, caught_elsewhere, outcomes
from tests.policies.rules.responsible.world import (
    ACCOUNT,
    COPIES,
    LOG_SCHEMA,
    RAW,
    SCAN,
    SCAN_JOB,
    SCHEDULE,
    SETTINGS,
    TAG,
    TRAINER,
    TRAINING,
    UNDER,
    WORLD,
    around,
    bucket,
    on_bucket,
    scan,
    schedule,
)

TRAINS = (ACCOUNT, TRAINING, SCHEDULE, UNDER, RAW)
READS_COPIES = on_bucket("copies")


def judged(*resources: R, **world: Any) -> Outcome:
    return outcomes(CONTROL, *TRAINS, *resources, **{**WORLD, **world})["weekly"]


def test_training_that_reads_nothing_passes() -> None:
    assert judged().verdict is Verdict.PASS


def test_a_class_is_somebody_s_word() -> None:
    found = judged(bucket("open", "internal"), on_bucket("open"))
    assert found.verdict is Verdict.DECLARED
    assert found.reasons[0].shown == "open"


def test_what_training_alone_writes_needs_nobody_s_word() -> None:
    own = bucket("work", "internal"), on_bucket("work", "roles/storage.objectAdmin")
    assert judged(*own).verdict is Verdict.PASS


def test_training_that_reads_people_fails() -> None:
    found = judged(on_bucket("raw"))
    assert found.verdict is Verdict.FAIL
    assert found.reasons[0].shown == "raw"
    assert "by a grant to its account, then running as that account" in found.reasons[0].message


def test_a_label_that_is_missing_saves_nobody() -> None:
    assert judged(bucket("other", labels={}), on_bucket("other")).verdict is Verdict.FAIL


@pytest.mark.parametrize("role", ["roles/storage.objectViewer", "roles/viewer"])
def test_a_grant_on_the_project_is_a_way(role: str) -> None:
    inputs = {"project": PROJECT, "role": role, "member": f"serviceAccount:{TRAINER}"}
    assert judged(R("projects.IAMMember", inputs, "wide")).verdict is Verdict.FAIL


def test_an_account_that_it_may_act_as_is_a_way() -> None:
    email = f"other@{PROJECT}.iam.gserviceaccount.com"
    name = f"projects/{PROJECT}/serviceAccounts/{email}"
    other = R("serviceaccount.Account", {"accountId": "other", "project": PROJECT}, "other", record={"id": name})
    inputs = {
        "serviceAccountId": name,
        "role": "roles/iam.serviceAccountTokenCreator",
        "member": f"serviceAccount:{TRAINER}",
    }
    reads = on_bucket("raw", email=email)
    assert judged(other, reads).verdict is Verdict.PASS
    found = judged(other, reads, R("serviceaccount.IAMMember", inputs, "become"))
    assert found.verdict is Verdict.FAIL
    assert "an account that its own may act as" in found.reasons[0].message


@pytest.mark.parametrize(
    ("named", "expected"),
    [("raw", Verdict.FAIL), ("other", Verdict.PASS), (UNKNOWN, Verdict.INDETERMINATE)],
)
def test_a_grant_on_a_folder_of_the_bucket_is_a_way(named: str, expected: Verdict) -> None:
    inputs = {"bucket": named, "managedFolder": "letters/", "role": "roles/storage.objectViewer"}
    folder = R("storage.ManagedFolderIamMember", {**inputs, "member": f"serviceAccount:{TRAINER}"}, "folder")
    assert judged(folder).verdict is expected


EVERY_ACCOUNT = "principalSet://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAccount"


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ("allUsers", Verdict.FAIL),
        ("allAuthenticatedUsers", Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
        (f"serviceAccount:{UNKNOWN}", Verdict.INDETERMINATE),
        (EVERY_ACCOUNT, Verdict.INDETERMINATE),
        ("group:staff@acme.test", Verdict.PASS),
        ("serviceAccount:service-123@gcp-sa-aiplatform.iam.gserviceaccount.com", Verdict.PASS),
    ],
)
def test_what_is_granted_to_whoever_it_may_be_is_a_way(member: str, expected: Verdict) -> None:
    inputs = {"bucket": "raw", "role": "roles/storage.objectViewer", "member": member}
    assert judged(R("storage.BucketIAMMember", inputs, "open")).verdict is expected


def test_a_project_by_its_number_may_be_the_same() -> None:
    inputs = {"project": "123456789012", "role": "roles/viewer", "member": f"serviceAccount:{TRAINER}"}
    wide = R("projects.IAMMember", inputs, "wide")
    assert judged(wide).verdict is Verdict.INDETERMINATE
    made = R("organizations.Project", {"projectId": PROJECT}, "made", record={"outputs": {"number": "123456789012"}})
    assert judged(wide, made).verdict is Verdict.FAIL
    other = R("organizations.Project", {"projectId": "acme-b"}, "made", record={"outputs": {"number": 123456789012}})
    assert judged(wide, other).verdict is Verdict.PASS
    elsewhere = R("projects.IAMMember", {**inputs, "project": "acme-b"}, "wide")
    assert judged(elsewhere).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("roles/storage.objectAdmin", Verdict.FAIL),
        ("roles/storage.objectCreator", Verdict.FAIL),
        ("roles/storage.objectViewer", Verdict.PASS),
    ],
)
def test_a_copy_that_people_may_write_is_none(role: str, expected: Verdict) -> None:
    inputs = {"bucket": "copies", "role": role, "member": "group:data@acme.test"}
    people = R("storage.BucketIAMMember", inputs, "people")
    assert judged(COPIES, SCAN, READS_COPIES, people).verdict is expected


def test_a_de_identified_copy_may_be_read() -> None:
    assert judged(COPIES, SCAN, READS_COPIES).verdict is Verdict.PASS
    assert judged(COPIES, READS_COPIES).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "PAUSED"},
        {"triggers": [{"manual": {}}]},
        {"inspectJob": {**SCAN_JOB, "actions": [{"saveFindings": {}}]}},
        {"inspectJob": {**SCAN_JOB, "actions": [{"deidentify": {"cloudStorageOutput": UNKNOWN}}]}},
    ],
)
def test_a_job_that_makes_no_copies_makes_nothing_safe(changes: dict[str, Any]) -> None:
    assert judged(COPIES, scan(**changes), READS_COPIES).verdict is Verdict.FAIL


def test_a_copy_that_others_write_is_none() -> None:
    writer = on_bucket("copies", "roles/storage.objectCreator", f"loader@{PROJECT}.iam.gserviceaccount.com")
    assert judged(COPIES, SCAN, READS_COPIES, writer).verdict is Verdict.FAIL


def table_world(*extra: R, tagged: bool = True) -> Outcome:
    labels = {"labels": {"classification": "personal"}, "project": PROJECT, "datasetId": "people"}
    home = R("bigquery.Dataset", labels, "home")
    schema = {"schema": LOG_SCHEMA} if tagged else {}
    table = R("bigquery.Table", {**labels, "tableId": "income", **schema}, "income")
    reads = R(
        "bigquery.DatasetAccess",
        {"datasetId": "people", "project": PROJECT, "role": "READER", "userByEmail": TRAINER},
        "reads",
    )
    return judged(home, table, reads, TAG, *extra)


def test_masked_columns_may_be_read() -> None:
    assert table_world().verdict is Verdict.PASS
    assert table_world(tagged=False).verdict is Verdict.FAIL
    inputs = {
        "policyTag": TAG.record["id"],
        "role": "roles/datacatalog.categoryFineGrainedReader",
        "member": f"serviceAccount:{TRAINER}",
    }
    assert table_world(R("datacatalog.PolicyTagIamMember", inputs, "clear")).verdict is Verdict.FAIL


def test_a_mask_on_a_way_that_may_be_another_masks_nothing() -> None:
    inputs = {"datasetId": "people", "tableId": "income", "project": PROJECT, "role": UNKNOWN}
    unsure = R("bigquery.IamMember", {**inputs, "member": f"serviceAccount:{TRAINER}"}, "unsure")
    assert table_world(unsure).verdict is Verdict.INDETERMINATE


def test_what_may_be_is_indeterminate() -> None:
    unknown = on_bucket("raw", UNKNOWN)
    assert judged(unknown).verdict is Verdict.INDETERMINATE
    nobody = replace(SETTINGS, personal_classes=None)
    assert judged(on_bucket("raw"), parameters=nobody).verdict is Verdict.INDETERMINATE


def test_training_as_nobody_knows_who_is_indeterminate() -> None:
    lost = schedule(createPipelineJobRequest={"pipelineJob": {}})
    silent = around("groundplan:pipelines:PipelineEnvironment", "pipelines")
    found = outcomes(CONTROL, silent, lost, **WORLD)
    assert found["weekly"].verdict is Verdict.INDETERMINATE
    assert found["pipelines"].verdict is Verdict.INDETERMINATE


test_seen = caught_elsewhere(CONTROL, [SCAN], *TRAINS, COPIES, READS_COPIES, **WORLD)
