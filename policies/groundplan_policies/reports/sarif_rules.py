"""The controls as rules of SARIF, with help that a code host shows beside a finding."""

from collections.abc import Mapping
from typing import Final

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.reports.markup import prose
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.safe import plain
from groundplan_policies.waivers.faults import FAULTS

LEVELS: Final[Mapping[Level, str]] = {Level.BLOCK: "error", Level.WARN: "warning", Level.OFF: "none"}
"""SARIF's word for each level."""

_SCORES: Final = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""Severities as numbers, in the middle of the bands that code hosts read out of them."""

_MEANING: Final = str.maketrans({"[": "\\[", "]": "\\]", "\\": "\\\\", "{": "{{", "}": "}}"})


def message(text: str) -> Mapping[str, Value]:
    """Give a text as a message, in which brackets would make links, and braces placeholders."""
    return {"text": plain(text, lines=True).translate(_MEANING)}


def rules(report: Report) -> list[Mapping[str, Value]]:
    """Give the rules: every control that was asked, and what is wrong with waivers."""
    asked = [each for each in report.controls.values() if each.id in report.evaluation.counts]
    wrong = sorted({each.id for each in report.evaluation.waiver_findings})
    return [*(_control(report, each) for each in asked), *(_waivers(report, each) for each in wrong)]


def _control(report: Report, control: Control) -> Mapping[str, Value]:
    return {
        "id": control.id,
        "shortDescription": message(control.title),
        "fullDescription": message(control.why),
        "help": {
            **message(f"{control.why}\n\nTo do: {control.remedy}"),
            "markdown": f"{prose(control.why)}\n\n**To do:** {prose(control.remedy)}",
        },
        "defaultConfiguration": {"level": LEVELS[report.settings.level(control)]},
        "properties": {
            "tags": ["security", control.family, control.severity.value],
            "precision": "very-high",
            "security-severity": _SCORES[control.severity],
            "evidence": control.evidence.value,
            "objectives": [*control.objectives],
            "clauses": [f"{each.framework} {each.clause} ({each.coverage.value})" for each in control.clauses],
        },
    }


def _waivers(report: Report, identifier: str) -> Mapping[str, Value]:
    fault = FAULTS[identifier]
    return {
        "id": identifier,
        "shortDescription": message(fault.title),
        "fullDescription": message(f"{fault.title}."),
        "help": {**message(fault.remedy), "markdown": prose(fault.remedy)},
        "defaultConfiguration": {"level": LEVELS[report.settings.level_for(identifier, fault.severity)]},
        "properties": {
            "tags": ["security", "waiver", fault.severity.value],
            "precision": "very-high",
            "security-severity": _SCORES[fault.severity],
        },
    }
