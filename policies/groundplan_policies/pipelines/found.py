"""The pipelines of a deployment: those that schedules run, and the one of a file that is checked by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from groundplan_policies.engine.expect import unreadable, wrong_type
from groundplan_policies.engine.graph import Graph
from groundplan_policies.engine.names import token
from groundplan_policies.engine.paths import Path
from groundplan_policies.engine.resource import Resource
from groundplan_policies.engine.values import Value
from groundplan_policies.engine.verdicts import Outcome, indeterminate
from groundplan_policies.pipelines.model import Pipeline
from groundplan_policies.pipelines.read import read_pipeline
from groundplan_policies.pipelines.steps import Step, Way, read_steps
from groundplan_policies.pipelines.text import PipelineError, read_json

SPEC: Final = "groundplan:pipeline:Spec"
"""Type of the resource that stands for a compiled pipeline of a file."""

SCHEDULE: Final = "colab.Schedule"
"""Short name of the type of schedules. It is also theirs that run notebooks."""

REQUEST: Final = "createPipelineJobRequest"
"""What a schedule holds that runs a pipeline."""

JOB: Final = f"{REQUEST}.pipelineJob"

SPECS: Final = {SPEC: Path("spec"), SCHEDULE: Path(f"{JOB}.pipelineSpec")}
"""Short name of a type -> where it holds a compiled pipeline, as JSON."""

_BY_TOKEN: Final = {token(short): path for short, path in SPECS.items()}
_REQUEST: Final = Path(REQUEST)


@dataclass(frozen=True)
class Run:
    """A pipeline, and what runs it.

    Attributes:
        resource: The schedule, or what stands for a file.
        where: Path of the pipeline in it; "" for a file, of which paths are those in the file.
        spec: The pipeline as it is written.
        pipeline: The pipeline.
    """

    resource: Resource
    where: str
    spec: Mapping[str, Value]
    pipeline: Pipeline

    @cached_property
    def steps(self) -> dict[Way, Step]:
        """The steps; none where the pipeline has faults."""
        return {} if self.pipeline.faults else dict(read_steps(self.pipeline))

    def at(self, path: str) -> str:
        """Give the path in the resource of a place in the pipeline."""
        return f"{self.where}.{path}" if self.where and path else self.where or path


def runs_pipeline(resource: Resource) -> bool:
    """Whether a resource is there to run a pipeline. A schedule of a notebook is not."""
    return resource.type == SPEC or not _REQUEST.is_absent(resource.inputs)


def run_of(resource: Resource, graph: Graph) -> Run | Outcome:
    """Give the pipeline that a resource holds, or what to say where it cannot be read."""
    made = graph.once(_runs)
    found = made.get(resource.urn)
    if found is None:
        found = made[resource.urn] = _read(resource)
    return found


def _runs(_: Graph) -> dict[str, Run | Outcome]:
    return {}


def _read(resource: Resource) -> Run | Outcome:
    reading = _BY_TOKEN[resource.type].one(resource)
    absent = indeterminate("is absent, so the pipeline is not in this document and cannot be looked at", reading.path)
    missing = unreadable(reading, absent=absent)
    if missing is not None:
        return missing
    if not isinstance(reading.value, str):
        return wrong_type(reading, "a compiled pipeline as JSON")
    try:
        spec = read_json(reading.value, resource.name)
    except PipelineError as error:
        return indeterminate(f"is no pipeline that can be looked at: {_lower(error.what)}", reading.path)
    return Run(resource, "" if resource.type == SPEC else reading.path, spec, read_pipeline(spec))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
