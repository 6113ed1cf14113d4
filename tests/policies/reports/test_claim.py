"""Of law, and of what people do, a report speaks of evidence and of nothing more."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from groundplan_policies import frameworks
from groundplan_policies.engine.evaluate import evaluate
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.frameworks import Claim
from groundplan_policies.reports.coverage import framework
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.text import text
from groundplan_policies.settings.read import read_settings
from tests.policies.reports.sample import FORMATS, made, resources
from tests.policies.rules.harness import document

OF_EVIDENCE = [each for each in frameworks.ids() if frameworks.load(each).claim is Claim.EVIDENCE]
COMPLIANCE = re.compile(r"\bcompli(es|ed|ant|ance)\b|\bcomply|\bcertified\b|\bmet\b", re.IGNORECASE)


def about(identifier: str) -> Report:
    """Give a report on the framework, with what the shipped controls find in the sample's resources."""
    settings = read_settings("regulated")
    evaluation = evaluate(document(*resources()), settings, as_of=date(2026, 6, 15))
    controls = all_controls()
    return replace(
        made(), evaluation=evaluation, controls=controls, framework=framework(identifier, evaluation, controls)
    )


@pytest.mark.parametrize("identifier", OF_EVIDENCE)
@pytest.mark.parametrize("form", FORMATS)
def test_no_report_on_them_speaks_of_compliance(identifier: str, form: str) -> None:
    said = FORMATS[form](about(identifier))

    assert COMPLIANCE.search(said) is None, said[max(COMPLIANCE.search(said).start() - 60, 0) :][:140]  # type: ignore[union-attr]  # found, as the assertion failed


@pytest.mark.parametrize("identifier", OF_EVIDENCE)
def test_their_heading_says_evidence(identifier: str) -> None:
    report = about(identifier)
    title = f"Evidence for {frameworks.load(identifier).title}"

    assert title in text(report)
    assert title in FORMATS["markdown"](report)
    found = json.loads(FORMATS["json"](report))["framework"]
    assert (found["title"], found["claim"]) == (title, "evidence")


def test_of_configuration_it_is_said_what_is_met() -> None:
    report = about("cis-gcp-5.0")

    assert "Evidence for" not in text(report)
    assert json.loads(FORMATS["json"](report))["framework"]["claim"] == "met"
