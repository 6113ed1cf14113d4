"""PIPE-02: a model is evaluated, with data of its own, before it is uploaded."""

from collections.abc import Iterator

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, evidence
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail, indeterminate
from groundplan_policies.pipelines.found import Run
from groundplan_policies.pipelines.lineage import Answer, Lineage, every, some
from groundplan_policies.pipelines.roles import Role
from groundplan_policies.pipelines.steps import Output, Step
from groundplan_policies.rules.pipeline.pipelines import READS, UNKNOWN_ROLE, by_role, checks_of, place


def _judge(run: Run, lineage: Lineage, context: Context) -> Outcome:  # noqa: ARG001 - the form of a judge
    return all_of([_upload(run, lineage, step, sure=sure) for step, sure in lineage.of(Role.UPLOAD)])


def _upload(run: Run, lineage: Lineage, step: Step, *, sure: bool) -> Outcome:
    said = [_model(run, lineage, step, model) for model in lineage.models(step)]
    outcome = all_of(said) if said else _without_model(run, lineage, step)
    if outcome is PASS or sure:
        return outcome
    return indeterminate(f"{UNKNOWN_ROLE}: it may upload a model that nothing evaluated", place(run, step))


def _without_model(run: Run, lineage: Lineage, step: Step) -> Outcome:
    if some(lineage.has_role(each, Role.EVALUATION) for each in lineage.before(step)) is False:
        return fail("uploads a model, and no evaluation comes before it", place(run, step))
    return indeterminate("takes no model as an artifact, so nobody can tell which one was evaluated", place(run, step))


def _model(run: Run, lineage: Lineage, step: Step, model: Output) -> Outcome:
    measured = list(_evaluations(lineage, step, model))
    learned = lineage.training_data(model)
    answer = some(every((role, _apart(lineage, each, learned))) for each, role in measured)
    if answer is True:
        return PASS
    if some(role for _, role in measured) is False:
        return fail("uploads a model that no evaluation took before it", place(run, step))
    if answer is False:
        return fail("uploads a model that was evaluated with what it learned from", place(run, step))
    return indeterminate(
        "uploads a model of which nobody can tell whether it was evaluated with data that it had not learned from",
        place(run, step),
    )


def _evaluations(lineage: Lineage, step: Step, model: Output) -> Iterator[tuple[Step, Answer]]:
    """Give the steps before an upload that took the model, and that evaluate or might."""
    for each in lineage.before(step):
        role = lineage.has_role(each, Role.EVALUATION)
        if role is not False and lineage.takes(each, model):
            yield each, role


def _apart(lineage: Lineage, evaluation: Step, learned: tuple[Output, ...] | None) -> Answer:
    """Whether an evaluation takes data, and none that the model was made of."""
    data = lineage.data(evaluation)
    if not data or learned is None:
        return None
    return every(lineage.apart(each, learned) for each in data)


CONTROL = Control(
    id="PIPE-02",
    title="A model is evaluated, with data of its own, before it is uploaded",
    why=(
        "A registry is where others take models from: one that nobody measured, or that was measured with the data it "
        "learned from, looks better there than it is. So each upload takes a model that an evaluation took before it, "
        "with a failure of which the run ends, and with data that is neither the training's own nor what that was "
        "made of. Which rows are in two outputs of one step only its program can tell, so a split is believed by the "
        "role of the component that splits; what different steps made of one artifact, or two equal steps of the same "
        "inputs, may hold the same: indeterminate. A model that this pipeline did not train was made of data that "
        "nobody sees here: indeterminate. Roles belong to digests of components, as in PIPE-01."
    ),
    remedy="Let the upload and an evaluation take the same model, and the evaluation data that was set aside for it.",
    ask="Read the programs of the evaluation and of the split: is what is measured what the model never saw?",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("5.1.a", "4.1.c"),
    clauses=(
        evidence("eu-ai-act", "15", "How accurate and robust the model is; only that it is measured is seen."),
        evidence("nist-ai-rmf-1.0", "MEASURE 2.5", "What the evaluation asks for, and what it found."),
        evidence("iso-42001-2023", "A.6.2.4", "Measures and criteria of verification and validation."),
    ),
    reads=READS,
    checks=checks_of(by_role(_judge)),
    settings=("pipeline_components",),
)
