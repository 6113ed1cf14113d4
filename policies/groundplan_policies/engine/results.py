"""What an evaluation found: findings, faults of rules, counts, types, and whether all of that is clean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from groundplan_policies.engine.levels import Level, Loosening, UnmetClause
from groundplan_policies.engine.source import Source
from groundplan_policies.engine.verdicts import Reason, Severity, Verdict


class Proof(StrEnum):
    """What a document can prove."""

    PROGRAM = "program"
    """A preview: what a deployment would compute is unknown, and what is made of it later is not there."""
    MOCK_APPLIED = "mock-applied"
    """The program, applied to the mock cloud: computed values are those that the mock cloud gave."""
    STATE = "state"
    """What Pulumi knows of a stack that exists. Changes that were made past Pulumi are not in it before a refresh."""
    PIPELINE = "pipeline"
    """A compiled pipeline alone: neither the job that runs it nor anything around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverUse:
    """The waiver that silences a finding.

    Attributes:
        reason: Why the finding may stand.
        ticket: Where that was discussed.
        owner: Who answers for it.
        approver: Who agreed.
        expires: The last day on which it holds.
        verified: Whether the approver is one of those who may approve. If not, say so wherever the waiver is shown.
        place: `file:line` of the waiver.
    """

    reason: str
    ticket: str
    owner: str
    approver: str
    expires: date
    verified: bool
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a control says of a resource, where that is neither a pass nor nothing.

    Attributes:
        control: Id of the control.
        urn: The resource; "" for the stack as a whole.
        type: Its type token; "" for the stack as a whole.
        verdict: Fail, indeterminate or declared.
        reasons: Why.
        source: Line of the program that made the resource, None if the document does not say.
        severity: How bad it is.
        level: What a gate does with it.
        fingerprint: 32 hexadecimal digits: of the verdict, the reasons' places, and the properties that the control
            reads. It is the same from run to run and from machine to machine.
        waiver: The waiver that silences it. A finding that is waived is still not satisfied.
    """

    control: str
    urn: str
    type: str
    verdict: Verdict
    reasons: tuple[Reason, ...]
    source: Source | None
    severity: Severity
    level: Level
    fingerprint: str
    waiver: WaiverUse | None = None

    @property
    def blocks(self) -> bool:
        """Whether it stops a deployment."""
        return (
            self.level is Level.BLOCK and self.waiver is None and self.verdict in {Verdict.FAIL, Verdict.INDETERMINATE}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFault:
    """An exception inside a rule, or an answer that no rule may give. It is about the rule, and cannot be waived.

    Attributes:
        control: Id of the control.
        urn: The resource that it looked at; "" for the stack as a whole.
        kind: Class of the exception. Its text is not kept, as it may quote a value of the document.
        where: `file:line` in this package.
    """

    control: str
    urn: str
    kind: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverFinding:
    """What is wrong with a waiver. It cannot be waived.

    Attributes:
        id: What kind of fault it is, such as `WVR-01`.
        title: The same in words.
        control: The control that the waiver names.
        urn: The resource that it names.
        message: What is wrong and what to do, in our own words.
        severity: How bad it is.
        level: What a gate does with it.
        place: `file:line` of the waiver.
    """

    id: str
    title: str
    control: str
    urn: str
    message: str
    severity: Severity
    level: Level
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How often a control gave each verdict. The sum is the number of (control, resource) pairs that were evaluated.

    Attributes:
        passed: Passes.
        failed: Fails that nobody waived.
        indeterminate: Indeterminates that nobody waived.
        declared: Declarations. They are never pooled with passes.
        not_applicable: Resources about which the control has nothing to say.
        waived: Fails and indeterminates that a waiver silences. They are never pooled with passes.
    """

    passed: int = 0
    failed: int = 0
    indeterminate: int = 0
    declared: int = 0
    not_applicable: int = 0
    waived: int = 0

    @property
    def evaluated(self) -> int:
        """How many pairs were evaluated."""
        return self.passed + self.failed + self.indeterminate + self.declared + self.not_applicable + self.waived


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCount:
    """How many resources of a type the document holds.

    Attributes:
        type: The type token.
        count: How many.
        reason: Why no rule looks at them; "" where rules do, or where nobody has reviewed the type.
    """

    type: str
    count: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCoverage:
    """Which resources rules have looked at. Every resource of the document is in exactly one of the four.

    Attributes:
        evaluated: Types for which there is a rule. Rules that only look at the options of every resource do not count.
        skipped: Components, the stack, and providers for which there is no rule.
        reviewed: Types that were reviewed and have no rule, or not yet, with the reason.
        unknown: Types that nobody has reviewed: what they make has not been looked at.
    """

    evaluated: tuple[TypeCount, ...] = ()
    skipped: tuple[TypeCount, ...] = ()
    reviewed: tuple[TypeCount, ...] = ()
    unknown: tuple[TypeCount, ...] = ()


def _nothing(_: str) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What the controls say of a document under some settings.

    Attributes:
        profile: The document's profile: `preview` or `state`.
        engine: Which engine wrote it: `embedded`, `pulumi`, or "" if it does not say.
        settings: Name of the settings: a tier, or a team's own.
        tier: The shipped tier on which they rest.
        as_of: The day for which waivers and explanations were judged.
        gaps: What the document does not hold; empty if it holds the whole deployment.
        level_of_proof: What a pass proves.
        findings: Fails, indeterminates and declarations, waived ones too: the worst severity first, then by control,
            then in the order of the document.
        faults: Faults of rules, in the same order.
        counts: Control -> how often it gave each verdict; only of controls that are not off.
        off: Ids of the controls that the settings switch off.
        types: Which resources were looked at.
        waiver_findings: What is wrong with waivers, in the order of the file.
        loosened: Where the settings ask less than the tier.
        unmet_clauses: Clauses that the settings take away from controls.
        passes: Gives, for a control's id, the URNs for which it passes ("" for the stack as a whole). Evaluates anew.
    """

    profile: str
    engine: str
    settings: str
    tier: str
    as_of: date
    gaps: tuple[str, ...]
    level_of_proof: Proof
    findings: tuple[Finding, ...]
    faults: tuple[RuleFault, ...]
    counts: Mapping[str, Counts]
    off: tuple[str, ...]
    types: TypeCoverage
    waiver_findings: tuple[WaiverFinding, ...]
    loosened: tuple[Loosening, ...]
    unmet_clauses: tuple[UnmetClause, ...]
    passes: Callable[[str], tuple[str, ...]] = field(default=_nothing, repr=False, compare=False)

    @property
    def complete(self) -> bool:
        """Whether the document holds the whole deployment."""
        return not self.gaps

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that stop a deployment."""
        return tuple(each for each in self.findings if each.blocks)

    @property
    def clean(self) -> bool:
        """Whether a gate may let it through.

        No control that blocks fails or is indeterminate without a waiver, no rule has a fault, there is no resource of
        a type that nobody has reviewed, and no finding about a waiver blocks.
        """
        return not (
            self.faults
            or self.types.unknown
            or any(each.blocks for each in self.findings)
            or any(each.level is Level.BLOCK for each in self.waiver_findings)
        )

    @property
    def exit_code(self) -> int:
        """What a command ends with: 0 if it is clean, else 1."""
        return 0 if self.clean else 1

    def passed(self, control: str) -> tuple[str, ...]:
        """Give the URNs for which a control passes, "" for the stack as a whole, in the order of the document.

        Passes are only counted while all controls are evaluated, so this evaluates the control once more.

        Raises:
            KeyError: The control was not evaluated.
        """
        if control not in self.counts:
            raise KeyError(control)
        return self.passes(control)
