"""What a report is made of: an evaluation, and what is to be said of the document and the settings beside it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.index import OPTIONS_FAMILY
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.results import Evaluation, Finding
from groundplan_policies.engine.states import State, state_of
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.frameworks import Claim, ClauseRow
from groundplan_policies.reports.safe import count
from groundplan_policies.settings.model import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What was evaluated.

    Attributes:
        name: Name of the stack, or of the file.
        kind: `stack` for one that was previewed for the report, `document` for a file.
        digest: SHA-256 of the document's text, as 64 hexadecimal digits.
        resources: How many resources it holds.
        directory: The program's directory inside the repository, with a slash at the end; "" for the root itself.
        home: The file that stands for the stack as a whole, inside that directory, such as `Pulumi.yaml`.
    """

    name: str
    kind: str
    digest: str
    resources: int
    directory: str = ""
    home: str = "Pulumi.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """How much of a framework is met, or how much evidence there is for it.

    Attributes:
        id: Its id, such as `cis-gcp-5.0`.
        title: Its name, or that this is evidence for what has the name.
        claim: What is claimed of a clause for which everything passes.
        clauses: Its clauses, in its own order.
    """

    id: str
    title: str
    claim: Claim = Claim.MET
    clauses: Sequence[ClauseRow]


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that a report shows. Its formats lay it out; none decides anything.

    Attributes:
        evaluation: What was found.
        controls: Every control that was evaluated or is off, by id.
        settings: The settings that held.
        subject: What was evaluated.
        level: The lowest level of findings that make the check fail: `block`, or `warn` for the advisory ones too.
        framework: The framework to which the report is narrowed, None for all controls.
        version: Version of this package.
    """

    evaluation: Evaluation
    controls: Mapping[str, Control]
    settings: Settings
    subject: Subject
    level: Level = Level.BLOCK
    framework: Framework | None = None
    version: str

    def counts(self, finding: Finding) -> bool:
        """Whether a finding makes the check fail."""
        return (
            finding.waiver is None
            and finding.verdict in {Verdict.FAIL, Verdict.INDETERMINATE}
            and finding.level.rank >= self.level.rank
        )

    @cached_property
    def decisive(self) -> tuple[Finding, ...]:
        """The findings that make the check fail."""
        return tuple(each for each in self.evaluation.findings if self.counts(each))

    @cached_property
    def advisory(self) -> tuple[Finding, ...]:
        """Fails and indeterminates that are only printed."""
        return tuple(
            each
            for each in self.evaluation.findings
            if each.waiver is None and each.verdict is not Verdict.DECLARED and not self.counts(each)
        )

    @cached_property
    def declared(self) -> tuple[Finding, ...]:
        """What holds because somebody says so."""
        return tuple(
            each for each in self.evaluation.findings if each.verdict is Verdict.DECLARED and each.waiver is None
        )

    @cached_property
    def waived(self) -> tuple[Finding, ...]:
        """What a waiver silences."""
        return tuple(each for each in self.evaluation.findings if each.waiver is not None)

    @cached_property
    def states(self) -> Mapping[str, State]:
        """What each control that was asked says, by id."""
        return {identifier: state_of(identifier, self.evaluation) for identifier in self.evaluation.counts}

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Why the check fails, in words; empty if it is clean."""
        found = self.evaluation
        said = []
        if self.decisive:
            controls = count(len({each.control for each in self.decisive}), "control")
            said.append(f"{count(len(self.decisive), 'finding')} of {controls}")
        if found.faults:
            said.append(count(len(found.faults), "fault of a rule", "faults of rules"))
        if found.types.unknown:
            unknown = count(len(found.types.unknown), "resource type")
            said.append(f"{unknown} that nobody has reviewed")
        waivers = sum(each.level.rank >= self.level.rank for each in found.waiver_findings)
        if waivers:
            said.append(count(waivers, "finding about waivers", "findings about waivers"))
        return tuple(said)

    @property
    def clean(self) -> bool:
        """Whether nothing makes the check fail."""
        return not self.reasons

    @property
    def exit_code(self) -> int:
        """What the command ends with: 0 if the check is clean, else 1."""
        return 0 if self.clean else 1


def narrowed(evaluation: Evaluation, controls: Mapping[str, Control], framework: str) -> Evaluation:
    """Keep of an evaluation what concerns a framework.

    The controls on ways around the guardrails stay, because what goes round them could hide anything.

    Args:
        evaluation: What was found.
        controls: The controls that were evaluated, by id.
        framework: Id of the framework.
    """
    kept = {
        each.id
        for each in controls.values()
        if each.family == OPTIONS_FAMILY or any(clause.framework == framework for clause in each.clauses)
    }
    found = only(evaluation, controls, kept)
    return replace(found, unmet_clauses=tuple(each for each in found.unmet_clauses if each.framework == framework))


def only(evaluation: Evaluation, controls: Mapping[str, Control], kept: Collection[str]) -> Evaluation:
    """Keep of an evaluation what some controls found.

    All are evaluated all the same: a waiver of another control is no fault, and a type that another one looks at is
    reviewed.

    Args:
        evaluation: What was found.
        controls: The controls that were evaluated, by id.
        kept: Ids of those that are kept.
    """
    return replace(
        evaluation,
        findings=tuple(each for each in evaluation.findings if each.control in kept),
        faults=tuple(each for each in evaluation.faults if each.control in kept),
        counts={identifier: each for identifier, each in evaluation.counts.items() if identifier in kept},
        off=tuple(each for each in evaluation.off if each in kept),
        # A waiver may name a control that does not exist at all: that stays.
        waiver_findings=tuple(
            each for each in evaluation.waiver_findings if each.control in kept or each.control not in controls
        ),
        unmet_clauses=tuple(each for each in evaluation.unmet_clauses if each.control in kept),
    )
