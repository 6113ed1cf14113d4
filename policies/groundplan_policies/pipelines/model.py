"""A compiled pipeline, typed. Names are those of the PipelineSpec, in Python's spelling."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from groundplan_policies.engine.values import Value

VERSIONS = ("2.1.0",)
"""Versions of the PipelineSpec (`schemaVersion`) that are understood."""


class Fault(NamedTuple):
    """Something in a pipeline that is not as the PipelineSpec has it.

    Attributes:
        path: Where.
        message: What is wrong. It holds no value of the pipeline.
    """

    path: str
    message: str


class Produced(NamedTuple):
    """An output of another task of the same graph."""

    task: str
    key: str


class Given(NamedTuple):
    """An input of the component around the graph; of the run itself at the root."""

    key: str


class Constant(NamedTuple):
    """A value that is written into the pipeline."""

    value: Value
    path: str


class Unread(NamedTuple):
    """A value that comes from somewhere else, such as the state of another task."""

    path: str


Source = Produced | Given | Constant | Unread
"""Where an input of a task comes from."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a task starts.

    Attributes:
        condition: The expression that must hold; "" for none.
        anyway: Whether it starts when the tasks before it are over, be they failed.
    """

    condition: str = ""
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """That a task runs once for each item of a list.

    Attributes:
        item: Name of the component's input that an item is.
        items: Name of the task's input that the list is; "" where it is written into the pipeline.
        written: The list that is written into the pipeline, as JSON; None where it is an input.
    """

    item: str
    items: str
    written: Constant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task of a graph.

    Attributes:
        name: Its name in the graph.
        path: Where it stands: `root.dag.tasks.train`.
        component: Name of its component.
        after: Names of the tasks that come before it, whether it takes something from them or not.
        artifacts: Input -> where the artifact comes from.
        parameters: Input -> where the value comes from.
        trigger: When it starts.
        caches: Whether an earlier result may stand for it.
        retries: How often it is tried again.
        loop: What it runs once each for, None if it runs once.
    """

    name: str
    path: str
    component: str
    after: frozenset[str]
    artifacts: Mapping[str, Source]
    parameters: Mapping[str, Source]
    trigger: Trigger
    caches: bool
    retries: float
    loop: Loop | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dag:
    """A graph of tasks.

    Attributes:
        path: Where it stands: `root.dag`.
        tasks: The tasks by name.
        artifacts: Output of the graph -> the outputs of its tasks, one of which it is.
        parameters: The same for parameters.
    """

    path: str
    tasks: Mapping[str, Task]
    artifacts: Mapping[str, tuple[Produced, ...]]
    parameters: Mapping[str, tuple[Produced, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Executor:
    """What runs a task.

    Attributes:
        path: Where it stands.
        container: The container, None if it is none.
        importer: Whether it only takes an artifact of elsewhere into the run: it runs no code.
    """

    path: str
    container: Mapping[str, Value] | None
    importer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A component: a graph of its own, or what an executor runs.

    Attributes:
        name: Its name.
        path: Where it stands.
        dag: Its graph, None where an executor runs it.
        executor: What runs it, None for a graph.
        digest: What it is known by; "" for a graph.
        artifacts: Input -> title of the artifact's type, such as `system.Dataset`; "" where none is said.
        defaults: Input -> the value that it has where a task gives none; without those that have none.
    """

    name: str
    path: str
    dag: Dag | None
    executor: Executor | None
    digest: str
    artifacts: Mapping[str, str]
    defaults: Mapping[str, Constant] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A compiled pipeline.

    Attributes:
        name: Its name; "" if it has none.
        root: The graph that a run starts with, None where there is none.
        components: The components by name.
        executors: The executors by label.
        defaults: Parameter of the run -> the value that it has by default; without those that have none.
        parameters: Names of the parameters of the run.
        output_root: Where runs write by default; "" if that is not said.
        faults: What is not as it should be. Where there is something, only `executors` can be relied on.
    """

    name: str
    root: Dag | None
    components: Mapping[str, Component]
    executors: Mapping[str, Executor]
    defaults: Mapping[str, Constant]
    parameters: frozenset[str] = frozenset()
    output_root: str = ""
    faults: tuple[Fault, ...] = field(default=())
