"""Words and groups that several formats share."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.names import short_name
from groundplan_policies.engine.results import Finding, Proof, TypeCount, WaiverUse
from groundplan_policies.engine.states import State
from groundplan_policies.engine.verdicts import Reason, Severity, Verdict
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.safe import LONGEST_SHOWN, clip, count, plain

WHOLE_STACK: Final = "the stack as a whole"
"""The name of what a finding without a resource is about."""

PROOF: Final[Mapping[Proof, str]] = {
    Proof.PROGRAM: (
        "what the program asks for. Values that a deployment computes are not known yet, and what is made of them "
        "later is not in the document: check again what exists after the deployment."
    ),
    Proof.MOCK_APPLIED: (
        "what the program makes on the mock cloud. Computed values are the mock cloud's; Google's own may differ: "
        "check again what exists after the deployment."
    ),
    Proof.STATE: (
        "what Pulumi knows of what exists. Changes that were made past Pulumi are not in it before a refresh."
    ),
    Proof.PIPELINE: (
        "what the compiled pipeline asks for. As whom it runs, with which key, where it writes and which images its "
        "registry serves is not in it: check the stack whose schedule runs it as well."
    ),
}
"""What a pass proves, and what it does not."""

VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.FAIL: "fails",
    Verdict.INDETERMINATE: "indeterminate",
    Verdict.DECLARED: "declared",
}
"""A verdict on one resource, as a word before its name."""

STATES: Final[Mapping[State, str]] = {
    State.FAULT: "at fault",
    State.FAIL: "fail",
    State.INDETERMINATE: "indeterminate",
    State.WAIVED: "waived",
    State.DECLARED: "declared",
    State.PASS: "pass",
    State.NOT_APPLICABLE: "not applicable",
}
"""What a control says, after a number."""


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one control.

    Attributes:
        control: The control.
        findings: Its findings, in the order of the document.
    """

    control: Control
    findings: tuple[Finding, ...]


def groups(report: Report, findings: Iterable[Finding]) -> Iterator[Group]:
    """Group findings by control, in the order in which they come: the worst severity first."""
    found: dict[str, list[Finding]] = {}
    for each in findings:
        found.setdefault(each.control, []).append(each)
    for identifier, members in found.items():
        yield Group(report.controls[identifier], tuple(members))


def by_severity(found: Iterable[Group]) -> Iterator[tuple[Severity, list[Group]]]:
    """Group groups by severity, the worst first."""
    listed = list(found)
    for severity in Severity:
        members = [each for each in listed if each.control.severity is severity]
        if members:
            yield severity, members


_PARTS_BEFORE_NAME = 3


def name_of(urn: str) -> str:
    """Give the name of a resource, safe to show: what follows the type in its URN, and may hold `::` itself."""
    return plain(urn.split("::", _PARTS_BEFORE_NAME)[-1]) if urn else WHOLE_STACK


def type_of(token: str) -> str:
    """Give the short name of a type, safe to show."""
    return plain(short_name(token))


def place_of(finding: Finding) -> str:
    """Give the line of the program, safe to show; "" if the document does not say."""
    return plain(str(finding.source)) if finding.source is not None else ""


def shown(reason: Reason) -> str:
    """Give the value that a reason shows, cut and safe to show; "" if it shows none."""
    return clip(plain(reason.shown), LONGEST_SHOWN)


def sentence(reason: Reason) -> str:
    """Give a reason as one text: the property, what is wrong, and the value if the rule shows it."""
    value = shown(reason)
    path = f"{plain(reason.path)}: " if reason.path else ""
    return f"{path}{plain(reason.message)}" + (f" ({value})" if value else "")


def first_sentence(text: str) -> str:
    """Give the first sentence of a text of ours."""
    head, stop, _ = text.partition(". ")
    return f"{head}." if stop else text


def answers(report: Report) -> Mapping[str, int]:
    """Count the answers of all controls, each kind by itself."""
    every = report.evaluation.counts.values()
    return {
        "fail": sum(each.failed for each in every),
        "indeterminate": sum(each.indeterminate for each in every),
        "waived": sum(each.waived for each in every),
        "declared": sum(each.declared for each in every),
        "pass": sum(each.passed for each in every),
        "not applicable": sum(each.not_applicable for each in every),
    }


def states(report: Report) -> Mapping[State, int]:
    """Count the controls by what they say."""
    found = Counter(report.states.values())
    return {state: found[state] for state in State}


def resources(counted: Sequence[TypeCount]) -> int:
    """Count the resources of some types."""
    return sum(each.count for each in counted)


def waived_until(waiver: WaiverUse) -> str:
    """Say until when a finding is waived, by whom and why."""
    approver = plain(waiver.approver) + ("" if waiver.verified else ", unverified")
    return (
        f"until {waiver.expires}: {plain(waiver.reason)} "
        f"({plain(waiver.ticket)}; owner {plain(waiver.owner)}; approver {approver})"
    )


def conclusion(report: Report) -> str:
    """Say whether the check is clean, and what the command ends with."""
    if report.clean:
        advisory = len(report.advisory)
        rest = f"; {count(advisory, 'advisory finding')}" if advisory else ""
        return f"Clean{rest}. Exit code 0."
    return f"Not clean: {', '.join(report.reasons)}. Exit code {report.exit_code}."
