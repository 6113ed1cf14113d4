"""PIPE-03: a deployment stands behind a gate."""

from collections.abc import Collection

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, evidence
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail, indeterminate
from groundplan_policies.pipelines.conditions import hangs_on
from groundplan_policies.pipelines.found import Run
from groundplan_policies.pipelines.lineage import Answer, Lineage, every, some
from groundplan_policies.pipelines.model import Unread
from groundplan_policies.pipelines.roles import Role
from groundplan_policies.pipelines.steps import Condition, Origin, Output, Step
from groundplan_policies.rules.pipeline.pipelines import READS, UNKNOWN_ROLE, by_role, checks_of, place

_MEASURE = (Role.EVALUATION, Role.FAIRNESS)


def _judge(run: Run, lineage: Lineage, context: Context) -> Outcome:  # noqa: ARG001 - the form of a judge
    return all_of([_deployment(run, lineage, step, sure=sure) for step, sure in lineage.of(Role.DEPLOYMENT)])


def _deployment(run: Run, lineage: Lineage, step: Step, *, sure: bool) -> Outcome:
    models = lineage.released(step)
    answer = some(_gates(lineage, each, models) for each in step.conditions)
    if answer is True:
        return PASS
    if not sure:
        return indeterminate(f"{UNKNOWN_ROLE}: it may deploy a model without a gate", place(run, step))
    if not step.conditions:
        return fail("deploys a model under no condition", place(run, step))
    path = run.at(step.conditions[-1].path)
    if answer is False:
        return fail("is no gate for the deployment under it: it can hold without any output of an evaluation", path)
    return indeterminate("is a condition of which nobody can tell whether it reads an output of an evaluation", path)


def _gates(lineage: Lineage, condition: Condition, models: Collection[Output]) -> Answer:
    def measured(name: str) -> Answer:
        origins = condition.parameters.get(name, ())
        return every(_is_measured(lineage, each, models) for each in origins) if origins else None

    return hangs_on(condition.text, measured)


def _is_measured(lineage: Lineage, origin: Origin, models: Collection[Output]) -> Answer:
    """Whether a value is the output of an evaluation of the models, or of an approval that comes after one."""
    if isinstance(origin, Unread):
        return None
    step = lineage.steps.get(origin.step) if isinstance(origin, Output) else None
    if step is None:
        return False
    before = some(_measures(lineage, each, models) for each in lineage.before(step))
    return some((_measures(lineage, step, models), every((lineage.has_role(step, Role.APPROVAL), before))))


def _measures(lineage: Lineage, step: Step, models: Collection[Output]) -> Answer:
    """Whether a step measures the models, as far as the step and the deployment take theirs as artifacts."""
    role = lineage.has_role(step, *_MEASURE)
    if role is False or not models or not lineage.models(step):
        return role
    left = [lineage.steps.get(each.step) for each in models if not lineage.takes(step, each)]
    # What is neither trained nor brought in may be made of the model that was measured.
    other = some(None if each is None else _begins(lineage, each) for each in left)
    return role if not left else False if other else None


def _begins(lineage: Lineage, step: Step) -> Answer:
    """Whether a step makes or brings in a model that is no other in another form."""
    return True if lineage.has_role(step, Role.TRAINING, Role.INGESTION) else None


CONTROL = Control(
    id="PIPE-03",
    title="A deployment stands behind a gate",
    why=(
        "Without a gate, whatever was trained answers requests. Each deployment lies under a condition that can only "
        "hold by way of an output of an evaluation, of a fairness check, or of an approval that comes after one; "
        "where both take their models as artifacts, of the model that is deployed. A "
        "constant, a parameter of the run, or an alternative beside the measured value would open it for every model, "
        "so they fail. What is denied, as in the branches of `dsl.Elif` and `dsl.Else`, only says that a model did "
        "not pass somewhere else, so it is indeterminate. Whether the condition asks for the right value, only a "
        "reader can tell. A pipeline that ends at the registry has no deployment: what deploys from there has a gate "
        "of its own."
    ),
    remedy="Put the deployment under `dsl.If` with an output of the evaluation, or of an approval after it.",
    ask="Read the condition of each deployment, and the program behind it: does it ask for the right value?",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("5.1.e", "5.2.b"),
    clauses=(
        evidence("eu-ai-act", "14", "Oversight by people while the model is in use."),
        evidence("nist-ai-rmf-1.0", "MANAGE 1.1", "Whether the condition asks for the right value."),
        evidence("iso-42001-2023", "A.6.2.5", "The plan of the deployment, and deployments that no pipeline makes."),
    ),
    reads=READS,
    checks=checks_of(by_role(_judge)),
    settings=("pipeline_components",),
)
