"""The head of the text: what was checked, under which settings, and how much of it."""

from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.results import Proof, TypeCoverage
from groundplan_policies.engine.states import State
from groundplan_policies.reports.layout import UNBROKEN, Line, Role, Span, wrap
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.safe import count, plain
from groundplan_policies.reports.words import PROOF, STATES, answers, resources, states

LABEL: Final = 13
"""Columns of the labels at the left."""

_ROLES: Final = {
    State.FAULT: Role.BAD,
    State.FAIL: Role.BAD,
    State.INDETERMINATE: Role.UNSURE,
    State.PASS: Role.GOOD,
}


def head(report: Report, width: int) -> Iterator[Line]:
    """Give the lines of the head."""
    subject = report.subject
    verdict = Span("clean", Role.GOOD) if report.clean else Span("not clean", Role.BAD)
    yield Span("Guardrails: "), Span(plain(subject.name), Role.STRONG), Span(" is "), verdict
    yield ()
    yield from _row("checked", what_was_checked(report), width)
    if report.evaluation.gaps:
        gaps = "; ".join(plain(each) for each in report.evaluation.gaps)
        yield from _row("incomplete", f"{gaps}. What would speak against a pass may be missing.", width, Role.UNSURE)
    yield from _row("proves", PROOF[report.evaluation.level_of_proof], width)
    yield from _row("settings", settings(report), width)
    if report.framework is not None:
        yield from _row("framework", f"{report.framework.title}: only its controls, and those on ways around", width)
    yield ()
    yield from wrap(_resources(report.evaluation.types), width, lead=_label("resources"))
    yield from wrap(_controls(report), width, lead=_label("controls"))
    yield from wrap(_answers(report), width, lead=_label("answers"))


def what_was_checked(report: Report) -> str:
    """Say what the document is."""
    found, subject = report.evaluation, report.subject
    writer = {"embedded": " by the embedded engine", "pulumi": " by Pulumi"}.get(found.engine, "")
    if found.level_of_proof is Proof.PIPELINE:
        return f"a compiled pipeline by itself (sha256 {subject.digest[:12]}…)"
    kind = f"a preview{writer}" if found.level_of_proof is Proof.PROGRAM else f"a state{writer}"
    whole = "" if found.gaps else ", the whole deployment"
    return f"{kind} with {count(subject.resources, 'resource')}{whole} (sha256 {subject.digest[:12]}…)"


def settings(report: Report) -> str:
    """Say which settings held, for which day, and which level makes the check fail."""
    found = report.evaluation
    rests = f" (on top of {plain(found.tier)})" if found.tier and found.tier != found.settings else ""
    fails = (
        "blocking findings fail the check" if report.level is Level.BLOCK else "advisory findings fail the check too"
    )
    return f"{plain(found.settings)}{rests}, as of {found.as_of}; {fails}"


def _label(name: str) -> Line:
    return (Span(f"  {name:<{LABEL}}", Role.FAINT),)


def _row(name: str, body: str, width: int, role: Role = Role.PLAIN) -> Iterator[Line]:
    yield from wrap([Span(body, role)], width, lead=_label(name))


def _resources(types: TypeCoverage) -> Iterator[Span]:
    unknown = resources(types.unknown)
    yield Span(f"{resources(types.evaluated):,} evaluated")
    yield Span(f" · {resources(types.skipped):,} skipped")
    yield Span(f" · {resources(types.reviewed):,} reviewed without a rule")
    yield Span(" · ")
    yield Span(f"{unknown:,} unknown", Role.BAD if unknown else Role.PLAIN)


def _controls(report: Report) -> Iterator[Span]:
    asked, off = len(report.states), len(report.evaluation.off)
    yield Span(f"{asked:,} asked" + (f", {off:,} off" if off else "") + ":")
    yield from _numbers({STATES[state]: (number, _ROLES.get(state)) for state, number in states(report).items()})


def _answers(report: Report) -> Iterator[Span]:
    found = answers(report)
    yield Span(f"{sum(found.values()):,} of controls on resources:")
    yield from _numbers({name: (number, None) for name, number in found.items()})


def _numbers(found: dict[str, tuple[int, Role | None]]) -> Iterator[Span]:
    first = True
    for name, (number, role) in found.items():
        if number:
            yield Span(" " if first else " · ")
            yield Span(f"{number:,} {name}".replace(" ", UNBROKEN), role or Role.PLAIN)
            first = False
