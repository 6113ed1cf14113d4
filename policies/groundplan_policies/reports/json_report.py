"""The report as JSON, of a documented and versioned form."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.levels import Loosening
from groundplan_policies.engine.results import Finding, RuleFault, TypeCount, WaiverFinding, WaiverUse
from groundplan_policies.engine.source import Source
from groundplan_policies.engine.states import State
from groundplan_policies.engine.values import Value
from groundplan_policies.reports.report import Framework, Report
from groundplan_policies.reports.safe import plain
from groundplan_policies.reports.words import PROOF, answers, conclusion, resources, shown, states

FORMAT: Final = "groundplan-report/1"
"""Name and version of the form. A reader that knows version 1 can read every report that says so: fields are added
within a version, and none is removed or changes its meaning."""

_MARKUP: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\x7f": "\\u007f"})


def report_schema() -> dict[str, Value]:
    """Give the JSON Schema (2020-12) of the report."""
    text = files("groundplan_policies.reports").joinpath("report.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Value] = json.loads(text)
    return schema


def as_json(report: Report) -> str:
    """Write a report as JSON.

    A URN is whatever a program made it. Readers get it unchanged, as they look resources up by it; in the text itself
    all that a terminal or a browser could take for more than a letter is escaped.
    """
    return to_json(content(report))


def to_json(written: Mapping[str, Value]) -> str:
    """Write JSON in ASCII, without anything in it that a browser could take for markup."""
    return json.dumps(written, indent=2, ensure_ascii=True).translate(_MARKUP) + "\n"


def content(report: Report) -> dict[str, Value]:
    """Give what the JSON of a report says."""
    found = report.evaluation
    return {
        "format": FORMAT,
        "tool": {"name": "groundplan", "version": report.version},
        "subject": _subject(report),
        "settings": {
            "name": plain(found.settings),
            "tier": found.tier,
            "asOf": found.as_of.isoformat(),
            "failsFrom": report.level.value,
        },
        "result": {
            "clean": report.clean,
            "exitCode": report.exit_code,
            "reasons": [*report.reasons],
            "conclusion": conclusion(report),
        },
        "summary": _summary(report),
        "controls": [_control(report, each) for each in report.controls.values() if each.id in found.counts],
        "off": [*found.off],
        "findings": [_finding(report, each) for each in found.findings],
        "faults": [_fault(each) for each in found.faults],
        "waiverFindings": [_waiver_finding(each) for each in found.waiver_findings],
        "loosened": [_loosened(each) for each in found.loosened],
        "unmetClauses": [
            {"framework": each.framework, "clause": each.clause, "control": each.control, "reason": plain(each.reason)}
            for each in found.unmet_clauses
        ],
        "types": {
            "evaluated": _types(found.types.evaluated),
            "skipped": _types(found.types.skipped),
            "reviewed": _types(found.types.reviewed),
            "unknown": _types(found.types.unknown),
        },
        "framework": _framework(report.framework),
    }


def _subject(report: Report) -> dict[str, Value]:
    found, subject = report.evaluation, report.subject
    return {
        "name": plain(subject.name),
        "kind": subject.kind,
        "sha256": subject.digest,
        "resources": subject.resources,
        "profile": found.profile,
        "engine": found.engine,
        "complete": found.complete,
        "gaps": [plain(each) for each in found.gaps],
        "proof": {"level": found.level_of_proof.value, "means": f"A pass proves {PROOF[found.level_of_proof]}"},
    }


def _summary(report: Report) -> dict[str, Value]:
    types = report.evaluation.types
    return {
        "resources": {
            "evaluated": resources(types.evaluated),
            "skipped": resources(types.skipped),
            "reviewed": resources(types.reviewed),
            "unknown": resources(types.unknown),
        },
        "controls": {_key(state.value): number for state, number in states(report).items()},
        "answers": {_key(name): number for name, number in answers(report).items()},
    }


def _key(words: str) -> str:
    first, *others = words.split(" ")
    return first + "".join(each.capitalize() for each in others)


def _control(report: Report, control: Control) -> dict[str, Value]:
    counts = report.evaluation.counts[control.id]
    return {
        "id": control.id,
        "title": control.title,
        "why": control.why,
        "remedy": control.remedy,
        "severity": control.severity.value,
        "level": report.settings.level(control).value,
        "evidence": control.evidence.value,
        "state": report.states.get(control.id, State.NOT_APPLICABLE).value,
        "counts": {
            "fail": counts.failed,
            "indeterminate": counts.indeterminate,
            "waived": counts.waived,
            "declared": counts.declared,
            "pass": counts.passed,
            "notApplicable": counts.not_applicable,
        },
        "clauses": [
            {"framework": each.framework, "clause": each.clause, "coverage": each.coverage.value}
            for each in control.clauses
        ],
    }


def _finding(report: Report, finding: Finding) -> dict[str, Value]:
    return {
        "control": finding.control,
        "severity": finding.severity.value,
        "level": finding.level.value,
        "verdict": finding.verdict.value,
        "decides": report.counts(finding),
        "urn": finding.urn,
        "type": finding.type,
        "source": place(finding.source),
        "reasons": [
            {"path": plain(each.path), "message": plain(each.message), "shown": shown(each)} for each in finding.reasons
        ],
        "fingerprint": finding.fingerprint,
        "waiver": _waiver(finding.waiver),
    }


def place(source: Source | None) -> Value:
    """Give a line of a program as JSON has it."""
    return None if source is None else {"file": source.file, "line": source.line, "own": source.own}


def _waiver(waiver: WaiverUse | None) -> Value:
    if waiver is None:
        return None
    return {
        "reason": plain(waiver.reason),
        "ticket": plain(waiver.ticket),
        "owner": plain(waiver.owner),
        "approver": plain(waiver.approver),
        "approverVerified": waiver.verified,
        "expires": waiver.expires.isoformat(),
        "place": plain(waiver.place),
    }


def _fault(fault: RuleFault) -> dict[str, Value]:
    return {"control": fault.control, "urn": fault.urn, "kind": plain(fault.kind), "where": fault.where}


def _waiver_finding(found: WaiverFinding) -> dict[str, Value]:
    return {
        "id": found.id,
        "title": found.title,
        "message": found.message,
        "severity": found.severity.value,
        "level": found.level.value,
        "control": plain(found.control),
        "urn": found.urn,
        "place": plain(found.place),
    }


def _loosened(each: Loosening) -> dict[str, Value]:
    return {
        "what": plain(each.what),
        "before": plain(each.before),
        "after": plain(each.after),
        "controls": [*each.controls],
        "author": plain(each.author),
        "reason": plain(each.reason),
        "expires": each.expires.isoformat() if each.expires is not None else None,
        "explained": each.explained,
        "place": plain(each.place),
    }


def _types(counted: tuple[TypeCount, ...]) -> list[Value]:
    return [{"type": each.type, "count": each.count, "reason": plain(each.reason)} for each in counted]


def _framework(framework: Framework | None) -> Value:
    if framework is None:
        return None
    return {
        "id": framework.id,
        "title": framework.title,
        "claim": framework.claim.value,
        "clauses": [
            {
                "clause": each.clause,
                "title": each.title,
                "state": each.state,
                "controls": [*each.controls],
                "note": each.note,
            }
            for each in framework.clauses
        ],
    }
