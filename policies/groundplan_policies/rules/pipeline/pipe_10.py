"""PIPE-10: a pipeline is of a known version, can be walked, and bounds its retries."""

from collections.abc import Iterator
from math import prod

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Evidence, partial
from groundplan_policies.engine.verdicts import PASS, Outcome, Severity, all_of, fail, indeterminate
from groundplan_policies.pipelines.found import Run
from groundplan_policies.pipelines.lineage import Answer, Lineage, some
from groundplan_policies.pipelines.model import Task
from groundplan_policies.pipelines.roles import Role
from groundplan_policies.pipelines.steps import Way
from groundplan_policies.rules.pipeline.pipelines import READS, UNKNOWN_ROLE, checks_of

_MOST = 3
_NEVER_TWICE = (Role.UPLOAD, Role.DEPLOYMENT)


def _judge(run: Run, context: Context) -> Outcome:
    faults = [fail(each.message, run.at(each.path)) for each in run.pipeline.faults]
    if faults:
        return all_of(faults)
    lineage = Lineage(run.steps, context.parameters.pipeline_components or {})
    tasks = [_task(run, task, answer) for task, answer in _retried(run, lineage)]
    return all_of([PASS, *tasks, *_nested(run, lineage)])


def _nested(run: Run, lineage: Lineage) -> Iterator[Outcome]:
    """Find steps that are tried again in a graph that is tried again: each try of the one is several of the other."""
    for step in lineage.steps.values():
        retried = [task for task in _way(run, step.way) if 0 < task.retries <= _MOST]
        if len(retried) > 1 and prod(task.retries + 1 for task in retried) > _MOST + 1:
            path = run.at(f"{retried[-1].path}.retryPolicy.maxRetryCount")
            yield fail(f"is repeated with what is around it, together more than {_MOST} times", path)


def _retried(run: Run, lineage: Lineage) -> Iterator[tuple[Task, Answer]]:
    """Give each task that is tried again, with whether it is, or holds, what must not be done twice."""
    graphs = (run.pipeline.root, *(each.dag for each in run.pipeline.components.values()))
    tasks = [task for graph in graphs if graph is not None for task in graph.tasks.values() if task.retries]
    for task in tasks:
        inside = [step for step in lineage.steps.values() if _belongs(run, task, step.way)]
        yield task, some(lineage.has_role(step, *_NEVER_TWICE) for step in inside)


def _belongs(run: Run, task: Task, way: Way) -> bool:
    """Whether a step is a task, or is inside of the graph that the task stands for."""
    return any(here.path == task.path for here in _way(run, way))


def _way(run: Run, way: Way) -> Iterator[Task]:
    """Give the tasks from the root to a step."""
    graph = run.pipeline.root
    for name in way:
        if graph is None:
            return
        yield graph.tasks[name]
        graph = run.pipeline.components[graph.tasks[name].component].dag


def _task(run: Run, task: Task, releases: Answer) -> Outcome:
    path = run.at(f"{task.path}.retryPolicy.maxRetryCount")
    shown = f"{task.retries:g}"
    if not 0 <= task.retries <= _MOST or task.retries != int(task.retries):
        return fail(f"is not a whole number from 0 to {_MOST}", path, shown)
    if releases is True:
        return fail("repeats a task that uploads or deploys a model; expected is 0", path, shown)
    if releases is None:
        return indeterminate(f"repeats a task that {UNKNOWN_ROLE}: it may upload or deploy a model", path, shown)
    return PASS


CONTROL = Control(
    id="PIPE-10",
    title="A pipeline is of a known version, can be walked, and bounds its retries",
    why=(
        "A task that is tried again without end bills without end, and hides that something is wrong; an upload or a "
        "deployment that is tried again may have been done before it failed, and is done twice. So a task is tried "
        "again at most three times, together with the graphs around it, and one that uploads or deploys, or holds a "
        "task that does, never. Rules can only speak of a pipeline that they understand: another version of the "
        "PipelineSpec than 2.1.0, a component, an executor or a task that is named and not there, graphs that go "
        "round in a circle, and fields of the wrong type fail here, and every other control on the pipeline is "
        "indeterminate then. The version of the compiler is not judged: what it wrote is."
    ),
    remedy="Compile with kfp 2, and call `.set_retry(num_retries=3)` at most, and never on uploads and deployments.",
    severity=Severity.MEDIUM,
    evidence=Evidence.GRAPH,
    objectives=("5.1.e",),
    clauses=(
        partial("nist-800-53-r5", "SI-17", "What a task does when it fails."),
        partial("nist-800-53-r5", "CM-2", "Whether the pipeline that runs is the one that was reviewed."),
    ),
    reads=READS,
    checks=checks_of(_judge, faulty=True),
    settings=("pipeline_components",),
)
