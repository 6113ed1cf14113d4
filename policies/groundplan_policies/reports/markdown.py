"""The report as Markdown, for a comment on a pull request: a short table, and the rest folded.

What others wrote is never markup here: names, paths and values are code, in which nothing is a link or a mention.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from groundplan_policies.engine.results import Finding
from groundplan_policies.engine.verdicts import Severity
from groundplan_policies.reports.head import settings, what_was_checked
from groundplan_policies.reports.markup import code, prose
from groundplan_policies.reports.report import Framework, Report
from groundplan_policies.reports.safe import clip, count
from groundplan_policies.reports.words import (
    PROOF,
    VERDICTS,
    Group,
    conclusion,
    first_sentence,
    groups,
    name_of,
    place_of,
    shown,
    type_of,
    waived_until,
)

LONGEST: Final = 60_000
"""Characters of a report. Code hosts refuse comments that are not much longer."""

MOST_RESOURCES: Final = 20
"""Rows of a control's table before the rest is only counted."""

_LONGEST_CELL: Final = 200
_CONTROL: Final = re.compile(r"^<summary><b>([A-Z]+-\d+)</b>", re.MULTILINE)


def as_markdown(report: Report) -> str:
    """Write a report as Markdown."""
    parts = [_head(report), _table(report)]
    length, left_out = sum(map(len, parts)), list[str]()
    for part in _folded(report):
        if length + len(part) > LONGEST:
            left_out.append(part)
        else:
            length += len(part)
            parts.append(part)
    if left_out:
        parts.append(_left_out(left_out))
    return "\n".join(parts)


def _left_out(sections: Sequence[str]) -> str:
    controls = [found[1] for each in sections if (found := _CONTROL.search(each)) is not None]
    named = f" Among them: {', '.join(controls)}." if controls else ""
    return f"{count(len(sections), 'more section')} would not fit here: the other formats have everything.{named}\n"


def _head(report: Report) -> str:
    verdict = "clean" if report.clean else "not clean"
    return "\n".join(
        (
            f"### Guardrails: {code(report.subject.name)} is {verdict}",
            "",
            f"**{prose(conclusion(report))}**",
            "",
            f"Checked {prose(what_was_checked(report))}. Settings: {prose(settings(report))}.",
            "",
        )
    )


def _table(report: Report) -> str:
    rows = ["| severity | fails the check | advisory | declared | waived |", "|---|--:|--:|--:|--:|"]
    for severity in Severity:
        numbers = [
            sum(each.severity is severity for each in found)
            for found in (report.decisive, report.advisory, report.declared, report.waived)
        ]
        if any(numbers):
            rows.append(f"| {severity.value} | {' | '.join(str(each) for each in numbers)} |")
    body = "\n".join(rows) if len(rows) > 2 else "No findings."  # noqa: PLR2004 - the two lines of the head
    return f"{body}\n"


def _folded(report: Report) -> Iterator[str]:
    for group in groups(report, report.decisive):
        yield _group(group, "")
    if report.evaluation.faults:
        yield _list(
            "Faults of rules",
            (f"{each.control}: {code(each.kind)} at {code(each.where)}, for {code(name_of(each.urn))}"
             for each in report.evaluation.faults),
        )  # fmt: skip
    yield from _waivers(report)
    for group in groups(report, report.advisory):
        yield _group(group, " · advisory")
    if report.declared:
        yield _list("Declared", (_declared(each) for each in groups(report, report.declared)))
    yield from _settings(report)
    yield from _types(report)
    if report.framework is not None:
        yield _framework(report.framework)


def _group(group: Group, mark: str) -> str:
    control = group.control
    rows = ["| verdict | resource | line | what |", "|---|---|---|---|"]
    rows += [_row(each) for each in group.findings[:MOST_RESOURCES]]
    rest = len(group.findings) - MOST_RESOURCES
    more = [f"… and {count(rest, 'more resource')}.", ""] if rest > 0 else []
    found = f"{control.severity.value}{mark} · {len(group.findings)}"
    body = [prose(first_sentence(control.why)), "", *rows, "", *more, f"**To do:** {prose(control.remedy)}"]
    return _details(f"<b>{control.id}</b> {prose(control.title)} · {found}", body)


def _row(finding: Finding) -> str:
    said = "<br>".join(_reason(each.path, each.message, shown(each)) for each in finding.reasons)
    who = code(name_of(finding.urn)) + (f"<br>{code(type_of(finding.type))}" if finding.type else "")
    place = place_of(finding)
    return f"| {VERDICTS[finding.verdict]} | {who} | {code(place) if place else ''} | {said} |"


def _reason(path: str, message: str, value: str) -> str:
    parts = (
        f"{code(clip(path, _LONGEST_CELL))}:" if path else "",
        prose(message),
        code(value) if value else "",
    )
    return " ".join(each for each in parts if each)


def _declared(group: Group) -> str:
    return f"{group.control.id} {prose(group.control.title)}: {count(len(group.findings), 'resource')}"


def _waivers(report: Report) -> Iterator[str]:
    wrong = report.evaluation.waiver_findings
    if wrong:
        yield _list(
            "Wrong with waivers",
            (f"{each.id} {prose(each.title)}: {code(each.control)} on {code(name_of(each.urn))}, {code(each.place)}"
             for each in wrong),
        )  # fmt: skip
    if report.waived:
        yield _list(
            "Waived: not satisfied, and let through for a while",
            (f"{each.control} on {code(name_of(each.urn))} {code(waived_until(each.waiver))}"
             for each in report.waived if each.waiver is not None),
        )  # fmt: skip


def _settings(report: Report) -> Iterator[str]:
    if report.evaluation.loosened:
        yield _list(
            "Settings that ask less than the tier",
            (
                f"{code(each.what)} from {code(each.before)} to {code(each.after)}: "
                + (f"{code(each.author)}, {code(each.reason)}" if each.explained else "**nobody answers for it**")
                for each in report.evaluation.loosened
            ),
        )


def _types(report: Report) -> Iterator[str]:
    if report.evaluation.types.unknown:
        yield _list(
            "Types that nobody has reviewed",
            (f"{code(each.type)} ×{each.count}" for each in report.evaluation.types.unknown),
        )
    proof = [f"A pass proves {prose(PROOF[report.evaluation.level_of_proof])}"]
    proof += [f"Not whole: {prose(each)}." for each in report.evaluation.gaps]
    yield _details("What this can prove", proof)


def _framework(framework: Framework) -> str:
    rows = ["| clause | state | what it asks for | controls | missing |", "|---|---|---|---|---|"]
    rows += [
        " | ".join(
            ("", each.clause, each.state, prose(each.title), ", ".join(each.controls), prose(each.note), "")
        ).strip()
        for each in framework.clauses
    ]
    return _details(prose(framework.title), rows)


def _list(title: str, entries: Iterable[str]) -> str:
    listed = list(entries)
    return _details(f"{title} · {len(listed)}", [f"- {each}" for each in listed])


def _details(summary: str, body: Sequence[str]) -> str:
    return "\n".join(("<details>", f"<summary>{summary}</summary>", "", *body, "", "</details>", ""))
