"""The report as JUnit XML, which every CI shows: a suite for each control, a case for each resource.

What fails the check is a failure, or an error where the document does not tell. What is waived, declared or only
advisory is skipped, with the reason: none of it is a pass, and none of it stops anything.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.results import Finding, RuleFault, WaiverFinding
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.safe import plain
from groundplan_policies.reports.words import conclusion, name_of, place_of, sentence, type_of, waived_until

MOST_PASSES: Final = 1000
"""Resources that are listed as passed for a control. Beyond that one case counts the rest."""


def as_junit(report: Report) -> str:
    """Write a report as JUnit XML."""
    root = ET.Element("testsuites", {"name": f"groundplan {plain(report.subject.name)}"})
    findings: dict[str, list[Finding]] = {}
    for finding in report.evaluation.findings:
        findings.setdefault(finding.control, []).append(finding)
    faults: dict[str, list[RuleFault]] = {}
    for fault in report.evaluation.faults:
        faults.setdefault(fault.control, []).append(fault)
    for identifier in report.evaluation.counts:
        control = report.controls[identifier]
        cases = [
            *(_faulty(control, each) for each in faults.get(identifier, ())),
            *(_found(report, control, each) for each in findings.get(identifier, ())),
            *_passed(report, control),
        ]
        _suite(root, f"{identifier} {control.title}", cases)
    _suite(root, "Waivers", [_waiver(report, each) for each in report.evaluation.waiver_findings])
    _suite(root, "Document", list(_document(report)))
    _total(root, [case for suite in root for case in suite])
    ET.SubElement(root[-1], "system-out").text = plain(conclusion(report))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(root: ET.Element, name: str, cases: list[ET.Element]) -> None:
    """Add a suite, unless there is nothing in it."""
    if cases:
        suite = ET.SubElement(root, "testsuite", {"name": plain(name)})
        suite.extend(cases)
        _total(suite, cases)


def _total(element: ET.Element, cases: list[ET.Element]) -> None:
    """Count what cases hold."""
    element.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(name, str(sum(case.find(tag) is not None for case in cases)))


def _case(name: str, classname: str, more: Mapping[str, str] | None = None) -> ET.Element:
    return ET.Element("testcase", {"name": plain(name), "classname": plain(classname), **(more or {}), "time": "0"})


def _of(control: Control, urn: str, type_token: str) -> tuple[str, str]:
    """Give name and class of a case."""
    return name_of(urn), f"{control.id}.{type_of(type_token) if type_token else 'stack'}"


def _said(case: ET.Element, tag: str, kind: str, message: str, body: str = "") -> ET.Element:
    outcome = ET.SubElement(case, tag, {"type": kind, "message": plain(message)})
    if body:
        outcome.text = plain(body, lines=True)
    return case


def _found(report: Report, control: Control, finding: Finding) -> ET.Element:
    where: dict[str, str] = {}
    if finding.source is not None:
        where = {"file": plain(finding.source.file), "line": str(finding.source.line)}
    case = _case(*_of(control, finding.urn, finding.type), where)
    said = "; ".join(sentence(each) for each in finding.reasons)
    message = f"{finding.verdict.value}: {said}"
    if finding.waiver is not None:
        return _said(case, "skipped", "waived", f"waived {waived_until(finding.waiver)}")
    if not report.counts(finding):
        kind = "declared" if finding.verdict is Verdict.DECLARED else "advisory"
        return _said(case, "skipped", kind, said if kind == "declared" else f"advisory: {message}")
    body = "\n".join(
        each
        for each in (
            *(sentence(reason) for reason in finding.reasons),
            place_of(finding),
            f"Why: {control.why}",
            f"To do: {control.remedy}",
        )
        if each
    )
    tag = "failure" if finding.verdict is Verdict.FAIL else "error"
    return _said(case, tag, finding.verdict.value, message, body)


def _faulty(control: Control, fault: RuleFault) -> ET.Element:
    case = _case(*_of(control, fault.urn, ""))
    where = f" at {fault.where}" if fault.where else ""
    return _said(case, "error", "fault", f"the rule has a fault: {fault.kind}{where}")


def _passed(report: Report, control: Control) -> Iterator[ET.Element]:
    if not report.evaluation.counts[control.id].passed:
        return
    urns = report.evaluation.passed(control.id)
    for urn in urns[:MOST_PASSES]:
        token = urn.split("::")[2].rpartition("$")[2] if urn.count("::") > 2 else ""  # noqa: PLR2004 - parts of a URN
        yield _case(*_of(control, urn, token))
    if len(urns) > MOST_PASSES:
        yield _case(f"{len(urns) - MOST_PASSES:,} more resources", f"{control.id}.more")


def _waiver(report: Report, found: WaiverFinding) -> ET.Element:
    case = _case(f"{found.control} on {name_of(found.urn)}", found.id)
    tag = "failure" if found.level.rank >= report.level.rank else "skipped"
    return _said(case, tag, found.id, f"{found.title} ({found.place}). {found.message}")


def _document(report: Report) -> Iterator[ET.Element]:
    whole = _case("the document holds the whole deployment", "Document")
    if report.evaluation.gaps:
        _said(whole, "skipped", "incomplete", "; ".join(report.evaluation.gaps))
    yield whole
    reviewed = _case("every resource type has been reviewed", "Document")
    unknown = report.evaluation.types.unknown
    if unknown:
        _said(reviewed, "failure", "unknown", ", ".join(f"{each.type} x{each.count}" for each in unknown))
    yield reviewed
