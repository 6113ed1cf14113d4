"""Finds the waiver of each finding, and says what is wrong with waivers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.document import Document
from groundplan_policies.engine.index import OPTIONS_FAMILY
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.resource import STACK_TYPE
from groundplan_policies.engine.results import Finding, WaiverFinding, WaiverUse
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.settings.model import Settings
from groundplan_policies.waivers import faults
from groundplan_policies.waivers.faults import LONGEST, RENEWALS, WaiverFault
from groundplan_policies.waivers.model import Waiver
from groundplan_policies.waivers.people import person, same_person

_WILDCARDS = frozenset("*?")
_STACK_PARTS = 2


@dataclass(frozen=True, slots=True)
class Matched:
    """What waivers do to findings.

    Attributes:
        uses: Number of a finding in the list that was given -> the waiver that silences it.
        findings: What is wrong with waivers, in the order of the file.
    """

    uses: Mapping[int, WaiverUse]
    findings: tuple[WaiverFinding, ...]


def match_waivers(
    waivers: Sequence[Waiver],
    findings: Sequence[Finding],
    *,
    document: Document,
    controls: Mapping[str, Control],
    settings: Settings,
    as_of: date,
) -> Matched:
    """Find the waiver of each finding.

    Of several waivers for one control and resource the one that was issued last counts; those before it are history.
    Waivers for other stacks than the document's are left alone.
    """
    if not waivers:
        return Matched({}, ())
    judge = _Judge(waivers, findings, document=document, controls=controls, settings=settings, as_of=as_of)
    uses: dict[int, WaiverUse] = {}
    wrong: list[WaiverFinding] = []
    for waiver in waivers:
        found = list(judge.faults(waiver))
        told = (judge.finding(waiver, fault) for fault in found)
        wrong.extend(each for each in told if each.level is not Level.OFF)
        number = judge.number(waiver)
        if number is not None and judge.is_current(waiver) and all(fault.holds for fault in found):
            uses[number] = judge.use(waiver)
    return Matched(uses, tuple(wrong))


def can_be_waived(control: Control) -> bool:
    """Whether a finding of a control can be waived at all."""
    return control.waivable and control.family != OPTIONS_FAMILY


def waiver_urn(finding: Finding, document: Document) -> str:
    """Give the URN by which a waiver names a finding: that of the stack, for one on the stack as a whole."""
    if finding.urn:
        return finding.urn
    return document.stack.urn if document.stack is not None else ""


class _Judge:
    """Judges waivers one by one, with all of them and all findings in view."""

    def __init__(
        self,
        waivers: Sequence[Waiver],
        findings: Sequence[Finding],
        *,
        document: Document,
        controls: Mapping[str, Control],
        settings: Settings,
        as_of: date,
    ) -> None:
        self._document = document
        self._controls = controls
        self._settings = settings
        self._as_of = as_of
        self._findings = findings
        self._numbers = {
            (each.control, waiver_urn(each, document)): number
            for number, each in enumerate(findings)
            if each.verdict in {Verdict.FAIL, Verdict.INDETERMINATE}
        }
        self._same: dict[tuple[str, str], list[Waiver]] = {}
        for waiver in waivers:
            self._same.setdefault(_key(waiver), []).append(waiver)
        self._stack = _stack_of(document.resources[0].urn) if document.resources else ()

    def number(self, waiver: Waiver) -> int | None:
        """Give the number of the finding that a waiver names, None if there is none."""
        return self._numbers.get(_key(waiver))

    def is_current(self, waiver: Waiver) -> bool:
        """Whether this is the last waiver for its finding that was issued by now."""
        issued = [each for each in self._same[_key(waiver)] if each.issued <= self._as_of]
        return bool(issued) and max(issued, key=lambda each: each.issued) is waiver

    def faults(self, waiver: Waiver) -> Iterator[WaiverFault]:
        """Give everything that is wrong with a waiver. One that has no sense at all is not looked at further."""
        # A name may hold a star. It is then the name of a resource that is there.
        urn = "" if self._document.get(waiver.urn) is not None else waiver.urn
        if _WILDCARDS & set(waiver.control + urn + waiver.type):
            yield faults.TOO_BROAD
            return
        if self._stack and _stack_of(waiver.urn) != self._stack:
            return
        control = self._controls.get(waiver.control)
        if control is None:
            yield faults.NO_CONTROL
        elif not can_be_waived(control):
            yield faults.NOT_WAIVABLE
        elif waiver.issued > self._as_of:
            yield faults.NOT_YET
        elif self.is_current(waiver):
            yield from self._of_current(waiver, control)
        elif any(each.issued == waiver.issued for each in self._same[_key(waiver)] if each is not waiver):
            yield faults.TWICE

    def _of_current(self, waiver: Waiver, control: Control) -> Iterator[WaiverFault]:
        if waiver.expires < self._as_of:
            yield faults.EXPIRED
        if same_person(waiver.owner, waiver.approver):
            yield faults.SELF_APPROVED
        if (waiver.expires - waiver.issued).days > LONGEST[control.severity]:
            yield faults.TOO_LONG
        if not self._verified(waiver):
            yield faults.UNVERIFIED
        if sum(each.issued <= self._as_of for each in self._same[_key(waiver)]) > RENEWALS + 1:
            yield faults.OFTEN_RENEWED
        number = self.number(waiver)
        if number is not None:
            yield from _of_finding(waiver, self._findings[number])
        elif not self._document.gaps:
            yield faults.UNUSED

    def _verified(self, waiver: Waiver) -> bool:
        approvers = {person(each) for each in self._settings.approvers}
        return waiver.approver_owns or person(waiver.approver) in approvers

    def finding(self, waiver: Waiver, fault: WaiverFault) -> WaiverFinding:
        """Make the finding about a waiver."""
        return WaiverFinding(
            id=fault.id,
            title=fault.title,
            control=waiver.control,
            urn=waiver.urn,
            message=fault.remedy,
            severity=fault.severity,
            level=self._settings.level_for(fault.id, fault.severity),
            place=waiver.place,
        )

    def use(self, waiver: Waiver) -> WaiverUse:
        """Say that a waiver silences a finding."""
        return WaiverUse(
            reason=waiver.reason,
            ticket=waiver.ticket,
            owner=waiver.owner,
            approver=waiver.approver,
            expires=waiver.expires,
            verified=self._verified(waiver),
            place=waiver.place,
        )


def _of_finding(waiver: Waiver, finding: Finding) -> Iterator[WaiverFault]:
    if waiver.type != (finding.type or STACK_TYPE):
        yield faults.OTHER_TYPE
    if finding.fingerprint not in waiver.fingerprints:
        yield faults.LAPSED


def _key(waiver: Waiver) -> tuple[str, str]:
    return waiver.control, waiver.urn


def _stack_of(urn: str) -> tuple[str, ...]:
    """Give stack and project of a URN."""
    return tuple(urn.removeprefix("urn:pulumi:").split("::")[:_STACK_PARTS])
