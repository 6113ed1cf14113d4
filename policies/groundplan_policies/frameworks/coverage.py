"""How much of a framework the controls cover, and how much of it a deployment meets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from groundplan_policies.engine.control import Clause, Control, Coverage
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.results import Evaluation
from groundplan_policies.engine.states import State, state_of
from groundplan_policies.frameworks.model import Claim, Framework, Requirement, Seen

_UNVERIFIED: Final = "Nobody has checked this against the framework, so it earns nothing."

_Claims: TypeAlias = Sequence[tuple[Control, Clause]]


class ClauseState(StrEnum):
    """How a clause stands.

    The first three and `evidence possible` are about controls alone, the others about a deployment. Those of evidence
    are for frameworks of which nothing more is claimed.
    """

    COVERED = "covered"
    """A control sees all of it."""
    PARTLY_COVERED = "partly covered"
    """Controls see some of it."""
    NOT_COVERED = "not covered"
    """No control sees anything of it, or nobody has checked that they do."""
    MET = "met"
    """All controls that look at it pass, and one of them sees all of it."""
    PARTLY_MET = "partly met"
    """All controls that look at it pass, and see some of it."""
    NOT_MET = "not met"
    """A control that looks at it does not pass, or the settings ask for less than the clause."""
    NOT_APPLICABLE = "not applicable"
    """There is nothing in the deployment that it is about."""
    EVIDENCE_POSSIBLE = "evidence possible"
    """Controls can give evidence for some of it."""
    EVIDENCE = "evidence"
    """All controls that look at it pass, which is evidence for some of it."""
    DECLARED = "declared"
    """As evidence, but that a control found no more than the word of a person."""
    NO_EVIDENCE = "no evidence"
    """A control that looks at it does not pass, or the settings ask for less than the clause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRow:
    """A clause of a framework, and how it stands.

    Attributes:
        clause: Its number.
        title: What it asks for, in our own words.
        state: How it stands.
        controls: Ids of the controls that look at it.
        note: What is missing, or why no control looks at it; "" if there is nothing to say.
    """

    clause: str
    title: str
    state: ClauseState
    controls: tuple[str, ...] = ()
    note: str = ""


def coverage(
    framework: Framework, evaluation: Evaluation | None = None, controls: Mapping[str, Control] | None = None
) -> tuple[ClauseRow, ...]:
    """Say of each clause how far it is covered, or met.

    A clause is met only if every control that looks at it passes, and one of them sees all of it. What is waived,
    declared, indeterminate or asked less for by the settings earns nothing. A clause that nobody has checked against
    the framework is not covered, whatever controls say. Of a framework that claims evidence no clause is ever met, and
    one for which somebody's word stands in is declared.

    Args:
        framework: The framework.
        evaluation: What was found; None to ask only what the controls cover.
        controls: The controls by id; by default all of this package.
    """
    claims: dict[str, list[tuple[Control, Clause]]] = {}
    for control in (all_controls() if controls is None else controls).values():
        for clause in control.clauses:
            if clause.framework == framework.id:
                claims.setdefault(clause.clause, []).append((control, clause))
    return tuple(_row(framework, each, claims.get(each.number, []), evaluation) for each in framework.clauses)


def _row(framework: Framework, asked: Requirement, claims: _Claims, evaluation: Evaluation | None) -> ClauseRow:
    if asked.verified is None:
        state, note = ClauseState.NOT_COVERED, _UNVERIFIED
    elif not claims or asked.coverage is Seen.NONE:
        state, note = ClauseState.NOT_COVERED, _why_not(asked)
    elif evaluation is None:
        part = ClauseState.EVIDENCE_POSSIBLE if framework.claim is Claim.EVIDENCE else ClauseState.PARTLY_COVERED
        whole = _sees_all(asked, claims)
        state, note = (ClauseState.COVERED, "") if whole else (part, _unseen(asked, claims))
    else:
        state, note = _result(framework, asked, claims, evaluation)
    controls = tuple(control.id for control, _ in claims) if asked.coverage is not Seen.NONE else ()
    return ClauseRow(clause=asked.number, title=asked.title, state=state, controls=controls, note=note)


def _why_not(asked: Requirement) -> str:
    return asked.missing if asked.coverage is Seen.NONE else "No control looks at it."


def _sees_all(asked: Requirement, claims: _Claims) -> bool:
    return asked.coverage is Seen.FULL and any(clause.coverage is Coverage.FULL for _, clause in claims)


def _unseen(asked: Requirement, claims: _Claims) -> str:
    missing = [asked.missing] if asked.missing else [clause.missing for _, clause in claims if clause.missing]
    return " ".join(f"Not seen: {each[:1].lower()}{each[1:]}" for each in dict.fromkeys(missing))


def _result(
    framework: Framework, asked: Requirement, claims: _Claims, evaluation: Evaluation
) -> tuple[ClauseState, str]:
    taken = {
        each.control: each.reason
        for each in evaluation.unmet_clauses
        if (each.framework, each.clause) == (framework.id, asked.number)
    }
    states = {control.id: state_of(control.id, evaluation) for control, _ in claims}
    passing = [claim for claim in claims if states[claim[0].id] is State.PASS]
    if framework.claim is Claim.EVIDENCE:
        return _evidence(asked, passing, states, taken)
    lacking = _lacking(states, taken)
    if lacking:
        return ClauseState.NOT_MET, lacking
    if not passing:
        return ClauseState.NOT_APPLICABLE, ""
    if _sees_all(asked, passing):
        return ClauseState.MET, ""
    return ClauseState.PARTLY_MET, _unseen(asked, passing)


def _evidence(
    asked: Requirement, passing: _Claims, states: Mapping[str, State], taken: Mapping[str, str]
) -> tuple[ClauseState, str]:
    declared = [identifier for identifier, state in states.items() if state is State.DECLARED]
    lacking = _lacking({key: state for key, state in states.items() if key in taken or key not in declared}, taken)
    if lacking:
        return ClauseState.NO_EVIDENCE, lacking
    if declared:
        return ClauseState.DECLARED, f"Somebody's word: {', '.join(declared)}. {_unseen(asked, passing)}".rstrip()
    if passing:
        return ClauseState.EVIDENCE, _unseen(asked, passing)
    return ClauseState.NOT_APPLICABLE, ""


def _lacking(states: Mapping[str, State], taken: Mapping[str, str]) -> str:
    """Say which controls do not pass, and what the settings take away; "" if there is nothing to say."""
    return " ".join(dict.fromkeys(_reasons(states, taken)))


def _reasons(states: Mapping[str, State], taken: Mapping[str, str]) -> Iterator[str]:
    for identifier, state in states.items():
        if identifier in taken:
            yield f"{identifier}: {taken[identifier]}."
        elif state not in {State.PASS, State.NOT_APPLICABLE}:
            yield f"{identifier}: {state.value}."
