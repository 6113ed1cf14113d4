"""Component definition: what the deployment is made of, and for which clauses of which frameworks it gives evidence."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from groundplan_policies.engine.values import Value
from groundplan_policies.evidence.model import Bundle, Coverage
from groundplan_policies.evidence.oscal.parts import basis, head, identifier, line, props, token
from groundplan_policies.evidence.words import CLAIM, CLAUSES, title, what
from groundplan_policies.frameworks import ClauseRow, ClauseState
from groundplan_policies.reports.json_report import to_json

_ENHANCEMENT: Final = re.compile(r"\((\d+)\)")

_LEFT_OUT: Final = frozenset({ClauseState.NOT_COVERED, ClauseState.NOT_APPLICABLE})
"""Clauses of which the deployment shows nothing."""


def as_component_definition(bundle: Bundle) -> str:
    """Write the evidence as an OSCAL component definition."""
    report = bundle.report
    seed = (report.subject.digest, report.evaluation.as_of.isoformat(), report.evaluation.settings, report.version)
    counted = Counter(each.type for each in bundle.inventory)
    implementations = [each for each in (_implementation(one, seed) for one in bundle.coverage) if each is not None]
    component: dict[str, Value] = {
        "uuid": identifier("component", *seed),
        "type": "service",
        "title": line(report.subject.name),
        "description": line(f"{what(bundle)} {bundle.reach.proves}"),
        "props": [
            *props([("level", bundle.reach.id), ("watermark", bundle.reach.watermark)]),
            *basis(bundle),
            *props((f"resources-{name}", str(number)) for name, number in sorted(counted.items())),
        ],
    }
    if implementations:
        component["control-implementations"] = implementations
    return to_json(
        {
            "component-definition": {
                "uuid": identifier("component-definition", *seed),
                "metadata": head(bundle, f"{title(bundle)}: components"),
                "components": [component],
            }
        }
    )


def control_id(clause: str) -> str:
    """Give a clause as OSCAL's own catalogues name it: `ac-2.1` for `AC-2(1)`."""
    return token(_ENHANCEMENT.sub(r".\1", clause.lower()))


def _implementation(coverage: Coverage, seed: tuple[str, ...]) -> Value | None:
    requirements = list(_requirements(coverage, seed))
    if not requirements:
        return None
    return {
        "uuid": identifier("implementation", coverage.id, *seed),
        "source": f"urn:groundplan:frameworks:{coverage.id}",
        "description": f"Evidence for {line(coverage.title)}. {CLAIM}",
        "implemented-requirements": requirements,
    }


def _requirements(coverage: Coverage, seed: tuple[str, ...]) -> Iterator[Value]:
    for clause in coverage.clauses:
        if clause.state not in _LEFT_OUT:
            yield {
                "uuid": identifier("requirement", coverage.id, clause.clause, *seed),
                "control-id": control_id(clause.clause),
                "description": line(f"{CLAUSES[clause.state]}: {clause.title}"),
                "props": props(_said(clause)),
            }


def _said(clause: ClauseRow) -> Iterator[tuple[str, str]]:
    yield "clause", clause.clause
    yield "stands", CLAUSES[clause.state]
    yield "controls", ", ".join(clause.controls)
    yield "missing", clause.note
