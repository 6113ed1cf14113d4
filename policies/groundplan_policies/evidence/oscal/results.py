"""Assessment results: an observation for each control and each finding, and what follows for each control."""

from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.results import Finding
from groundplan_policies.engine.states import State
from groundplan_policies.engine.values import Value
from groundplan_policies.evidence.model import Bundle, Item, Result
from groundplan_policies.evidence.oscal.parts import basis, head, identifier, line, moment, props, token
from groundplan_policies.evidence.words import STATES, headline, title, verdict
from groundplan_policies.reports.json_report import to_json
from groundplan_policies.reports.words import name_of, place_of, sentence, waived_until

_SATISFIED: Final = {State.PASS: "satisfied"}
"""OSCAL knows two states. What is waived, declared or not known is not satisfied; a property says which it is.
A control with nothing to check concludes nothing."""

_REASONS: Final = {State.PASS: "pass", State.FAIL: "fail"}
"""OSCAL's own reasons; all others are `other`."""


def as_assessment_results(bundle: Bundle) -> str:
    """Write the evidence as OSCAL assessment results."""
    report = bundle.report
    seed = (report.subject.digest, report.evaluation.as_of.isoformat(), report.evaluation.settings, report.version)
    plan = identifier("plan", *seed)
    return to_json(
        {
            "assessment-results": {
                "uuid": identifier("assessment-results", *seed),
                "metadata": head(bundle, title(bundle)),
                "import-ap": {"href": f"#{plan}", "remarks": "There is no plan apart: every control was asked."},
                "results": [_result(bundle, seed)],
                "back-matter": {
                    "resources": [
                        {
                            "uuid": plan,
                            "title": "Every control of groundplan",
                            "description": "The controls that were asked are listed in the results.",
                        }
                    ]
                },
            }
        }
    )


def _result(bundle: Bundle, seed: tuple[str, ...]) -> Value:
    asked: list[Value] = [{"control-id": token(each.control)} for each in bundle.results]
    selected: Mapping[str, Value] = {"include-controls": asked} if asked else {"include-all": {}}
    found: dict[str, Value] = {
        "uuid": identifier("result", *seed),
        "title": line(title(bundle)),
        "description": f"{verdict(bundle)} {headline(bundle)}",
        "start": moment(bundle.report.evaluation.as_of),
        "end": moment(bundle.report.evaluation.as_of),
        "props": [*props([("level", bundle.reach.id), ("watermark", bundle.reach.watermark)]), *basis(bundle)],
        "reviewed-controls": {"control-selections": [selected]},
    }
    named = {each.urn for each in bundle.report.evaluation.findings}
    subjects = [_subject(each, seed) for each in bundle.inventory if each.urn in named]
    if subjects:
        found["local-definitions"] = {"inventory-items": subjects}
    observations = [*_controls(bundle, seed), *_findings(bundle, seed)]
    spoken = [each for each in bundle.results if each.state is not State.NOT_APPLICABLE]
    concluded = [_finding(bundle, each, seed) for each in spoken]
    if observations:
        found["observations"] = observations
    if concluded:
        found["findings"] = concluded
    return found


def _controls(bundle: Bundle, seed: tuple[str, ...]) -> Iterator[Value]:
    for each in bundle.results:
        control = bundle.report.controls[each.control]
        counts = bundle.report.evaluation.counts[each.control]
        yield {
            "uuid": identifier("control", each.control, *seed),
            "title": line(f"{control.id} {control.title}"),
            "description": line(control.why),
            "props": props(
                (
                    ("severity", control.severity.value),
                    ("evidence", control.evidence.value),
                    ("passed", str(counts.passed)),
                    ("failed", str(counts.failed)),
                    ("indeterminate", str(counts.indeterminate)),
                    ("declared", str(counts.declared)),
                    ("waived", str(counts.waived)),
                    ("not-applicable", str(counts.not_applicable)),
                )
            ),
            "methods": ["TEST"],
            "types": ["control-objective"],
            "collected": moment(bundle.report.evaluation.as_of),
        }


def _findings(bundle: Bundle, seed: tuple[str, ...]) -> Iterator[Value]:
    held = {each.urn for each in bundle.inventory}
    for each in bundle.report.evaluation.findings:
        said = "; ".join(map(sentence, each.reasons))
        yield {
            "uuid": _of(each, seed),
            "title": line(f"{each.control} on {name_of(each.urn)}"),
            "description": line(said or each.verdict.value),
            "props": props(
                (
                    ("verdict", each.verdict.value),
                    ("urn", each.urn),
                    ("type", each.type),
                    ("line", place_of(each)),
                    ("fingerprint", each.fingerprint),
                    ("waived", waived_until(each.waiver) if each.waiver is not None else ""),
                )
            ),
            "methods": ["TEST"],
            "types": ["finding"],
            **({"subjects": [_about(each, seed)]} if each.urn in held else {}),
            "collected": moment(bundle.report.evaluation.as_of),
        }


def _subject(item: Item, seed: tuple[str, ...]) -> Value:
    """Give a resource that a finding is about."""
    return {
        "uuid": identifier("item", item.urn, *seed),
        "description": line(f"{item.name} ({item.type})"),
        "props": props(
            (
                ("urn", item.urn),
                ("type", item.type),
                ("project", item.project),
                ("place", item.place),
                ("encrypted-with", item.key),
                ("data-class", item.data_class),
            )
        ),
    }


def _about(finding: Finding, seed: tuple[str, ...]) -> Value:
    return {
        "subject-uuid": identifier("item", finding.urn, *seed),
        "type": "inventory-item",
        "title": line(name_of(finding.urn)),
    }


def _finding(bundle: Bundle, result: Result, seed: tuple[str, ...]) -> Value:
    control = bundle.report.controls[result.control]
    word, meaning = STATES[result.state]
    own = [each for each in bundle.report.evaluation.findings if each.control == result.control]
    return {
        "uuid": identifier("finding", result.control, *seed),
        "title": line(f"{control.id} {control.title}"),
        "description": f"{word}: {meaning}",
        "props": props([("state", result.state.value)]),
        "target": {
            "type": "objective-id",
            "target-id": token(control.id),
            "status": {
                "state": _SATISFIED.get(result.state, "not-satisfied"),
                "reason": _REASONS.get(result.state, "other"),
                "remarks": f"{word}: {meaning}",
            },
        },
        "related-observations": [
            {"observation-uuid": identifier("control", result.control, *seed)},
            *({"observation-uuid": _of(each, seed)} for each in own),
        ],
    }


def _of(finding: Finding, seed: tuple[str, ...]) -> str:
    return identifier("observation", finding.control, finding.urn, finding.verdict.value, *seed)
