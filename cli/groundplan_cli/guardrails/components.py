"""The components of compiled pipelines as lines of a settings file."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from groundplan_cli.errors import Error
from groundplan_cli.guardrails.target import STANDARD_INPUT, RunOptions, Target, read_target
from groundplan_policies.engine.graph import Graph
from groundplan_policies.pipelines.listing import Listed, listed, pipelines_of
from groundplan_policies.pipelines.model import Pipeline
from groundplan_policies.pipelines.read import read_pipeline, with_image
from groundplan_policies.pipelines.roles import Role
from groundplan_policies.reports.safe import plain
from groundplan_policies.settings.read import read_settings


def component_lines(file: Path, image: str | None, settings: Path | None) -> Iterator[str]:
    """Give the lines, ready to be copied.

    Args:
        file: A compiled pipeline, or a deployment document; `-` for standard input.
        image: The image that every task runs in, None for what is written there.
        settings: The settings whose roles are filled in.

    Raises:
        Error: There is no pipeline that can be read.
        PipelineError, DocumentError, SettingsError: A file cannot be understood.
    """
    roles = read_settings(settings).parameters.pipeline_components if settings is not None else None
    target = Target(project=None, file=None if str(file) == STANDARD_INPUT else file)
    document, _ = read_target(target, RunOptions())
    runs = pipelines_of(Graph(document))
    if not runs:
        raise Error(
            "There is no compiled pipeline",
            given=f"{target.name}, a document in which no schedule holds one",
            allowed="a compiled pipeline, or a document with a colab.Schedule that has a pipelineSpec",
            remedy="give the file that the compiler wrote",
        )
    pipelines = [each.pipeline if image is None else read_pipeline(with_image(each.spec, image)) for each in runs]
    yield f"# {_WAITS} is one of {', '.join(Role)}"
    yield "parameters:"
    yield "  pipeline_components:"
    yield from _entries(pipelines, roles or {})


def _entries(pipelines: list[Pipeline], roles: Mapping[str, str]) -> Iterator[str]:
    seen: set[str] = set()
    for pipeline in pipelines:
        for each in listed(pipeline):
            if each.digest not in seen:
                seen.add(each.digest)
                yield f"    # {_told(pipeline, each)}"
                yield f"    {each.digest}: {roles.get(each.digest, _WAITS)}"


_WAITS = "ROLE"
"""What stands for a role that nobody has given: no settings take it."""


def _told(pipeline: Pipeline, each: Listed) -> str:
    tasks = f"task{'s' if len(each.tasks) > 1 else ''} {', '.join(each.tasks)}" if each.tasks else "no task"
    images = ", ".join(each.images) or "no image"
    return plain(f"{pipeline.name or 'pipeline'}: {tasks}, of {', '.join(each.components)}, in {images}")
