"""What the text says after the findings: faults, types, waivers, declarations, looser settings, clauses."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from groundplan_policies.engine.levels import Loosening
from groundplan_policies.engine.results import RuleFault, TypeCount, WaiverFinding
from groundplan_policies.frameworks import ClauseRow, ClauseState
from groundplan_policies.reports.layout import UNBROKEN, Line, Role, Span, wrap
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.safe import count, plain
from groundplan_policies.reports.words import groups, name_of, sentence, type_of, waived_until

MOST: Final = 5
"""Entries of a list before the rest is only counted."""

_INDENT: Final = (Span("  "),)


def tail(report: Report, width: int, *, every: bool) -> Iterator[Line]:
    """Give the lines after the findings."""
    found = report.evaluation
    sections: tuple[tuple[str, Iterable[list[Line]]], ...] = (
        ("Faults of rules: no pass, and no waiver helps", (_fault(each, width) for each in found.faults)),
        ("Types that nobody has reviewed", (_unknown(each) for each in found.types.unknown)),
        ("Wrong with waivers", (_waiver_finding(each, width) for each in found.waiver_findings)),
        ("Waived: not satisfied, and let through for a while", _waived(report, width)),
        ("Declared: somebody says so, and nothing contradicts it", _declared(report, width)),
        ("Settings that ask less than the tier", (_loosened(each, width) for each in found.loosened)),
        ("Types that were reviewed and have no rule", (_reviewed(each, width) for each in found.types.reviewed)),
    )
    for title, entries in sections:
        yield from _section(title, list(entries), every=every)
    if report.framework is not None:
        yield from _clauses(report.framework.title, report.framework.clauses, width, every=every)


def _section(title: str, entries: list[list[Line]], *, every: bool) -> Iterator[Line]:
    if not entries:
        return
    yield ()
    yield Span(title, Role.STRONG), Span(f"  {len(entries):,}", Role.FAINT)
    listed = entries if every else entries[:MOST]
    for entry in listed:
        yield from entry
    if len(entries) > len(listed):
        yield (Span(f"  … and {len(entries) - len(listed):,} more: --all lists every one", Role.FAINT),)


def _fault(fault: RuleFault, width: int) -> list[Line]:
    where = f" at {fault.where}" if fault.where else ""
    body = f"{plain(fault.kind)}{where}, for {name_of(fault.urn)}"
    return list(wrap([Span(body)], width, lead=(Span(f"  {fault.control}  ", Role.BAD),)))


def _unknown(found: TypeCount) -> list[Line]:
    return [(*_INDENT, Span(plain(found.type), Role.BAD), Span(f"  ×{found.count}", Role.FAINT))]


def _reviewed(found: TypeCount, width: int) -> list[Line]:
    body = [
        Span(type_of(found.type)),
        Span(f" ×{found.count}:", Role.FAINT),
        Span(f" {plain(found.reason)}", Role.FAINT),
    ]
    return list(wrap(body, width, lead=_INDENT, indent=4))


def _waiver_finding(found: WaiverFinding, width: int) -> list[Line]:
    lead = (Span(f"  {found.id}  ", Role.BAD if found.level.value == "block" else Role.UNSURE),)
    body = f"{found.title} ({plain(found.control)} on {name_of(found.urn)}, {plain(found.place)}). {found.message}"
    return list(wrap([Span(body)], width, lead=lead))


def _waived(report: Report, width: int) -> Iterator[list[Line]]:
    for each in report.waived:
        if each.waiver is not None:
            body = [Span(name_of(each.urn), Role.STRONG), Span(f" {waived_until(each.waiver)}")]
            yield list(wrap(body, width, lead=(Span(f"  {each.control}  "),)))


def _declared(report: Report, width: int) -> Iterator[list[Line]]:
    for group in groups(report, report.declared):
        reasons = Counter(sentence(reason) for each in group.findings for reason in each.reasons)
        said = "; ".join(
            reason if number == 1 else f"{reason} (×{number})" for reason, number in reasons.most_common(3)
        )
        body = [Span(f"{group.control.title}: {count(len(group.findings), 'resource')}."), Span(f" {said}", Role.FAINT)]
        yield list(wrap(body, width, lead=(Span(f"  {group.control.id}  "),)))


def _loosened(each: Loosening, width: int) -> list[Line]:
    why = f"{plain(each.author)}: {plain(each.reason)}" if each.author and each.reason else "nobody says why"
    until = f", until {each.expires}" if each.expires is not None else ""
    over = ", which is over" if each.lapsed else ""
    place = f" ({plain(each.place)})" if each.place else ""
    body = [
        Span(f"{plain(each.what)}", Role.STRONG),
        Span(f" from {plain(each.before)} to {plain(each.after)}{place}."),
        Span(f" {why}{until}{over}", Role.PLAIN if each.explained else Role.BAD),
    ]
    return list(wrap(body, width, lead=_INDENT, indent=4))


_CLAUSES: Final[Mapping[ClauseState, Role]] = {
    ClauseState.MET: Role.GOOD,
    ClauseState.PARTLY_MET: Role.UNSURE,
    ClauseState.NOT_MET: Role.BAD,
    ClauseState.EVIDENCE: Role.GOOD,
    ClauseState.DECLARED: Role.UNSURE,
    ClauseState.NO_EVIDENCE: Role.BAD,
}
_ORDER: Final = (*_CLAUSES, ClauseState.NOT_APPLICABLE, ClauseState.NOT_COVERED)
_QUIET: Final = {ClauseState.MET, ClauseState.EVIDENCE, ClauseState.NOT_COVERED, ClauseState.NOT_APPLICABLE}
"""States of which a short report gives the number alone."""


def _clauses(title: str, clauses: Iterable[ClauseRow], width: int, *, every: bool) -> Iterator[Line]:
    listed = list(clauses)
    counted = Counter(each.state for each in listed)
    yield ()
    number, answer = (max(map(len, words), default=0) for words in ([each.clause for each in listed], counted))
    said = " · ".join(f"{counted[each]} {each}".replace(" ", UNBROKEN) for each in _ORDER if counted[each])
    yield from wrap(
        [Span(f"{count(len(listed), 'clause')}: {said}", Role.FAINT)],
        width,
        lead=(Span(f"{title}  ", Role.STRONG),),
        indent=2,
    )
    for each in listed:
        if not every and each.state in _QUIET:
            continue
        lead = (
            Span(f"  {each.clause:<{number}}  "),
            Span(f"{each.state:<{answer}} ", _CLAUSES.get(each.state, Role.FAINT)),
        )
        body = [Span(each.title if each.controls else f"{each.title}.")]
        if each.controls:
            body.append(Span(f" ({', '.join(each.controls)})", Role.FAINT))
        if each.note:
            body.append(Span(f" {each.note}", Role.FAINT))
        yield from wrap(body, width, lead=lead)
