"""The JSON report holds to its schema, and its numbers add up."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from groundplan_policies.engine.levels import Level
from groundplan_policies.reports.json_report import FORMAT, as_json, report_schema, to_json
from groundplan_policies.reports.report import Report
from tests.architecture.sources import ROOT
from tests.policies.reports.sample import FRAMEWORK, clean, made, resources


def strict(node: Any) -> Any:
    """Give a schema in which no field may occur that it does not describe."""
    if isinstance(node, dict):
        closed = {key: strict(value) for key, value in node.items()}
        return {**closed, "additionalProperties": False} if isinstance(node.get("properties"), dict) else closed
    return [strict(each) for each in node] if isinstance(node, list) else node


def read(report: Report) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(as_json(report))
    return content


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(report_schema())


@pytest.mark.parametrize("report", [made(), made(framework=FRAMEWORK), clean()], ids=["all", "framework", "clean"])
def test_a_report_holds_to_the_schema(report: Report) -> None:
    errors = [error.message for error in Draft202012Validator(strict(report_schema())).iter_errors(read(report))]

    assert errors == []


def test_every_field_that_a_report_lacks_is_noticed() -> None:
    validator = Draft202012Validator(report_schema())
    whole = read(made(framework=FRAMEWORK))

    for name in whole:
        assert not validator.is_valid({key: value for key, value in whole.items() if key != name}), name


def test_the_format_and_the_version_are_said() -> None:
    content = read(made())

    assert content["format"] == FORMAT == "groundplan-report/1"
    assert content["tool"] == {"name": "groundplan", "version": "1.2.3"}
    assert content["settings"] == {"name": "acme", "tier": "team", "asOf": "2026-06-15", "failsFrom": "block"}


def test_numbers_add_up_to_their_denominators() -> None:
    content = read(made())

    assert sum(content["summary"]["resources"].values()) == content["subject"]["resources"] == 9
    assert sum(content["summary"]["controls"].values()) == len(content["controls"]) == 5
    counted = [sum(each["counts"].values()) for each in content["controls"]]
    assert sum(content["summary"]["answers"].values()) == sum(counted) == 12
    assert content["off"] == ["TST-06"]


def test_a_finding_says_who_where_and_why() -> None:
    found = {each["urn"].rpartition("::")[2]: each for each in read(made())["findings"] if each["control"] == "TST-01"}

    assert found["logs-public"] == {
        "control": "TST-01",
        "severity": "critical",
        "level": "block",
        "verdict": "fail",
        "decides": True,
        "urn": "urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::logs-public",
        "type": "gcp:storage/bucket:Bucket",
        "source": {"file": "storage.py", "line": 12, "own": True},
        "reasons": [{"path": "publicAccessPrevention", "message": "is not enforced", "shown": "inherited"}],
        "fingerprint": found["logs-public"]["fingerprint"],
        "waiver": None,
    }
    assert found["logs-hidden"]["source"] is None
    assert found["logs-hidden"]["verdict"] == "indeterminate"
    assert found["logs-waived"]["decides"] is False
    assert found["logs-waived"]["waiver"] == {
        "reason": "The site is public.",
        "ticket": "SEC-7",
        "owner": "data@acme.test",
        "approver": "ciso@acme.test",
        "approverVerified": True,
        "expires": "2026-06-25",
        "place": "waivers.dev.yaml:3",
    }


def test_what_decides_follows_the_level() -> None:
    advisory = [each["decides"] for each in read(made())["findings"] if each["control"] == "TST-02"]
    decisive = [each["decides"] for each in read(made(level=Level.WARN))["findings"] if each["control"] == "TST-02"]

    assert (advisory, decisive) == ([False], [True])


def test_the_result_is_that_of_the_command() -> None:
    assert read(clean())["result"] == {
        "clean": True,
        "exitCode": 0,
        "reasons": [],
        "conclusion": "Clean. Exit code 0.",
    }
    result = read(made())["result"]
    assert (result["clean"], result["exitCode"]) == (False, 1)
    assert result["reasons"] == [
        "4 findings of 2 controls",
        "1 fault of a rule",
        "1 resource type that nobody has reviewed",
    ]


def test_the_rest_is_there() -> None:
    content = read(made(framework=FRAMEWORK))

    assert content["faults"] == [
        {"control": "TST-05", "urn": content["faults"][0]["urn"], "kind": "ValueError", "where": ""}
    ]
    assert [each["id"] for each in content["waiverFindings"]] == ["WVR-03"]
    assert [(each["what"], each["explained"]) for each in content["loosened"]] == [("TST-06", True), ("medium", False)]
    assert {(each["clause"], each["control"]) for each in content["unmetClauses"]} == set()
    assert content["types"]["unknown"] == [{"type": "strange:index:Thing", "count": 1, "reason": ""}]
    assert [each["state"] for each in content["framework"]["clauses"]] == [
        "not met",
        "partly met",
        "not covered",
        "met",
    ]


def test_the_text_is_ascii_and_holds_no_markup_but_the_urn_is_whole() -> None:
    name = "<b>&'é\u202e\x7f"
    text = as_json(made(*resources(name), with_waivers=()))

    assert text.isascii()
    assert not set("<>&\x7f") & set(text)
    assert any(each["urn"].endswith(f"::{name}-public") for each in json.loads(text)["findings"])
    assert json.loads(to_json({"a": "<&>"})) == {"a": "<&>"}


PAGE = ROOT / "docs" / "reference" / "report-format.md"


def test_the_page_has_every_field() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("<!-- fields -->\n")[2].partition("\n\n")[0]
    properties: Any = report_schema()["properties"]

    assert [line.split(" | ") for line in text.splitlines()[2:]] == [
        [f"| `{name}`", f"{described['description']} |"] for name, described in properties.items()
    ]


def test_the_page_shows_a_finding_as_it_is() -> None:
    text = PAGE.read_text(encoding="utf-8").partition("<!-- a finding -->\n```json\n")[2].partition("```")[0]

    assert json.loads(text) == read(made())["findings"][0]
