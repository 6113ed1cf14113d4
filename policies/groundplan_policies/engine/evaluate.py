"""Evaluates a document: every control, under some settings, for a day."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control
from groundplan_policies.engine.document import Document, Profile
from groundplan_policies.engine.fingerprint import fingerprint
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.index import Index
from groundplan_policies.engine.levels import Level
from groundplan_policies.engine.opened import Opened
from groundplan_policies.engine.registry import all_controls
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.results import Counts, Evaluation, Finding, Proof, RuleFault
from groundplan_policies.engine.source import Source
from groundplan_policies.engine.tally import Sheet, tally
from groundplan_policies.engine.type_coverage import cover_types
from groundplan_policies.engine.verdicts import Outcome, Verdict
from groundplan_policies.settings.clauses import unmet_clauses
from groundplan_policies.settings.model import Settings
from groundplan_policies.waivers.match import match_waivers
from groundplan_policies.waivers.model import Waiver


def evaluate(
    document: Document,
    settings: Settings,
    *,
    controls: Mapping[str, Control] | None = None,
    waivers: Sequence[Waiver] = (),
    opened: Mapping[str, Opened] | None = None,
    as_of: date,
    keep_passes: bool = False,
) -> Evaluation:
    """Let every control look at a document.

    Args:
        document: What is evaluated.
        settings: Levels and parameters.
        controls: The controls by id; all of this package by default.
        waivers: What silences findings.
        opened: What was found at the documents that reviews and agreements refer to; see `Context`.
        as_of: The day for which waivers, reviews, agreements and explanations of loosened settings are judged.
        keep_passes: Whether to keep for which resources each control passes, for whoever asks for all of them: else
            each is evaluated once more when somebody asks for its passes.
    """
    every = all_controls() if controls is None else controls
    levels = {each.id: settings.level(each) for each in every.values()}
    asked = [each for each in every.values() if levels[each.id] is not Level.OFF]
    context = make_context(document, settings, waivers, as_of, asked, opened)
    index = _index_of(every)
    sheets = list(tally(asked, context, index, with_passes=keep_passes))
    findings = _findings(sheets, context, levels)
    matched = match_waivers(waivers, findings, document=document, controls=every, settings=settings, as_of=as_of)
    findings = [replace(each, waiver=matched.uses.get(number)) for number, each in enumerate(findings)]
    loosened = tuple(context.settings_changes)
    return Evaluation(
        profile=document.profile.value,
        engine=document.member.engine,
        settings=settings.name,
        tier=settings.tier,
        as_of=as_of,
        gaps=document.gaps,
        level_of_proof=_proof(document),
        findings=tuple(findings),
        faults=_faults(sheets),
        counts=_counts(sheets, findings),
        off=tuple(identifier for identifier, level in levels.items() if level is Level.OFF),
        types=cover_types(document, index, settings.parameters.allowed_packages or ()),
        waiver_findings=matched.findings,
        loosened=loosened,
        unmet_clauses=unmet_clauses(settings, every.values()),
        passes=_kept(sheets, context) if keep_passes else _Again(every, context, index),
    )


def make_context(
    document: Document,
    settings: Settings,
    waivers: Iterable[Waiver],
    as_of: date,
    asked: Sequence[Control] | None = None,
    opened: Mapping[str, Opened] | None = None,
) -> Context:
    """Make what checks are given. Without the controls that are asked, every one of this package counts."""
    return Context(
        graph=Graph(document),
        parameters=settings.parameters,
        complete=not document.gaps,
        gaps=document.gaps,
        settings_changes=tuple(
            replace(each, lapsed=each.expires is not None and each.expires < as_of) for each in settings.loosened
        ),
        waived_urns=frozenset(each.urn for each in waivers),
        asked=asked,
        as_of=as_of,
        opened=opened or {},
    )


class _Again:
    """Lets one control look again, to say for which resources it passes: passes are only counted otherwise."""

    def __init__(self, controls: Mapping[str, Control], context: Context, index: Index) -> None:
        self._controls = controls
        self._context = context
        self._index = index

    def __call__(self, control: str) -> tuple[str, ...]:
        order = _positions(self._context.graph.document)
        sheet = next(tally([self._controls[control]], self._context, self._index, with_passes=True))
        return tuple(sorted(sheet.passes or (), key=lambda urn: order.get(urn, -1)))


def _kept(sheets: Iterable[Sheet], context: Context) -> Callable[[str], tuple[str, ...]]:
    order = _positions(context.graph.document)
    found = {each.control.id: each.passes or [] for each in sheets}
    return lambda control: tuple(sorted(found[control], key=lambda urn: order.get(urn, -1)))


def _positions(document: Document) -> Mapping[str, int]:
    return {each.urn: number for number, each in enumerate(document.resources)}


def _place(document: Document, resource: Resource | None, outcome: Outcome) -> Source | None:
    if resource is None:
        return None
    return document.place(resource, outcome.reasons[0].path if outcome.reasons else "")


def _proof(document: Document) -> Proof:
    if document.profile is Profile.PIPELINE:
        return Proof.PIPELINE
    if document.profile is Profile.PREVIEW:
        return Proof.PROGRAM
    return Proof.MOCK_APPLIED if document.member.engine == "embedded" else Proof.STATE


def _index_of(controls: Mapping[str, Control]) -> Index:
    every, index = _index_of_all()
    return index if controls is every else Index(controls.values())


@lru_cache(maxsize=1)
def _index_of_all() -> tuple[Mapping[str, Control], Index]:
    """Make the index of every control of this package once: nearly all documents are asked for by those."""
    every = all_controls()
    return every, Index(every.values())


def _findings(sheets: Sequence[Sheet], context: Context, levels: Mapping[str, Level]) -> list[Finding]:
    if not any(sheet.others for sheet in sheets):
        return []
    order = _positions(context.graph.document)
    found: list[tuple[tuple[int, int, int], Finding]] = []
    for number, sheet in enumerate(sheets):
        control, level = sheet.control, levels[sheet.control.id]
        for resource, outcome in sheet.others:
            finding = Finding(
                control=control.id,
                urn=resource.urn if resource is not None else "",
                type=resource.type if resource is not None else "",
                verdict=outcome.verdict,
                reasons=outcome.reasons,
                source=_place(context.graph.document, resource, outcome),
                severity=control.severity,
                level=level,
                fingerprint=fingerprint(control, resource, outcome, context.graph),
            )
            found.append(((control.severity.rank, number, order.get(finding.urn, -1)), finding))
    return [finding for _, finding in sorted(found, key=lambda each: each[0])]


def _faults(sheets: Sequence[Sheet]) -> tuple[RuleFault, ...]:
    worst_first = sorted(sheets, key=lambda each: each.control.severity.rank)
    return tuple(fault for sheet in worst_first for fault in sheet.faults)


def _counts(sheets: Sequence[Sheet], findings: Iterable[Finding]) -> Mapping[str, Counts]:
    tallied: dict[str, Counter[str]] = {}
    for each in findings:
        tallied.setdefault(each.control, Counter())["waived" if each.waiver else each.verdict] += 1
    nothing: Counter[str] = Counter()
    return {sheet.control.id: _count(sheet, tallied.get(sheet.control.id, nothing)) for sheet in sheets}


def _count(sheet: Sheet, found: Counter[str]) -> Counts:
    return Counts(
        passed=sheet.passed,
        failed=found[Verdict.FAIL],
        indeterminate=found[Verdict.INDETERMINATE],
        declared=found[Verdict.DECLARED],
        not_applicable=sheet.not_applicable,
        waived=found["waived"],
    )
