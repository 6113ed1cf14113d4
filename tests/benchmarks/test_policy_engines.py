"""What is compared does the same work: the same resources, by the same rules."""

from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2

from benchmarks.evaluation import DAY, PLATFORM, TEAM, document
from benchmarks.policy_engines import TERRAFORM, find_checkov, missing_checkov, terraform_plan
from benchmarks.policy_packs import Shown, stock_servicer
from groundplan_policies.engine import Document
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.settings import read_settings

COUNT = 2 * len(PLATFORM)


def failing() -> dict[str, Any]:
    """A document in which buckets are not as they should be."""
    raw = document(COUNT)
    for record in raw["deployment"]["resources"]:
        if record["type"].endswith(":Bucket"):
            record["inputs"] = {**record["inputs"], "publicAccessPrevention": "inherited"}
    return raw


class Keeps:
    """A servicer that keeps what another one answers."""

    def __init__(self, servicer: Any) -> None:
        self._servicer = servicer
        self.told: list[tuple[str, str]] = []

    def Analyze(self, request: analyzer_pb2.AnalyzeRequest, context: None) -> None:  # noqa: N802 - as the protocol
        answer = self._servicer.Analyze(request, context)
        self.told += [(each.policyName, request.urn) for each in answer.diagnostics]

    def AnalyzeStack(self, request: analyzer_pb2.AnalyzeStackRequest, context: None) -> None:  # noqa: N802 - as above
        self._servicer.AnalyzeStack(request, context)


def test_the_stock_servicer_finds_what_an_evaluation_finds() -> None:
    read = Document.read(failing())
    keeps = Keeps(stock_servicer(read))
    Shown(read).to(keeps)
    found = evaluate(read, read_settings("regulated").filled(**TEAM), as_of=DAY).findings

    of_resources = {(each.control, each.urn) for each in found if all_controls()[each.control].stack is None}
    assert {control for control, _ in of_resources} >= {"DAT-05"}
    assert of_resources <= set(keeps.told)


def test_the_plan_holds_the_same_resources() -> None:
    plan = terraform_plan(COUNT)
    resources = plan["planned_values"]["root_module"]["resources"]

    assert len(resources) == COUNT + 1  # and the key ring
    assert {each["type"] for each in resources} == set(TERRAFORM.values())
    assert [each["address"] for each in plan["resource_changes"]] == [each["address"] for each in resources]
    bucket = next(each["values"] for each in resources if each["type"] == "google_storage_bucket")
    assert bucket["public_access_prevention"] == "enforced"
    assert bucket["versioning"] == [{"enabled": True}]
    assert bucket["labels"] == {"classification": "internal", "owner": "ml-platform"}
    secret = next(each["values"] for each in resources if each["type"] == "google_secret_manager_secret")
    (managed,) = secret["replication"][0]["user_managed"]
    assert managed["replicas"][0]["location"] == "europe-west4"


def test_without_checkov_the_benchmark_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.policy_engines.find_checkov", lambda: None)
    assert "make checkov" in missing_checkov()
    monkeypatch.setattr("benchmarks.policy_engines.find_checkov", lambda: "/usr/bin/checkov")
    assert missing_checkov() == ""


def test_checkov_is_found_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr("benchmarks.policy_engines.ROOT", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_checkov() is None
    (tmp_path / "checkov").touch(mode=0o700)
    assert find_checkov() == str(tmp_path / "checkov")
