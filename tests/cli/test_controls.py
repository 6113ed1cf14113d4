"""`groundplan controls` and `groundplan explain`: what is asked, and why."""

import json
from typing import Any

import pytest

from groundplan_cli.guardrails import catalog
from groundplan_policies.engine.registry import all_controls
from tests.cli.conftest import Invoke


def listed(groundplan: Invoke, *arguments: str) -> dict[str, dict[str, Any]]:
    result = groundplan("controls", "--format", "json", *arguments)
    assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    assert content["format"] == "groundplan-controls/1"
    return {each["id"]: each for each in content["controls"]}


def test_every_control_is_listed(groundplan: Invoke) -> None:
    assert list(listed(groundplan)) == list(all_controls())
    lines = groundplan("controls").stdout.splitlines()
    assert any(line.startswith("DAT-05   high ") and line.endswith("Buckets prevent public access") for line in lines)
    assert lines[-1] == f"{len(all_controls())} controls. groundplan explain CONTROL says more."


def test_json_has_everything_that_a_control_says_of_itself(groundplan: Invoke) -> None:
    found = listed(groundplan)["DAT-05"]
    control = all_controls()["DAT-05"]

    assert (found["title"], found["why"], found["remedy"]) == (control.title, control.why, control.remedy)
    assert (found["severity"], found["evidence"], found["family"]) == ("high", "configuration", "DAT")
    assert (found["types"], found["wholeStack"], found["waivable"]) == (["storage.Bucket"], False, True)
    assert found["reads"][0]["path"] == "publicAccessPrevention"
    assert found["clauses"][0] == {
        "framework": control.clauses[0].framework,
        "clause": control.clauses[0].clause,
        "coverage": control.clauses[0].coverage.value,
        "missing": control.clauses[0].missing,
    }


def test_filters_narrow_the_list(groundplan: Invoke) -> None:
    family = listed(groundplan, "--family", "dat")
    severe = listed(groundplan, "--family", "DAT", "--severity", "high")
    framework = listed(groundplan, "--framework", "google-ai")

    assert {each["family"] for each in family.values()} == {"DAT"}
    assert {each["severity"] for each in severe.values()} == {"high"}
    assert 0 < len(severe) < len(family) < len(all_controls())
    assert all(any(clause["framework"] == "google-ai" for clause in each["clauses"]) for each in framework.values())
    assert 0 < len(framework) < len(all_controls())


def test_a_framework_is_listed_clause_by_clause(groundplan: Invoke) -> None:
    shown = " ".join(groundplan("controls", "--framework", "cis-gke-1.6").stdout.split())

    assert "CIS Google Kubernetes Engine Benchmark 1.6.0: 70 clauses: " in shown
    assert "5.3.1 covered Kubernetes secrets are encrypted with a key of Cloud KMS (ENC-08)" in shown
    assert "2.2.1 not covered The control plane has an audit policy. GKE's own" in shown
    assert "clauses: " not in groundplan("controls", "--family", "NET").stdout


def test_of_law_the_list_speaks_of_evidence(groundplan: Invoke) -> None:
    shown = " ".join(groundplan("controls", "--framework", "eu-ai-act").stdout.split())

    assert "Evidence for EU AI Act: Regulation (EU) 2024/1689: 29 clauses: " in shown
    assert "15 evidence possible The system is accurate" in shown
    assert "partly covered" not in shown


@pytest.mark.parametrize("type_", ["storage.Bucket", "gcp:storage/bucket:Bucket"])
def test_a_type_is_known_by_its_name_and_its_token(groundplan: Invoke, type_: str) -> None:
    found = listed(groundplan, "--type", type_)

    assert "DAT-05" in found
    assert "NET-15" not in found


def test_a_type_may_be_meant_by_a_pattern(groundplan: Invoke) -> None:
    assert "IAM-01" in listed(groundplan, "--type", "storage.BucketIAMMember")


def test_a_list_may_be_empty(groundplan: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    two = {identifier: all_controls()[identifier] for identifier in ("DAT-05", "NET-15")}
    monkeypatch.setattr(catalog, "all_controls", lambda: two)

    result = groundplan("controls", "--family", "NET", "--type", "storage.Bucket")

    assert result.exit_code == 0
    assert result.stdout == "0 controls. groundplan explain CONTROL says more.\n"


@pytest.mark.parametrize(
    ("option", "given", "nearest"),
    [
        ("--family", "NTE", "NET"),
        ("--severity", "hihg", "high"),
        ("--framework", "cis-gcp-4.0", "cis-gcp-5.0"),
        ("--type", "storage.Buket", "storage.Bucket"),
    ],
)
def test_what_does_not_exist_is_refused_with_the_nearest(
    groundplan: Invoke, option: str, given: str, nearest: str
) -> None:
    result = groundplan("controls", option, given)

    assert result.exit_code == 2
    assert nearest in result.stderr


def test_a_control_is_explained(groundplan: Invoke) -> None:
    result = groundplan("explain", "dat-05")

    assert result.exit_code == 0
    for part in (
        "DAT-05  Buckets prevent public access",
        "severity    high",
        "level       learner warn, team block, regulated block",
        "waiver      for 90 days at most",
        "One grant to allUsers makes every object of a bucket readable",
        "Use DataBucket, or set `public_access_prevention` to `enforced`.",
        "publicAccessPrevention  fail    fail   indet.  indet.  indet.",
        "cis-gcp-5.0  5.1",
        "Missing: grants that were made outside of this program",
    ):
        assert part in result.stdout, part


def test_what_cannot_be_waived_says_so(groundplan: Invoke) -> None:
    assert "waiver      cannot be waived" in groundplan("explain", "BYP-14").stdout


def test_parameters_have_their_value_in_each_tier(groundplan: Invoke) -> None:
    rotation = groundplan("explain", "ENC-09").stdout
    regions = groundplan("explain", "DAT-03").stdout

    assert "key_rotation_days" in rotation
    assert "regulated: 90" in rotation
    assert "asks less: higher" in rotation
    assert "no shipped tier says it" in regions


@pytest.mark.parametrize("identifier", list(all_controls()))
def test_every_control_can_be_explained(groundplan: Invoke, identifier: str) -> None:
    result = groundplan("explain", identifier)

    assert result.exit_code == 0, result.output
    assert all_controls()[identifier].title in result.stdout.replace("\n", " ")


def test_a_control_that_does_not_exist_is_refused_with_the_nearest(groundplan: Invoke) -> None:
    result = groundplan("explain", "DAT-5")

    assert result.exit_code == 2
    assert "DAT-05" in result.stderr
