"""The JSON of the evidence holds to its schema."""

import json
from typing import Any

from jsonschema import Draft202012Validator

from groundplan_policies.evidence.content import FORMAT, as_json, evidence_schema
from groundplan_policies.evidence.model import Bundle
from groundplan_policies.reports.json_report import report_schema
from tests.policies.evidence.world import made
from tests.policies.reports.test_json import strict
from tests.policies.rules.harness import R


def read(bundle: Bundle) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(as_json(bundle))
    return content


def errors(content: dict[str, Any]) -> list[str]:
    schema = strict(evidence_schema())
    schema["properties"]["passes"].pop("properties", None)
    return [error.message for error in Draft202012Validator(schema).iter_errors(content)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(evidence_schema())


def test_evidence_holds_to_the_schema() -> None:
    assert errors(read(made())) == []
    assert errors(read(made(R("kms.KeyRing", {}, "r")))) == []


def test_the_report_inside_holds_to_its_own() -> None:
    report = read(made())["report"]

    assert [error.message for error in Draft202012Validator(strict(report_schema())).iter_errors(report)] == []


def test_every_member_that_is_missing_is_noticed() -> None:
    whole = read(made())

    for name in whole:
        assert errors({key: value for key, value in whole.items() if key != name}), name


def test_numbers_add_up() -> None:
    content = read(made())
    counted = {each["id"]: each["counts"]["pass"] for each in content["report"]["controls"]}

    assert content["format"] == FORMAT
    assert {control: len(urns) for control, urns in content["passes"].items()} == counted
    assert content["summary"]["resources"] == len(content["inventory"])
    keys = {each["key"] for each in content["flow"]["nodes"]}
    assert {end for each in content["flow"]["edges"] for end in (each["from"], each["to"])} <= keys
