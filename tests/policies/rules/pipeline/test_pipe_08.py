"""PIPE-08: what pipelines write is encrypted with one's own key, in a private bucket."""

from dataclasses import replace
from typing import Any

import pytest

from groundplan_policies.engine.values import UNKNOWN
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.rules.pipeline.pipe_08 import CONTROL
from tests.policies.pipelines.specs import good
from tests.policies.rules.harness import R, outcome, secret, stated_verdicts
from tests.policies.rules.pipeline.runs import AT, ROOT, changed, faults, file, schedule

JOB = "createPipelineJobRequest.pipelineJob"
KEY_PATH = f"{JOB}.encryptionSpec.kmsKeyName"
ROOT_PATH = f"{JOB}.runtimeConfig.gcsOutputDirectory"

test_stated_verdicts = stated_verdicts(CONTROL, [schedule()], ROOT)


def said(made: R, *others: R) -> Outcome:
    return outcome(CONTROL, made, *(others or (ROOT,)))


def rooted(value: object) -> R:
    return changed("runtimeConfig.gcsOutputDirectory", value)


@pytest.mark.parametrize(
    "key", [..., "", "projects/acme-other/locations/eu/keyRings/r/cryptoKeys/k", f"{'k' * 3}/cryptoKeyVersions/1"]
)
def test_a_job_without_a_key_of_ones_own_fails(key: object) -> None:
    assert faults(said(changed("encryptionSpec.kmsKeyName", key))) == [("fail", KEY_PATH)]


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        ("gs://acme-runs", Verdict.PASS),
        ("gs://acme-runs/a/b", Verdict.PASS),
        ("gs://acme-others/a", Verdict.INDETERMINATE),
        ("/tmp/runs", Verdict.FAIL),
        ("acme-runs/a", Verdict.FAIL),
        ("minio://acme-runs", Verdict.FAIL),
        (UNKNOWN, Verdict.INDETERMINATE),
        (f"gs://{UNKNOWN}/a", Verdict.INDETERMINATE),
        (secret(), Verdict.INDETERMINATE),
        (7, Verdict.INDETERMINATE),
    ],
)
def test_the_place_is_a_bucket_of_this_document(root: object, expected: Verdict) -> None:
    found = said(rooted(root))
    assert found.verdict is expected
    assert {each.path for each in found.reasons} <= {ROOT_PATH}


def test_a_bucket_of_this_document_is_found_before_its_name_is_known() -> None:
    made = replace(rooted(f"gs://{UNKNOWN}/a"), origins={ROOT_PATH: ROOT.urn})
    assert said(made).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("change", "control", "expected"),
    [
        ({"publicAccessPrevention": "inherited"}, "DAT-05", Verdict.FAIL),
        ({"encryption": {}}, "ENC-01", Verdict.FAIL),
        ({"publicAccessPrevention": UNKNOWN}, "DAT-05", Verdict.INDETERMINATE),
    ],
)
def test_the_bucket_passes_the_controls_on_buckets(change: dict[str, Any], control: str, expected: Verdict) -> None:
    found = said(schedule(), replace(ROOT, inputs={**ROOT.inputs, **change}))
    assert found.verdict is expected
    assert [(each.path, control in each.message) for each in found.reasons] == [(ROOT_PATH, True)]


@pytest.mark.parametrize("absent", [..., ""])
def test_without_a_place_of_the_job_the_pipelines_own_counts(absent: object) -> None:
    bare = rooted(absent)
    assert faults(said(bare)) == [("fail", ROOT_PATH)]
    path = "pipelineSpec"
    for root, expected in (
        ("gs://acme-runs/x", Verdict.PASS),
        ("gs://other", Verdict.INDETERMINATE),
        ("x", Verdict.FAIL),
    ):
        held = changed(
            path,
            schedule({**good(), "defaultPipelineRoot": root}).inputs["createPipelineJobRequest"]["pipelineJob"][path],
        )
        job = held.inputs["createPipelineJobRequest"]["pipelineJob"]
        job["runtimeConfig"].pop("gcsOutputDirectory")
        found = said(held)
        assert found.verdict is expected
        assert {each.path for each in found.reasons} <= {f"{AT}.defaultPipelineRoot"}
    unread = changed(path, "no pipeline")
    unread.inputs["createPipelineJobRequest"]["pipelineJob"]["runtimeConfig"].pop("gcsOutputDirectory")
    assert said(unread).verdict is Verdict.INDETERMINATE


def test_a_file_has_no_key_and_a_place_at_most() -> None:
    assert [each.path for each in said(file()).reasons] == [""]
    assert said(file()).verdict is Verdict.INDETERMINATE
    assert said(file({**good(), "defaultPipelineRoot": "gs://acme-runs"})).verdict is Verdict.INDETERMINATE
    wrong = said(file({**good(), "defaultPipelineRoot": "minio://x"}))
    assert (wrong.verdict, wrong.reasons[0].path) == (Verdict.FAIL, "defaultPipelineRoot")


def test_a_schedule_of_a_notebook_is_not_concerned() -> None:
    notebook = R("colab.Schedule", {"createNotebookExecutionJobRequest": {"notebookExecutionJob": {}}})
    assert said(notebook).verdict is Verdict.NOT_APPLICABLE
