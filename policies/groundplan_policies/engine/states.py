"""What one control says of a whole document, as one word."""

from enum import StrEnum

from groundplan_policies.engine.results import Evaluation


class State(StrEnum):
    """What one control says of the whole document: its worst answer. None is pooled with another."""

    FAULT = "fault"
    """The rule itself failed."""
    FAIL = "fail"
    INDETERMINATE = "indeterminate"
    WAIVED = "waived"
    """Nothing else is wrong, but something is that a waiver silences."""
    DECLARED = "declared"
    PASS = "pass"  # noqa: S105 - an answer, no password
    NOT_APPLICABLE = "not applicable"


def state_of(control: str, evaluation: Evaluation) -> State:
    """Give what a control says of the whole document; that it does not apply, if it was not asked."""
    if any(each.control == control for each in evaluation.faults):
        return State.FAULT
    counts = evaluation.counts.get(control)
    if counts is None:
        return State.NOT_APPLICABLE
    said = {
        State.FAIL: counts.failed,
        State.INDETERMINATE: counts.indeterminate,
        State.WAIVED: counts.waived,
        State.DECLARED: counts.declared,
        State.PASS: counts.passed,
    }
    return next((state for state, number in said.items() if number), State.NOT_APPLICABLE)
