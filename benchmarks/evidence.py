"""What evidence costs beside a check: the same document, judged, and then gathered and written in every format."""

import hashlib
import json
from typing import Any

from benchmarks.evaluation import DAY, SMALL, TEAM, document, fastest
from benchmarks.registry import Benchmark, Measurement

LIMIT = 10.0
"""How many times a check: half as much again as was measured. A check writes one report, evidence seven files."""

SECONDS_AIMED_AT = 3.0
"""What is aimed at for an environment of 600 resources on a machine of two cores, beyond its preview."""


def measure() -> Measurement:
    """Check a document with a report as text, and make the evidence of it; both from the document's text on."""
    text = json.dumps(document(SMALL))
    check, evidence = fastest(lambda: _check(text)), fastest(lambda: _evidence(text))
    return Measurement(
        seconds=evidence,
        baseline_seconds=check,
        details={"s for a check": check, "s for evidence": evidence, "seconds aimed at": SECONDS_AIMED_AT},
    )


def _judged(text: str, *, keep_passes: bool) -> Any:  # noqa: ANN401 - a report, whose module is not imported with this one
    from groundplan_policies.engine import Document
    from groundplan_policies.engine.evaluate import evaluate
    from groundplan_policies.engine.registry import all_controls
    from groundplan_policies.reports.report import Report, Subject
    from groundplan_policies.settings import read_settings

    read, settings = Document.read(text), read_settings("regulated").filled(**TEAM)
    report = Report(
        evaluation=evaluate(read, settings, as_of=DAY, keep_passes=keep_passes),
        controls=all_controls(),
        settings=settings,
        subject=Subject(
            name="bench", kind="document", digest=hashlib.sha256(text.encode()).hexdigest(), resources=len(read)
        ),
        version="0",
    )
    return read, settings, report


def _check(text: str) -> int:
    from groundplan_policies.reports.text import text as as_text

    _, _, report = _judged(text, keep_passes=False)
    return len(as_text(report))


def _evidence(text: str) -> int:
    from groundplan_policies.engine.evaluate import make_context
    from groundplan_policies.evidence.folder import render
    from groundplan_policies.evidence.gather import gather

    read, settings, report = _judged(text, keep_passes=True)
    return len(render(gather(report, make_context(read, settings, (), DAY), ())))


BENCHMARK = Benchmark(
    name="evidence",
    judged=f"reading {SMALL} resources, judging them, and writing the evidence in every format",
    baseline="reading and judging them, and writing the report as text",
    limit=LIMIT,
    measure=measure,
)
