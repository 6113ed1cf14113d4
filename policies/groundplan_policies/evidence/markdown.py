"""The evidence as Markdown, for a review in a repository. What others wrote is code in it, and never markup."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from groundplan_policies.engine.source import Source
from groundplan_policies.evidence.html.rows import Row, joined, rows, standings
from groundplan_policies.evidence.model import Bundle
from groundplan_policies.evidence.words import CLAIM, CLAUSES, GAPS, headline, standing, title, verdict, what
from groundplan_policies.reports.markup import code, prose
from groundplan_policies.reports.safe import count
from groundplan_policies.reports.words import name_of

MOST_ROWS: Final = 1000
"""Rows of a table before the rest is only counted. The JSON has them all."""

_OURS: Final = frozenset({"fails", "indeterminate", "declared", "clause"})
"""Kinds of tasks whose title holds nothing that others wrote."""

_THEIRS: Final = frozenset({"document", "settings", "waived", "waiver"})
"""Kinds of tasks that say in others' words what to do."""


def as_markdown(bundle: Bundle) -> str:
    """Write the evidence as Markdown."""
    return "\n".join(_lines(bundle)) + "\n"


def _lines(bundle: Bundle) -> Iterator[str]:
    yield from _summary(bundle)
    yield from _chapter("What needs a person", "What no rule can decide. Whoever signs has to look at each of these.")
    yield from _table(
        ("kind", "what it is about", "what to do", "resources"),
        (
            (
                each.kind,
                prose(each.title) if each.kind in _OURS else code(each.title),
                code(each.todo) if each.kind in _THEIRS else prose(each.todo),
                str(each.count or ""),
            )
            for each in bundle.tasks
        ),
    )
    yield from _results(bundle)
    yield from _waivers(bundle)
    yield from _declared(bundle)
    yield from _flow(bundle)
    yield from _access(bundle)
    yield from _chapter("Trust boundaries", "Read from the resources that make them.")
    yield from _table(
        ("boundary", "what", "what it lets through or keeps apart", "line"),
        (
            (
                each.boundary,
                code(each.what),
                ("**look here** " if each.watch else "") + code(each.says),
                _line(each.source),
            )
            for each in bundle.boundaries
        ),
    )
    yield from _frameworks(bundle)
    yield from _inventory(bundle)
    yield from _chapter("What it rests on", "The same inputs give the same bytes.")
    yield from _table(
        ("input", "value", "note"), ((prose(each.title), code(each.value), code(each.note)) for each in bundle.inputs)
    )


def _summary(bundle: Bundle) -> Iterator[str]:
    mark = bundle.reach.watermark
    if mark:
        yield f"> **{prose(mark)}**\n"
    yield f"# {_heading(bundle)}\n"
    yield f"{prose(what(bundle))}\n"
    yield f"**{prose(verdict(bundle))}** {prose(headline(bundle))}\n"
    yield from _table(
        ("answer", "controls", "what it means"),
        ((word, str(number), meaning) for _, number, word, meaning in standing(bundle)),
    )
    yield f"\n**Level of this evidence: {prose(bundle.reach.title)}.** {prose(bundle.reach.proves)}"
    if bundle.reach.next:
        yield f"To reach further: {prose(bundle.reach.next)}"


def _heading(bundle: Bundle) -> str:
    return title(bundle).partition(" for ")[0] + f" for {code(bundle.report.subject.name)}"


def _results(bundle: Bundle) -> Iterator[str]:
    yield from _chapter(
        "Results", "Each control, the worst answers first. What is proven is apart from what is declared."
    )
    listed = rows(bundle)
    yield from _table(
        ("control", "what must hold", "severity", "answer", "proven for"),
        (
            (each.control.id, prose(each.control.title), each.control.severity.value, each.word, str(each.passed or ""))
            for each in listed
        ),
    )
    findings = [row for each in listed for row in _findings(each)]
    if findings:
        yield "\n### Findings"
        yield from _table(("control", "answer", "resource", "line", "why"), findings)


def _findings(row: Row) -> Iterator[tuple[str, ...]]:
    for each in row.found:
        place = code(each.place) if each.place else ""
        yield row.control.id, each.word, code(each.name), place, code(each.said)
    if row.more_found:
        yield row.control.id, "", f"and {row.more_found} more, in evidence.json", "", ""


def _waivers(bundle: Bundle) -> Iterator[str]:
    yield from _chapter("Waivers", "What is waived is not satisfied, and is nowhere counted as proven.")
    held = [(each, each.waiver) for each in bundle.report.waived if each.waiver is not None]
    yield from _table(
        ("control", "resource", "reason", "owner", "approver", "last day", "ticket", "line"),
        (
            (
                each.control,
                code(name_of(each.urn)),
                code(waiver.reason),
                code(waiver.owner),
                code(waiver.approver) + ("" if waiver.verified else " (unverified)"),
                waiver.expires.isoformat(),
                code(waiver.ticket),
                code(waiver.place),
            )
            for each, waiver in held
        ),
    )


def _declared(bundle: Bundle) -> Iterator[str]:
    yield from _chapter(
        "What is declared, and by whom", "These hold because somebody says so. Nothing here proves them."
    )
    yield from _table(
        ("what", "kind", "by", "what is said", "line"),
        (
            (
                code(each.name),
                prose(each.kind),
                code(each.by) if each.by else "",
                "<br>".join(f"{code(word)}: {code(said)}" for word, said in each.facts),
                _line(each.source),
            )
            for each in bundle.declarations
            if not each.control
        ),
    )
    yield ""
    yield from _table(
        ("control", "what", "what is said", "line"),
        (
            (
                each.control,
                code(each.name),
                "<br>".join(code(said) for _, said in each.facts),
                _line(each.source),
            )
            for each in bundle.declarations
            if each.control
        ),
    )


def _flow(bundle: Bundle) -> Iterator[str]:
    yield from _chapter("How data flows", "An arrow means that data can go that way.")
    called = bundle.flow.names
    yield from _table(
        ("what", "role", "class", "region", "key", "network", "project"),
        (
            tuple(
                code(text) if text else ""
                for text in (
                    *(each.name, f"{each.role} {each.type}".strip(), each.data_class),
                    *(each.place, each.key_name, each.network, each.project),
                )
            )
            for each in bundle.flow.stops
            if not each.idle
        ),
    )
    yield ""
    yield from _table(
        ("from", "", "to", "why", "what makes it so"),
        (
            (
                code(called[each.source]),
                "↔" if each.both else "→",
                code(called[each.target]),
                each.why
                + ("; personal columns are masked" if each.masked else "")
                + ("" if each.sure else "; not known for sure"),
                code(bundle.names.get(each.through, each.through)),
            )
            for each in bundle.flow.links
        ),
    )


def _access(bundle: Bundle) -> Iterator[str]:
    yield from _chapter("Who can do what on which data", "Every way that the grants of this document open.")
    yield from _table(
        ("data", "who", "can", "role", "on", "acting as", "through"),
        (
            (
                f"{code(each.data)} {code(each.type)}",
                f"{code(each.who)} ({each.kind})",
                each.can + ("" if each.sure else " (not known for sure)"),
                code(each.role) + (f" where {code(each.condition)}" if each.condition else ""),
                code(each.where),
                code(joined(each.as_whom)) if each.as_whom else "",
                "<br>".join(code(bundle.names.get(urn, urn)) for urn in each.through),
            )
            for each in bundle.access
        ),
    )
    yield "\nWhat this cannot see:\n"
    yield from (f"- {prose(each)}" for each in bundle.unseen)


def _frameworks(bundle: Bundle) -> Iterator[str]:
    yield from _chapter("Evidence for frameworks, and gaps", CLAIM)
    for each in standings(bundle):
        counted = ", ".join(f"{number} {word}" for word, number in each.counted)
        yield f"\n### {prose(each.coverage.title)}\n"
        yield f"{count(len(each.coverage.clauses), 'clause')}, {each.gaps} with gaps: {counted}.\n"
        yield from _table(
            ("clause", "what it asks for", "how it stands", "controls", "what is missing"),
            (
                (
                    clause.clause,
                    prose(clause.title),
                    f"**{CLAUSES[clause.state]}**" if clause.state in GAPS else CLAUSES[clause.state],
                    ", ".join(clause.controls),
                    prose(clause.note),
                )
                for clause in each.coverage.clauses
            ),
        )


def _inventory(bundle: Bundle) -> Iterator[str]:
    yield from _chapter("Inventory", "Every managed resource, in the order in which the program makes them.")
    yield from _table(
        ("resource", "type", "part of", "project", "place", "key", "class", "against it", "line"),
        (
            (
                *(
                    code(text) if text else ""
                    for text in (each.name, each.type, each.part_of, each.project, each.place)
                ),
                *(code(text) if text else "" for text in (each.key, each.data_class)),
                ", ".join(each.failed),
                _line(each.source),
            )
            for each in bundle.inventory
        ),
    )


def _chapter(heading: str, says: str) -> Iterator[str]:
    yield f"\n## {heading}\n"
    yield f"{prose(says)}\n"


def _line(source: Source | None) -> str:
    return code(str(source)) if source is not None else ""


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> Iterator[str]:
    listed = list(body)
    if not listed:
        yield "Nothing."
        return
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    yield from (f"| {' | '.join(row)} |" for row in listed[:MOST_ROWS])
    rest = len(listed) - MOST_ROWS
    if rest > 0:
        yield f"\nand {count(rest, 'more row')}, in evidence.json"
