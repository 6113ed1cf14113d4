"""The report as SARIF 2.1.0, the form in which code hosts and editors read findings.

A fail is a result of kind `fail`, an indeterminate one of kind `open`, a declaration one of kind `review`: SARIF's own
words for them. Only results of kind `fail` have a level there. Whether a finding fails the check is in its
`properties`, and how bad it is in the rule's `security-severity`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote

from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.results import Finding, WaiverFinding
from groundplan_policies.engine.source import Source
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.reports.json_report import to_json
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.safe import plain
from groundplan_policies.reports.sarif_rules import LEVELS, message, rules
from groundplan_policies.reports.words import PROOF, conclusion, name_of, sentence, type_of, waived_until

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
"""The identifier of SARIF's schema."""

ROOT: Final = "%SRCROOT%"
"""The root of the repository, by the name that code hosts give it. Places are relative to it."""

_KINDS: Final = {Verdict.FAIL: "fail", Verdict.INDETERMINATE: "open", Verdict.DECLARED: "review"}
_DIGITS: Final = 16


def as_sarif(report: Report, *, note: str = "") -> str:
    """Write a report as SARIF.

    Args:
        report: The report.
        note: What a reader must know of the whole run, such as that it is of a mock cloud; "" for nothing.
    """
    found, described = report.evaluation, rules(report)
    noted: list[Value] = [{"level": "warning", "message": message(note)}] if note else []
    numbers = {str(rule["id"]): number for number, rule in enumerate(described)}
    run: dict[str, Value] = {
        "tool": {"driver": {"name": "groundplan", "semanticVersion": report.version, "rules": [*described]}},
        "automationDetails": {"id": f"groundplan/{quote(report.subject.name, safe='', errors='replace')}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not found.faults,
                "exitCode": report.exit_code,
                "exitCodeDescription": conclusion(report),
                "toolExecutionNotifications": [*noted, *_notifications(report, numbers)],
            }
        ],
        "results": [
            *(_result(report, each, numbers) for each in found.findings),
            *(_waiver_result(report, each, numbers) for each in found.waiver_findings),
        ],
        "properties": {
            "settings": plain(found.settings),
            "tier": found.tier,
            "asOf": found.as_of.isoformat(),
            "sha256": report.subject.digest,
            "proof": f"A pass proves {PROOF[found.level_of_proof]}",
            "complete": found.complete,
            **({"watermark": note} if note else {}),
        },
    }
    return to_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(report: Report, finding: Finding, numbers: Mapping[str, int]) -> Mapping[str, Value]:
    said = "; ".join(sentence(each) for each in finding.reasons)
    who = name_of(finding.urn) + (f" ({type_of(finding.type)})" if finding.type else "")
    return {
        "ruleId": finding.control,
        "ruleIndex": numbers[finding.control],
        "kind": _KINDS[finding.verdict],
        "level": LEVELS[finding.level] if finding.verdict is Verdict.FAIL else "none",
        "message": message(f"{who}: {said or finding.verdict.value}."),
        "locations": [_location(finding.urn, _place(report, finding.source))],
        "partialFingerprints": {
            **_identity(finding.control, finding.urn),
            "groundplanReads/v1": finding.fingerprint,
        },
        "suppressions": _suppressions(finding),
        "properties": {
            "verdict": finding.verdict.value,
            "severity": finding.severity.value,
            "level": finding.level.value,
            "failsTheCheck": report.counts(finding),
        },
    }


def _suppressions(finding: Finding) -> list[Value]:
    """Say what silences a finding. That nothing does is said as well: else SARIF takes it for unknown."""
    if finding.waiver is None:
        return []
    return [
        {
            "kind": "external",
            "status": "accepted",
            "justification": f"Waived {waived_until(finding.waiver)}",
            "properties": {
                "expires": finding.waiver.expires.isoformat(),
                "approverVerified": finding.waiver.verified,
                "place": plain(finding.waiver.place),
            },
        }
    ]


def _identity(identifier: str, urn: str) -> Mapping[str, str]:
    """Say by what a finding is known again: its control and resource, whatever line it is on.

    The key is the one by which code hosts tell findings apart. They would else make it of the text of the line, and one
    line in a loop makes many resources.
    """
    digest = hashlib.sha256(f"{identifier}\n{urn}".encode(errors="backslashreplace")).hexdigest()[:_DIGITS]
    return {"primaryLocationLineHash": f"{digest}:1"}


def _place(report: Report, source: Source | None) -> tuple[str, int]:
    """Give file and line, relative to the root of the repository; those of the stack where there are no others."""
    directory = report.subject.directory
    if source is None or source.file.startswith(("/", "../")):
        return f"{directory}{report.subject.home}", 1
    return f"{directory}{source.file}", max(source.line, 1)


def _location(urn: str, place: tuple[str, int]) -> Mapping[str, Value]:
    file, line = place
    location: dict[str, Value] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(file, errors="replace"), "uriBaseId": ROOT},
            "region": {"startLine": line},
        }
    }
    if urn:
        location["logicalLocations"] = [{"name": name_of(urn), "fullyQualifiedName": urn, "kind": "resource"}]
    return location


def _waiver_result(report: Report, found: WaiverFinding, numbers: Mapping[str, int]) -> Mapping[str, Value]:
    file, _, line = found.place.rpartition(":")
    inside = file and line.isdecimal() and not file.startswith(("/", "../"))
    place = (f"{report.subject.directory}{file}", int(line)) if inside else _place(report, None)
    return {
        "ruleId": found.id,
        "ruleIndex": numbers[found.id],
        "kind": "fail",
        "level": LEVELS[found.level],
        "message": message(f"{found.title} ({found.control} on {name_of(found.urn)}). {found.message}"),
        "locations": [_location(found.urn, place)],
        "partialFingerprints": _identity(f"{found.id}\n{found.control}", found.urn),
        "suppressions": [],
        "properties": {
            "severity": found.severity.value,
            "level": found.level.value,
            "failsTheCheck": found.level.rank >= report.level.rank,
        },
    }


def _notifications(report: Report, numbers: Mapping[str, int]) -> Iterator[Value]:
    """Give what is to be known of the run itself: faults of rules, types that were not looked at, what is missing."""
    found = report.evaluation
    for fault in found.faults:
        where = f" at {fault.where}" if fault.where else ""
        text = f"The rule has a fault ({fault.kind}{where}), for {name_of(fault.urn)}. Nothing is proved there."
        descriptor: dict[str, Value] = {"id": fault.control, "index": numbers[fault.control]}
        yield {"level": "error", "message": message(text), "associatedRule": descriptor}
    for unknown in found.types.unknown:
        text = f"Nobody has reviewed the type {unknown.type}: {unknown.count} of it were not looked at."
        yield {"level": "error", "message": message(text)}
    for gap in found.gaps:
        yield {"level": "warning", "message": message(f"The document is not whole: {gap}")}
    for each in found.loosened:
        text = f"The settings loosen {each.what} from {each.before} to {each.after}."
        yield {"level": "note" if each.explained else LEVELS[Level.WARN], "message": message(text)}
