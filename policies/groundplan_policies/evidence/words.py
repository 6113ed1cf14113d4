"""Words that several formats of the evidence share."""

from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.states import State
from groundplan_policies.evidence.model import Bundle
from groundplan_policies.frameworks import ClauseState
from groundplan_policies.reports.safe import count, plain
from groundplan_policies.reports.words import states

NOT_SATISFIED: Final = (State.FAULT, State.FAIL, State.INDETERMINATE, State.WAIVED)
"""What a control may say that satisfies nobody, the worst first."""

STATES: Final[Mapping[State, tuple[str, str]]] = {
    State.FAULT: ("rule at fault", "The rule itself failed: nothing is known."),
    State.FAIL: ("fails", "Something is against it."),
    State.INDETERMINATE: ("cannot be told", "The document does not say what decides it."),
    State.WAIVED: ("waived", "It fails, and somebody let it through for a while."),
    State.DECLARED: ("declared", "It holds because somebody says so. Nothing here proves it."),
    State.PASS: ("proven", "The configuration that decides it was read, and is right."),
    State.NOT_APPLICABLE: ("nothing to check", "There is nothing in the deployment that it is about."),
}
"""What a control says: a word, and what it means."""

CLAUSES: Final[Mapping[ClauseState, str]] = {
    ClauseState.MET: "evidence for all of it",
    ClauseState.PARTLY_MET: "evidence for part of it",
    ClauseState.EVIDENCE: "evidence for part of it",
    ClauseState.DECLARED: "declared",
    ClauseState.NOT_MET: "no evidence",
    ClauseState.NO_EVIDENCE: "no evidence",
    ClauseState.NOT_APPLICABLE: "nothing to check",
    ClauseState.NOT_COVERED: "not looked at",
}
"""How a clause of a framework stands. The words claim no more than evidence: whether something complies with a
framework is for people to say."""

GAPS: Final = frozenset({ClauseState.NOT_MET, ClauseState.NO_EVIDENCE, ClauseState.NOT_COVERED, ClauseState.DECLARED})
"""Clauses for which something is missing."""

CLAIM: Final = (
    "Controls are mapped to clauses, and where all controls of a clause are proven, that is evidence for it. Evidence "
    "is no certificate: much of a framework is about what people do, which no program shows."
)


def headline(bundle: Bundle) -> str:
    """Say in a sentence what was found."""
    found = states(bundle.report)
    asked = len(bundle.report.states)
    parts = [f"{found[State.PASS]} proven", f"{found[State.DECLARED]} declared"]
    parts += [f"{found[each]} {_word(each, found[each])}" for each in NOT_SATISFIED if found[each]]
    if found[State.NOT_APPLICABLE]:
        parts.append(f"{found[State.NOT_APPLICABLE]} with nothing to check")
    return f"Of {count(asked, 'control')}: {', '.join(parts)}."


def _word(state: State, number: int) -> str:
    return "fail" if state is State.FAIL and number > 1 else STATES[state][0]


def verdict(bundle: Bundle) -> str:
    """Say whether the guardrails let it through."""
    report = bundle.report
    if report.clean:
        rest = count(len(report.advisory), "advisory finding") if report.advisory else ""
        return f"Clean under these settings{f', with {rest}' if rest else ''}."
    return f"Not clean: {', '.join(report.reasons)}."


def title(bundle: Bundle) -> str:
    """Give the title of the evidence."""
    return f"Evidence for {plain(bundle.report.subject.name)}"


def what(bundle: Bundle) -> str:
    """Say what the evidence is of."""
    report = bundle.report
    found = report.evaluation
    tier = f", on top of the tier {plain(found.tier)}" if found.tier and found.tier != found.settings else ""
    return (
        f"{count(len(bundle.inventory), 'managed resource')}, judged as of {found.as_of} under the settings "
        f"{plain(found.settings)}{tier}."
    )


def standing(bundle: Bundle) -> Iterator[tuple[State, int, str, str]]:
    """Give each answer of controls with its number, its word, and what it means."""
    found = states(bundle.report)
    for state in (State.PASS, State.DECLARED, *NOT_SATISFIED, State.NOT_APPLICABLE):
        word, meaning = STATES[state]
        yield state, found[state], word, meaning
