"""PIPE-04: a fairness check stands before the release, where the review asks for one."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, Read, evidence
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import (
    NOT_APPLICABLE,
    PASS,
    Outcome,
    Severity,
    Verdict,
    all_of,
    fail,
    indeterminate,
)
from groundplan_policies.pipelines.found import SCHEDULE, Run
from groundplan_policies.pipelines.lineage import Lineage
from groundplan_policies.pipelines.roles import Role
from groundplan_policies.pipelines.steps import Step
from groundplan_policies.rules.pipeline.fairness import Threshold, asked, given, looser, protected
from groundplan_policies.rules.pipeline.jobs import VALUES
from groundplan_policies.rules.pipeline.pipelines import READS, UNKNOWN_ROLE, by_role, checks_of, place
from groundplan_policies.rules.responsible.declarations import is_high_risk, review_of, reviews_of

_RELEASE = (Role.UPLOAD, Role.DEPLOYMENT)


def _judge(run: Run, context: Context) -> Outcome:
    if not reviews_of(run.resource, context.graph):
        return NOT_APPLICABLE
    review = review_of(run.resource, context.graph)
    if review is None:
        return indeterminate("the pipeline answers to a review that is not in this document, or to several")
    limits = asked(review)
    if limits == () and not is_high_risk(review):
        return NOT_APPLICABLE
    return by_role(lambda run, lineage, _: _release(run, lineage, review))(run, context)


def _release(run: Run, lineage: Lineage, review: Resource) -> Outcome:
    return all_of([_step(run, lineage, step, review, sure=sure) for step, sure in lineage.of(*_RELEASE)])


def _step(run: Run, lineage: Lineage, step: Step, review: Resource, *, sure: bool) -> Outcome:
    outcome = _released(run, lineage, step, review)
    if outcome is PASS or sure:
        return outcome
    return indeterminate(f"{UNKNOWN_ROLE}: it may release a model that no fairness check let through", place(run, step))


def _released(run: Run, lineage: Lineage, step: Step, review: Resource) -> Outcome:
    models = lineage.released(step)
    before = [(each, lineage.has_role(each, Role.FAIRNESS)) for each in lineage.before(step)]
    checks = [each for each, role in before if role is True and all(lineage.takes(each, model) for model in models)]
    if any(role is None for _, role in before) and not checks:
        return indeterminate(
            "releases a model after a component without a role, and no check that is one", place(run, step)
        )
    if not checks:
        return fail("releases a model that no fairness check let through", place(run, step))
    if not models:
        return indeterminate(
            "takes no model as an artifact, so nobody can tell which one was checked", place(run, step)
        )
    found: list[Threshold] = []
    for each in checks:
        limits = given(run, each)
        if limits is None:
            return indeterminate("is given thresholds that cannot be read", place(run, each))
        found += limits
    return _compare(place(run, checks[0]), found, review)


def _compare(path: str, found: list[Threshold], review: Resource) -> Outcome:
    limits, attributes = asked(review), protected(review)
    if limits is None or attributes is None:
        return indeterminate("is held to a review whose thresholds or attributes cannot be read", path)
    if not attributes <= {each.what[0] for each in found}:
        return fail("has no threshold for an attribute that the review protects", path)
    if looser(limits, found):
        return fail("has a looser threshold than the review, or none for a measure that it asks for", path)
    return PASS


CONTROL = Control(
    id="PIPE-04",
    title="A fairness check stands before the release, where the review asks for one",
    why=(
        "A model can be right for most people and wrong for a group of them, and a mean does not show it. Where the "
        "review that a pipeline answers to has thresholds of fairness, or its use is high-risk, each upload and each "
        "deployment comes after a fairness check of the same model, whose failure ends the run. Its `thresholds` are "
        "rows in the form of the review's: for each of the review's, one with the same attribute, metric and slice, "
        "and a limit that is as strict or stricter; and one at least for each protected attribute. They are read where "
        "a run takes them from: the job's values, a constant, or the default. Uploads count as well, as whoever takes "
        "a model from the registry takes it for checked. A schedule is held to the review of the constructs around "
        "it; without one the control does not apply, since that there is none is RAI-01's to say. The file of a "
        "pipeline answers to no review, so it does not apply there either."
    ),
    remedy="Let a fairness component take the model and the review's thresholds before the upload, as in `workloads/`.",
    ask="Read the program of the fairness check: does it measure each group, and fail beyond the thresholds?",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("5.1.a",),
    clauses=(
        evidence("eu-ai-act", "10", "Whether the review names the right groups and measures."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.11", "What was measured in a run, and whether it is written down."),
        evidence("iso-42001-2023", "A.6.2.4", "Measures of the model other than fairness."),
    ),
    # A file never gets so far that it could pass, so nothing is stated of it.
    reads=(
        *(each for each in READS if each.type == SCHEDULE),
        Read(SCHEDULE, VALUES.text, absent=Verdict.PASS, empty=Verdict.PASS),
    ),
    checks=checks_of(_judge),
    settings=("pipeline_components",),
)
