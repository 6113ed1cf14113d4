"""examples/insecure breaks nearly every control, each of which is named in insecure.yaml, and every format tells it."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from groundplan_cli.guardrails.checking import Asked, make_report
from groundplan_cli.guardrails.rules import Chosen
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.reports.json_report import as_json
from groundplan_policies.reports.junit import as_junit
from groundplan_policies.reports.markdown import as_markdown
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.sarif import as_sarif
from groundplan_policies.reports.text import text
from tests.architecture.sources import ROOT

FAMILIES = ("NET", "IAM", "ENC", "DAT", "BYP", "SUP", "REL", "PIPE", "SRV", "MON")
LISTED = yaml.safe_load(Path(__file__).with_name("insecure.yaml").read_text(encoding="utf-8"))
FAILS = {f"{family}-{number:02}" for family, numbers in LISTED["fails"].items() for number in numbers}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report() -> Report:
    chosen = Chosen(as_of=date(2026, 1, 31))
    return make_report(Asked(target=str(ROOT / "examples" / "insecure"), project=None, chosen=chosen))


def test_it_breaks_what_the_list_says(report: Report) -> None:
    found = {each.control for each in report.evaluation.findings if each.verdict is Verdict.FAIL}

    assert {each for each in found if each.startswith(FAMILIES)} == FAILS
    assert len(FAILS) >= 110


def test_what_it_does_not_break_is_listed_with_a_reason(report: Report) -> None:
    families = {each for each in report.controls if each.startswith(FAMILIES)}

    assert families - FAILS == set(LISTED["others"])


def test_no_rule_has_a_fault_and_the_check_fails(report: Report) -> None:
    assert report.evaluation.faults == ()
    assert report.exit_code == 1


def test_each_finding_on_a_resource_names_a_line_of_the_program(report: Report) -> None:
    files = {path.name for path in (ROOT / "examples" / "insecure").glob("*.py")}
    lines = [each.source for each in report.evaluation.findings if each.urn and "pulumi:providers" not in each.urn]

    assert [each for each in lines if each is None] == []
    assert {each.file for each in lines if each is not None} <= files


@pytest.mark.parametrize("form", [text, as_markdown, as_json, as_sarif, as_junit])
def test_every_format_names_every_control_that_fails(report: Report, form: Callable[[Report], str]) -> None:
    written = form(report)

    assert {each for each in FAILS if each not in written} == set()


def test_the_machine_readable_formats_count_the_same(report: Report) -> None:
    results = json.loads(as_sarif(report))["runs"][0]["results"]

    assert len(results) >= len(report.evaluation.findings)
    assert json.loads(as_json(report))["result"]["exitCode"] == 1
