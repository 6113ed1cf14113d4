"""Clauses of frameworks that settings take away: what a control asks less for, it does not prove."""

from collections.abc import Iterable, Iterator

from groundplan_policies.engine.control import Clause, Control
from groundplan_policies.engine.levels import Level, UnmetClause
from groundplan_policies.engine.looseness import is_looser
from groundplan_policies.settings.model import Settings


def unmet_clauses(settings: Settings, controls: Iterable[Control]) -> tuple[UnmetClause, ...]:
    """Give every clause for which a control earns no credit under some settings, with the reason.

    That is so where the control is off, where its level or one of its parameters asks less than the tier, and where a
    parameter has a value with which the clause is not met.
    """
    return tuple(
        UnmetClause(framework=clause.framework, clause=clause.clause, control=control.id, reason=reason)
        for control in controls
        for of_control in [next(_of_control(settings, control), "")]
        for clause in control.clauses
        if (reason := of_control or next(_of_clause(settings, clause), ""))
    )


def _of_control(settings: Settings, control: Control) -> Iterator[str]:
    if settings.level(control) is Level.OFF:
        yield "the settings switch the control off"
    for each in settings.loosened:
        if control.id in each.controls:
            yield f"the settings loosen `{each.what}` from {each.before} to {each.after}"


def _of_clause(settings: Settings, clause: Clause) -> Iterator[str]:
    for name, loosest in clause.needs:
        value = getattr(settings.parameters, name)
        if value is None:
            yield f"the settings do not say `{name}`"
        elif is_looser(name, loosest, value):
            yield f"the settings have `{name}` {value}, and the clause asks for {loosest}"
