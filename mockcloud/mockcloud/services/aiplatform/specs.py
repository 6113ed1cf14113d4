"""Compiled pipelines (PipelineSpec of Kubeflow Pipelines): the tasks of a run, their order, what they use and make."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from mockcloud.cloud.errors import invalid
from mockcloud.discovery.schemas import Violation

_AFTER_ALL: Final = "ALL_UPSTREAM_TASKS_COMPLETED"
"""Strategy of a task that runs however those before it ended, as an exit handler does."""
_DEEPEST: Final = 20
"""How many pipelines in pipelines are read."""


@dataclass(frozen=True)
class Task:
    """A task of a run.

    Attributes:
        key: Path of its name below those of the pipelines that it is in: `train`, `for-loop-1/train`.
        name: Its name.
        parent: Key of the pipeline that it is in; "" for the outermost.
        after: Keys of the tasks that it waits for; with one that is a pipeline, all that is in it.
        always: Whether it runs even if one of those failed.
        is_dag: Whether it is a pipeline itself.
        inputs: Its input artifacts by name: key of the task that makes it, and name of the output there.
        outputs: Schema titles of the artifacts that it makes, by name.
        container: What it runs; {} for nothing.
    """

    key: str
    name: str
    parent: str
    after: tuple[str, ...]
    always: bool
    is_dag: bool
    inputs: Mapping[str, tuple[str, str]]
    outputs: Mapping[str, str]
    container: Mapping[str, Any]


def name_of(spec: Mapping[str, Any]) -> str:
    """Give the name of a pipeline."""
    return str(spec.get("pipelineInfo", {}).get("name", "pipeline"))


def tasks(spec: Mapping[str, Any]) -> list[Task]:
    """Give the tasks of a pipeline, each behind those that it waits for.

    A pipeline inside counts as a task, and so does what is in it. Loops run once, and conditions hold: nothing is
    computed that they could ask.
    """
    found = list(_walk(spec, spec.get("root", {}), "", 0))
    keys = [each.key for each in found]
    return _sorted([replace(each, after=_with_inner(each.after, keys)) for each in found])


def _with_inner(after: Sequence[str], keys: Sequence[str]) -> tuple[str, ...]:
    inner = [key for each in after for key in keys if key.startswith(f"{each}/")]
    return tuple(dict.fromkeys([*after, *inner]))


def _walk(spec: Mapping[str, Any], component: Mapping[str, Any], parent: str, depth: int) -> Iterator[Task]:
    if depth > _DEEPEST:
        raise invalid("The pipeline is nested too deeply.", Violation("pipeline_spec", "It is nested too deeply."))
    for name, raw in component.get("dag", {}).get("tasks", {}).items():
        inner = spec.get("components", {}).get(raw.get("componentRef", {}).get("name", ""), {})
        key = f"{parent}/{name}" if parent else name
        yield _task(spec, raw, inner, key, parent)
        yield from _walk(spec, inner, key, depth + 1)


def _task(spec: Mapping[str, Any], raw: Mapping[str, Any], inner: Mapping[str, Any], key: str, parent: str) -> Task:
    def beside(name: str) -> str:
        return f"{parent}/{name}" if parent else name

    inputs = {
        at: (beside(source["producerTask"]), source.get("outputArtifactKey", ""))
        for at, each in raw.get("inputs", {}).get("artifacts", {}).items()
        if (source := each.get("taskOutputArtifact"))
    }
    makers = [
        each["taskOutputParameter"]["producerTask"]
        for each in raw.get("inputs", {}).get("parameters", {}).values()
        if "taskOutputParameter" in each
    ]
    after = [beside(each) for each in (*raw.get("dependentTasks", []), *makers)]
    after += [maker for maker, _ in inputs.values()]
    executor = spec.get("deploymentSpec", {}).get("executors", {}).get(inner.get("executorLabel", ""), {})
    outputs = inner.get("outputDefinitions", {}).get("artifacts", {})
    return Task(
        key=key,
        name=str(raw.get("taskInfo", {}).get("name") or key.rpartition("/")[2]),
        parent=parent,
        after=tuple(dict.fromkeys(after)),
        always=raw.get("triggerPolicy", {}).get("strategy") == _AFTER_ALL,
        is_dag="dag" in inner,
        inputs=inputs,
        outputs={at: _schema(each) for at, each in outputs.items()},
        container=executor.get("container", {}),
    )


def _schema(output: Mapping[str, Any]) -> str:
    kind = output.get("artifactType", {})
    return str(kind.get("schemaTitle") or kind.get("instanceSchema") or "system.Artifact")


def _sorted(found: list[Task]) -> list[Task]:
    known = {each.key for each in found}
    done: list[Task] = []
    keys: set[str] = set()
    waiting = found
    while waiting:
        ready = [
            each
            for each in waiting
            if (not each.parent or each.parent in keys) and all(one in keys or one not in known for one in each.after)
        ]
        if not ready:
            names = ", ".join(each.key for each in waiting)
            raise invalid(f"The tasks wait for one another: {names}.", Violation("pipeline_spec", "It has a cycle."))
        done += ready
        keys |= {each.key for each in ready}
        waiting = [each for each in waiting if each.key not in keys]
    return done


def hold_parameters(spec: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Hold the parameters of a run to those that the pipeline asks for.

    Raises:
        ApiError: One is missing or unknown.
    """
    asked = spec.get("root", {}).get("inputDefinitions", {}).get("parameters", {})
    for name, each in asked.items():
        if name not in given and "defaultValue" not in each and not each.get("isOptional"):
            raise invalid(
                f"The pipeline parameter '{name}' has no value.",
                Violation("pipeline_job.runtime_config.parameter_values", f"'{name}' is required."),
            )
    unknown = [name for name in given if name not in asked]
    if unknown:
        raise invalid(
            f"The pipeline has no parameter '{unknown[0]}'.",
            Violation("pipeline_job.runtime_config.parameter_values", f"'{unknown[0]}' is unknown."),
        )


def parameters(spec: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the parameters of a run, with defaults where nothing is given."""
    asked = spec.get("root", {}).get("inputDefinitions", {}).get("parameters", {})
    defaults = {name: each["defaultValue"] for name, each in asked.items() if "defaultValue" in each}
    return {**defaults, **given}
