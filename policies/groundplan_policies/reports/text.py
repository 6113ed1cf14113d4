"""The report as text: what was checked, what was found, and whether it is clean."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from groundplan_policies.engine.results import Finding
from groundplan_policies.engine.verdicts import Reason, Verdict
from groundplan_policies.reports.head import head
from groundplan_policies.reports.layout import Line, Role, Span, as_text, wrap
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.safe import count, plain
from groundplan_policies.reports.tail import tail
from groundplan_policies.reports.words import (
    VERDICTS,
    Group,
    by_severity,
    conclusion,
    first_sentence,
    groups,
    name_of,
    place_of,
    sentence,
    type_of,
)

MOST_RESOURCES: Final = 5
"""Resources that are listed for the same reasons before the rest is only counted."""

MOST_KINDS: Final = 6
"""Different reasons that are listed for a control before the rest is only counted."""

MOST_REASONS: Final = 3
"""Places that are listed for a resource before the rest is only counted."""

_ROLES: Final = {Verdict.FAIL: Role.BAD, Verdict.INDETERMINATE: Role.UNSURE, Verdict.DECLARED: Role.PLAIN}
_INDENT: Final = " " * 4
_INNER: Final = " " * 6


def text(report: Report, *, width: int = 100, every: bool = False, unicode: bool = True) -> str:
    """Write a report as text without colours.

    Args:
        report: The report.
        width: Columns of a line.
        every: Whether every finding has its place, also where there are many.
        unicode: Whether characters outside ASCII may occur.
    """
    return as_text(lines(report, width=width, every=every), unicode=unicode)


def lines(report: Report, *, width: int, every: bool = False) -> Iterator[Line]:
    """Give the lines of a report. See `text`."""
    yield from head(report, width)
    yield from _findings(report, report.decisive, "", width, every=every)
    yield from _findings(report, report.advisory, "advisory", width, every=every)
    yield from tail(report, width, every=every)
    yield ()
    yield from wrap([Span(conclusion(report), Role.GOOD if report.clean else Role.BAD)], width)


def decisive_text(report: Report, *, width: int = 100) -> str:
    """Write only the findings that make the check fail, and the last line."""
    found = list(_findings(report, report.decisive, "", width, every=True))
    return as_text([*found[1:], (), (Span(conclusion(report)),)])


def _findings(report: Report, findings: Sequence[Finding], mark: str, width: int, *, every: bool) -> Iterator[Line]:
    """Lay out findings under their severity and their control."""
    for severity, members in by_severity(groups(report, findings)):
        found = count(sum(len(each.findings) for each in members), "finding")
        title = f"{severity.value.capitalize()}{f' ({mark})' if mark else ''}"
        yield ()
        yield Span(title, Role.STRONG), Span(f"  {found} of {count(len(members), 'control')}", Role.FAINT)
        for group in members:
            yield ()
            yield from _group(group, width, every=every)


def _group(group: Group, width: int, *, every: bool) -> Iterator[Line]:
    control = group.control
    yield from wrap([Span(control.title, Role.STRONG)], width, lead=(Span(f"  {control.id}  ", Role.STRONG),))
    yield from wrap([Span(first_sentence(control.why), Role.FAINT)], width, lead=(Span(_INDENT),))
    alike = list(_alike(group.findings))
    listed = alike if every else alike[:MOST_KINDS]
    for findings in listed:
        yield from _reasons(findings[0], width, every=every)
        yield from _resources(findings, width, every=every)
    rest = sum(len(findings) for findings in alike[len(listed) :])
    if rest:
        yield (Span(f"{_INDENT}… and {count(rest, 'more resource')}: --all lists every one", Role.FAINT),)
    yield from wrap([Span(control.remedy)], width, lead=(Span(f"{_INDENT}To do: ", Role.GOOD),))


def _alike(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Put findings for the same reasons together, in the order of the first of each."""
    found: dict[tuple[Verdict, tuple[Reason, ...]], list[Finding]] = {}
    for each in findings:
        found.setdefault((each.verdict, each.reasons), []).append(each)
    yield from found.values()


def _reasons(finding: Finding, width: int, *, every: bool) -> Iterator[Line]:
    listed = finding.reasons if every else finding.reasons[:MOST_REASONS]
    word = VERDICTS[finding.verdict]
    first = (Span(_INDENT), Span(f"{word}: ", _ROLES[finding.verdict]))
    if not listed:
        yield (Span(_INDENT), Span(word, _ROLES[finding.verdict]))
    for number, reason in enumerate(listed):
        lead = first if number == 0 else (Span(f"{_INNER}and "),)
        yield from wrap([Span(sentence(reason))], width, lead=lead, indent=len(_INNER) + 2)
    rest = len(finding.reasons) - len(listed)
    if rest:
        yield (Span(f"{_INNER}… and {count(rest, 'more place')}", Role.FAINT),)


def _resources(findings: Sequence[Finding], width: int, *, every: bool) -> Iterator[Line]:
    listed = findings if every else findings[:MOST_RESOURCES]
    for finding in listed:
        yield from wrap(_who(finding), width, lead=(Span(f"{_INNER}- "),))
        if every and finding.urn:
            yield (Span(f"{_INNER}  {plain(finding.urn)}", Role.FAINT),)
    rest = len(findings) - len(listed)
    if rest:
        yield (Span(f"{_INNER}… and {count(rest, 'more resource')}: --all lists every one", Role.FAINT),)


def _who(finding: Finding) -> Iterator[Span]:
    """Say which resource it is: its name, its type, and the line that made it."""
    yield Span(name_of(finding.urn), Role.STRONG)
    if finding.type:
        yield Span(f" ({type_of(finding.type)})", Role.FAINT)
    if finding.source is not None:
        yield Span(f" {place_of(finding)}", Role.FAINT)
