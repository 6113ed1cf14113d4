"""PIPE-01: data is validated before a model is trained on it."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, evidence
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail, indeterminate
from groundplan_policies.pipelines.found import Run
from groundplan_policies.pipelines.lineage import Lineage, some
from groundplan_policies.pipelines.roles import Role
from groundplan_policies.pipelines.steps import Step
from groundplan_policies.rules.pipeline.pipelines import READS, UNKNOWN_ROLE, by_role, checks_of, place


def _judge(run: Run, lineage: Lineage, context: Context) -> Outcome:  # noqa: ARG001 - the form of a judge
    return all_of([_training(run, lineage, step, sure=sure) for step, sure in lineage.of(Role.TRAINING)])


def _training(run: Run, lineage: Lineage, step: Step, *, sure: bool) -> Outcome:
    data = lineage.data(step)
    answer = lineage.validated(step) if data else None
    if answer is True:
        return PASS
    if not sure:
        return indeterminate(f"{UNKNOWN_ROLE}: it may train, and on data that nothing validated", place(run, step))
    checked = some(lineage.has_role(each, Role.VALIDATION) for each in lineage.before(step))
    if answer is False or checked is False:
        return fail("trains on data that no validation stopped at first", place(run, step))
    if not data:
        return indeterminate(
            "takes its data by a parameter, so nobody can tell whether it is what was validated", place(run, step)
        )
    return indeterminate(
        "takes data that may have been validated: a component on its way has no role", place(run, step)
    )


CONTROL = Control(
    id="PIPE-01",
    title="Data is validated before a model is trained on it",
    why=(
        "A model learns whatever it is given: columns that moved, a class that is missing, data that somebody put in. "
        "So each training takes data that a validation wrote, or that a validation took as well before it; and that "
        "validation, where it ends in failure, must end the run: a task that starts whatever happened before it, or a "
        "validation under a condition or in a loop that the training is not in, does not count. Preparation of "
        "validated data keeps it validated. A role belongs to the digest of a component, that is to its program, its "
        "command and its image, and not to a name that anybody can give; that the component does what its role says "
        "is the word of whoever wrote the settings, and lapses with each change of it. A component without a role may "
        "be anything: what hangs on it is indeterminate. So is data that comes by a parameter and not as an artifact."
    ),
    remedy=(
        "Let the training take the output of the validation, as `workloads/` does; and give components their roles in "
        "`pipeline_components`: `groundplan pipeline components FILE` prints the digests."
    ),
    ask="Read the programs of the components that the settings call a validation: would they stop bad data?",
    severity=Severity.HIGH,
    evidence=Evidence.GRAPH,
    objectives=("5.1.a", "5.1.e"),
    clauses=(
        evidence("eu-ai-act", "10", "Whether the data is relevant and representative, and what the validation asks."),
        evidence("nist-ai-rmf-1.0", "MAP 2.3", "How the data was chosen, and the design of the experiment."),
        evidence("iso-42001-2023", "A.7.4", "What quality the data has to have."),
    ),
    reads=READS,
    checks=checks_of(by_role(_judge)),
    settings=("pipeline_components",),
)
