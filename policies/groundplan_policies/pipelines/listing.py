"""The components of compiled pipelines by their digests, for whoever writes their roles into settings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from groundplan_policies.engine.graph import Graph
from groundplan_policies.pipelines.found import SPECS, Run, run_of, runs_pipeline
from groundplan_policies.pipelines.model import Dag, Pipeline


@dataclass(frozen=True, slots=True)
class Listed:
    """A component.

    Attributes:
        digest: Its digest.
        components: The names that it has: the compiler numbers equal components.
        tasks: Names of the tasks that are of it.
        images: The images that its tasks run in.
    """

    digest: str
    components: tuple[str, ...]
    tasks: tuple[str, ...]
    images: tuple[str, ...]


def pipelines_of(graph: Graph) -> tuple[Run, ...]:
    """Give the pipelines of a deployment, or the one of a file, that can be read."""
    found = (run_of(each, graph) for each in graph.of(*SPECS) if runs_pipeline(each))
    return tuple(each for each in found if isinstance(each, Run))


def listed(pipeline: Pipeline) -> tuple[Listed, ...]:
    """Give the components that have a role: neither graphs, nor importers, whose role is known."""
    by_digest: dict[str, list[str]] = {}
    for component in pipeline.components.values():
        if component.digest and component.executor is not None and not component.executor.importer:
            by_digest.setdefault(component.digest, []).append(component.name)
    tasks = _tasks(pipeline)
    return tuple(
        Listed(
            digest,
            tuple(names),
            tuple(dict.fromkeys(task for name in names for task in tasks.get(name, ()))),
            tuple(dict.fromkeys(image for name in names for image in _images(pipeline, name))),
        )
        for digest, names in by_digest.items()
    )


def _tasks(pipeline: Pipeline) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for graph in _graphs(pipeline):
        for task in graph.tasks.values():
            found.setdefault(task.component, []).append(task.name)
    return found


def _graphs(pipeline: Pipeline) -> Iterator[Dag]:
    if pipeline.root is not None:
        yield pipeline.root
    yield from (each.dag for each in pipeline.components.values() if each.dag is not None)


def _images(pipeline: Pipeline, component: str) -> Iterator[str]:
    executor = pipeline.components[component].executor
    image = executor.container.get("image") if executor is not None and executor.container is not None else None
    if isinstance(image, str):
        yield image
