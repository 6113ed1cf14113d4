"""What the tables of the page show, row by row."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.results import Finding, RuleFault
from groundplan_policies.engine.states import State
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.evidence.model import Bundle, Coverage, Result
from groundplan_policies.evidence.words import CLAUSES, GAPS, NOT_SATISFIED, STATES
from groundplan_policies.frameworks import ClauseState
from groundplan_policies.reports.safe import plain
from groundplan_policies.reports.words import VERDICTS, name_of, place_of, sentence, waived_until

MOST_PASSES: Final = 10
"""Resources that are listed as proven for a control before the rest is only counted. The JSON has them all."""

MOST_FINDINGS: Final = 60
"""Findings that are listed for a control before the rest is only counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding, as it is shown.

    Attributes:
        word: What it is: `fails`, `indeterminate`, `declared` or `waived`.
        name: The resource.
        place: Line of the program.
        said: Why.
    """

    word: str
    name: str
    place: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a control says, as it is shown.

    Attributes:
        control: The control.
        state: Its worst answer.
        word: The same in words.
        found: Its findings, as many as are shown.
        more_found: How many more there are.
        passes: Pairs of name and line of what it passes for, as many as are shown.
        passed: How many it passes for.
    """

    control: Control
    state: State
    word: str
    found: tuple[Found, ...]
    more_found: int
    passes: tuple[tuple[str, str], ...]
    passed: int


_ORDER: Final = (*NOT_SATISFIED, State.DECLARED, State.PASS, State.NOT_APPLICABLE)


_WAIVED: Final = "waived"
_WORDS: Final = (
    *(VERDICTS[each] for each in (Verdict.FAIL, Verdict.INDETERMINATE)),
    _WAIVED,
    VERDICTS[Verdict.DECLARED],
)
"""Words of findings, the worst first."""


def rows(bundle: Bundle) -> list[Row]:
    """Give what the controls say: the worst answers first, then by severity."""
    findings: dict[str, list[Finding]] = {}
    for each in bundle.report.evaluation.findings:
        findings.setdefault(each.control, []).append(each)
    found = [_row(bundle, each, findings.get(each.control, [])) for each in bundle.results]
    return sorted(found, key=lambda row: (_ORDER.index(row.state), row.control.severity.rank, row.control.id))


def _row(bundle: Bundle, result: Result, findings: list[Finding]) -> Row:
    shown = sorted(result.passes, key=lambda urn: urn == "")[:MOST_PASSES]
    found = sorted(map(_found, findings), key=lambda each: _WORDS.index(each.word))
    faults = [_fault(each) for each in bundle.report.evaluation.faults if each.control == result.control]
    return Row(
        control=bundle.report.controls[result.control],
        state=result.state,
        word=STATES[result.state][0],
        found=(*faults, *found[:MOST_FINDINGS]),
        more_found=max(len(findings) - MOST_FINDINGS, 0),
        passes=tuple((bundle.names.get(urn, name_of(urn)), bundle.sources.get(urn, "")) for urn in shown),
        passed=len(result.passes),
    )


def _fault(fault: RuleFault) -> Found:
    said = f"{plain(fault.kind)}{f' at {fault.where}' if fault.where else ''}. Nothing is known here."
    return Found(word=STATES[State.FAULT][0], name=name_of(fault.urn), place="", said=said)


def _found(finding: Finding) -> Found:
    said = "; ".join(map(sentence, finding.reasons))
    if finding.waiver is not None:
        said += f" Waived {waived_until(finding.waiver)}."
    return Found(
        word=_WAIVED if finding.waiver is not None else VERDICTS[finding.verdict],
        name=name_of(finding.urn),
        place=place_of(finding),
        said=said,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a framework stands.

    Attributes:
        coverage: The framework.
        counted: Pairs of words and how many clauses stand so.
        gaps: How many clauses lack something.
    """

    coverage: Coverage
    counted: tuple[tuple[str, int], ...]
    gaps: int


def standings(bundle: Bundle) -> Iterator[Standing]:
    """Give how each framework stands."""
    for each in bundle.coverage:
        counted = Counter(CLAUSES[clause.state] for clause in each.clauses)
        words = dict.fromkeys(CLAUSES.values())
        gaps = sum(clause.state in GAPS for clause in each.clauses)
        yield Standing(
            coverage=each, counted=tuple((word, counted[word]) for word in words if counted[word]), gaps=gaps
        )


def clause_word(state: ClauseState) -> str:
    """Say how a clause stands."""
    return CLAUSES[state]


def kinds(bundle: Bundle) -> list[str]:
    """Give the kinds of principals that have access, in alphabetical order."""
    return sorted({each.kind for each in bundle.access})


def joined(names: Iterable[str]) -> str:
    """Give names with arrows between them."""
    return " → ".join(names)
