"""PIPE-09: no result of an earlier run stands for a step that has to look itself."""

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, evidence
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, declared, fail, indeterminate
from groundplan_policies.pipelines.found import Run
from groundplan_policies.pipelines.lineage import Lineage
from groundplan_policies.pipelines.roles import Role
from groundplan_policies.pipelines.steps import Step
from groundplan_policies.rules.pipeline.pipelines import READS, UNKNOWN_ROLE, checks_of, with_roles

_LOOKS = (
    *(Role.INGESTION, Role.VALIDATION, Role.EVALUATION, Role.FAIRNESS),
    *(Role.APPROVAL, Role.UPLOAD, Role.DEPLOYMENT, Role.EXIT),
)


def _judge(run: Run, lineage: Lineage, context: Context) -> Outcome:  # noqa: ARG001 - the form of a judge
    return all_of([_step(run, lineage, step) for step in lineage.steps.values()])


def _step(run: Run, lineage: Lineage, step: Step) -> Outcome:
    if not step.task.caches:
        return PASS
    path = run.at(f"{step.task.path}.cachingOptions.enableCache")
    looks = lineage.has_role(step, *_LOOKS)
    if step.task.trigger.anyway or looks is True:
        return fail("is true: a result of an earlier run may stand for this one", path, "true")
    if looks is None:
        return indeterminate(f"is true, and the task {UNKNOWN_ROLE}", path, "true")
    return declared("is true, and the settings say that the component has nothing to look at", path, "true")


CONTROL = Control(
    id="PIPE-09",
    title="No result of an earlier run stands for a step that has to look itself",
    why=(
        "A cached step does not run: its outputs of an earlier run, with the same inputs, are taken for it. For "
        "training or preparation that saves time. For ingestion it hides that the source has changed, for a "
        "validation, an evaluation, a fairness check or an approval that nobody looked this time, for an upload or a "
        "deployment that nothing was put there, and for what runs at the end of a run, whatever its role, that nobody "
        "was told. A cached step with a role of these fails, and one without a role is indeterminate. An importer "
        "counts as ingestion: it takes in what is elsewhere. What a job switches on or off for all tasks when it is "
        "submitted is not in a schedule, so the compiled value counts."
    ),
    remedy="Call `.set_caching_options(enable_caching=False)` on the task, and compile again.",
    ask="Read the programs of the cached components: does one of them look at something that changes?",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("5.1.e", "5.3.a"),
    clauses=(
        evidence("nist-ai-rmf-1.0", "MEASURE 2.5", "What is measured in a run."),
        evidence("iso-42001-2023", "A.6.2.4", "What verification and validation ask for."),
    ),
    reads=READS,
    checks=checks_of(with_roles(_judge)),
    settings=("pipeline_components",),
)
