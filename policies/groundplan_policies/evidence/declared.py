"""What holds because somebody says so: reviews, agreements, and what controls take people's word for."""

from collections.abc import Iterator, Mapping
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value, is_special
from groundplan_policies.evidence.facts import HIDDEN, name_of, shown
from groundplan_policies.evidence.model import Declaration
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.words import sentence

REVIEW: Final = "groundplan:governance:ResponsibleAiReview"
AGREEMENT: Final = "groundplan:governance:DataUseAgreement"

_FORMS: Final[Mapping[str, tuple[str, str]]] = {
    REVIEW: ("responsible AI review", "review"),
    AGREEMENT: ("data use agreement", "agreement"),
}
"""Type of component -> what it is called, and the input that holds what is said."""

_WORDS: Final[Mapping[str, str]] = {
    "impactAssessment": "impact assessment",
    "intendedUse": "intended use",
    "lawfulBasis": "lawful basis",
    "nextReview": "next review",
    "riskClass": "risk class (EU AI Act)",
    "riskReason": "reason for the class",
}
"""Keys of reviews and agreements that read better in other words; of the rest the words are taken apart."""


LONGEST_SAID: Final = 1000
"""Characters of a text before it is cut: whoever signs has to read what was declared."""


def declarations(context: Context, report: Report) -> tuple[Declaration, ...]:
    """List what is declared: reviews and agreements first, then what controls accept without being able to see it."""
    return (*_said(context), *_accepted(context, report))


def _said(context: Context) -> Iterator[Declaration]:
    for each in context.graph.document:
        if each.type in _FORMS:
            kind, key = _FORMS[each.type]
            content = each.inputs.get(key)
            said = content if isinstance(content, Mapping) and not is_special(content) else {}
            yield _declaration(each, kind, said)


def _declaration(resource: Resource, kind: str, said: Mapping[str, Value]) -> Declaration:
    owner, reviewer = said.get("owner"), said.get("reviewer")
    by = _text(owner) + (f"; reviewed by {_text(reviewer)}" if reviewer else "")
    facts = [(_word(key), _text(value)) for key, value in said.items() if key not in {"owner", "reviewer"}]
    digest = resource.inputs.get("digest")
    if isinstance(digest, str):
        facts.append(("digest", shown(digest)))
    return Declaration(
        kind=kind,
        name=name_of(resource),
        by=by,
        facts=tuple(facts),
        urn=resource.urn,
        source=resource.source,
    )


def _accepted(context: Context, report: Report) -> Iterator[Declaration]:
    for finding in report.declared:
        resource = context.graph.document.get(finding.urn)
        control = report.controls[finding.control]
        yield Declaration(
            kind=f"{control.id} {control.title}",
            name=name_of(resource) if resource is not None else "the stack as a whole",
            by="",
            facts=(("what is said", "; ".join(map(sentence, finding.reasons))),),
            urn=finding.urn,
            source=finding.source,
            control=control.id,
        )


def _word(key: str) -> str:
    if key in _WORDS:
        return _WORDS[key]
    return "".join(f" {each.lower()}" if each.isupper() else each for each in shown(key))


def _text(value: Value) -> str:
    """Give what is said, as one line: lists with commas, blocks as words with what they hold."""
    if is_special(value):
        return HIDDEN
    if isinstance(value, Mapping):
        said = ((_word(key), _text(each)) for key, each in value.items())
        return "; ".join(f"{word}: {text}" for word, text in said if text)
    if isinstance(value, list):
        return (" · " if any(isinstance(each, Mapping) for each in value) else ", ").join(map(_text, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else shown(str(value), LONGEST_SAID)
