"""RAI-21: what a schedule runs can be looked at."""

import re
from typing import Final

from groundplan_policies.engine.context import Context
from groundplan_policies.engine.control import Control, Read, evidence
from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.paths import Path, State
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.verdicts import NOT_APPLICABLE, PASS, Outcome, Severity, Verdict, all_of, indeterminate
from groundplan_policies.pipelines.found import JOB, SCHEDULE, SPECS, run_of, runs_pipeline

_TEMPLATE = Path(f"{JOB}.templateUri")
_CALLS: Final = "cloudscheduler.Job"
_ADDRESS = Path("httpTarget.uri")
_RUNS: Final = re.compile(
    r"aiplatform\.googleapis\.com/.*/(?:pipelineJobs|customJobs|trainingPipelines|notebookExecutionJobs)"
)
_NOTHING = {State.ABSENT, State.EMPTY}


def _judge(resource: Resource, context: Context) -> Outcome:
    if not runs_pipeline(resource):
        return NOT_APPLICABLE
    return all_of([_spec(resource, context), _template(resource)])


def _call(resource: Resource, _: Context) -> Outcome:
    """Judge a job that calls an address: one of Vertex AI that runs something hides it in what it sends."""
    reading = _ADDRESS.one(resource)
    if reading.state in {State.SECRET, State.WRONG}:
        return indeterminate("is an address that cannot be read, and may start a pipeline", reading.path)
    if _RUNS.search(reading.text):
        return indeterminate("starts a pipeline or a training, and what it sends is not looked at", reading.path)
    return NOT_APPLICABLE


def _spec(resource: Resource, context: Context) -> Outcome:
    if SPECS[SCHEDULE].one(resource).state in _NOTHING and _TEMPLATE.one(resource).state not in _NOTHING:
        return indeterminate("is where the pipeline is, and what is there is not looked at", _TEMPLATE.written)
    run = run_of(resource, context.graph)
    if isinstance(run, Outcome):
        return run
    if run.pipeline.faults:
        return indeterminate("is a pipeline with faults, which PIPE-10 tells, and cannot be walked", run.where)
    return PASS


def _template(resource: Resource) -> Outcome:
    """Judge an address beside the pipeline: Vertex AI takes the pipeline then, and the address for where it is from."""
    reading = _TEMPLATE.one(resource)
    missing = unreadable(reading, absent=PASS)
    if missing is not None:
        return missing
    return PASS if isinstance(reading.value, str) else wrong_type(reading, "the address of a template")


CONTROL = Control(
    id="RAI-21",
    title="What a schedule runs can be looked at",
    why=(
        "A schedule trains and releases models with nobody watching, so what it runs has to be reviewed before. That "
        "takes the compiled pipeline itself, in the schedule: then the controls of the family PIPE look at it. A "
        "template by its address is not opened here, as no control may depend on a network; a text that is no "
        "pipeline, or one that cannot be walked, is indeterminate too. Whether the pipeline is in order is for "
        "PIPE-01 to PIPE-10 to say, and as whom it runs for PIPE-05: neither is said twice. A job of Cloud Scheduler "
        "that calls Vertex AI to run something is indeterminate for the same reason. Where a pipeline and an address "
        "are given, Vertex AI runs the pipeline."
    ),
    remedy="Use PipelineEnvironment with `spec` in its schedules, or set `pipeline_spec` and not only `template_uri`.",
    ask="Compare the compiled pipeline with the source that was reviewed.",
    severity=Severity.HIGH,
    objectives=("5.1.e", "5.2.a"),
    clauses=(evidence("iso-42001-2023", "A.6.2.5", "The plan of the deployment."),),
    reads=(
        Read(SCHEDULE, SPECS[SCHEDULE].text, absent=Verdict.INDETERMINATE, empty=Verdict.INDETERMINATE),
        Read(SCHEDULE, _TEMPLATE.text, absent=Verdict.PASS, empty=Verdict.PASS),
    ),
    checks={SCHEDULE: _judge, _CALLS: _call},
)
