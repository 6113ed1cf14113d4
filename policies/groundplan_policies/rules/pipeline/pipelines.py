"""How controls look at compiled pipelines: at those that schedules run, and at one of a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Check, Read
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, Outcome, Verdict, declared, indeterminate
from groundplan_policies.pipelines.found import SPECS, Run, run_of, runs_pipeline
from groundplan_policies.pipelines.lineage import Lineage
from groundplan_policies.pipelines.steps import Step

Judge: TypeAlias = Callable[[Run, Context], Outcome]
"""Looks at one pipeline."""

READS: Final = tuple(
    Read(short, path.text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE) for short, path in SPECS.items()
)
"""What every control on pipelines reads."""

UNKNOWN_ROLE: Final = "is of a component whose role the settings do not say"


@dataclass(frozen=True, slots=True)
class PipelineCheck:
    """A check of a pipeline. Where there is none that can be read, the verdict is indeterminate.

    Attributes:
        judge: Looks at the pipeline.
        faulty: Whether it looks at pipelines with faults as well.
    """

    judge: Judge
    faulty: bool

    def __call__(self, resource: Resource, context: Context) -> Outcome:
        """Look at one resource."""
        if not runs_pipeline(resource):
            return NOT_APPLICABLE
        run = run_of(resource, context.graph)
        if isinstance(run, Outcome):
            return run
        if run.pipeline.faults and not self.faulty:
            return indeterminate("is a pipeline with faults, which PIPE-10 tells, and cannot be walked", run.at(""))
        return self.judge(run, context)


def checks_of(judge: Judge, *, faulty: bool = False) -> Mapping[str, Check]:
    """Make the checks of a control that looks at pipelines."""
    return dict.fromkeys(SPECS, PipelineCheck(judge, faulty))


JudgeOfRoles: TypeAlias = Callable[[Run, Lineage, Context], Outcome]
"""Looks at one pipeline, and at the roles of its tasks."""


def by_role(judge: JudgeOfRoles) -> Judge:
    """Make a judge whose every pass rests on roles: that a component does what its role says is somebody's word."""

    def with_word(run: Run, context: Context) -> Outcome:
        outcome = with_roles(judge)(run, context)
        if outcome.verdict is not Verdict.PASS:
            return outcome
        return declared("is in order if its components do what the settings say of them", run.at(""))

    return with_word


def with_roles(judge: JudgeOfRoles) -> Judge:
    """Make a judge that is given the roles of tasks. Where the settings say none at all, nobody can tell."""

    def judged(run: Run, context: Context) -> Outcome:
        roles = context.parameters.pipeline_components
        if roles is None:
            return indeterminate("the settings do not say which component has which role: `pipeline_components`")
        return judge(run, Lineage(run.steps, roles), context)

    return judged


def place(run: Run, step: Step) -> str:
    """Give the path of a step's task."""
    return run.at(step.task.path)
