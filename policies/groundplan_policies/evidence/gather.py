"""Gathers what a folder of evidence says from one evaluation: nothing is judged a second time."""

from collections.abc import Mapping, Sequence

from groundplan_policies import frameworks
from groundplan_policies.engine.context import Context
from groundplan_policies.evidence.access import UNSEEN, access
from groundplan_policies.evidence.boundaries import boundaries
from groundplan_policies.evidence.comparison import Comparison
from groundplan_policies.evidence.declared import declarations
from groundplan_policies.evidence.facts import shown
from groundplan_policies.evidence.flow_view import flow_view
from groundplan_policies.evidence.inventory import inventory
from groundplan_policies.evidence.levels import reach
from groundplan_policies.evidence.model import Bundle, Coverage, Input, Result
from groundplan_policies.evidence.tasks import tasks
from groundplan_policies.reports.report import Report
from groundplan_policies.reports.safe import plain


def gather(report: Report, context: Context, inputs: Sequence[Input], comparison: Comparison | None = None) -> Bundle:
    """Gather the evidence.

    Args:
        report: What the guardrails found, with the passes kept (`evaluate(..., keep_passes=True)`), for every control.
        context: What the controls were given.
        inputs: What it all rests on.
        comparison: What came out where the state was compared with a cloud; None if nobody did.
    """
    graph, evaluation = context.graph, report.evaluation
    results = tuple(
        Result(control=each, state=state, passes=evaluation.passed(each)) for each, state in report.states.items()
    )
    covered = tuple(_coverage(each, report) for each in frameworks.ids())
    resources, flow = graph.document.resources, flow_view(context)
    return Bundle(
        report=report,
        reach=reach(evaluation.level_of_proof, comparison),
        inventory=inventory(context, evaluation, results),
        results=results,
        access=access(context),
        unseen=UNSEEN,
        flow=flow,
        boundaries=boundaries(context),
        coverage=covered,
        declarations=declarations(context, report),
        tasks=tasks(report, resources, context.opened, covered, flow, comparison),
        inputs=tuple(inputs),
        names=_names(context),
        sources={each.urn: plain(str(each.source)) for each in resources if each.source is not None},
    )


def _coverage(identifier: str, report: Report) -> Coverage:
    framework = frameworks.load(identifier)
    clauses = frameworks.coverage(framework, report.evaluation, report.controls)
    return Coverage(id=identifier, title=framework.title, clauses=clauses)


def _names(context: Context) -> Mapping[str, str]:
    return {each.urn: shown(each.name) for each in context.graph.document}
