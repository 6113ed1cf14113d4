"""What the models and the data of the shipped environments answer to, and what training reads in the strictest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.stacks.previews import ROOT, resources

STACKS = ("learner", "team", "regulated")
TRAINER = "serviceAccount:gp-trainer@acme-ml-prod.iam.gserviceaccount.com"
PARTS = {
    "groundplan:training:TrainingPool",
    "groundplan:pipelines:PipelineEnvironment",
    "groundplan:serving:OnlineEndpoint",
}


def inputs(stack: str, last: str) -> list[dict[str, Any]]:
    """Return the inputs of the resources of a type, named by its last part."""
    return [r.get("inputs", {}) for r in resources(stack) if r["type"].rsplit(":", 1)[-1] == last]


def documents(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the documents that a record refers to, with their digests."""
    if isinstance(value, dict):
        if set(value) == {"uri", "digest"}:
            yield value["uri"], value["digest"]
        for inner in value.values():
            yield from documents(inner)


def records(stack: str) -> list[dict[str, Any]]:
    """Return the reviews and agreements of a stack."""
    return [*inputs(stack, "ResponsibleAiReview"), *inputs(stack, "DataUseAgreement")]


@pytest.mark.parametrize("stack", STACKS)
def test_documents_are_there_and_say_what_they_said_when_they_were_referred_to(stack: str) -> None:
    found = {each for record in records(stack) for each in documents(record)}
    assert found
    for uri, digest in found:
        assert f"sha256:{hashlib.sha256((ROOT / uri).read_bytes()).hexdigest()}" == digest, uri


@pytest.mark.parametrize("stack", STACKS)
def test_a_record_has_the_digest_of_its_text(stack: str) -> None:
    for record in records(stack):
        said = record.get("review") or record["agreement"]
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert record["digest"] == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


@pytest.mark.parametrize("stack", STACKS)
def test_every_part_of_a_models_life_answers_to_a_review_of_this_stack(stack: str) -> None:
    urns = {r["urn"]: r.get("inputs", {}) for r in resources(stack)}
    parts = [r for r in resources(stack) if r["type"] in PARTS]
    assert {r["type"] for r in parts} == PARTS
    for part in parts:
        governance = part["inputs"]["governance"]
        assert governance["purpose"] in urns[governance["review"]]["review"]["purposes"]


@pytest.mark.parametrize("stack", ["team", "regulated"])
def test_agreements_mask_the_columns_that_they_name(stack: str) -> None:
    (warehouse,) = [r for r in resources(stack) if r["type"].endswith(":Warehouse") and r["urn"].endswith("::census")]
    assert warehouse["inputs"]["governance"]["agreements"]
    assert warehouse["outputs"]["personalColumns"] == {"income": ["person", "age"]}


def test_regulated_training_reads_files_that_a_scan_left_and_masked_columns() -> None:
    read = {
        (each["bucket"], each["role"]) for each in inputs("regulated", "BucketIAMMember") if each["member"] == TRAINER
    }
    assert ("acme-ml-prod-gp-datasets", "roles/storage.objectViewer") not in read
    assert ("acme-ml-prod-gp-datasets-deidentified", "roles/storage.objectViewer") in read
    copies = [
        action["deidentify"]["cloudStorageOutput"]
        for trigger in inputs("regulated", "PreventionJobTrigger")
        for action in trigger["inspectJob"]["actions"]
        if "deidentify" in action
    ]
    assert copies == ["gs://acme-ml-prod-gp-datasets-deidentified/datasets/"]
    masked = [each["role"] for each in inputs("regulated", "DataPolicyIamMember") if each["member"] == TRAINER]
    assert masked
    assert set(masked) == {"roles/bigquerydatapolicy.maskedReader"}
    assert TRAINER not in {each["member"] for each in inputs("regulated", "PolicyTagIamMember")}


def test_team_and_regulated_watch_their_model_in_three_ways() -> None:
    for stack in ("team", "regulated"):
        (watched,) = inputs(stack, "ModelMonitoring")
        assert all(watched["monitor"][kind] for kind in ("skew", "drift", "attribution"))
        assert watched["monitor"]["endpoint"].endswith("OnlineEndpoint::income")
        assert watched["monitor"]["baselineUrn"]
