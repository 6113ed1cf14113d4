"""What needs a person, since no rule can decide it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from groundplan_policies.engine.control import Control
from groundplan_policies.engine.opened import Opened
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.results import Proof
from groundplan_policies.engine.values import Value, is_special
from groundplan_policies.engine.verdicts import Verdict
from groundplan_policies.evidence.comparison import Comparison
from groundplan_policies.evidence.declared import AGREEMENT, REVIEW
from groundplan_policies.evidence.facts import name_of, shown
from groundplan_policies.evidence.flow_view import FlowView
from groundplan_policies.evidence.model import Coverage, Task
from groundplan_policies.frameworks import ClauseState
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.safe import count, plain

_ENDPOINT: Final = "vertex.AiEndpoint"
_OPEN: Final = frozenset({ClauseState.NOT_COVERED})


def tasks(
    report: Report,
    resources: Sequence[Resource],
    opened: Mapping[str, Opened],
    coverage: Sequence[Coverage],
    flow: FlowView,
    comparison: Comparison | None = None,
) -> tuple[Task, ...]:
    """List what a person has to look at, the most pressing first."""
    return (
        *_cloud(report, comparison),
        *_whole(report),
        *_findings(report),
        *_waivers(report),
        *_documents(resources, opened),
        *_untold(flow),
        *_settings(report),
        *_clauses(coverage),
    )


def _cloud(report: Report, comparison: Comparison | None) -> Iterator[Task]:
    if comparison is not None:
        for name in comparison.drifted:
            todo = "Bring the program and the cloud together, and write the evidence again."
            yield Task(kind="drift", title=f"{name} is not as the state says, or gone", todo=todo, count=1)
        if comparison.not_compared:
            title = f"{count(comparison.not_compared, 'resource')} could not be compared with {comparison.cloud}"
            yield Task(kind="drift", title=title, todo="Look at them in the cloud.", count=comparison.not_compared)
    elif report.evaluation.level_of_proof is Proof.STATE:
        title = "A state does not say which cloud answered, nor whether it was refreshed"
        yield Task(kind="level", title=title, todo="See that it was Google’s, and that groundplan drift finds nothing.")


def _whole(report: Report) -> Iterator[Task]:
    found = report.evaluation
    for gap in found.gaps:
        yield Task(kind="incomplete", title=plain(gap), todo="Write the evidence again from a whole document.")
    for each in found.types.unknown:
        title = f"Nobody has reviewed the type {plain(each.type)}"
        yield Task(kind="type", title=title, todo="Look at what these resources make.", count=each.count)
    for fault in found.faults:
        title = f"The rule {fault.control} has a fault ({plain(fault.kind)})"
        yield Task(kind="fault", title=title, todo="Report it, and look at the resource by hand.", count=1)


def _findings(report: Report) -> Iterator[Task]:
    words = {Verdict.FAIL: "fails", Verdict.INDETERMINATE: "indeterminate", Verdict.DECLARED: "declared"}
    open_ = Counter((each.control, each.verdict) for each in report.evaluation.findings if each.waiver is None)
    for verdict, kind in words.items():
        for (control, found), number in open_.items():
            if found is verdict:
                about = report.controls[control]
                yield Task(kind=kind, title=f"{control} {about.title}", todo=_step(about, found), count=number)


def _step(control: Control, verdict: Verdict) -> str:
    """Say what to do about a finding: what the control itself has to say of it, where it says something."""
    if verdict is Verdict.FAIL:
        return control.remedy
    if verdict is Verdict.DECLARED:
        return control.ask or "Look at it in the cloud: the program says only what it began with."
    return "The document does not tell: look at the resource itself."


def _waivers(report: Report) -> Iterator[Task]:
    for each in report.waived:
        if each.waiver is not None:
            title = f"{each.control} on {_last(each.urn)} is waived until {each.waiver.expires}"
            todo = f"Ask {plain(each.waiver.owner)} whether the reason still holds."
            yield Task(kind="waived", title=title, todo=todo, count=1)
    for found in report.evaluation.waiver_findings:
        title = f"{found.title} ({plain(found.control)} on {_last(found.urn)})"
        yield Task(kind="waiver", title=title, todo=plain(found.message))


def _last(urn: str) -> str:
    return shown(urn.rpartition("::")[2]) or "the stack"


def _documents(resources: Sequence[Resource], opened: Mapping[str, Opened]) -> Iterator[Task]:
    """Give the documents that reviews and agreements refer to: whatever was opened is still to be read by somebody."""
    for resource in resources:
        if resource.type not in {REVIEW, AGREEMENT}:
            continue
        for key, reference in _references(resource.inputs):
            uri, digest = reference.get("uri"), reference.get("digest")
            found = opened.get(uri) if isinstance(uri, str) else None
            title = f"{key} of {name_of(resource)}: {shown(str(uri))}"
            yield Task(kind="document", title=title, todo=_todo(found, digest), count=1)


def _references(value: Value, name: str = "") -> Iterator[tuple[str, Mapping[str, Value]]]:
    if isinstance(value, Mapping) and not is_special(value):
        if isinstance(value.get("uri"), str):
            yield name, value
        else:
            for key, each in value.items():
                yield from _references(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each, name)


def _todo(found: Opened | None, digest: Value) -> str:
    if found is None:
        return "It was not opened: get it, compare its digest with the one that is declared, and read it."
    if found.problem:
        return f"It could not be read ({plain(found.problem)}): get it, and read it."
    if found.digest != digest:
        return "It is another one than the declared digest says: find out which is right."
    return "It is the one that was declared; what it says is for a person to judge."


def _untold(flow: FlowView) -> Iterator[Task]:
    """Give the endpoints to which no training leads: nobody sees what their models learnt from."""
    for stop in flow.stops:
        if stop.type == _ENDPOINT and not any(each.target == stop.key and each.declared for each in flow.links):
            title = f"{stop.name} does not say by what its models are trained"
            yield Task(
                kind="flow",
                title=title,
                todo="Ask what data they learnt from: class, purpose and protection are followed up to training only.",
                count=1,
            )


def _settings(report: Report) -> Iterator[Task]:
    for each in report.evaluation.loosened:
        title = f"The settings ask less: {plain(each.what)} from {plain(each.before)} to {plain(each.after)}"
        who = plain(each.author) if each.explained else "nobody"
        yield Task(kind="settings", title=title, todo=f"Answers for it: {who}. {plain(each.reason)}".strip())


def _clauses(coverage: Sequence[Coverage]) -> Iterator[Task]:
    for each in coverage:
        manual = sum(clause.state in _OPEN for clause in each.clauses)
        if manual:
            title = f"{count(manual, 'clause')} of {each.title} that no rule looks at"
            yield Task(
                kind="clause", title=title, todo="Show these by other means: the chapter on frameworks says which."
            )
