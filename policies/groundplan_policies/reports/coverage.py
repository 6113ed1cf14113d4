"""How much of a framework a deployment meets, by the clauses that controls say they help to meet."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from groundplan_policies.engine.control import Clause, Control, Coverage
from groundplan_policies.engine.errors import Error
from groundplan_policies.engine.results import Evaluation
from groundplan_policies.reports.report import ClauseRow, Framework, State, state_of


class FrameworkError(Error):
    """A framework that does not exist."""


def framework(identifier: str, evaluation: Evaluation, controls: Mapping[str, Control]) -> Framework:
    """Give how much of a framework is met.

    A clause is met only if every control that looks at it passes, and one of them sees all of it. What is waived,
    declared, indeterminate or asked less for by the settings earns nothing.

    Args:
        identifier: Id of the framework, such as `cis-gcp-5.0`.
        evaluation: What was found.
        controls: The controls by id.

    Raises:
        FrameworkError: No control has a clause of such a framework.
    """
    clauses: dict[str, list[tuple[Control, Clause]]] = {}
    known: set[str] = set()
    for control in controls.values():
        for clause in control.clauses:
            known.add(clause.framework)
            if clause.framework == identifier:
                clauses.setdefault(clause.clause, []).append((control, clause))
    if not clauses:
        near = get_close_matches(identifier, known, n=3, cutoff=0.5) or sorted(known)
        raise FrameworkError(
            "There is no such framework",
            given=identifier,
            allowed=", ".join(near),
            remedy="correct the id, or leave it out to ask every control",
        )
    rows = (_row(number, clauses[number], identifier, evaluation) for number in sorted(clauses, key=_order))
    return Framework(id=identifier, title=identifier, clauses=tuple(rows))


def _row(number: str, claims: list[tuple[Control, Clause]], identifier: str, evaluation: Evaluation) -> ClauseRow:
    taken = {
        each.control: each.reason
        for each in evaluation.unmet_clauses
        if (each.framework, each.clause) == (identifier, number)
    }
    states = {control.id: state_of(control.id, evaluation) for control, _ in claims}
    notes = list(dict.fromkeys(_notes(claims, states, taken)))
    asked = set(states.values()) - {State.NOT_APPLICABLE}
    if taken or asked - {State.PASS}:
        state = "not met"
    elif not asked:
        state = "not applicable"
    else:
        whole = any(clause.coverage is Coverage.FULL and states[control.id] is State.PASS for control, clause in claims)
        state = "met" if whole else "partly met"
    return ClauseRow(
        clause=number,
        title="; ".join(control.title for control, _ in claims),
        state=state,
        controls=tuple(states),
        note=" ".join(notes) if state != "met" else "",
    )


def _notes(
    claims: list[tuple[Control, Clause]], states: Mapping[str, State], taken: Mapping[str, str]
) -> Iterator[str]:
    """Say what a clause lacks: controls that do not pass, what settings take away, what no control sees."""
    for control, clause in claims:
        if control.id in taken:
            yield f"{control.id}: {taken[control.id]}."
        elif states[control.id] not in {State.PASS, State.NOT_APPLICABLE}:
            yield f"{control.id}: {states[control.id].value}."
        elif clause.missing:
            yield f"Not seen: {clause.missing[:1].lower()}{clause.missing[1:]}"


def _order(number: str) -> tuple[tuple[int, str], ...]:
    """Sort clauses as people count: 2.10 after 2.9."""
    parts = number.replace("-", ".").split(".")
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in parts)
